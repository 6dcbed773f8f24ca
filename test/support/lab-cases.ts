/**
 * A runbook on a live lab, in a situation that it names, held to what its rehearsal on a twin of
 * that lab foretold: the runner compares the cluster's facts with the prediction after every step,
 * and parks where they differ.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '../../src/adapters/system-random.ts';
import { topologyOf } from '../../src/change/topology.ts';
import type { Plan } from '../../src/core/plan.ts';
import { FAULT_WORDS, readFault } from '../../src/host/faults.ts';
import { type Lab, labDown, labUp, openLab } from '../../src/lab/lab.ts';
import { sleep } from '../../src/ports/clock.ts';
import type { LogEntry } from '../../src/ports/log.ts';
import type { Operator } from '../../src/ports/operator.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { evaluateCondition } from '../../src/runbook/language/expressions/expressions.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { type Rehearsal, rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { abortRun } from '../../src/runbook/run/resume.ts';
import { type RunResult, runPlan } from '../../src/runbook/run/run.ts';
import type { PhysicalAct } from '../../src/schema/generated/physical-act.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { orderOf } from '../../src/sim/situation/doing.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { untoldMedium } from '../../src/sim/twin-media.ts';
import { type Case, configText, worldOf } from './twin-worlds.ts';

const DATA_BYTES = 1024 * 1024;
const WAIT_LIMIT_MS = 120_000;
const RUN_LIMIT_MS = 180_000;
const LOOK_EVERY_MS = 50;
const BLOCKS_OF_A_WRITE = 1;

interface Stage {
  lab: Lab;
  /** What was begun and not waited for. */
  begun: Promise<unknown>[];
}

type Act = (stage: Stage, words: string[]) => Promise<unknown>;

async function perform({ lab }: Stage, act: PhysicalAct): Promise<void> {
  const outcome = await lab.operator().perform(act, '');
  if (!outcome.done) throw new Error(`${act.act}: ${outcome.why}`);
}

async function exec({ lab }: Stage, [server = '', ...words]: string[]): Promise<void> {
  const { argv, answers } = orderOf(words.join(' '));
  const record = await lab.exec(server, argv, { answers });
  if (record.exitCode !== 0) {
    throw new Error(`${argv.join(' ')}: ${record.state} ${record.exitCode} ${record.stderr}`);
  }
}

/** Through whichever server serves the mirror, which is the one that a situation names. */
function write({ lab }: Stage, [mirror = '', , first, count]: string[]): Promise<unknown> {
  const blocks = Number(count ?? BLOCKS_OF_A_WRITE);
  return lab.io.write(mirror, { from: Number(first ?? 0), blocks });
}

async function wait({ lab }: Stage, words: string[]): Promise<void> {
  const until = lab.clock.now() + WAIT_LIMIT_MS;
  for (;;) {
    const scope = { status: await lab.status(), names: {}, before: {}, chosen: {} };
    const found = evaluateCondition(words.join(' '), scope);
    if ('value' in found && found.value) return;
    if (lab.clock.now() > until) throw new Error(`never seen: ${words.join(' ')}`);
    await sleep(lab.clock, LOOK_EVERY_MS);
  }
}

const ON_ITS_WAY = new Set(['booting', 'shuttingDown', 'rebooting', 'down', 'waiting', 'stopping']);
const REST_LOOKS = 5;
const REST_EVERY_MS = 1000;

/** As the twin's `isCalm`, by what can be seen from outside: nothing is on its way. */
function isCalm({ servers, groups, mirrors }: Status): boolean {
  return (
    Object.values(servers).every(({ node }) => node === null || !ON_ITS_WAY.has(node)) &&
    Object.values(groups).every(({ state }) => !state?.endsWith('Pending')) &&
    Object.values(mirrors).every(({ recovery }) => recovery === null)
  );
}

/** Until looks one after the other show the same, and nothing that is on its way. */
async function rest({ lab }: Stage): Promise<void> {
  const until = lab.clock.now() + WAIT_LIMIT_MS;
  let before = '';
  for (let calm = 0; calm < REST_LOOKS && lab.clock.now() < until; ) {
    const status = viewOf(await lab.status());
    const { servers, groups, mirrors } = status;
    const now = JSON.stringify([
      Object.values(servers).map(({ name, power, node, state }) => [name, power, node, state]),
      Object.values(groups).map(({ name, state, activeOn }) => [name, state, activeOn]),
      Object.values(mirrors).map(({ name, state }) => [name, state]),
    ]);
    calm = now === before && isCalm(status) ? calm + 1 : 0;
    before = now;
    await sleep(lab.clock, REST_EVERY_MS);
  }
}

/** The words of `lab fault` are the lab's own (src/host/faults.ts); of the others, those that it can. */
const VERBS: Record<string, Act> = {
  ...Object.fromEntries(
    FAULT_WORDS.map((verb): [string, Act] => [
      verb,
      ({ lab }, words) => lab.fault(readFault([verb, ...words], lab.config)),
    ]),
  ),
  'replace-disk': (stage, [server = '', device = '']) =>
    perform(stage, { act: 'replaceDisk', server, device }),
  'take-image': (stage, [server = '', image = '', what]) =>
    perform(stage, { act: 'takeDiskImage', server, image, system: what === 'system' }),
  'pull-cable': (stage, [server = '', net = '']) =>
    perform(stage, { act: 'pullCable', server, net }),
  begin: async (stage, [verb = '', ...words]) => {
    const act = verb === 'exec' ? exec : write;
    stage.begun.push(act(stage, words).catch(() => undefined));
  },
  exec,
  write,
  wait,
  rest,
  advance: ({ lab }, [ms]) => sleep(lab.clock, Number(ms)),
  forget: () => Promise.resolve(),
};

