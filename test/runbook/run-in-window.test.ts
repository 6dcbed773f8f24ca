/** A run in a change window: parked where it may be when time is short, and what lifts nothing. */
import test from 'ava';
import type { Plan, PlannedStep } from '../../src/core/plan.ts';
import type { Authority } from '../../src/ports/authority.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { RunOptions } from '../../src/runbook/run/context.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import type { RunWindow } from '../../src/runbook/run/standing.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { countingRandom, fakeCluster, jumpingClock } from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';

const MINUTE_MS = 60_000;

function window(minutes: number, more: Partial<RunWindow> = {}): RunWindow {
  const endsAt = jumpingClock().now() + minutes * MINUTE_MS;
  return { id: 'W-1', endsAt, reserveMs: 5 * MINUTE_MS, emergency: false, took: {}, ...more };
}

/** What the last entry of a type says of its authority. */
async function standing(journal: Journal, type: string): Promise<object> {
  const entry = (await allEntries(journal)).findLast((one) => one.type === type);
  return (entry!.body as { authority: object }).authority;
}

/** Steps that are rehearsed with ten minutes each; `work` really takes what it is told. */
function world(steps: PlannedStep[], workMinutes = 10, more: Partial<Plan> = {}) {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const { door, operator } = cluster;
  const authorities: (Authority | null | undefined)[] = [];
  cluster.programs.work = async (_argv, { authority }) => {
    authorities.push(authority);
    await new Promise<void>((resolve) => {
      clock.at(clock.now() + workMinutes * MINUTE_MS, resolve);
    });
    return {};
  };
  const random = countingRandom();
  const deps = { door, operator, journal, clock, random, who: 'ann@desk' };
  const predicted = Object.fromEntries(
    steps.map(({ id }) => [id, { facts: {}, durationMs: (10 * MINUTE_MS) / 1.5 }]),
  );
  const plan = aPlan(steps, { predicted, ...more });
  return {
    ...{ cluster, journal, authorities },
    run: (options: RunOptions) => runPlan({ ...deps, plan, options: { settleMs: 0, ...options } }),
    resume: (run: string, options: RunOptions) =>
      resumeRun({ ...deps, run, options: { settleMs: 0, ...options } }),
  };
}

const work = (id: string, more: Partial<PlannedStep> = {}) =>
  aStep(id, runs(`work ${id}`), { timeoutMs: 3_600_000, ...more });

test('A run that fits its window is done in it, and every command bears its authority', async (t) => {
  const made = world([work('a'), work('b')]);
  const result = await made.run({ window: window(25) });
  t.like(result, { outcome: 'done', exit: 0 });
  const plan = { runbook: { id: 'v3-0.0', hash: 'rb' }, called: [], parameters: {} };
  const authority = { who: 'ann@desk', window: 'W-1', run: result.run, plan };
  t.deepEqual(made.authorities, [authority, authority]);
  t.like(await standing(made.journal, 'run.started'), {
    who: 'ann@desk',
    window: 'W-1',
    reserveMs: 5 * MINUTE_MS,
  });
});

test('A run that does not fit from the first step on is refused, and nothing is done', async (t) => {
  const made = world([work('a'), work('b')]);
  const result = await made.run({ window: window(24) });
  t.like(result, { outcome: 'refused', exit: 4 });
  t.is(
    result.words,
    'what is left takes up to 20 min and 5 min are reserved for backing out, ' +
      'which does not fit window W-1: only 24 min are left of it',
  );
  t.deepEqual(made.cluster.log, []);
  t.is(made.cluster.lease.holder, null);
});

test('When a step takes too long the run parks at the next safe point, and says why', async (t) => {
  const steps = [work('a'), work('b', { safe: true }), work('c')];
  const made = world(steps, 14);
  const result = await made.run({ window: window(36) });
  t.like(result, { outcome: 'parked', exit: 3 });
  t.regex(
    result.words,
    /10 min and 5 min .* W-1: only 8 min are left of it; this is a safe point$/,
  );
  t.deepEqual(made.cluster.log, ['server1: work a', 'server1: work b']);
});

test('Resumed in time that is still too short it parks again; in a later window it goes on', async (t) => {
  const made = world([work('a', { safe: true }), work('b')], 14);
  const { run } = await made.run({ window: window(25) });
  t.like(await made.resume(run, { window: window(25) }), { outcome: 'parked', exit: 3 });
  t.deepEqual(made.cluster.log, ['server1: work a']);
  const later = window(600, { id: 'W-2' });
  t.like(await made.resume(run, { window: later }), { outcome: 'done', exit: 0 });
  t.is(made.authorities.at(-1)?.window, 'W-2');
  t.like(await standing(made.journal, 'run.resumed'), { window: 'W-2' });
});

