/**
 * Programs of a server's own, each in a process group: over its time limit the whole group is
 * killed. A process that one leaves in the background lives on, as a started application should; so
 * output goes to files, because such a process keeps it open long after the program ended.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { startProcess } from './start-process.ts';

export interface GroupCall {
  file: string;
  args: string[];
  /** All of its environment. */
  env: Record<string, string>;
  cwd: string;
  /** Where its output goes, and its errors; one file for both where they are the same. */
  output: string;
  errors: string;
  timeoutMs: number;
}

export interface GroupEnd {
  /** Null: a signal ended it, or it could not be started. */
  code: number | null;
  timedOut: boolean;
}

export interface ProcessGroups {
  run(call: GroupCall): Promise<GroupEnd>;
  /** Kills everything that still runs, with its group. */
  killAll(): void;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, 'w', 0o600);
}

export function processGroups(): ProcessGroups {
  const running = new Set<number>();

  async function run(call: GroupCall): Promise<GroupEnd> {
    const output = openLog(call.output);
    const errors = call.errors === call.output ? output : openLog(call.errors);
    let timedOut = false;
    try {
      const child = startProcess(call.file, call.args, {
        cwd: call.cwd,
        env: call.env,
        detached: true,
        stdio: ['ignore', output, errors],
      });
      const { pid } = child;
      const ended = new Promise<number | null>((resolve) => {
        child.once('exit', resolve);
        child.once('error', () => resolve(null));
      });
      if (pid !== undefined) running.add(pid);
      const limit = setTimeout(() => {
        timedOut = true;
        if (pid !== undefined) killGroup(pid);
      }, call.timeoutMs);
      const code = await ended;
      clearTimeout(limit);
      if (pid !== undefined) running.delete(pid);
      return { code, timedOut };
    } finally {
      closeSync(output);
      if (errors !== output) closeSync(errors);
    }
  }

  return {
    run,
    killAll(): void {
      for (const pid of running) killGroup(pid);
      running.clear();
    },
  };
}
