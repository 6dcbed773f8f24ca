import test from 'ava';
import { topologyOf } from '../../src/change/topology.ts';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { PlannedStep } from '../../src/core/plan.ts';
import type { Journal } from '../../src/ports/journal.ts';
import {
  type Amendment,
  type AmendRequest,
  amendmentBody,
  makeAmendment,
} from '../../src/runbook/afterwards/amend.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { foldRun, isFinal, type RunState } from '../../src/runbook/run/fold.ts';
import { pinnedPlan, resumeRun } from '../../src/runbook/run/resume.ts';
import { resultOf, runPlan } from '../../src/runbook/run/run.ts';
import { transcriptOf } from '../../src/runbook/run/transcript.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { type Switches, switches, turnOn } from '../support/switches.ts';
import { CASES, type Case, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

const NO_TOPOLOGY = {} as AmendRequest['topology'];

function skipping(state: RunState, skip: string[], status: Status): Amendment {
  const nothing = { predicted: null, rest: null, before: 0, topology: NO_TOPOLOGY };
  return makeAmendment({ ...nothing, state, skip, status });
}

async function amend(journal: Journal, state: RunState, made: Amendment): Promise<RunState> {
  const body = amendmentBody(state, made, 'ann@desk', 'it is late');
  await journal.append([{ run: state.run, type: 'run.amended', body }]);
  return foldRun(await journal.entries(state.run));
}

async function parkedAfter(steps: PlannedStep[], stopAfter: string) {
  const made: Switches = switches(['a', 'b', 'c']);
  const options = { ...made.deps.options, stopAfter };
  const { run } = await runPlan({ ...made.deps, options, plan: aPlan(steps) });
  const status = await made.deps.door.observation.status();
  return { made, run, status, state: foldRun(await made.journal.entries(run)) };
}

const THREE = [turnOn('a'), turnOn('b'), turnOn('c')];

test('a step that is left may be skipped, and the run goes on without it', async (t) => {
  const { made, run, status, state } = await parkedAfter(THREE, 'a');
  const amendment = skipping(state, ['b'], status);
  t.deepEqual(amendment.changes, ['not any more b: Put b on']);
  t.not(amendment.plan.hash, state.plan.hash);
  t.is(amendment.plan.amends, state.plan.hash);
  const after = await amend(made.journal, state, amendment);
  t.like(after, { phase: 'parked', step: { id: 'c' } });
  t.like(after.context, { outcomes: { a: 'done' }, halt: { exit: 3 } });
  const result = await resumeRun({ ...made.deps, run });
  t.is(result.outcome, 'done');
  t.deepEqual(made.on(), ['a', 'c']);
  const log = transcriptOf(await made.journal.entries(run)).replaceAll(/20\d\d-[^ ]+Z/g, 'TIME');
  t.true(
    log.includes(`TIME  run amended: amended by ann@desk: it is late  (ann@desk)
  plan ${state.plan.hash} -> ${amendment.plan.hash}
  not any more b: Put b on
`),
    log,
  );
});

test('nothing is left when every step that was left is skipped', async (t) => {
  const { made, run, status, state } = await parkedAfter(THREE, 'a');
  const after = await amend(made.journal, state, skipping(state, ['b', 'c'], status));
  t.like(after, { phase: 'parked', step: null });
  t.is((await resumeRun({ ...made.deps, run })).outcome, 'done');
  t.deepEqual(made.on(), ['a']);
});

test('a failed step may be skipped', async (t) => {
  const made = switches(['a', 'b', 'c']);
  made.failing.add('on b');
  const { run } = await runPlan({ ...made.deps, plan: aPlan(THREE) });
  const state = foldRun(await made.journal.entries(run));
  t.is(state.phase, 'failed');
  await amend(
    made.journal,
    state,
    skipping(state, ['b'], await made.deps.door.observation.status()),
  );
  t.is((await resumeRun({ ...made.deps, run })).outcome, 'done');
  t.deepEqual(made.on(), ['a', 'c']);
});

test('amended twice, the chart is the one of the last plan', async (t) => {
  const { made, run, status, state } = await parkedAfter(THREE, 'a');
  const once = await amend(made.journal, state, skipping(state, ['b'], status));
  const twice = await amend(made.journal, once, skipping(once, ['c'], status));
  t.deepEqual(
    twice.plan.steps.map(({ id }) => id),
    ['a'],
  );
  t.is((await resumeRun({ ...made.deps, run })).outcome, 'done');
});

const question = { verb: 'confirm', question: 'Sure?', typeName: 'b', shows: null } as const;
const which: PlannedStep['action'] = {
  verb: 'choose',
  question: 'Which?',
  options: ['a', 'b'],
};
const remembers = turnOn('b', { remember: { boot: "server('server1').bootId" } });
const asks = turnOn('c', { expect: "server('server1').bootId == before.boot" });

const REFUSED: [string, PlannedStep[], string[], object][] = [
  ['what is done is not skipped', THREE, ['a'], { code: 'step.unknown', exit: 2 }],
  ['a step that there is not is not skipped', THREE, ['x'], { code: 'step.unknown', exit: 2 }],
  ['an amendment changes something', THREE, [], { code: 'amend.same', exit: 2 }],
  [
    'what is confirmed by name is not skipped',
    [turnOn('a'), aStep('sure', question), turnOn('b')],
    ['sure'],
    { code: 'amend.named', exit: 4 },
  ],
  [
    'what a later step remembers is kept',
    [turnOn('a'), remembers, asks],
    ['b'],
    { code: 'amend.gap', message: 'step c needs before.boot, which nothing gives' },
  ],
  [
    'a choice that a later step asks for is kept',
    [turnOn('a'), aStep('way', which), turnOn('b', { when: "chosen('way') == 'b'" })],
    ['way'],
    { code: 'amend.gap', message: "step b needs chosen('way'), which nothing gives" },
  ],
];

for (const [title, steps, skip, expected] of REFUSED) {
  test(title, async (t) => {
    const { status, state } = await parkedAfter(steps, 'a');
    t.like(
      t.throws(() => skipping(state, skip, status)),
      expected,
    );
  });
}

test('a run is amended only while it waits and nothing is in doubt', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const status = await made.deps.door.observation.status();
  const done = await runPlan({ ...made.deps, plan: aPlan([turnOn('a')]) });
  t.like(
    t.throws(() => skipping(done.state, ['a'], status)),
    { code: 'amend.phase', exit: 4 },
  );
  made.cluster.programs.turn = () => ({ state: 'lost', exitCode: null });
  const blind = aPlan([aStep('blind', runs('turn on b')), turnOn('c')]);
  const doubt = await runPlan({ ...made.deps, plan: blind });
  t.like(
    t.throws(() => skipping(doubt.state, ['c'], status)),
    { code: 'amend.phase', remedy: `settle the step in doubt first: drydock resume ${doubt.run}` },
  );
});

