import test from 'ava';
import type { Plan, PlannedStep } from '../../src/core/plan.ts';
import { debtsOf } from '../../src/runbook/afterwards/debts.ts';
import { makeUndoPlan, undoLines } from '../../src/runbook/afterwards/undo-plan.ts';
import { undoEnding } from '../../src/runbook/afterwards/undo-record.ts';
import { cannotUndo } from '../../src/runbook/language/changes.ts';
import { foldRun } from '../../src/runbook/run/fold.ts';
import { listRuns, readHeads } from '../../src/runbook/run/heads.ts';
import { abortRun, resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { closingLines, closingOf, transcriptOf } from '../../src/runbook/run/transcript.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { type Switches, switches, turnOn, turnOnForGood } from '../support/switches.ts';

const look = aStep('look', runs('clpstat'));
const THREE = [turnOn('a'), turnOn('b'), look, turnOn('c')];

/** Runs the steps, and says where that run stands. */
async function ran(made: Switches, steps: PlannedStep[], stopAfter?: string) {
  made.cluster.programs.clpstat = () => ({});
  const options = { ...made.deps.options, stopAfter };
  const result = await runPlan({ ...made.deps, options, plan: aPlan(steps) });
  return { result, state: async () => foldRun(await made.journal.entries(result.run)) };
}

async function undoPlan(made: Switches, run: string, to?: string): Promise<Plan> {
  const state = foldRun(await made.journal.entries(run));
  return makeUndoPlan({ state, to, status: await made.deps.door.observation.status() });
}

const started = (made: Switches) => made.cluster.log.map((line) => line.replace('server1: ', ''));

test('a run is taken back in reverse, and nothing but what it did', async (t) => {
  const made = switches(['a', 'b', 'c']);
  made.cluster.status.servers.server1!.services!.b!.enabled = true;
  const { result, state } = await ran(made, THREE);
  t.is(result.outcome, 'done');
  const plan = await undoPlan(made, result.run);
  const undone = undoEnding(await runPlan({ ...made.deps, plan }));
  t.like(undone, { outcome: 'rolledBack', exit: 8 }, undone.words);
  t.deepEqual(started(made), ['turn on a', 'clpstat', 'turn on c', 'turn off c', 'turn off a']);
  // b was on before the run: it is not the run's to take back.
  t.deepEqual(made.on(), ['b']);
  t.like(await state(), { phase: 'rolledBack', context: { undone: ['c', 'a'] } });
  t.deepEqual(
    (await listRuns(made.journal)).map(({ phase, undoes }) => [phase, undoes]),
    [
      ['rolledBack', null],
      ['done', result.run],
    ],
  );
});

test('an undo ends at the step that has none, and says so before it starts', async (t) => {
  const made = switches(['a', 'b', 'c', 'd']);
  const { result, state } = await ran(made, [
    turnOn('a'),
    turnOnForGood('b'),
    turnOn('c'),
    turnOn('d'),
  ]);
  const plan = await undoPlan(made, result.run);
  t.deepEqual(undoLines(plan, (await state()).plan), [
    `undoes   run ${result.run}`,
    'back     d: Put d on',
    '         c: Put c on',
    'ends at  b: Put b on (it cannot be undone)',
    'stays    a: Put a on',
    '         b: Put b on',
  ]);
  const undone = undoEnding(await runPlan({ ...made.deps, plan }));
  t.is(undone.exit, 8);
  t.is(
    undone.words,
    `run ${result.run} is rolled back: taken back as far as it goes; still done: a, b (b cannot be undone)`,
  );
  t.deepEqual(made.on(), ['a', 'b']);
});

const REFUSED: [string, PlannedStep[], string | undefined, object][] = [
  [
    'nothing is undone across a step that has no undo',
    [turnOn('a'), turnOnForGood('b'), turnOn('c')],
    'a',
    {
      code: 'undo.none',
      exit: 4,
      remedy: 'nothing was done; what came after it can be undone: --to c',
    },
  ],
  [
    'nothing is undone where the last step has none',
    [turnOn('a'), turnOnForGood('b')],
    undefined,
    { code: 'undo.none', exit: 4 },
  ],
  ['a run that only looked has nothing to undo', [look], undefined, { code: 'undo.nothing' }],
  ['a step that the run does not have is named', THREE, 'x', { code: 'step.unknown', exit: 2 }],
];

for (const [title, steps, to, expected] of REFUSED) {
  test(title, async (t) => {
    const made = switches(['a', 'b', 'c']);
    const { result } = await ran(made, steps);
    t.like(await t.throwsAsync(() => undoPlan(made, result.run, to)), expected);
  });
}

test('an undo goes back as far as asked, and further at the next time', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const { result, state } = await ran(made, THREE);
  await runPlan({ ...made.deps, plan: await undoPlan(made, result.run, 'b') });
  t.like(await state(), { phase: 'rolledBack', context: { undone: ['c', 'b'] } });
  const rest = await undoPlan(made, result.run);
  t.deepEqual(rest.undoing?.steps, ['a']);
  await runPlan({ ...made.deps, plan: rest });
  t.deepEqual(made.on(), []);
  t.like(await t.throwsAsync(() => undoPlan(made, result.run)), { code: 'undo.nothing' });
});

