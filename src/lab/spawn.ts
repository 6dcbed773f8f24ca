/** Starts the lab's long-lived programs, detached, and waits for each to say that it is ready. */
import { closeSync, openSync } from 'node:fs';
import { execa } from 'execa';
import { markOf, type ProcessMark } from '../adapters/process-table.ts';
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { processEnvironment } from './environment.ts';
import { LASTING_ENVIRONMENT, type LastingProgram, lastingProgram } from './place.ts';

const READY_LIMIT_MS = 20_000;
/** execa types a file descriptor as one of these; any open one is taken. */
type Descriptor = 3;

export interface Started {
  mark: ProcessMark;
  /** What it said when it was ready. */
  ready: Json;
}

export async function startProgram(options: {
  program: LastingProgram;
  args: string[];
  folder: string;
  lab: string;
  log: string;
  /** Words that come before the program: what it runs in. */
  wrap?: readonly string[];
}): Promise<Started> {
  const { program, args, folder, lab, wrap = [] } = options;
  const log = openSync(options.log, 'a', 0o600) as Descriptor;
  const [first = process.execPath, ...words] = [
    ...wrap,
    process.execPath,
    ...lastingProgram(program),
    ...args,
  ];
  const child = execa(first, words, {
    env: { ...processEnvironment({ folder, lab }), ...LASTING_ENVIRONMENT },
    extendEnv: false,
    shell: false,
    cwd: folder,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    ipc: true,
    stdin: 'ignore',
    stdout: log,
    stderr: log,
  });
  closeSync(log);
  const { nodeChildProcess: node } = child;
  const ready = await new Promise<Json>((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new DrydockError(`the lab’s program ${program} ${args.join(' ')} did not start: ${why}`, {
          code: 'lab.start',
          remedy: `see ${options.log}`,
        }),
      );
    const limit = setTimeout(() => fail('it is not ready in time'), READY_LIMIT_MS);
    node.once('message', (message) => {
      clearTimeout(limit);
      resolve((message as { ready: Json }).ready);
    });
    node.once('exit', (code, signal) => {
      clearTimeout(limit);
      fail(`it ended with ${signal ?? `status ${code}`}`);
    });
  });
  node.unref();
  return { mark: markOf(child.pid ?? 0), ready };
}