const BACKUP = CASES.find(({ id }) => id === 'v3-9.1.1') as Case;

async function parkedOnTwin(made: Case, stopAfter: string) {
  const twin = await liveTwin(made);
  const world = worldOf(twin, made);
  const { door, operator, clock, random } = world;
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const deps = { door, operator, clock, random, journal, who: 'ann@desk' };
  const plan = await planFor(twin, made);
  const { run } = await twin.run(runPlan({ ...deps, plan, options: { stopAfter } }));
  await twin.atRest();
  const state = foldRun(await journal.entries(run));
  return { twin, deps, run, state };
}

type Parked = Awaited<ReturnType<typeof parkedOnTwin>>;

/** Plans what is left anew, rehearses it on a fresh twin, and pins the prediction to it. */
async function replan(parked: Parked, made: Case, id: string, set: Record<string, Json>) {
  const { twin, deps, run, state } = parked;
  const library = loadRunbooks();
  const status = await twin.status();
  const amendment = makeAmendment({
    state,
    predicted: (await pinnedPlan(deps.journal, state)).predicted,
    skip: [],
    rest: { runbook: library.get(id)!, library, set },
    before: 0,
    status,
    topology: topologyOf(parseClusterConfiguration(twin.configText, 'clp.conf')),
  });
  const entries = await deps.journal.entries(run);
  const body = amendmentBody(state, amendment, 'ann@desk', 'it is late');
  const amended = { ...entries.at(-1)!, type: 'run.amended', body };
  const rehearsal = await rehearse({
    plan: amendment.plan,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from: status,
    begun: { run, entries: [...entries, amended] },
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: twin.configText, seed: 11, from: status }), made),
  });
  return { rehearsal, amendment: { ...amendment, plan: rehearsal.plan } };
}