test('A gate that refuses in the middle of a run ends it with 4 and its words, and it can go on', async (t) => {
  const made = world([work('a'), work('b'), work('c')], 1);
  const refused = {
    code: 'window.over',
    why: 'window W-1 ended at noon',
    remedy: 'request another one',
  };
  const { work: program } = made.cluster.programs;
  made.cluster.programs.work = async (argv, request) =>
    argv[1] === 'b' ? { exitCode: 1, stderr: 'refused', refused } : program!(argv, request);
  const result = await made.run({ window: window(600) });
  t.like(result, { outcome: 'failed', exit: 4 });
  t.is(result.words, 'step b: server1 refused work: window W-1 ended at noon; request another one');
  t.like((await allEntries(made.journal)).findLast(({ type }) => type === 'run.failed')?.body, {
    exit: 4,
  });
  const again = made.cluster.programs;
  again.work = program as NonNullable<typeof program>;
  t.like(await made.resume(result.run, { window: window(600) }), { outcome: 'done', exit: 0 });
  const tried = made.cluster.log.map((line) => line.replace('server1: work ', ''));
  t.deepEqual(tried, ['a', 'b', 'b', 'c']);
});

test('An exit code that a step takes for success does not pass for a refusal', async (t) => {
  const action = {
    ...runs('work a'),
    accept: [{ exit: 1, remark: 'something changed meanwhile' }],
  };
  const made = world([aStep('a', action)], 1);
  const refused = { code: 'window.none', why: 'none is open', remedy: 'request one' };
  made.cluster.programs.work = async () => ({ exitCode: 1, refused });
  t.like(await made.run({ window: window(600) }), { outcome: 'failed', exit: 4 });
});

test('What earlier runs took counts before the rehearsal', async (t) => {
  const took = { a: [1, 1, 1, 1, 1], b: [1, 1, 1, 1, 1] };
  const made = world([work('a'), work('b')], 0);
  t.is((await made.run({ window: window(6, { took }) })).outcome, 'done');
  const slow = { ...took, b: [1, 1, 1, 1, 60 * MINUTE_MS] };
  t.is((await made.run({ window: window(25, { took: slow }) })).outcome, 'refused');
});

test('An undo may go on after the end: it is what time was kept for', async (t) => {
  const options = { window: window(1) };
  t.is((await world([work('a')]).run(options)).outcome, 'refused');
  const undo = world([work('a')], 10, { undoes: 'v3-0.0-earlier' });
  t.is((await undo.run(options)).outcome, 'done');
});

const glass = window(-60, { emergency: true });

test('Break-glass lifts the time, and says so in the record', async (t) => {
  const made = world([work('a')], 30);
  t.is((await made.run({ window: glass })).outcome, 'done');
  t.like(await standing(made.journal, 'run.started'), { window: 'W-1', emergency: true });
});

test('Break-glass lifts no requirement', async (t) => {
  const requires = [{ that: "server('server2').power == 'off'", or: 'cut its power first' }];
  const made = world([work('a', { requires })]);
  t.like(await made.run({ window: glass }), { outcome: 'stopped', exit: 6 });
  t.deepEqual(made.cluster.log, []);
});

test('Break-glass lifts no lease', async (t) => {
  const made = world([work('a')]);
  made.cluster.lease = { holder: 'another-run', token: 7 };
  t.like(await made.run({ window: glass }), { outcome: 'refused', exit: 5 });
  t.deepEqual(made.cluster.log, []);
});

test('Break-glass lifts no named confirmation', async (t) => {
  const question = 'The copy on server2 dies.';
  const confirm = { verb: 'confirm', question, typeName: 'server2', shows: null } as const;
  const made = world([aStep('accept', confirm), work('a')]);
  const result = await made.run({ window: glass, yes: true, noInput: true });
  t.is(result.exit, 3);
  t.deepEqual(made.cluster.log, []);
});

test('Break-glass lifts no probe: what is done already is not done again', async (t) => {
  const made = world([work('a', { probe: "server('server1').power == 'on'" })]);
  const result = await made.run({ window: glass });
  t.is(result.state.context.outcomes.a, 'already');
  t.deepEqual(made.cluster.log, []);
});

test('Break-glass lifts no prediction', async (t) => {
  const predicted = {
    a: { facts: { 'server.server1.power': 'off' }, durationMs: 1 },
  };
  const made = world([work('a')], 1, { predicted });
  t.like(await made.run({ window: glass }), { outcome: 'stopped', exit: 6 });
});
