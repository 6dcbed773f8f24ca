/**
 * A mirror as a disk in a lab: over its socket for clients of NBD, and with a real file system in
 * the mount namespace of its server.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { buildPrograms } from '../../scripts/build.ts';
import { type Lab, labDown, labUp } from '../../src/lab/lab.ts';
import { layoutOf, socketPath } from '../../src/lab/layout.ts';
import { sleep } from '../../src/ports/clock.ts';
import { testWith, testWithMounts } from '../support/tools.ts';
import { fixture, makePlace, processesIn, untilStatus } from './support.ts';

const MIB = 1024 * 1024;

interface Wish {
  name: 'v3le' | 'x5mirror';
  fs?: string;
  dataBytes: number;
  realMounts: boolean;
}

async function lab(t: ExecutionContext, { name, fs, dataBytes, realMounts }: Wish): Promise<Lab> {
  const place = makePlace();
  t.teardown(async () => {
    await labDown(place.lab);
    const left = processesIn(place.lab);
    place.remove();
    if (left.length > 0) throw new Error(`left running: ${left.join(', ')}`);
  });
  await buildPrograms();
  const text = fixture(name);
  const configText = fs ? text.replace(/<fs>\w+<\/fs>/, `<fs>${fs}</fs>`) : text;
  return await labUp({ folder: place.lab, configText, dataBytes, realMounts });
}

const socketOf = (one: Lab, server: string): string =>
  socketPath(layoutOf(one.folder).server(server), 'NMP1');

/** Runs a program as a process of that server would run: in its mount namespace. */
async function on(one: Lab, server: string, ...words: string[]): Promise<string> {
  const host = one.file.processes.find(({ name }) => name === `host of ${server}`);
  const inside = ['--mount', `--target=${host?.mark.pid}`, '--'];
  return (await execa('nsenter', [...inside, ...words])).stdout;
}

const pointOf = (one: Lab, server: string): string =>
  join(layoutOf(one.folder).server(server).root, 'mnt/md1');

async function done(t: ExecutionContext, one: Lab, server: string, ...argv: string[]) {
  const record = await one.exec(server, argv);
  t.is(record.exitCode, 0, `${argv.join(' ')}: ${record.stdout}${record.stderr}`);
}

/** The file system as it lies on the copy that serves, checked without changing it. */
async function checkCopy(t: ExecutionContext, one: Lab, server: string, ...fsck: string[]) {
  const copy = join(one.folder, 'copy.img');
  await execa('nbdcopy', [`nbd+unix:///?socket=${socketOf(one, server)}`, copy]);
  const [program = '', ...args] = fsck;
  const checked = await execa(program, [...args, copy], { reject: false, all: true });
  t.is(checked.exitCode, 0, checked.all);
}

testWith(
  ['qemu-io', 'nbdinfo'],
  'a mirror is a device on the server that serves it, and moves with its group',
  async (t) => {
    const one = await lab(t, { name: 'v3le', dataBytes: 4 * MIB, realMounts: false });
    const uri = (server: string) => `nbd+unix:///?socket=${socketOf(one, server)}`;
    t.false(existsSync(socketOf(one, 'server2')));
    const steps = ['write -P 0xab 100k 200k', 'write -z 1M 1M', 'write -f -P 0xcd 3M 4k', 'flush'];
    await execa('qemu-io', ['-f', 'raw', ...steps.flatMap((step) => ['-c', step]), uri('server1')]);
    t.true((await one.io.compareCopies('md1')).identical);
    await done(t, one, 'server1', 'clpgrp', '-m', 'failover1');
    await untilStatus(
      one,
      'moved',
      ({ groups }) => groups.failover1?.activeOn?.includes('server2') === true,
    );
    t.false(existsSync(socketOf(one, 'server1')));
    const reads = ['read -P 0xab 100k 200k', 'read -P 0 1M 1M', 'read -P 0xcd 3M 4k'];
    const read = await execa('qemu-io', [
      '-f',
      'raw',
      '-r',
      ...reads.flatMap((step) => ['-c', step]),
      uri('server2'),
    ]);
    t.notRegex(read.stdout, /verification failed/);
    t.is((await execa('nbdinfo', ['--size', uri('server2')])).stdout.trim(), String(4 * MIB));
  },
);