const finish = (twin: Twin, deps: Parked['deps'], run: string) =>
  twin.run(resumeRun({ ...deps, run }));

test('what is left is planned anew with other parameters, rehearsed and carried out', async (t) => {
  const parked = await parkedOnTwin(BACKUP, 'stretch-timeouts');
  const { twin, deps, run, state } = parked;
  const archive = '/backup/late.tar';
  const { rehearsal, amendment } = await replan(parked, BACKUP, 'v3-9.1.1', { archive });
  t.is(rehearsal.outcome, 'done', rehearsal.transcript);
  t.true(amendment.changes.some((line) => line.startsWith('changed back-up: tar')));
  await amend(deps.journal, state, amendment);
  const result = await finish(twin, deps, run);
  t.is(result.outcome, 'done', result.words);
  const intents = (await deps.journal.entries(run))
    .filter(({ type }) => type === 'step.intended')
    .map(({ body }) => body as { step: string; argv: string[] });
  const backUp = intents.find(({ step }) => step === 'back-up');
  t.deepEqual(backUp?.argv.slice(0, 3), ['tar', '-cf', archive]);
});

test('what was done stays as it was done', async (t) => {
  const parked = await parkedOnTwin(BACKUP, 'stretch-timeouts');
  const { ratio } = parked.state.plan.parameters;
  const error = await t.throwsAsync(() =>
    replan(parked, BACKUP, 'v3-9.1.1', { ratio: Number(ratio) + 1 }),
  );
  t.like(error, { code: 'amend.done', exit: 4 });
  t.regex(error?.message ?? '', /^step stretch-timeouts was done as 'clptoratio -r /);
});

test('another runbook follows, under names of its own', async (t) => {
  const parked = await parkedOnTwin(BACKUP, 'stretch-timeouts');
  const { twin, deps, run, state } = parked;
  const { rehearsal, amendment } = await replan(parked, BACKUP, 'v3-11.10.2', {});
  t.is(rehearsal.outcome, 'done', rehearsal.transcript);
  const after = await amend(deps.journal, state, amendment);
  t.is(after.step?.id, 'amended1/show');
  t.is(after.plan.runbook.id, 'v3-11.10.2');
  const result = await finish(twin, deps, run);
  t.is(result.outcome, 'done', result.words);
  t.deepEqual(Object.keys(result.state.context.outcomes).slice(-1), ['amended1/recovering']);
});

class Crash extends Error {}

test('a runner that dies at every boundary after an amendment ends the same', async (t) => {
  for (const when of ['before', 'after'] as const) {
    const parked = await parkedOnTwin(BACKUP, 'stretch-timeouts');
    const { twin, deps, run, state } = parked;
    const { amendment } = await replan(parked, BACKUP, 'v3-9.1.1', { archive: '/backup/b.tar' });
    await amend(deps.journal, state, amendment);
    const survived = new Set<string>();
    const deadly: typeof deps.journal = {
      ...deps.journal,
      async append(entries) {
        const names = entries.map(({ type, body }) => `${type} ${body.step ?? ''}`);
        const isFirst = names.some((name) => !survived.has(name));
        for (const name of names) survived.add(name);
        if (isFirst && when === 'before') throw new Crash();
        const sealed = await deps.journal.append(entries);
        if (isFirst) throw new Crash();
        return sealed;
      },
      hold: async () => async () => {},
    };
    let lives = 0;
    for (;;) {
      lives += 1;
      t.true(lives < 100);
      const now = foldRun(await deps.journal.entries(run));
      if (isFinal(now.phase)) {
        t.is(resultOf(now).outcome, 'done');
        break;
      }
      try {
        const result = await finish(twin, { ...deps, journal: deadly }, run);
        t.is(result.outcome, 'done', result.words);
        break;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
    t.true(lives > 4, `${lives} lives`);
  }
});
