/**
 * One command of a server as a process: its output as it comes, its prompts answered over the
 * channel to it (each answer given once, in order), its time limited.
 */
import { execa } from 'execa';
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

/** No shell, no inherited environment, and no signal but those that are sent on purpose. */
export const CONFINED = {
  extendEnv: false,
  shell: false,
  cleanup: false,
  reject: false,
  forceKillAfterDelay: false,
} as const;

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
  const child = execa(place.node, [place.commandProgram, ...run.argv], {
    ...CONFINED,
    env: { ...place.env, ...(sealed ? { DRYDOCK_SEALED: '1' } : {}) },
    ipc: true,
    buffer: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const { nodeChildProcess: node } = child;
  // Whoever lists processes sees the masks; the values go through the channel.
  if (sealed) node.send({ sealed }, () => undefined);
  const real = reveal(run, run.secrets).answers;
  const answers = real.map((answer, at) => ({ ...answer, shown: run.answers[at]?.reply ?? '' }));
  const answered: CommandEnd['answered'] = [];
  let refused: GateRefusal | null = null;
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, run.timeoutMs);
  node.on('message', (message: unknown) => {
    if (isRefusal(message)) refused = message.refused;
    if (!isPrompt(message)) return;
    const answer = nextAnswer(answers, message.prompt);
    if (answer) answered.push({ prompt: message.prompt, reply: answer.shown });
    node.send({ reply: answer?.reply ?? null }, () => undefined);
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text: string) => on.output(stream, text));
  }
  const end = (exitCode: number | null) => {
    clearTimeout(limit);
    on.end({ exitCode, answered, ...(refused === null ? {} : { refused }) });
  };
  if (child.pid === undefined) void child.then(() => end(CANNOT_START));
  else node.once('close', (code) => end(timedOut ? TIMED_OUT : code));
  return child;
}
