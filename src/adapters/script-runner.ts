/**
 * Runs the scripts of exec resources (v3 7.2.3, x5 ch. 2) as processes, confined as restricted-shell.ts says.
 * A script has its own process group: over its time limit, the whole group is killed. A process
 * that a script leaves in the background lives on, as a started application should.
 *
 * Output goes to a file of the server's log folder, because a background process keeps it open
 * long after the script ended.
 */
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { ScriptEnd, ScriptRunner } from '../ports/scripts.ts';
import { type Confinement, restrictedCall, writeGuard } from './restricted-shell.ts';

export interface ScriptRunnerOptions extends Confinement {
  /** The server's `/` on this machine. */
  root: string;
  logs: string;
}

/** execa types a file descriptor as one of these; any open one is taken. */
type Descriptor = 3;

const OUTPUT_LIMIT_BYTES = 64 * 1024;

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

function outputOf(path: string): string {
  const bytes = readFileSync(path);
  return bytes.subarray(Math.max(0, bytes.length - OUTPUT_LIMIT_BYTES)).toString('utf8');
}

export function scriptRunner(options: ScriptRunnerOptions): ScriptRunner {
  const running = new Set<number>();
  writeGuard(options.guard);

  const run = async (
    script: string,
    env: Record<string, string>,
    timeoutMs: number,
  ): Promise<ScriptEnd> => {
    if (script.split('/').includes('..') || script.includes('\0')) {
      return { code: 127, timedOut: false, output: `${script}: not a script of this server\n` };
    }
    const path = join(options.root, script);
    const log = join(options.logs, 'scripts', `${script.replace(/[^\w.-]+/g, '_')}.log`);
    mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
    const output = openSync(log, 'w', 0o600) as Descriptor;
    const call = restrictedCall(path, env, options);
    let timedOut = false;
    try {
      const child = execa(call.file, call.args, {
        cwd: options.root,
        env: call.env,
        extendEnv: false,
        shell: false,
        detached: true,
        cleanup: false,
        forceKillAfterDelay: false,
        reject: false,
        buffer: false,
        stdin: 'ignore',
        stdout: output,
        stderr: output,
      });
      const { pid } = child;
      if (pid !== undefined) running.add(pid);
      const limit = setTimeout(() => {
        timedOut = true;
        if (pid !== undefined) killGroup(pid);
      }, timeoutMs);
      const end = await child;
      clearTimeout(limit);
      if (pid !== undefined) running.delete(pid);
      return { code: end.exitCode ?? null, timedOut, output: outputOf(log) };
    } finally {
      closeSync(output);
    }
  };

  return {
    run,
    /** Kills every script that still runs, with its group. */
    killAll(): void {
      for (const pid of running) killGroup(pid);
      running.clear();
    },
  };
}