test('what somebody undid by hand is found so, and is not done twice', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const { result } = await ran(made, THREE);
  const plan = await undoPlan(made, result.run);
  made.cluster.status.servers.server1!.services!.b!.enabled = false;
  const { state } = await runPlan({ ...made.deps, plan });
  t.deepEqual(state.context.outcomes, {
    'undo-c': 'done',
    'undo-b': 'already',
    'undo-a': 'done',
  });
});

async function stuck() {
  const made = switches(['a', 'b', 'c']);
  const { result, state } = await ran(made, THREE);
  made.failing.add('off b');
  const plan = await undoPlan(made, result.run);
  const undone = undoEnding(await runPlan({ ...made.deps, plan }));
  return { made, run: result.run, state, undone };
}

test('a failed undo leaves the run stuck, and says what a person has to do', async (t) => {
  const { made, run, state, undone } = await stuck();
  t.like(undone, { outcome: 'stuck', exit: 9 });
  t.like(await state(), { phase: 'stuck', context: { undone: ['c'], undo: undone.run } });
  const status = await made.deps.door.observation.status();
  const { debts } = debtsOf(status, null, await readHeads(made.journal));
  t.deepEqual(
    debts.filter(({ kind }) => kind === 'run stuck').map(({ words }) => words),
    [
      `run ${run} is half undone, and its undo ${undone.run} failed: ` +
        'step undo-b: turn on server1 ended with 1: b is in the way',
    ],
  );
  t.is(
    closingLines(closingOf(undone.state, [])),
    `exposed now: run ${run}, of which is taken back: c; not taken back: b, a
in flight:   nothing
next:        mend the cause, then drydock resume ${undone.run}; or by hand: drydock run-log ${undone.run} --remainder, then drydock abort ${undone.run} and drydock abort ${run}
by when:     no time limit is known
`,
  );
});

test('an undo that a server’s gate refuses is not stuck: it ends with 4, and goes on when it may', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const { result, state } = await ran(made, THREE);
  const plan = await undoPlan(made, result.run);
  const turn = made.cluster.programs.turn as NonNullable<typeof made.cluster.programs.turn>;
  const refused = { code: 'window.over', why: 'window W-1 ended at noon', remedy: 'request one' };
  made.cluster.programs.turn = (argv, request) =>
    argv[2] === 'b' ? { exitCode: 1, refused } : turn(argv, request);
  const undone = undoEnding(await runPlan({ ...made.deps, plan }));
  t.like(undone, { outcome: 'failed', exit: 4 });
  t.is(undone.words, 'step undo-b: server1 refused turn: window W-1 ended at noon; request one');
  t.is((await state()).phase, 'undoing');
  made.cluster.programs.turn = turn;
  t.is(undoEnding(await resumeRun({ ...made.deps, run: undone.run })).exit, 8);
  t.is((await state()).phase, 'rolledBack');
});

test('a stuck run goes on by its undo, and by nothing else', async (t) => {
  const { made, run, state, undone } = await stuck();
  t.like(await t.throwsAsync(() => resumeRun({ ...made.deps, run })), { exit: 9 });
  made.failing.clear();
  const result = undoEnding(await resumeRun({ ...made.deps, run: undone.run }));
  t.like(result, { outcome: 'rolledBack', exit: 8 }, result.words);
  t.is((await state()).phase, 'rolledBack');
  t.deepEqual(made.on(), []);
  t.deepEqual(
    debtsOf(await made.deps.door.observation.status(), null, await readHeads(made.journal)).debts,
    [],
  );
});