/** Why a situation cannot be had with processes and cables; null: it can. */
export function whyTwinOnly({ situation = [] }: Case): string | null {
  const strange = situation.find((line) => !Object.hasOwn(VERBS, line.split(' ')[0] ?? ''));
  return strange === undefined ? null : `a lab has no way to "${strange}"`;
}

/** The lab in that folder, in the situation. */
export async function liveLab(folder: string, made: Case): Promise<Lab> {
  const lab = await labUp({ folder, configText: configText(made), dataBytes: DATA_BYTES });
  try {
    const stage: Stage = { lab, begun: [] };
    for (const line of made.situation ?? []) {
      const [verb = '', ...words] = line.split(' ');
      await VERBS[verb]?.(stage, words);
    }
    await rest(stage);
    return openLab(folder);
  } catch (error) {
    await labDown(folder);
    throw error;
  } finally {
    lab.close();
  }
}

/** Of each server, which messages it logged, each once, as `SERVER MODULE ID`. */
type Messages = Set<string>;

const nameOf = ({ server, module, id }: LogEntry): string => `${server} ${module} ${id}`;

function linesOf(lab: Lab, server: string): string[] {
  const file = join(lab.folder, 'servers', server, 'log', 'system.log');
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

/** What the lab logs from now on, when it is asked. */
function listen(lab: Lab): () => Messages {
  const before = new Map(lab.servers.map((server) => [server, linesOf(lab, server).length]));
  return () =>
    new Set(
      lab.servers.flatMap((server) => {
        const lines = linesOf(lab, server).slice(before.get(server));
        return lines.map((line) => nameOf(JSON.parse(line) as LogEntry));
      }),
    );
}

/** Foretold on a twin of the lab as it is now. */
async function foretold(
  lab: Lab,
  made: Case,
  giveUp: string[],
): Promise<{ rehearsal: Rehearsal; messages: Messages }> {
  const library = loadRunbooks();
  const from = await lab.status();
  const text = lab.configText;
  const plan = makePlan({
    runbook: library.get(made.id)!,
    library,
    parameters: made.given,
    status: from,
    topology: topologyOf(lab.config),
  });
  const twin = await buildTwin({ configText: text, seed: 11, from, dataBytes: DATA_BYTES });
  const logged = twin.log.length;
  const rehearsal = await rehearse({
    plan,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    options: { giveUp },
    twinFactory: async () => worldOf(twin, made),
  });
  return { rehearsal, messages: new Set(twin.log.slice(logged).map(nameOf)) };
}

/** As a person who has the medium at hand: what is on it is what the rehearsal took for granted. */
function peopleIn(lab: Lab, made: Case): Operator {
  const { perform } = lab.operator();
  return {
    perform: async (act, words) => {
      const outcome = await perform(act, words);
      if (outcome.done || !('medium' in act)) return outcome;
      const { server, medium } = act;
      await lab.putMedium(server, medium, untoldMedium(medium, lab.config, lab.configText));
      return perform(act, words);
    },
    confirm: async (_step, _question, typeName) => typeName ?? 'yes',
    choose: async (step, _question, options) => made.choices?.[step] ?? options[0] ?? null,
  };
}

async function carriedOut(lab: Lab, made: Case, plan: Plan, giveUp: string[]): Promise<RunResult> {
  const door = lab.door();
  const journal = memoryJournal({ clock: lab.clock, who: 'bob@desk' });
  const result = await runPlan({
    plan,
    door,
    operator: peopleIn(lab, made),
    journal,
    clock: lab.clock,
    random: systemRandom(),
    who: 'bob@desk',
    options: { giveUp, halt: AbortSignal.timeout(RUN_LIMIT_MS) },
  });
  if (result.outcome === 'failed') await abortRun({ journal, run: result.run, who: 'bob', door });
  return result;
}

export interface Agreement {
  foretold: Rehearsal['outcome'];
  lived: RunResult['outcome'];
  /** In which the run differed from what was foretold; null: in nothing. */
  differs: string | null;
  /** Messages that were foretold and never came, and the other way round. */
  silent: string[];
  unforetold: string[];
}

/** Rehearses and runs the case on a lab of its own, which is gone afterwards. */
export async function liveCase(folder: string, made: Case): Promise<Agreement> {
  const lab = await liveLab(folder, made);
  try {
    const { leases } = await lab.status();
    const giveUp = Object.entries(leases).flatMap(([server, { observed }]) =>
      observed.unknown === null ? [] : [server],
    );
    const { rehearsal, messages } = await foretold(lab, made, giveUp);
    const listened = listen(lab);
    const result = await carriedOut(lab, made, rehearsal.plan, giveUp);
    const agrees = result.outcome === rehearsal.outcome && result.outcome === (made.ends ?? 'done');
    return {
      foretold: rehearsal.outcome,
      lived: result.outcome,
      silent: [...messages].filter((name) => !listened().has(name)),
      unforetold: [...listened()].filter((name) => !messages.has(name)),
      differs: agrees ? null : `${result.words} (foretold: ${rehearsal.words})`,
    };
  } finally {
    lab.close();
    await labDown(folder);
  }
}
