/**
 * A command of a simulated server: the command module itself, run in process, with an Environment
 * whose prompts are answered from the list that came with the order. It dies with its server, and
 * after its time.
 *
 * Exit 124: killed for its time. 127: the server has no such program. 70: a defect of the command.
 */
import { type Command, type Environment, failed, type Report } from '../commands/environment.ts';
import { runCommand as runOnServer } from '../commands/run-command.ts';
import { nextAnswer } from '../core/answers.ts';
import { DrydockError, describeError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { commandNotFound } from '../core/not-found.ts';
import { reveal } from '../core/secrets.ts';
import type { Login } from '../ports/authority.ts';
import type { Answer } from '../ports/commands.ts';
import type { Files } from '../ports/files.ts';
import {
  type CommandEnd,
  type CommandRun,
  NO_SUCH_PROGRAM,
  TIMED_OUT,
} from '../ports/machinery.ts';
import type { Random } from '../ports/random.ts';
import type { ScriptRunner } from '../ports/scripts.ts';
import type { Wire } from '../ports/wire.ts';
import type { SimProcess } from './sim-process.ts';

const REQUEST_TIMEOUT_MS = 60_000;
const FAILED = 1;

/** What a command asks only to see, or to be let through. */
const LOOKS = new Set(
  ['status', 'power.status', 'paper', 'papers', 'note', 'notes', 'operation', 'operations']
    .concat(['files', 'machine', 'disks', 'lease', 'look', 'marks', 'processes', 'statistics'])
    .concat(['reboots', 'perf', 'package']),
);

function isLook(body: Json): boolean {
  const { do: what = '', op = '' } = body as { do?: string; op?: string };
  return LOOKS.has(what) && op !== 'write' && op !== 'put';
}

/**
 * A fault: the command does nothing and fails; does nothing, and is killed at its limit; or is
 * killed as soon as the first thing that it asked for was done.
 */
export type Spoiled = 'fails' | 'hangs' | 'half';

export interface CommandWorld {
  process: SimProcess;
  wire: Wire;
  files: Files;
  random: Random;
  commands: ReadonlyMap<string, Command>;
  scripts: ScriptRunner;
  /** Somebody typed it on the server; left out: the server's host started it. */
  typedBy?: Login;
  spoiled?: Spoiled | undefined;
}

/** As whom a server's host starts commands. */
const SYSTEM: Login = {
  real: { uid: 0, name: 'root' },
  effective: { uid: 0, name: 'root' },
  terminal: null,
};

export interface CommandOutput {
  output(stream: 'stdout' | 'stderr', text: string): void;
  /** What the command hands over beside its words, to whoever typed it. */
  data?(data: Report['data']): void;
  end(end: CommandEnd): void;
}

/** Answers prompts in order: the next answer must belong to the prompt that is shown. */
function answering(run: CommandRun, real: Answer[], on: CommandOutput) {
  const left = real.map((answer, at) => ({ ...answer, shown: run.answers[at]?.reply ?? '' }));
  const answered: { prompt: string; reply: string }[] = [];
  const ask = async (prompt: string): Promise<string> => {
    on.output('stdout', prompt);
    const next = nextAnswer(left, prompt);
    if (next === null) {
      throw new DrydockError(`nobody answers the prompt ${JSON.stringify(prompt)}`, {
        code: 'prompt.unanswered',
        remedy: 'give an answer to it with the command',
      });
    }
    answered.push({ prompt: prompt.trim(), reply: next.shown });
    on.output('stdout', '\n');
    return next.reply;
  };
  return { ask, answered };
}

export function runCommand(world: CommandWorld, run: CommandRun, on: CommandOutput): void {
  const { process } = world;
  const [name = '', ...masked] = run.argv;
  const real = reveal(run, run.secrets);
  const args = real.argv.slice(1);
  const command = world.commands.get(name);
  const { ask, answered } = answering(run, real.answers, on);
  let isOver = false;
  const end = (exitCode: number | null, refused?: Report['refused']) => {
    if (isOver) return;
    isOver = true;
    cancel();
    process.kill();
    on.end({ exitCode, answered, ...(refused ? { refused } : {}) });
  };
  const cancel = process.clock.at(process.clock.now() + run.timeoutMs, () => {
    on.output('stderr', `${name}: killed after ${run.timeoutMs} ms\n`);
    end(TIMED_OUT);
  });
  if (world.spoiled === 'hangs') return;
  if (world.spoiled === 'fails') {
    on.output('stderr', `${name}: failed, as the rehearsal has it\n`);
    end(FAILED);
    return;
  }
  if (!command) {
    on.output('stderr', `${commandNotFound(name)}\n`);
    end(NO_SUCH_PROGRAM);
    return;
  }
  const env: Environment = {
    server: process.server,
    clock: process.clock,
    files: world.files,
    here: { files: world.files, path: '/' },
    request: async (to, body, timeoutMs = REQUEST_TIMEOUT_MS) => {
      const answer = await world.wire.request(to, body, timeoutMs);
      if (world.spoiled === 'half' && !isLook(body)) end(null);
      return answer;
    },
    reaches: (net, target, timeoutMs) => world.wire.reaches(net, target, timeoutMs),
    random: world.random,
    runScript: world.scripts.run,
    ask,
    progress: (text) => on.output('stdout', text),
    caller: world.typedBy
      ? { operation: null, login: world.typedBy }
      : { operation: run.operation, login: SYSTEM },
  };
  const finish = ({ code, data, stdout, stderr, refused }: Report) =>
    process.enter(() => {
      if (stdout) on.output('stdout', stdout);
      if (stderr) on.output('stderr', stderr);
      on.data?.(data);
      end(code, refused);
    });
  runOnServer(env, command, args, masked).then(finish, (error: unknown) => {
    const isKnown = error instanceof Error && 'code' in error;
    const words = isKnown ? describeError(error) : ((error as Error).stack ?? String(error));
    finish(failed(`${name}: ${words}`, isKnown ? 1 : 70));
  });
}
