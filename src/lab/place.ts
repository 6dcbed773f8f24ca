/** The built programs of this package, and the Node that runs them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DrydockError } from '../core/errors.ts';
import { packageRoot } from '../runbook/language/package-root.ts';

export type ProgramName = 'switchd' | 'hostd' | 'clusterd' | 'mirrord' | 'command';

export function programPath(name: ProgramName): string {
  const path = join(packageRoot(), 'dist', `${name}.js`);
  if (existsSync(path)) return path;
  throw new DrydockError(`the lab’s program ${name} is not built`, {
    code: 'lab.notBuilt',
    exit: 2,
    remedy: 'run `npm run build`',
  });
}

/** Which of them live as long as a lab, or a server's boot. */
export type LastingProgram = Exclude<ProgramName, 'command'>;

/**
 * A small young generation, and code that is forgotten rather than kept. Collections that V8 makes
 * of itself while a program idles are left out: in the first seconds of a boot, when a server has
 * most to do, they cost as much as all else that a daemon does, and free nothing that lasts.
 */
const LEAN = ['--optimize-for-size', '--max-semi-space-size=1', '--no-memory-reducer'];
/**
 * Nothing compiled beyond bytecode: half the memory of what mostly waits. Where fields of objects
 * stand is noted from the first call on, which costs half a MiB a program and saves a fifth of the
 * time of one that is woken now and then. Frames go through the switch, which may take its time to
 * become fast; of the agent's code only what is hot for long is compiled, for blocks pass it as they are.
 */
const BYTECODE = ['--no-opt', '--no-maglev', '--no-sparkplug', '--no-lazy-feedback-allocation'];
const WAITING = [...LEAN, ...BYTECODE];
const FLAGS: Record<LastingProgram, readonly string[]> = {
  switchd: LEAN,
  mirrord: [...LEAN, '--no-sparkplug', '--no-maglev'],
  hostd: WAITING,
  clusterd: WAITING,
};

/** What Node is called with for a program that lasts: there are three a server. */
export function lastingProgram(name: LastingProgram): string[] {
  return [...FLAGS[name], programPath(name)];
}

/**
 * … and in which environment: one arena of memory, which gives back what is free, and no compiled
 * code read from the disk and kept beside it.
 */
export const LASTING_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '131072',
  NODE_DISABLE_COMPILE_CACHE: '1',
};

/** Where Node keeps compiled code, so that short programs start quickly. */
export function compileCache(): string {
  return join(packageRoot(), 'dist', '.compile-cache');
}
