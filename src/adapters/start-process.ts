/**
 * Starts a program by Node's own means, in what lasts as long as a lab: execa, which does so elsewhere,
 * would take a fifth of the memory of such a process, and of all it can do nothing else is wanted there.
 * Arguments are an array, no shell sees them, and the environment is the one given, whole.
 */
import { ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

export interface StartOptions extends Pick<SpawnOptions, 'stdio' | 'cwd' | 'detached'> {
  env: Record<string, string>;
}

const nothing = () => undefined;

/**
 * Never throws. A program that cannot be started has no `pid`, and `error` follows once; without a
 * listener nothing becomes of it.
 */
export function startProcess(
  file: string,
  args: readonly string[],
  options: StartOptions,
): ChildProcess {
  const child = tryToStart(file, args, options);
  child.on('error', nothing);
  // A pipe to a process that ended may break, which its end has told already.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', nothing);
  return child;
}

function tryToStart(file: string, args: readonly string[], options: StartOptions): ChildProcess {
  try {
    return spawn(file, args, { ...options, shell: false });
  } catch (error) {
    const child = new ChildProcess();
    process.nextTick(() => child.emit('error', error));
    return child;
  }
}
