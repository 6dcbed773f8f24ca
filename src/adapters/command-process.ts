/**
 * One command of a server as a process: its output as it comes, its prompts answered over the
 * channel to it (each answer given once, in order), its time limited.
 */
import { nextAnswer } from '../core/answers.ts';
import { reveal, type Sealed } from '../core/secrets.ts';
import type { GateRefusal } from '../ports/commands.ts';
import {
  CANNOT_START,
  type CommandEnd,
  type CommandRun,
  type Machinery,
  TIMED_OUT,
} from '../ports/machinery.ts';
import { startProcess } from './start-process.ts';

export interface Child {
  pid?: number | undefined;
  kill(signal: NodeJS.Signals): boolean;
}

export interface CommandPlace {
  node: string;
  commandProgram: string;
  env: Record<string, string>;
}

function isPrompt(message: unknown): message is { prompt: string } {
  return typeof (message as { prompt?: unknown } | null)?.prompt === 'string';
}

/** What the program puts into its arguments itself; replies are given when it asks. */
function forArguments({ secrets }: CommandRun): Sealed | null {
  const places = secrets?.places.filter((place) => place.in === 'argv') ?? [];
  if (!secrets || places.length === 0) return null;
  const values = places.map(({ name }) => [name, secrets.values[name] ?? '']);
  return { places, values: Object.fromEntries(values) };
}

function isRefusal(message: unknown): message is { refused: GateRefusal } {
  const { refused } = (message ?? {}) as { refused?: Partial<GateRefusal> };
  const words = [refused?.code, refused?.why, refused?.remedy];
  return words.every((word) => typeof word === 'string');
}

export function startCommand(
  place: CommandPlace,
  run: CommandRun,
  on: Parameters<Machinery['spawnCommand']>[1],
): Child {
  const sealed = forArguments(run);
  const child = startProcess(place.node, [place.commandProgram, ...run.argv], {
    env: { ...place.env, ...(sealed ? { DRYDOCK_SEALED: '1' } : {}) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.pid === undefined) {
    child.once('error', () => on.end({ exitCode: CANNOT_START, answered: [] }));
    return child;
  }
  // Whoever lists processes sees the masks; the values go through the channel.
  if (sealed) child.send({ sealed }, () => undefined);
  const real = reveal(run, run.secrets).answers;
  const answers = real.map((answer, at) => ({ ...answer, shown: run.answers[at]?.reply ?? '' }));
  const answered: CommandEnd['answered'] = [];
  let refused: GateRefusal | null = null;
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, run.timeoutMs);
  child.on('message', (message: unknown) => {
    if (isRefusal(message)) refused = message.refused;
    if (!isPrompt(message)) return;
    const answer = nextAnswer(answers, message.prompt);
    if (answer) answered.push({ prompt: message.prompt, reply: answer.shown });
    child.send({ reply: answer?.reply ?? null }, () => undefined);
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8');
    child[stream]?.on('data', (text: string) => on.output(stream, text));
  }
  child.once('close', (code) => {
    clearTimeout(limit);
    const exitCode = timedOut ? TIMED_OUT : code;
    on.end({ exitCode, answered, ...(refused === null ? {} : { refused }) });
  });
  return child;
}