testWithMounts('a file system outlives the power of the server it was written on', async (t) => {
  const one = await lab(t, { name: 'x5mirror', dataBytes: 64 * MIB, realMounts: true });
  const file = join(pointOf(one, 'server1'), 'ledger');
  await on(
    one,
    'server1',
    'dd',
    'if=/dev/urandom',
    `of=${file}`,
    'bs=64k',
    'count=80',
    'conv=fsync',
  );
  const sum = (await on(one, 'server1', 'sha256sum', file)).split(' ')[0];
  t.notRegex((await execa('cat', ['/proc/self/mounts'])).stdout, new RegExp(one.folder));
  await one.fault({ kind: 'kill', server: 'server1' });
  await untilStatus(one, 'taken over', ({ groups }) => {
    const group = groups.failover1;
    return group?.state === 'Online' && group.activeOn?.includes('server2') === true;
  });
  const there = join(pointOf(one, 'server2'), 'ledger');
  t.is((await on(one, 'server2', 'sha256sum', there)).split(' ')[0], sum);
  await done(t, one, 'server2', 'clpgrp', '-t', 'failover1');
  t.notRegex(await on(one, 'server2', 'cat', '/proc/self/mounts'), new RegExp(one.folder));
  await done(t, one, 'server2', 'clpmdctrl', '--active', '-nomount', 'md1');
  t.notRegex(await on(one, 'server2', 'cat', '/proc/self/mounts'), new RegExp(one.folder));
  await checkCopy(t, one, 'server2', 'fsck.ext4', '-n', '-f');
});

testWithMounts(
  'another file system is made, moved with its group while it is used, and clean',
  async (t) => {
    const one = await lab(t, { name: 'v3le', fs: 'xfs', dataBytes: 320 * MIB, realMounts: true });
    const point = pointOf(one, 'server1');
    t.regex(await on(one, 'server1', 'cat', '/proc/self/mounts'), /md1 xfs rw/);
    await on(
      one,
      'server1',
      'sh',
      '-c',
      'cd "$1" && echo kept > file && (sleep 1000 > /dev/null 2>&1 & )',
      'sh',
      point,
    );
    await done(t, one, 'server1', 'clpgrp', '-m', 'failover1');
    t.is(await on(one, 'server2', 'cat', join(pointOf(one, 'server2'), 'file')), 'kept');
    await done(t, one, 'server2', 'clpgrp', '-t', 'failover1');
    await done(t, one, 'server2', 'clpmdctrl', '--active', '-nomount', 'md1');
    await checkCopy(t, one, 'server2', 'xfs_repair', '-n', '-f');
  },
);

/** Its processes wait for the disk, as /proc tells. */
function isWaiting(pid: number): boolean {
  const facts = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return facts.slice(facts.lastIndexOf(')') + 2)[0] === 'D';
}

testWithMounts(
  'an agent that is frozen under a mounted disk holds neither the lab nor its end',
  async (t) => {
    const one = await lab(t, { name: 'v3le', dataBytes: 24 * MIB, realMounts: true });
    const host = one.file.processes.find(({ name }) => name === 'host of server1');
    const inside = ['--no-fork', '--mount', `--target=${host?.mark.pid}`, '--'];
    const file = join(pointOf(one, 'server1'), 'frozen');
    const write = () => {
      const words = ['dd', 'if=/dev/urandom', `of=${file}`, 'bs=64k', 'count=30', 'conv=fsync'];
      return execa('nsenter', [...inside, ...words], { reject: false });
    };
    const agent = { server: 'server1', part: 'agent' } as const;
    for (const end of ['thawed', 'taken down']) {
      await one.fault({ kind: 'stopProcess', ...agent });
      const writer = write();
      while (!isWaiting(writer.pid as number)) await sleep(one.clock, 20);
      if (end === 'thawed') {
        await one.fault({ kind: 'continueProcess', ...agent });
        t.is((await writer).exitCode, 0, (await writer).stderr);
        await untilStatus(one, 'normal', ({ mirrors }) => mirrors.md1?.state === 'Normal');
        t.true((await one.io.compareCopies('md1')).identical);
      } else {
        t.true((await labDown(one.folder)).was);
        t.not((await writer).exitCode, 0);
        t.deepEqual(processesIn(one.folder), []);
      }
    }
  },
);

test('real file systems are refused with words where they cannot be', async (t) => {
  if (process.getuid?.() === 0) {
    t.pass('root may');
    return;
  }
  const configText = fixture('v3le');
  await t.throwsAsync(labUp({ folder: makePlace().lab, configText, realMounts: true }), {
    message: /real file systems cannot be mounted/,
  });
});
