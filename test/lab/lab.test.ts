/** One lab of live processes, from its start to its end, with what goes wrong in between. */

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { makePlace, processesIn, startLab, summary, untilStatus } from './support.ts';

const place = makePlace();
let lab: Lab;

const healthy = `server1: power on, online, Online
server2: power on, online, Online
failover1: Online on server1
failover2: Online on server1
md1: Normal, server1 GREEN, server2 GREEN`;

test.before(async () => {
  lab = await startLab(place.lab, 'v3le', { autoRecovery: false });
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

/** The sides meet, and an operator orders the recovery (automatic recovery is off here). */
async function recover(): Promise<void> {
  await untilStatus(
    lab,
    'the sides meet',
    ({ mirrors }) => mirrors.md1?.servers.server1?.connected === true,
  );
  const recovery = await lab.exec('server1', ['clpmdctrl', '--recovery', 'md1']);
  if (recovery.exitCode !== 0) throw new Error(recovery.stderr);
  await untilStatus(lab, 'both GREEN', ({ mirrors }) => mirrors.md1?.state === 'Normal');
}

test.serial('it comes up healthy', async (t) => {
  t.is(summary(viewOf(await lab.status())), healthy);
});

test.serial('its programs act as on their server, whatever surrounds the caller', async (t) => {
  const decoys = join(place.folder, 'decoys');
  const marker = join(place.folder, 'DECOY-RAN');
  mkdirSync(decoys);
  for (const name of ['env', 'node', 'sh', 'clpstat', 'hostname', 'bash']) {
    writeFileSync(join(decoys, name), `#!/bin/sh\n: > '${marker}'\n`);
    chmodSync(join(decoys, name), 0o755);
  }
  writeFileSync(join(decoys, 'evil.cjs'), `require('fs').writeFileSync('${marker}', '')`);
  const options = {
    cwd: decoys,
    extendEnv: false,
    env: {
      PATH: `${lab.path('server2')}:${decoys}`,
      NODE_OPTIONS: `--require=${join(decoys, 'evil.cjs')}`,
      DRYDOCK_SERVER: 'server1',
      DRYDOCK_LAB_FOLDER: decoys,
      BASH_ENV: join(decoys, 'sh'),
    },
  };
  const name = await execa(join(lab.path('server2'), 'hostname'), [], options);
  t.is(name.stdout, 'server2');
  const stat = await execa(join(lab.path('server1'), 'clpstat'), ['-n'], options);
  t.is(stat.exitCode, 0);
  t.false(existsSync(marker));
});

test.serial(
  'whoever types a command is shown control characters, and never sent them',
  async (t) => {
    const typed = await execa(join(lab.path('server1'), 'rpm'), ['-q', 'a\u009b\u202eb'], {
      extendEnv: false,
      reject: false,
    });
    t.is(typed.stdout, 'package a\\u009b\\u202eb is not installed');
    const ordered = await lab.exec('server1', ['echo', 'a\u009b\u202eb']);
    t.is(ordered.stdout, 'a\u009b\u202eb\n');
  },
);

test.serial(
  'a script of the field finds the machine’s own cat and date, the lab’s hostname',
  async (t) => {
    const { stdout } = await execa('/bin/sh', ['-c', 'echo a | cat; date +%F; hostname -s'], {
      extendEnv: false,
      env: { PATH: `${lab.path('server2')}:/usr/bin:/bin` },
    });
    t.regex(stdout, /^a\n\d{4}-\d\d-\d\d\nserver2$/);
    const ordered = await lab.exec('server1', ['date', '-u', '-d', '@0', '+%FT%T%:z']);
    t.is(ordered.stdout, '1970-01-01T00:00:00+00:00\n');
  },
);

test.serial(
  'a command whose output nobody reads ends quietly, as when somebody does',
  async (t) => {
    const path = `${lab.path('server1')}:/usr/bin:/bin`;
    const status = 'echo $' + '{PIPESTATUS[0]}';
    for (const reader of ['true', 'head -c 1', 'cat']) {
      const piped = [
        `clpstat -i | ${reader} >&3`,
        status,
        `clpstat --no 2>&1 | ${reader} >&3`,
        status,
      ];
      const script = `exec 3>/dev/null; ${piped.join('; ')}`;
      const options = { extendEnv: false, env: { PATH: path } };
      const { stdout, stderr } = await execa('/bin/bash', ['--norc', '-c', script], options);
      t.is(stderr, '', reader);
      t.is(stdout, '0\n2', reader);
    }
  },
);

test.serial('a server has no program but its own', async (t) => {
  for (const argv of [['parted'], ['/sbin/reboot'], ['sh']]) {
    const record = await lab.exec('server1', argv);
    t.is(record.exitCode, 127, argv.join(' '));
    t.not(record.stderr, '');
  }
});

test.serial('reboot and shutdown move the lab server, not this machine', async (t) => {
  const machine = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  const before = machine();
  const boot = viewOf(await lab.status()).servers.server2?.bootId;
  t.is((await lab.exec('server2', ['reboot'])).exitCode, 0);
  await untilStatus(lab, 'server2 is back', ({ servers, mirrors }) => {
    const { server2 } = servers;
    const isBack = server2?.bootId !== boot && server2?.state === 'Online';
    return isBack && mirrors.md1?.servers.server1?.connected === true;
  });
  t.is((await lab.exec('server2', ['shutdown', '-h', 'now'])).exitCode, 0);
  await untilStatus(lab, 'server2 is off', ({ servers }) => servers.server2?.power === 'off');
  const denied = await execa(join(lab.path('server2'), 'hostname'), { reject: false });
  t.is(denied.exitCode, 255);
  t.regex(denied.stderr, /not up/);
  await lab.fault({ kind: 'powerOn', server: 'server2' });
  await untilStatus(lab, 'it is back', ({ servers }) => servers.server2?.state === 'Online');
  await recover();
  await untilStatus(lab, 'healthy', (status) => summary(status) === healthy);
  t.is(machine(), before);
});

test.serial('a mirror breaks by a pulled cable and is recovered block by block', async (t) => {
  await lab.io.write('md1', { blocks: 100, perWrite: 10 });
  await lab.fault({ kind: 'cut', net: 'mdc400', from: 'server1', to: 'server2' });
  await lab.io.write('md1', { blocks: 40, from: 20, perWrite: 10 });
  await untilStatus(lab, 'both sides know', ({ mirrors }) => mirrors.md1?.state === 'Abnormal');
  t.false((await lab.io.compareCopies('md1')).identical);
  await lab.fault({ kind: 'heal', net: 'mdc400', from: 'server1', to: 'server2' });
  await recover();
  t.like(await lab.io.verify('md1'), { checked: 100, wrong: [] });
  t.like(await lab.io.compareCopies('md1'), { identical: true, differingBlocks: 0 });
});

test.serial('a group moves, and its data with it', async (t) => {
  const moved = await lab.exec('server1', ['clpgrp', '-m', 'failover1']);
  t.is(moved.exitCode, 0, moved.stderr);
  t.like(await lab.io.verify('md1'), { server: 'server2', wrong: [] });
  t.is((await lab.exec('server2', ['clpgrp', '-m', 'failover1'])).exitCode, 0);
  t.is((await lab.status()).groups.failover1?.current, 'server1');
});

test.serial(
  'what belongs to a process rests while it is stopped; a killed one is replaced',
  async (t) => {
    const beats = (how: string) =>
      untilStatus(lab, `lanhb1 is ${how}`, ({ servers }) => {
        const { server1, server2 } = servers;
        const heard = [server1?.heartbeats.server2, server2?.heartbeats.server1];
        return heard.every((all) => all?.lanhb1 === how && all.comhb1 === 'Normal');
      });
    const clplanhb = { server: 'server2', part: 'clplanhb' } as const;
    await lab.fault({ kind: 'stopProcess', ...clplanhb });
    await beats('Error');
    await lab.fault({ kind: 'continueProcess', ...clplanhb });
    await beats('Normal');
    const pid = async () => {
      const { stdout } = await lab.exec('server2', ['ps', '-ef']);
      return stdout
        .split('\n')
        .find((line) => line.endsWith(' clptrnsv'))
        ?.split(/ +/)[1];
    };
    const before = await pid();
    t.not(before, undefined);
    await lab.fault({ kind: 'killProcess', server: 'server2', part: 'clptrnsv' });
    let after = await pid();
    while (after === undefined || after === before) after = await pid();
    t.not(after, before);
  },
);

test.serial('a killed daemon takes its server down; the other one goes on', async (t) => {
  await lab.fault({ kind: 'killProcess', server: 'server2', part: 'daemon' });
  await untilStatus(lab, 'server2 leaves', ({ servers }) => servers.server2?.state !== 'Online');
  t.is((await lab.status()).groups.failover1?.current, 'server1');
  await untilStatus(lab, 'server2 is off', ({ servers }) => servers.server2?.power === 'off');
  await lab.fault({ kind: 'powerOn', server: 'server2' });
  await untilStatus(lab, 'server2 returns', (status) => status.servers.server2?.state === 'Online');
  await recover();
});

test.serial('a hanging server is reset by its watchdog', async (t) => {
  const boot = viewOf(await lab.status()).servers.server2?.bootId;
  await lab.fault({ kind: 'freeze', server: 'server2' });
  const status = await untilStatus(
    lab,
    'server2 booted again',
    ({ servers }) => servers.server2?.state === 'Online' && servers.server2.bootId !== boot,
  );
  t.is(status.groups.failover1?.current, 'server1');
});

test.serial('in a partition both servers hold an address; healed, one does', async (t) => {
  for (const net of ['lan0', 'lan1', 'com200']) {
    await lab.fault({ kind: 'cut', net, from: 'server1', to: 'server2' });
  }
  const holders = ({ servers }: Status) =>
    Object.values(servers)
      .filter((server) => server.addresses?.includes('10.0.0.12'))
      .map((server) => server.name);
  const apart = await untilStatus(lab, 'both hold it', (status) => holders(status).length === 2);
  t.deepEqual(holders(apart), ['server1', 'server2']);
  for (const net of ['lan0', 'lan1', 'com200']) {
    await lab.fault({ kind: 'heal', net, from: 'server1', to: 'server2' });
  }
  const healed = await untilStatus(
    lab,
    'one holds it',
    (status) => holders(status).length === 1 && status.groups.failover2?.activeOn?.length === 1,
  );
  t.is(healed.groups.failover2?.state, 'Online');
  for (const server of ['server1', 'server2']) {
    const log = readFileSync(join(place.lab, 'servers', server, 'log', 'system.log'), 'utf8');
    t.regex(
      log,
      /"module":"rc","level":"Error","id":92,"to":[^}]*"mail"\],"text":"group failover2 is started on more/,
    );
  }
});

test.serial('several faults at once do not wedge it, and down leaves nothing', async (t) => {
  await lab.fault({ kind: 'powerOn', server: 'server2' });
  await Promise.all([
    lab.fault({ kind: 'freeze', server: 'server1' }),
    lab.fault({ kind: 'cut', net: 'lan0', from: 'server2' }),
    lab.fault({ kind: 'cut', net: 'mdc400', from: 'server1' }),
    lab.fault({ kind: 'failDisk', server: 'server2', device: '/dev/sdb' }),
  ]);
  t.true(processesIn(lab.folder).length > 0);
  const down = await lab.down();
  t.true(down.was);
  t.true(down.killed >= 3);
  t.deepEqual(processesIn(lab.folder), []);
  t.false(existsSync(lab.folder));
  t.deepEqual(await labDown(lab.folder), { was: false, killed: 0 });
});
