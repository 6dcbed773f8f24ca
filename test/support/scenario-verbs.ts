/**
 * What a scenario may say. Each verb is what an operator or a fault does to a cluster; each answers
 * the text that is compared.
 *
 *   up [autorecovery=off]                     power on and wait until at rest
 *   cut|heal NET A B [oneway]                 a cable; * for all between servers
 *   delay NET A B MS                          what a message takes longer
 *   lose NET A B SHARE                        share of the datagrams that get lost, 0 to 1
 *   kill|power-on|freeze|thaw SERVER          kill: the power is cut
 *   kill-process SERVER PROCESS               daemon, agent, or another by its name
 *   stop-process|continue-process SERVER PROCESS   SIGSTOP, SIGCONT
 *   processes SERVER                          what runs there, by service
 *   fail-disk|heal-disk|replace-disk SERVER DEVICE
 *   skew SERVER MS                            its time, for whatever starts there from now on
 *   script SERVER PATH CODE|hangs|ok          how a script ends
 *   ocf SERVER RESOURCE ACTION CODE [REASON]|hangs|lies|ok   what an OCF agent answers
 *   ocf-actions                               which of their actions ran since the last look
 *   pull-cable|plug-cable SERVER NET          out of its own interface
 *   take-image SERVER NAME [system]           of all its disks, beside it
 *   restore-image SERVER NAME
 *   insert-medium SERVER LABEL | remove-medium SERVER
 *   end-program SERVER NAME                   of the operating system
 *   exec SERVER COMMAND … [<< prompt=reply]…
 *   write|verify MIRROR SERVER [FIRST COUNT]  patterned data; `active`: whichever serves
 *   write … unflushed                         as a page cache writes: a power loss may drop it
 *   begin exec|write|run …                    goes on meanwhile; its end is nobody's concern
 *   forget MIRROR                             an operator gave up what was written
 *   advance MS | rest
 *   wait CONDITION                            an expression of the runbooks' language
 *   status servers|heartbeats|groups|resources|monitors|mirrors
 *   log [MODULE…]                             what was logged since the last look
 */
import { badInput, DrydockError } from '../../src/core/errors.ts';
import { PROCESS_WORDS } from '../../src/host/service-table.ts';
import type { ProcessView } from '../../src/ports/views.ts';
import { RemoteError, WireError } from '../../src/ports/wire.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { evaluateCondition } from '../../src/runbook/language/expressions/expressions.ts';
import type { PhysicalAct } from '../../src/schema/generated/physical-act.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import type { Written } from '../../src/sim/patterned-io.ts';
import type { SimServer } from '../../src/sim/sim-server.ts';
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

const WAIT_LIMIT_MS = 120_000;
const PROGRAM_LIMIT_MS = 1000;

function need(words: string[], index: number, what: string): string {
  const word = words[index];
  if (word !== undefined) return word;
  throw badInput(`the scenario's command lacks ${what}`, { code: 'scenario.words' });
}

function holds(expression: string, status: Status): boolean {
  const scope = { status, names: {}, before: {}, chosen: {} };
  const result = evaluateCondition(expression, scope);
  return 'value' in result && result.value;
}

/** An exec's words: server, command and what is replied to its prompts. */
function typed(words: string[]) {
  const parts = words.join(' ').split(' << ');
  const [server = '', ...argv] = (parts[0] ?? '').split(' ');
  const answers = parts.slice(1).map((part) => {
    const [prompt = '', reply = ''] = part.split('=');
    return { prompt, reply };
  });
  return { server, argv, answers };
}

async function exec({ twin }: Stage, words: string[]): Promise<string> {
  const { server, argv, answers } = typed(words);
  const record = await twin.exec(server, argv, answers);
  const output = `${record.stdout}${record.stderr}`;
  const end = record.state === 'exited' ? `exit ${record.exitCode}` : record.state;
  return `${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${end}\n`;
}

/** The server that has the mirror's device mounted, where the scenario says `active`. */
function servedBy(twin: Twin, mirror: string, server: string): string {
  if (server !== 'active') return server;
  const resource = twin.config.resources.find(({ name }) => name === mirror);
  const device = resource?.parameters.nmppath;
  const serves = (one: SimServer) => one.state().mounts.some((mount) => mount.device === device);
  return (twin.servers.find(serves) ?? (twin.servers[0] as SimServer)).name;
}

function writing(twin: Twin, words: string[]): Promise<Written> {
  const mirror = need(words, 0, 'a mirror');
  const server = servedBy(twin, mirror, need(words, 1, 'a server'));
  const [first, count] = [Number(words[2] ?? 0), Number(words[3] ?? 1)];
  return twin.io.write(mirror, server, first, count, words[4] !== 'unflushed');
}

