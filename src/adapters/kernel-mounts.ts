/**
 * Real file systems on an NBD export: nbdfuse shows the export as a file, the kernel's loop device
 * mounts that file. All of it in this process's mount namespace and below two folders of its own;
 * when the namespace's last process ends, nothing is left.
 *
 *     socket ◄──NBD── nbdfuse ◄──FUSE── RUN/NAME/nbd ◄──loop── POINT
 */
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa, type ResultPromise } from 'execa';
import { DrydockError } from '../core/errors.ts';
import type { FileSystems } from '../ports/file-systems.ts';
import { isAlive, markOf, signalProcess } from './process-table.ts';

export interface KernelMountOptions {
  /** Where files are shown and mount points lie: the server's own folders. */
  run: string;
  root: string;
  /** The socket of a device, `/dev/NMP1`. */
  socket(device: string): string;
}

/** Where programs are looked for. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const ATTACH_LIMIT_MS = 10_000;
const DETACH_LIMIT_MS = 10_000;
const LOOK_AGAIN_MS = 20;
const BLANK_BYTES = 1024 * 1024;
/** Exit codes of fsck: bits 1 (errors corrected) and 2 (and the system should be rebooted). */
const FSCK_LEFT_ERRORS = 4;

async function run(words: string[], timeoutMs: number): Promise<number> {
  const [program = '', ...args] = words;
  const ended = await execa(program, args, {
    env: { PATH, LC_ALL: 'C' },
    shell: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024,
  });
  if (ended.exitCode === 0) return 0;
  const said = String(ended.all ?? ended.shortMessage ?? '').trim();
  if (ended.timedOut || ended.exitCode === undefined) {
    const why = ended.timedOut ? `no end within ${timeoutMs} ms` : ended.shortMessage;
    throw new DrydockError(`${words.join(' ')}: ${why}`, {
      code: ended.timedOut ? 'timeout' : 'program.missing',
      remedy: 'install the package, or raise the timeout of the resource',
    });
  }
  if (program.startsWith('fsck') || program === 'xfs_repair') return ended.exitCode;
  throw new DrydockError(`${words.join(' ')}: ${said}`, { code: 'program.failed' });
}

/** Mount points at or below a folder in this namespace, the latest first. */
export function mountsBelow(folder: string): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n');
  const points = lines.map((line) =>
    (line.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    ),
  );
  return points.filter((point) => point === folder || point.startsWith(`${folder}/`)).reverse();
}

/** Whatever a killed server left mounted below its folders. Files in use go when they are closed. */
export async function takeOffAll(folders: string[]): Promise<void> {
  for (const point of folders.flatMap(mountsBelow)) {
    await run(['umount', '-l', point], DETACH_LIMIT_MS).catch(() => 0);
  }
}

class KernelMounts implements FileSystems {
  #options: KernelMountOptions;
  #shown = new Map<string, ResultPromise>();

  constructor(options: KernelMountOptions) {
    this.#options = options;
  }

  async attach(device: string): Promise<void> {
    const folder = this.#folder(device);
    if (mountsBelow(folder).length > 0) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const uri = `nbd+unix:///?socket=${this.#options.socket(device)}`;
    const shown = execa('nbdfuse', [folder, uri], {
      env: { PATH },
      shell: false,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
      reject: false,
      cleanup: false,
    });
    this.#shown.set(device, shown as unknown as ResultPromise);
    let end: string | null = null;
    void shown.then((ended) => {
      end = ended.shortMessage ?? 'it ended';
    });
    for (let waitedMs = 0; mountsBelow(folder).length === 0; waitedMs += LOOK_AGAIN_MS) {
      if (end !== null || waitedMs > ATTACH_LIMIT_MS) {
        throw new DrydockError(`nbdfuse ${uri}: ${end ?? 'it shows nothing'}`, {
          code: 'program.failed',
          remedy: 'install libnbd-bin, and see that /dev/fuse can be opened',
        });
      }
      await delay(LOOK_AGAIN_MS);
    }
  }

