/**
 * One command of a server as a process: its output as it comes, its prompts answered over the
 * channel to it (each answer given once, in order), its time limited.
 */
import { execa } from 'execa';
import { nextAnswer } from '../core/answers.ts';
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

export function startCommand(
  place: CommandPlace,
  run: CommandRun,
  on: Parameters<Machinery['spawnCommand']>[1],
): Child {
  const child = execa(place.node, [place.commandProgram, ...run.argv], {
    ...CONFINED,
    env: place.env,
    ipc: true,
    buffer: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const { nodeChildProcess: node } = child;
  const answers = [...run.answers];
  const answered: CommandEnd['answered'] = [];
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, run.timeoutMs);
  node.on('message', (message: unknown) => {
    if (!isPrompt(message)) return;
    const answer = nextAnswer(answers, message.prompt);
    const reply = answer?.secret ? '(secret)' : answer?.reply;
    if (reply !== undefined) answered.push({ prompt: message.prompt, reply });
    node.send({ reply: answer?.reply ?? null }, () => undefined);
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text: string) => on.output(stream, text));
  }
  const end = (exitCode: number | null) => {
    clearTimeout(limit);
    on.end({ exitCode, answered });
  };
  if (child.pid === undefined) void child.then(() => end(CANNOT_START));
  else node.once('close', (code) => end(timedOut ? TIMED_OUT : code));
  return child;
}
