/**
 * The program of every command of a lab server: `command.js NAME ARGUMENT…`, as the server that
 * its environment names. Prints the report and exits with its code.
 *
 * Prompts: when the server's supervisor runs it (a runbook's step), it is asked over the channel
 * to it; else the prompt is printed and a line is read, from a terminal or a pipe.
 *
 * The report's data: on file descriptor 3, where they are wanted.
 */
import { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { loginOfProcess } from '../adapters/login.ts';
import { nodeFiles } from '../adapters/node-files.ts';
import { ancestryOf } from '../adapters/process-table.ts';
import { scriptRunner } from '../adapters/script-runner.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { systemRandom } from '../adapters/system-random.ts';
import { type TypedLines, typedLines } from '../adapters/typed-lines.ts';
import { type Caller, type Environment, failed, type Report } from '../commands/environment.ts';
import { loadCommand } from '../commands/load.ts';
import { runCommand } from '../commands/run-command.ts';
import { DrydockError, describeError } from '../core/errors.ts';
import { commandNotFound } from '../core/not-found.ts';
import { reveal, type Sealed } from '../core/secrets.ts';
import { visible } from '../core/visible.ts';
import type { Origin } from '../ports/machinery.ts';
import { RemoteError } from '../ports/wire.ts';
import {
  DATA_DESCRIPTOR,
  DATA_WANTED,
  isSealed,
  plugIn,
  scriptsOf,
  serverSurroundings,
} from './environment.ts';
import { hereIn } from './here.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const NO_SUCH_PROGRAM = 127;
/** As ssh answers when the machine itself cannot be used. */
const NO_SERVER = 255;

function nobody(): DrydockError {
  return new DrydockError('nobody answers the prompt', {
    code: 'prompt.unanswered',
    remedy: 'run it at a terminal, or give the answer beforehand',
  });
}

async function askSupervisor(prompt: string): Promise<string> {
  const answer = new Promise<{ reply: string | null }>((resolve) => {
    process.once('message', (message) => resolve(message as { reply: string | null }));
  });
  process.send?.({ prompt });
  const { reply } = await answer;
  process.stdout.write(`${prompt}\n`);
  if (reply === null) throw nobody();
  return reply;
}

/** Opened at the first prompt, for all of them: a pipe may hold every answer in one piece. */
let typed: TypedLines | null = null;

async function askTerminal(prompt: string): Promise<string> {
  typed ??= typedLines(process.stdin, process.stdout);
  const line = await typed.ask(`${shown(prompt.trimEnd())} `);
  if (line === null) throw nobody();
  return line;
}

/** A supervisor keeps what came; a person is shown it, names from a configuration made visible. */
function shown(text: string): string {
  return process.send === undefined ? visible(text) : text;
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (text === '') resolve();
    else stream.write(shown(text), () => resolve());
  });
}

/** Where nobody reads them, or nothing is open there, the command has not failed. */
async function handOver(data: Report['data']): Promise<void> {
  if (data === null || !process.env[DATA_WANTED]) return;
  try {
    const reader = new Socket({ fd: DATA_DESCRIPTOR, readable: false, writable: true });
    await finished(reader.end(JSON.stringify(data)));
  } catch {
    // Its words and its exit code are there all the same.
  }
}

/** By the host's word; it refuses while its operating system is not up. */
async function callerOf(ask: Environment['request'], server: string): Promise<Caller> {
  const body = { do: 'origin', ancestry: ancestryOf(process.pid).map((mark) => ({ ...mark })) };
  const answer = await ask({ server, part: 'host' }, body);
  const { operation, byCluster } = answer as unknown as Origin;
  return { operation, byCluster, login: await loginOfProcess() };
}

async function unasked(): Promise<Caller> {
  return { operation: null, byCluster: false, login: await loginOfProcess() };
}

/** What a supervisor hands over apart from the arguments, which everybody may list. */
async function givenArguments(masked: string[]): Promise<string[]> {
  if (process.send === undefined || !isSealed()) return masked;
  const { sealed } = await new Promise<{ sealed: Sealed }>((resolve) => {
    process.once('message', (message) => resolve(message as { sealed: Sealed }));
  });
  return reveal({ argv: ['', ...masked], answers: [] }, sealed).argv.slice(1);
}

async function run(name: string, masked: string[]): Promise<Report> {
  const args = givenArguments(masked);
  const loading = loadCommand(name);
  if (!loading) return failed(commandNotFound(name), NO_SUCH_PROGRAM);
  const around = serverSurroundings();
  const { server, layout } = around;
  const clock = systemClock();
  const { wire } = plugIn(around, server, 'control', clock);
  const request: Environment['request'] = (to, body, timeoutMs = REQUEST_TIMEOUT_MS) =>
    wire.request(to, body, timeoutMs);
  try {
    const command = await loading;
    const given = await args;
    const isLooking = !command.traits(given).changes && !command.traits(masked).changes;
    // A person's shell can start this program although the server it belongs to is off. What a
    // supervisor starts runs while that does, and whoever only looks is not asked who it is.
    const isAsked = process.send === undefined || !isLooking;
    const caller = isAsked ? await callerOf(request, server) : await unasked();
    const files = nodeFiles(layout.root);
    const env: Environment = {
      server,
      clock,
      files,
      here: hereIn({ folder: around.folder, root: layout.root }, files, process.cwd()),
      request,
      reaches: (net, target, timeoutMs) => wire.reaches(net, target, timeoutMs),
      random: systemRandom(),
      runScript: (...call) => scriptRunner(scriptsOf(around)).run(...call),
      ask: process.send === undefined ? askTerminal : askSupervisor,
      progress: (text) => void write(process.stdout, text),
      caller,
    };
    return await runCommand(env, command, given, masked);
  } catch (error) {
    const isOff = error instanceof RemoteError && error.code === 'os.off';
    if (isOff) return failed(`${server}: its operating system is not up`, NO_SERVER);
    return failed(`${name}: ${describeError(error)}`);
  } finally {
    wire.close();
    typed?.close();
  }
}

// Whoever reads the output may leave before its end, and the command says nothing of it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.once('disconnect', () => process.exit(NO_SERVER));
const [name = '', ...args] = process.argv.slice(2);
const report = await run(name, args);
if (report.refused) process.send?.({ refused: report.refused });
await Promise.all([
  write(process.stdout, report.stdout),
  write(process.stderr, report.stderr),
  handOver(report.data),
]);
process.exit(report.code);
