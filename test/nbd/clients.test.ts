/**
 * Clients that nobody here wrote, against the server: nbdinfo, nbdcopy, qemu-img, qemu-io, fio.
 * Each is skipped, and says so, where its package lacks (libnbd-bin, qemu-utils, fio).
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { openFileBlockStore } from '../../src/adapters/file-block-store.ts';
import { type NbdServer, serveNbd } from '../../src/adapters/nbd-server.ts';
import type { BlockStore } from '../../src/ports/devices.ts';
import { testWith } from '../support/tools.ts';

const MIB = 1024 * 1024;
const SIZE = 24 * MIB;

interface Served {
  uri: string;
  folder: string;
  image: string;
  flushes: () => number;
  server: NbdServer;
}

function exported(store: BlockStore, flushed: () => void) {
  return {
    name: 'NMP1',
    sizeBytes: store.sizeBytes,
    readOnly: false,
    read: (offset: number, length: number) => store.read(offset, length),
    async write(offset: number, pieces: readonly Uint8Array[], durable: boolean) {
      await store.writePieces?.(offset, pieces);
      if (durable) await store.flush();
    },
    writeZeroes: (offset: number, length: number) => store.write(offset, new Uint8Array(length)),
    async flush() {
      flushed();
      await store.flush();
    },
  };
}

/** A disk's image behind the server; everything is gone when the test ends. */
async function serve(t: ExecutionContext): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-nbd-'));
  const image = join(folder, 'disk.img');
  writeFileSync(image, Buffer.alloc(SIZE));
  const store = await openFileBlockStore({
    device: '/dev/sdb2',
    image,
    offset: 0,
    sizeBytes: SIZE,
    readOnly: false,
    fault: () => null,
  });
  let flushes = 0;
  const path = join(folder, 's');
  const server = await serveNbd(
    path,
    exported(store, () => {
      flushes++;
    }),
  );
  t.teardown(async () => {
    await server.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { uri: `nbd+unix:///?socket=${path}`, folder, image, flushes: () => flushes, server };
}

testWith(['nbdinfo'], 'nbdinfo reads what the export is and can', async (t) => {
  const { uri } = await serve(t);
  const { stdout } = await execa('nbdinfo', ['--json', uri]);
  const { protocol, exports } = JSON.parse(stdout);
  t.is(protocol, 'newstyle-fixed');
  const { 'export-name': name, 'export-size': size, can_flush, can_fua, ...rest } = exports[0];
  t.deepEqual(
    {
      name,
      size,
      can_flush,
      can_fua,
      trim: rest.can_trim,
      zero: rest.can_zero,
      multi: rest.can_multi_conn,
    },
    {
      name: 'NMP1',
      size: SIZE,
      can_flush: true,
      can_fua: true,
      trim: true,
      zero: true,
      multi: true,
    },
  );
  const refused = await execa('nbdinfo', [uri.replace('///', '///else')], { reject: false });
  t.not(refused.exitCode, 0);
  t.regex(refused.stderr, /No such file or directory for export: else/);
});

testWith(['nbdcopy'], 'nbdcopy copies in, over several connections, and out again', async (t) => {
  const { uri, folder, image, flushes } = await serve(t);
  const source = join(folder, 'in');
  const bytes = Buffer.alloc(SIZE);
  for (let at = 0; at < SIZE; at += 4) bytes.writeUInt32LE((at * 2654435761) >>> 0, at);
  writeFileSync(source, bytes);
  await execa('nbdcopy', ['--flush', source, uri]);
  t.true(flushes() > 0);
  t.true(readFileSync(image).equals(bytes));
  await execa('nbdcopy', [uri, join(folder, 'out')]);
  t.true(readFileSync(join(folder, 'out')).equals(bytes));
});

testWith(['qemu-img', 'qemu-io'], 'qemu reads, writes, trims, zeroes and flushes', async (t) => {
  const { uri, image, flushes } = await serve(t);
  const { stdout } = await execa('qemu-img', ['info', '--output=json', uri]);
  t.is(JSON.parse(stdout)['virtual-size'], SIZE);
  const steps = [
    'write -P 0xab 1000k 3M',
    'write -f -P 0xcd 8M 64k',
    'write -z 2M 1M',
    'discard 12M 1M',
    'aio_write -P 0x11 16M 1M',
    'aio_write -P 0x22 17M 1M',
    'aio_flush',
    'flush',
    'read -P 0xab 1000k 1048k',
    'read -P 0 2M 1M',
    'read -P 0xcd 8M 64k',
    'read -P 0x22 17M 1M',
  ];
  const asked = await execa('qemu-io', [
    '-f',
    'raw',
    ...steps.flatMap((step) => ['-c', step]),
    uri,
  ]);
  t.notRegex(asked.stdout, /failed|error/i);
  t.true(flushes() > 0);
  const bytes = readFileSync(image);
  t.is(bytes[1000 * 1024], 0xab);
  t.is(bytes[2 * MIB], 0);
  t.is(bytes[16 * MIB], 0x11);
});

testWith(['fio'], 'fio writes at random sixteen deep and reads back what it wrote', async (t) => {
  const { uri, folder } = await serve(t);
  const fio = ['--name=x', '--ioengine=nbd', `--uri=${uri}`, '--output-format=json'];
  const load = ['--rw=randwrite', '--bsrange=4k-64k', '--iodepth=16', '--size=16m'];
  const checks = ['--verify=crc32c', '--do_verify=1', '--verify_fatal=1', '--fsync=64'];
  const { stdout } = await execa('fio', [...fio, ...load, ...checks], { cwd: folder });
  const [job] = JSON.parse(stdout.slice(stdout.indexOf('{'))).jobs;
  t.is(job.error, 0);
  t.true(job.read.total_ios > 100);
});

test('a server that closes answers what is under way, hangs up and leaves its socket to nobody', async (t) => {
  const { uri, server } = await serve(t);
  const path = new URL(uri).searchParams.get('socket')!;
  const socket = connect(path);
  const said = new Promise<Buffer>((resolve) => socket.once('data', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  t.is((await said).toString('latin1', 0, 8), 'NBDMAGIC');
  t.is(statSync(path).mode & 0o777, 0o600);
  socket.on('end', () => socket.end());
  await server.close();
  await ended;
  await t.throwsAsync(new Promise((_, reject) => connect(path).on('error', reject)), {
    code: 'ENOENT',
  });
});
