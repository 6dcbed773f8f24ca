/** What a person would use instead of a mirror's device, and the clients that drive both. */

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

const LOOK_EVERY_MS = 10;
const START_LIMIT_MS = 10_000;

export const socketUri = (path: string, name = ''): string => `nbd+unix:///${name}?socket=${path}`;

export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS * 6;
  while (!(await isSo())) {
    if (performance.now() > limit) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export interface Peer {
  uri: string;
  stop(): Promise<void>;
}

/** Without its peer a figure is left out, and said so; the others are measured all the same. */
export async function isInstalled(program: string): Promise<boolean> {
  const { failed } = await execa(program, ['--version'], { reject: false });
  return !failed;
}

/** nbdkit's file plugin: one copy, nothing mirrored. */
export async function nbdkit(folder: string, name: string, image: string): Promise<Peer> {
  const path = join(folder, `${name}.sock`);
  const child = execa('nbdkit', ['-f', '-U', path, 'file', image], { reject: false });
  await until('nbdkit serves', () => existsSync(path));
  return {
    uri: socketUri(path),
    stop: async () => {
      child.kill();
      await child;
    },
  };
}

/** The same over TCP on loopback, as the other server's copy is reached by a mirror. */
export async function nbdkitOverTcp(image: string): Promise<Peer & { port: number }> {
  const port = await freePort();
  const place = ['-i', '127.0.0.1', '-p', String(port)];
  const child = execa('nbdkit', ['-f', ...place, 'file', image], { reject: false });
  await until('nbdkit listens', () => answers(port));
  return {
    uri: `nbd://127.0.0.1:${port}`,
    port,
    stop: async () => {
      child.kill();
      await child;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** qemu's mirror in its write-blocking mode: from a file to an NBD server, as ours has a peer. */
export async function qemuMirror(folder: string, image: string, port: number): Promise<Peer> {
  const nbd = join(folder, 'qemu.sock');
  const monitor = join(folder, 'qmp.sock');
  const child = execa(
    'qemu-storage-daemon',
    [
      ['--chardev', `socket,path=${monitor},server=on,wait=off,id=qmp`],
      ['--monitor', 'chardev=qmp'],
      ['--blockdev', `driver=file,filename=${image},node-name=source,discard=unmap`],
      [
        '--blockdev',
        `driver=nbd,server.type=inet,server.host=127.0.0.1,server.port=${port},node-name=target`,
      ],
      ['--nbd-server', `addr.type=unix,addr.path=${nbd}`],
      ['--export', 'type=nbd,id=export,node-name=source,name=disk,writable=on'],
    ].flat(),
    { reject: false, all: true },
  );
  await until('qemu serves', () => existsSync(nbd) && existsSync(monitor));
  await mirrorReady(monitor);
  return {
    uri: socketUri(nbd, 'disk'),
    stop: async () => {
      child.kill('SIGKILL');
      await child;
    },
  };
}

async function mirrorReady(monitor: string): Promise<void> {
  const socket = connect(monitor);
  const say = (execute: string, args: object = {}) =>
    socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
  const job = { 'job-id': 'mirror', device: 'source', target: 'target', sync: 'full' };
  for await (const line of createInterface({ input: socket })) {
    const { QMP, event, error } = JSON.parse(line) as Record<string, unknown>;
    if (error) throw new Error(`qemu: ${line}`);
    if (QMP) {
      say('qmp_capabilities');
      say('blockdev-mirror', { ...job, 'copy-mode': 'write-blocking' });
    }
    if (event === 'BLOCK_JOB_READY') break;
  }
  // The monitor stays connected: a storage daemon without one goes on all the same.
  socket.unref();
}

export interface Load {
  rw: 'randwrite' | 'write';
  bs: string;
  depth: number;
  seconds: number;
  sizeBytes: number;
}

/** Operations and bytes a second that fio sees. */
export async function fio(uri: string, load: Load): Promise<{ iops: number; bytes: number }> {
  const { stdout } = await execa('fio', [
    ...['--name=x', '--ioengine=nbd', `--uri=${uri}`, '--output-format=json'],
    ...[`--rw=${load.rw}`, `--bs=${load.bs}`, `--iodepth=${load.depth}`],
    ...['--time_based', `--runtime=${load.seconds}`, `--size=${load.sizeBytes}`],
    ...['--randrepeat=1', '--norandommap'],
  ]);
  const [job] = JSON.parse(stdout.slice(stdout.indexOf('{'))).jobs;
  return { iops: job.write.iops, bytes: job.write.bw_bytes };
}
