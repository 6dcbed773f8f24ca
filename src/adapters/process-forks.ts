/**
 * Histories that part as processes: fork(2), which Node has no call for, by koffi. The kernel copies
 * a process by copying on write, in milliseconds, whatever lies in it: promises, timers, closures.
 *
 * Node and V8 do not provide for it, so it is done only where it is sound: in a program of its own
 * that was started with FLAGS, which has no thread besides the one that forks, no handle but its
 * input read to the end, and whose copies do nothing but reckon, hand over, and go by _exit(2),
 * which no handler of the first process hears of. V8 asks the kernel to leave its heap out of a
 * copy (MADV_DONTFORK), which spares whoever only starts another program; that is taken back before
 * each copy. Linux with glibc; anywhere else `processForks` answers null, and whoever wanted
 * histories that part has to play each from its beginning.
 */
import { closeSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Koffi from 'koffi';
import type { Json } from '../core/json.ts';
import type { Forked, Forks } from '../ports/forks.ts';
import { writeAll } from './durable-file.ts';

/** How a program has to be started that forks. */
export const FLAGS = ['--single-threaded', '--v8-pool-size=0'] as const;

/**
 * … and that its copies cost less: a small young generation, of which a copy touches each page anew,
 * and no collection of the old one, which would touch, and so copy, all of it.
 */
export const SPARING = ['--initial-old-space-size=512', '--max-semi-space-size=2'] as const;

const MADV_DOFORK = 11;
/** Below lies nothing that a process may have. */
const FIRST_ADDRESS = 0x10000n;
/** A copy that reckons for so long has gone astray: SIGALRM ends it. */
const LIMIT_S = 120;
const SIGALRM = 14;
const PIECE = 65_536;

interface Libc {
  fork(): number;
  pipe(ends: number[]): number;
  waitpid(pid: number, status: number[], options: number): number;
  madvise(address: bigint, length: bigint, advice: number): number;
  alarm(seconds: number): number;
  _exit(status: number): void;
}

function openLibc(): Libc | null {
  if (process.platform !== 'linux') return null;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    const libc = koffi.load('libc.so.6');
    return {
      fork: libc.func('int fork()'),
      pipe: libc.func('int pipe(_Out_ int *)'),
      waitpid: libc.func('int waitpid(int, _Out_ int *, int)'),
      madvise: libc.func('int madvise(uint64, uint64, int)'),
      alarm: libc.func('uint alarm(uint)'),
      _exit: libc.func('void _exit(int)'),
    } as unknown as Libc;
  } catch {
    // No such package for this system, or another C library.
    return null;
  }
}

/** Where the kernel's own pages begin, which no advice may be given about. */
function endOfMemory(): bigint {
  const lines = readFileSync('/proc/self/maps', 'utf8').trim().split('\n');
  const own = lines.find((line) => /\[(vvar|vdso|vsyscall)/.test(line)) ?? lines.at(-1) ?? '';
  return BigInt(`0x${own.split('-')[0]}`);
}

function readToEnd(fd: number): string {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.alloc(PIECE);
    const count = readSync(fd, piece);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
  }
  closeSync(fd);
  return Buffer.concat(pieces).toString('utf8');
}

function whyNothing(status: number): string {
  const signal = status & 0x7f;
  if (signal === SIGALRM) return `it had not ended after ${LIMIT_S} s`;
  return signal ? `it was ended by signal ${signal}` : `it ended with ${status >> 8}`;
}

/** `beside`: how many copies may run at a time. null: this process cannot be copied. */
export function processForks(beside: number): Forks | null {
  const isAlone = FLAGS.every((flag) => process.execArgv.includes(flag));
  const libc = isAlone ? openLibc() : null;
  if (libc === null) return null;
  const length = endOfMemory() - FIRST_ADDRESS;
  const running: { key: number; pid: number; fd: number }[] = [];
  const ended: Forked[] = [];
  let out = -1;

  function takeOldest(): void {
    const oldest = running.shift();
    if (!oldest) return;
    const text = readToEnd(oldest.fd);
    const status = [0];
    libc?.waitpid(oldest.pid, status, 0);
    const isWhole = status[0] === 0;
    const found = isWhole ? (JSON.parse(text) as Json) : null;
    ended.push({ key: oldest.key, found, why: isWhole ? null : whyNothing(status[0] ?? 0) });
  }

  return {
    fork(key) {
      while (running.length >= beside) takeOldest();
      const ends = [0, 0];
      if (libc.pipe(ends) !== 0) throw new Error('no pipe could be made for a copy');
      const [input = 0, output = 0] = ends;
      libc.madvise(FIRST_ADDRESS, length, MADV_DOFORK);
      const pid = libc.fork();
      if (pid < 0) throw new Error('this process could not be copied');
      if (pid === 0) {
        libc.alarm(LIMIT_S);
        out = output;
        return true;
      }
      closeSync(output);
      running.push({ key, pid, fd: input });
      return false;
    },
    end(found) {
      writeAll(out, Buffer.from(JSON.stringify(found)));
      libc._exit(0);
      throw new Error('a copy lives on after its end');
    },
    collect() {
      while (running.length > 0) takeOldest();
      return ended.splice(0);
    },
  };
}
