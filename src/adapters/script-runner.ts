/**
 * Runs the scripts of exec resources (v3 7.2.3, x5 ch. 2) as processes, confined as
 * restricted-shell.ts says and limited as process-group.ts does. Output goes to a file of the
 * server's log folder.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptEnd, ScriptRunner } from '../ports/scripts.ts';
import { processGroups } from './process-group.ts';
import { type Confinement, restrictedCall, writeGuard } from './restricted-shell.ts';

export interface ScriptRunnerOptions extends Confinement {
  /** The server's `/` on this machine. */
  root: string;
  logs: string;
}

const OUTPUT_LIMIT_BYTES = 64 * 1024;

/** The tail of a file, where it is long. */
export function tailOf(path: string): string {
  const bytes = readFileSync(path);
  return bytes.subarray(Math.max(0, bytes.length - OUTPUT_LIMIT_BYTES)).toString('utf8');
}

export function scriptRunner(options: ScriptRunnerOptions): ScriptRunner {
  const groups = processGroups();
  writeGuard(options.guard);

  const run = async (
    script: string,
    given: Record<string, string>,
    timeoutMs: number,
    args: readonly string[] = [],
  ): Promise<ScriptEnd> => {
    if (script.split('/').includes('..') || script.includes('\0')) {
      return { code: 127, timedOut: false, output: `${script}: not a script of this server\n` };
    }
    const path = join(options.root, script);
    const log = join(options.logs, 'scripts', `${script.replace(/[^\w.-]+/g, '_')}.log`);
    const call = restrictedCall(path, given, options, args);
    const place = { cwd: options.root, output: log, errors: log };
    const end = await groups.run({ ...call, ...place, timeoutMs });
    return { ...end, output: tailOf(log) };
  };

  return { run, killAll: () => groups.killAll() };
}
