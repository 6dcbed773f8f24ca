/**
 * What a scenario may say: the words of situations (src/sim/situation/verbs.ts), and beside them
 * what only tests do or look at. Each answers the text that is compared.
 *
 *   up [autorecovery=off]                     power on and wait until at rest
 *   refuse NET A B                            requests over it are refused at once, until it is healed
 *   processes SERVER                          what runs there, by service
 *   skew SERVER MS                            its time, for whatever starts there from now on
 *   ocf SERVER RESOURCE ACTION CODE [REASON]|hangs|lies|ok   what an OCF agent answers
 *   ocf-actions                               which of their actions ran since the last look
 *   end-program SERVER NAME                   of the operating system
 *   verify MIRROR SERVER                      patterned data
 *   begin exec|write|run …                    goes on meanwhile; its end is nobody's concern
 *   begin exec-twice SERVER COMMAND …         once it has ended it is asked for again, under the same id
 *   status servers|heartbeats|groups|resources|monitors|mirrors
 *   log [MODULE…]                             what was logged since the last look
 */
import { badInput, DrydockError } from '../../src/core/errors.ts';
import type { ProcessView } from '../../src/ports/views.ts';
import { RemoteError, WireError } from '../../src/ports/wire.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Begun } from '../../src/sim/situation/doing.ts';
import { SITUATION_VERBS } from '../../src/sim/situation/verbs.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { carryOutRun } from './scenario-runs.ts';
import { tableOf } from './scenario-tables.ts';

export interface Stage {
  twin: Twin;
  logSeen: number;
  /** What was begun and not waited for. */
  begun?: Promise<unknown>[];
  /** How something begun ended that is no answer of a cluster under faults. */
  defects?: string[];
}

type Act = (stage: Stage, words: string[]) => Promise<string> | string;

const PROGRAM_LIMIT_MS = 1000;
const ASKED_TWICE_MS = 60_000;

function need(words: string[], index: number, what: string): string {
  const word = words[index];
  if (word !== undefined) return word;
  throw badInput(`the scenario's command lacks ${what}`, { code: 'scenario.words' });
}

async function verify({ twin }: Stage, words: string[]): Promise<string> {
  const [mirror, server] = [need(words, 0, 'a mirror'), need(words, 1, 'a server')];
  const wrong = await twin.run(twin.io.verify(mirror, server));
  return wrong.length === 0 ? 'every acknowledged block is there\n' : `${wrong.join('\n')}\n`;
}

function showLog(stage: Stage, modules: string[]): string {
  const { twin, logSeen } = stage;
  stage.logSeen = twin.log.length;
  return twin.log
    .slice(logSeen)
    .filter(({ module }) => modules.length === 0 || modules.includes(module))
    .map(({ server, module, level, id, text }) => `${server} ${module} ${level} ${id} ${text}\n`)
    .join('');
}

/** A line a process: its service, its parent's place in this list, and its command. */
async function showProcesses({ twin }: Stage, words: string[]): Promise<string> {
  const processes = twin.server(one(words)).processes();
  const line = ({ service, command, ppid }: ProcessView) => {
    const parent = processes.find(({ pid }) => pid === ppid)?.name ?? 'init';
    return `${service.padEnd(22)}${parent.padEnd(10)}${command}\n`;
  };
  return processes.map(line).join('');
}

/** A verb that changes something and says nothing. */
function silently(act: (stage: Stage, words: string[]) => unknown): Act {
  return async (stage, words) => {
    const acting = act(stage, words);
    if (acting instanceof Promise) await stage.twin.run(acting);
    return '';
  };
}

/** As whoever lost the answer to a command does: he is told how it ended, and it does not run again. */
async function askTwice(twin: Twin, [server = '', ...argv]: string[]): Promise<void> {
  const operation = `twice-${server}-${argv.join('-')}`;
  const order = { server, argv, answers: [], operation, lease: null, timeoutMs: ASKED_TWICE_MS };
  const { commands } = twin.door();
  const first = await commands.exec(order);
  const again = await commands.exec(order);
  if (again.exitCode === first.exitCode && again.bootId === first.bootId) return;
  throw new Error(`asked again, it ended with ${again.exitCode} and not ${first.exitCode}`);
}

const one = (words: string[]): string => need(words, 0, 'a server');

/** A word of situations, said in a scenario: what a person would see of it. */
const ofSituations = [...SITUATION_VERBS].map(([name, verb]): [string, Act] => [
  name,
  async (stage, words) => {
    const outcome = await verb.read(words, stage.twin.config)(stage.twin);
    if (outcome.twin) stage.twin = outcome.twin;
    return outcome.said;
  },
]);

/** How something begun ended that is no answer of a cluster under faults is a defect. */
function noteEnd(stage: Stage, { what, ended }: Begun): void {
  const noted = ended.catch((error: unknown) => {
    const isAnswer = error instanceof DrydockError || error instanceof WireError;
    if (isAnswer || error instanceof RemoteError) return;
    stage.defects = [...(stage.defects ?? []), `${what}: ${error}`];
  });
  stage.begun = [...(stage.begun ?? []), noted];
}

async function begin(stage: Stage, words: string[]): Promise<string> {
  const what = words.join(' ');
  const own = { run: carryOutRun, 'exec-twice': askTwice }[words[0] ?? ''];
  if (own) {
    noteEnd(stage, { what, ended: own(stage.twin, words.slice(1)) });
    return '';
  }
  const act = SITUATION_VERBS.get('begin')?.read(words, stage.twin.config);
  const { begun } = (await act?.(stage.twin)) ?? {};
  if (begun) noteEnd(stage, { ...begun, what });
  return '';
}

export const VERBS: Record<string, Act> = {
  ...Object.fromEntries(ofSituations),
  up: async ({ twin }) => {
    await twin.up();
    return '';
  },
  refuse: silently(({ twin }, [net = '', from = '', to = '']) => twin.faults.refuse(net, from, to)),
  skew: silently(({ twin }, words) => {
    twin.server(one(words)).skewMs = Number(need(words, 1, 'milliseconds'));
  }),
  ocf: silently(({ twin }, words) => {
    const [resource, action] = [need(words, 1, 'a resource'), need(words, 2, 'an action')];
    const how = need(words, 3, 'a code, hangs, lies or ok');
    twin.ocf.faults.delete(`${one(words)} ${resource} ${action}`);
    if (how === 'ok') return;
    const coded = { code: Number(how), reason: words.slice(4).join(' ') };
    const fault = how === 'hangs' ? { hangs: true as const } : { lies: true as const };
    const isWord = how === 'hangs' || how === 'lies';
    twin.ocf.faults.set(`${one(words)} ${resource} ${action}`, isWord ? fault : coded);
  }),
  'ocf-actions': ({ twin }) => `${twin.ocf.ran.splice(0).join('\n')}\n`,
  begin,
  processes: showProcesses,
  'end-program': async ({ twin }, words) => {
    const order = { do: 'program', op: 'end', name: need(words, 1, 'a name') };
    await twin.ask(one(words), 'host', order, PROGRAM_LIMIT_MS);
    return '';
  },
  verify,
  status: async ({ twin }, words) => {
    const name = need(words, 0, 'a table');
    return tableOf(name, viewOf(await twin.look())) ?? `no table ${name}\n`;
  },
  log: showLog,
};