test('what is stuck may be put right by hand: both runs are aborted, and nothing is owed', async (t) => {
  const { made, run, state, undone } = await stuck();
  const { journal } = made;
  const { door } = made.deps;
  await abortRun({ journal, run: undone.run, who: 'ann@desk', door });
  t.is((await state()).phase, 'stuck');
  await abortRun({ journal, run, who: 'ann@desk', door });
  t.is((await state()).phase, 'aborted');
  t.is(made.cluster.lease.holder, null);
  t.like(await t.throwsAsync(() => resumeRun({ ...made.deps, run: undone.run })), {
    code: 'run.ended',
  });
});

test('an undo planned before the run went on is refused', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const { result } = await ran(made, THREE, 'a');
  const plan = await undoPlan(made, result.run);
  const first = await runPlan({ ...made.deps, plan });
  t.is(first.outcome, 'done');
  t.like(await t.throwsAsync(() => runPlan({ ...made.deps, plan })), { code: 'undo.moved' });
});

test('a step in doubt is settled before anything is undone', async (t) => {
  const made = switches(['a', 'b', 'c']);
  made.cluster.programs.turn = () => ({ state: 'lost', exitCode: null });
  const steps = [turnOn('a', { probe: null, expect: null })];
  const { result } = await ran(made, steps);
  t.is(result.exit, 6);
  t.like(await t.throwsAsync(() => undoPlan(made, result.run)), { code: 'undo.doubt', exit: 6 });
});

test('a step that failed is taken back too, where it did something after all', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const half = turnOn('b', { expect: "server('server1').medium == 'never'", timeoutMs: 100 });
  const { result } = await ran(made, [turnOn('a'), half]);
  t.like(result, { outcome: 'failed' });
  t.deepEqual(made.on(), ['a', 'b']);
  await runPlan({ ...made.deps, plan: await undoPlan(made, result.run) });
  t.deepEqual(made.on(), []);
});

const failsFor = (probe: string | null) =>
  turnOn('b', { undo: null, probe, expect: 'false', timeoutMs: 100 });

test('a step that failed and has no undo is passed only where its probe says no', async (t) => {
  const made = switches(['a', 'b', 'c']);
  made.failing.add('on b');
  const certain = await ran(made, [
    turnOn('a'),
    failsFor("server('server1').services['b'].enabled"),
  ]);
  t.deepEqual((await undoPlan(made, certain.result.run)).undoing?.steps, ['a']);
  await abortRun({ ...made, run: certain.result.run, who: 'ann@desk', door: made.deps.door });
  const unsure = await ran(made, [turnOn('c'), failsFor(null)]);
  t.like(await t.throwsAsync(() => undoPlan(made, unsure.result.run)), { code: 'undo.none' });
});

test('a parked run keeps its lease, and its undo takes the lease over', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const { result, state } = await ran(made, THREE, 'b');
  t.is(made.cluster.lease.holder, result.run);
  const undone = undoEnding(
    await runPlan({ ...made.deps, plan: await undoPlan(made, result.run) }),
  );
  t.is(undone.exit, 8);
  t.is(made.cluster.lease.holder, null);
  t.is((await state()).phase, 'rolledBack');
});

test('the log of a run tells of its undo', async (t) => {
  const { made, run, undone } = await stuck();
  const log = transcriptOf(await made.journal.entries(run)).replaceAll(/20\d\d-[^ ]+Z/g, 'TIME');
  t.deepEqual(log.trimEnd().split('\n').slice(-2), [
    `TIME  undo started: ${undone.run}  (ann@desk)`,
    'TIME  run stuck: step undo-b: turn on server1 ended with 1: b is in the way  (ann@desk)',
  ]);
});

test('what acts and has no undo is named before a run starts', (t) => {
  const act = { act: 'cutPower', server: 'server2' } as const;
  const cut = aStep('cut', { verb: 'operator', act, words: 'Cut it' }, { title: 'Cut the power' });
  t.deepEqual(cannotUndo(aPlan([turnOn('a'), look, turnOnForGood('b'), cut])), [
    'b: Put b on',
    'cut: Cut the power',
  ]);
});