async function write({ twin }: Stage, words: string[]): Promise<string> {
  const written = await twin.run(writing(twin, words));
  const why = written.why === null ? '' : `: ${written.why}`;
  return `${written.acknowledged} acknowledged, ${written.failed} failed${why}\n`;
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

async function wait({ twin }: Stage, words: string[]): Promise<string> {
  const expression = words.join(' ');
  await twin.until(expression, (status) => holds(expression, status), WAIT_LIMIT_MS);
  return '';
}

/** A verb that changes something and says nothing. */
function silently(act: (stage: Stage, words: string[]) => unknown): Act {
  return async (stage, words) => {
    const acting = act(stage, words);
    if (acting instanceof Promise) await stage.twin.run(acting);
    return '';
  };
}

function toProcess(fault: 'killProcess' | 'stopProcess' | 'continueProcess'): Act {
  return silently(({ twin }, words) => {
    const word = need(words, 1, 'a process');
    const key = PROCESS_WORDS.get(word);
    if (key === undefined) throw badInput(`no process ${word}`, { code: 'scenario.words' });
    twin.faults[fault](need(words, 0, 'a server'), key);
  });
}

/** Begun without letting time pass. */
const BEGINNINGS: Record<string, (twin: Twin, words: string[]) => Promise<unknown>> = {
  exec: (twin, words) => twin.order(typed(words)),
  write: writing,
  run: carryOutRun,
};

async function perform({ twin }: Stage, act: PhysicalAct): Promise<string> {
  const outcome = await twin.run(twin.operator().perform(act, ''));
  return outcome.done ? '' : `${outcome.why}\n`;
}

const cable = (stage: Stage, words: string[], act: 'pullCable' | 'plugCable'): Promise<string> =>
  perform(stage, { act, server: need(words, 0, 'a server'), net: need(words, 1, 'a net') });

const image = (words: string[]) => ({
  server: need(words, 0, 'a server'),
  image: need(words, 1, 'a name'),
});

const one = (words: string[]): string => need(words, 0, 'a server');

export const VERBS: Record<string, Act> = {
  up: async ({ twin }) => {
    await twin.up();
    return '';
  },
  cut: silently(({ twin }, [net = '', from = '', to = '', way]) =>
    twin.faults.cut(net, from, to, way === 'oneway'),
  ),
  heal: silently(({ twin }, [net = '', from = '', to = '', way]) =>
    twin.faults.heal(net, from, to, way === 'oneway'),
  ),
  delay: silently(({ twin }, [net = '', from = '', to = '', ms]) =>
    twin.faults.delay(net, from, to, Number(ms)),
  ),
  kill: silently(({ twin }, words) => twin.faults.killServer(one(words))),
  'power-on': silently(({ twin }, words) => twin.faults.powerOn(one(words))),
  freeze: silently(({ twin }, words) => twin.faults.freeze(one(words))),
  thaw: silently(({ twin }, words) => twin.faults.thaw(one(words))),
  lose: silently(({ twin }, [net = '', from = '', to = '', share]) =>
    twin.faults.lose(net, from, to, Number(share)),
  ),
  skew: silently(({ twin }, words) => {
    twin.server(one(words)).skewMs = Number(need(words, 1, 'milliseconds'));
  }),
  script: silently(({ twin }, words) => {
    const key = `${one(words)} ${need(words, 1, 'a path')}`;
    const how = need(words, 2, 'a code, hangs or ok');
    if (how === 'ok') twin.scripts.faults.delete(key);
    else twin.scripts.faults.set(key, how === 'hangs' ? { hangs: true } : { code: Number(how) });
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
  begin: (stage, [verb = '', ...words]) => {
    const begun = BEGINNINGS[verb]?.(stage.twin, words);
    if (!begun) throw badInput(`nobody can begin ${verb}`, { code: 'scenario.verb' });
    const ended = begun.catch((error: unknown) => {
      const isAnswer = error instanceof DrydockError || error instanceof WireError;
      if (isAnswer || error instanceof RemoteError) return;
      stage.defects = [...(stage.defects ?? []), `${verb} ${words.join(' ')}: ${error}`];
    });
    stage.begun = [...(stage.begun ?? []), ended];
    return '';
  },
  'kill-process': toProcess('killProcess'),
  'stop-process': toProcess('stopProcess'),
  'continue-process': toProcess('continueProcess'),
  processes: showProcesses,
  'fail-disk': silently(({ twin }, words) =>
    twin.faults.failDisk(one(words), need(words, 1, 'a device')),
  ),
  'heal-disk': silently(({ twin }, words) =>
    twin.faults.healDisk(one(words), need(words, 1, 'a device')),
  ),
  'replace-disk': async ({ twin }, words) => {
    const [server, device] = [one(words), need(words, 1, 'a device')];
    const { perform } = twin.operator();
    const outcome = await twin.run(perform({ act: 'replaceDisk', server, device }, ''));
    return outcome.done ? '' : `${outcome.why}\n`;
  },
  'pull-cable': (stage, words) => cable(stage, words, 'pullCable'),
  'plug-cable': (stage, words) => cable(stage, words, 'plugCable'),
  'take-image': (stage, words) =>
    perform(stage, { act: 'takeDiskImage', system: words[2] === 'system', ...image(words) }),
  'restore-image': (stage, words) => perform(stage, { act: 'restoreDiskImage', ...image(words) }),
  'insert-medium': (stage, words) =>
    perform(stage, { act: 'insertMedium', server: one(words), medium: need(words, 1, 'a label') }),
  'remove-medium': (stage, words) => perform(stage, { act: 'removeMedium', server: one(words) }),
  'end-program': async ({ twin }, words) => {
    const order = { do: 'program', op: 'end', name: need(words, 1, 'a name') };
    await twin.ask(one(words), 'host', order, PROGRAM_LIMIT_MS);
    return '';
  },
  exec,
  write,
  verify,
  forget: silently(({ twin }, words) => twin.io.forget(need(words, 0, 'a mirror'))),
  advance: async ({ twin }, words) => {
    await twin.advance(Number(need(words, 0, 'milliseconds')));
    return '';
  },
  rest: async ({ twin }) => {
    await twin.atRest();
    return '';
  },
  wait,
  status: async ({ twin }, words) => {
    const name = need(words, 0, 'a table');
    return tableOf(name, viewOf(await twin.look())) ?? `no table ${name}\n`;
  },
  log: showLog,
};