  async detach(device: string): Promise<void> {
    const { root } = this.#options;
    const file = this.#file(device);
    const left = mountsBelow(root).filter((point) => isFrom(point, file));
    await takeOffAll([...left, this.#folder(device)]);
    const shown = this.#shown.get(device);
    this.#shown.delete(device);
    const limit = AbortSignal.timeout(DETACH_LIMIT_MS);
    limit.addEventListener('abort', () => shown?.kill('SIGKILL'), { once: true });
    await shown;
  }

  async isBlank(device: string): Promise<boolean> {
    const file = await open(this.#file(device), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BLANK_BYTES), 0, BLANK_BYTES, 0);
      return buffer.subarray(0, bytesRead).every((byte) => byte === 0);
    } finally {
      await file.close();
    }
  }

  async make(device: string, fs: string, timeoutMs: number): Promise<void> {
    const force = fs === 'xfs' ? ['-f', '-q'] : ['-F', '-q'];
    await run([`mkfs.${fs}`, ...force, this.#file(device)], timeoutMs);
  }

  async check(device: string, fs: string, options: string[], timeoutMs: number): Promise<boolean> {
    const file = this.#file(device);
    if (fs === 'xfs') return (await run(['xfs_repair', ...options, '-f', file], timeoutMs)) === 0;
    const code = await run([`fsck.${fs}`, ...options, file], timeoutMs);
    return code < FSCK_LEFT_ERRORS;
  }

  async mount(
    order: { device: string; point: string; fs: string; options: string[] },
    timeoutMs: number,
  ): Promise<void> {
    const point = join(this.#options.root, order.point);
    mkdirSync(point, { recursive: true });
    const words = ['-t', order.fs, '-o', ['loop', ...order.options].join(',')];
    await run(['mount', ...words, this.#file(order.device), point], timeoutMs);
  }

  async umount(point: string, timeoutMs: number): Promise<void> {
    const path = join(this.#options.root, point);
    if (mountsBelow(path).length > 0) await run(['umount', path], timeoutMs);
  }

  async endUsers(point: string): Promise<void> {
    const path = join(this.#options.root, point);
    for (const pid of usersOf(path)) signalProcess(markOf(pid), 'SIGKILL');
    await delay(LOOK_AGAIN_MS);
  }

  #folder(device: string): string {
    return join(this.#options.run, encodeURIComponent(device.replace(/^\/dev\//, '')));
  }

  #file(device: string): string {
    return join(this.#folder(device), 'nbd');
  }
}

/** The mount at that point is of a loop device over this file. */
function isFrom(point: string, file: string): boolean {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const line = lines.find((one) => one.split(' ')[4] === point) ?? '';
  const [, source = ''] = /\/dev\/(loop\d+)/.exec(line) ?? [];
  if (source === '') return false;
  try {
    return readFileSync(`/sys/block/${source}/loop/backing_file`, 'utf8').trim() === file;
  } catch {
    return false;
  }
}

/** Processes in this mount namespace that hold something below the folder. */
function usersOf(folder: string): number[] {
  const link = (path: string): string => {
    try {
      return readlinkSync(path);
    } catch {
      return '';
    }
  };
  const holds = (path: string) => {
    const to = link(path);
    return to === folder || to.startsWith(`${folder}/`);
  };
  const mine = link('/proc/self/ns/mnt');
  const descriptors = (pid: string): string[] => {
    try {
      return readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
    } catch {
      return [];
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => mine !== '' && link(`/proc/${pid}/ns/mnt`) === mine)
    .filter((pid) =>
      [`/proc/${pid}/cwd`, `/proc/${pid}/root`, `/proc/${pid}/exe`, ...descriptors(pid)].some(
        holds,
      ),
    )
    .map(Number)
    .filter((pid) => isAlive(markOf(pid)));
}

export function kernelMounts(options: KernelMountOptions): FileSystems {
  return new KernelMounts(options);
}
