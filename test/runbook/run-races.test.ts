/**
 * Two who write the same run: whoever comes between, and however the lock that keeps them apart
 * was lost, the record never holds a sequence that the chart does not know.
 */
import test from 'ava';
import { heldByAnother } from '../../src/audit/errors.ts';
import { DrydockError } from '../../src/core/errors.ts';
import type { ClusterDoor } from '../../src/ports/cluster.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { WireError } from '../../src/ports/wire.ts';
import { exposureOf, handOver } from '../../src/runbook/afterwards/handover.ts';
import { makeUndoPlan } from '../../src/runbook/afterwards/undo-plan.ts';
import { foldRun, isFinal } from '../../src/runbook/run/fold.ts';
import { listRuns } from '../../src/runbook/run/heads.ts';
import { abortRun, resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { aPlan } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';
import { type Switches, switches, turnOn } from '../support/switches.ts';

const NAMES = ['a', 'b', 'c'];
const plan = aPlan(NAMES.map((name) => ({ ...turnOn(name), safe: true })));

type Actor = (made: Switches, run: string) => Promise<unknown>;

const lockless = (journal: Switches['journal']) => ({
  ...journal,
  hold: async () => async () => {},
});

/** The same, with no lock between them: on a file system that has none, say. */
function freely(made: Switches): Switches {
  const journal = lockless(made.journal);
  return { ...made, journal, deps: { ...made.deps, journal } };
}

const ACTORS: Record<string, Actor> = {
  run: (made) => runPlan({ ...made.deps, plan }),
  resume: (made, run) => resumeRun({ ...made.deps, run }),
  'resume to b': (made, run) =>
    resumeRun({ ...made.deps, run, options: { ...made.deps.options, stopAfter: 'b' } }),
  abort: (made, run) => abortRun({ ...made, run, who: 'bob@desk', door: made.deps.door }),
  'ask to abort': (made, run) => {
    const hold = () => {
      throw heldByAnother('fake', 'a runner');
    };
    return abortRun({ journal: { ...made.journal, hold }, run, who: 'bob@desk', door: null });
  },
  undo: async (made, run) => {
    const state = foldRun(await made.journal.entries(run));
    const undo = makeUndoPlan({
      state,
      to: undefined,
      status: await made.deps.door.observation.status(),
    });
    return runPlan({ ...made.deps, plan: undo });
  },
  handover: async (made, run) => {
    const exposure = exposureOf(foldRun(await made.journal.entries(run)), null);
    const take = { reason: 'a test' };
    const { journal } = made;
    return await handOver({
      journal,
      run,
      who: 'ann@desk',
      to: 'ann@desk',
      take,
      reason: '',
      exposure,
    });
  },
};

/** What is refused is refused with words; anything else is a defect. */
async function quietly(promise: Promise<unknown>): Promise<void> {
  await promise.catch((error: unknown) => {
    if (!(error instanceof DrydockError)) throw error;
  });
}

/** Does something before the n-th call of the door, or while that is answered. */
function interposing(
  door: ClusterDoor,
  at: number,
  act: () => Promise<unknown>,
  isMeanwhile = false,
) {
  let calls = 0;
  const before =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1;
      const isIt = calls === at;
      if (isIt && !isMeanwhile) await act();
      const answer = call(...args);
      if (isIt && isMeanwhile) await act();
      return answer;
    };
  const { commands, observation, lease } = door;
  const { exec, operation } = commands;
  const { acquire, release, show } = lease;
  const own = {
    ...door,
    commands: { ...commands, exec: before(exec), operation: before(operation) },
    observation: { ...observation, status: before(observation.status) },
    lease: { ...lease, acquire: before(acquire), release: before(release), show: before(show) },
  };
  return { door: own, calls: () => calls };
}

const damaged = async (journal: Journal) =>
  (await listRuns(journal)).filter(({ phase }) => phase === 'damaged');

async function settleAll(made: Switches): Promise<void> {
  const open = async () =>
    (await listRuns(made.journal)).filter(({ phase }) => phase === 'damaged' || !isFinal(phase));
  for (let left = await open(); left.length > 0; ) {
    for (const { run } of left.reverse()) {
      const { phase } = foldRun(await made.journal.entries(run));
      if (phase !== 'undoing' && !isFinal(phase)) await ACTORS.abort!(made, run);
    }
    const now = await open();
    if (now.length === left.length) throw new Error('a run can neither go on nor be ended');
    left = now;
  }
}

const FIRST = ['run', 'resume', 'resume to b', 'undo', 'abort'];
const SECOND = ['resume', 'resume to b', 'undo', 'abort', 'ask to abort', 'handover'];

for (const first of FIRST) {
  for (const second of SECOND) {
    test(`${first}, and in the midst of it ${second}: no run is damaged`, async (t) => {
      for (let at = 1; ; at += 1) {
        const made = freely(switches(NAMES));
        const begun = await runPlan({
          ...made.deps,
          plan,
          options: { ...made.deps.options, stopAfter: 'a' },
        });
        const about = async () =>
          first === 'run' ? (await listRuns(made.journal)).at(-1)!.run : begun.run;
        if (first === 'run') await ACTORS.abort!(made, begun.run);
        const meddle = async () => quietly(ACTORS[second]!(made, await about()));
        const { door, calls } = interposing(made.deps.door, at, meddle);
        const actor = { ...made, deps: { ...made.deps, door } };
        await quietly(ACTORS[first]!(actor, begun.run));
        if (calls() < at) break;
        t.deepEqual(await damaged(made.journal), [], `at call ${at}`);
        await settleAll(made);
        t.deepEqual(await damaged(made.journal), [], `at call ${at}, after all was ended`);
      }
    });
  }
}

test('an abort that comes after the last step changes nothing', async (t) => {
  for (const isStillHeld of [true, false]) {
    const made = switches(NAMES);
    const parked = await runPlan({
      ...made.deps,
      plan,
      options: { ...made.deps.options, stopAfter: 'b' },
    });
    const { run } = parked;
    const { journal } = made;
    const kept = await journal.entries(run);
    await resumeRun({ ...made.deps, run });
    // What the abort has seen is the run before its end.
    let looks = 0;
    const stale: Journal = {
      ...journal,
      entries: async (of) => (looks++ === 0 ? kept : await journal.entries(of)),
      hold: async (cluster, about) => {
        if (isStillHeld) throw heldByAnother(cluster, 'its runner');
        return await journal.hold(cluster, about);
      },
    };
    const abort = abortRun({ journal: stale, run, who: 'bob', door: made.deps.door });
    t.like(await t.throwsAsync(abort), { code: 'run.ended' });
    t.is(foldRun(await journal.entries(run)).phase, 'done');
  }
});

test('an abort of a run that waits is not asked of a runner that it does not have', async (t) => {
  const made = switches(NAMES);
  const options = { ...made.deps.options, stopAfter: 'b' };
  const { run } = await runPlan({ ...made.deps, plan, options });
  const letGo = await made.journal.hold('fake-uuid', 'another run');
  const refused = await t.throwsAsync(ACTORS.abort!(made, run));
  t.like(refused, { code: 'runner.held', exit: 5 });
  await letGo();
  t.like(await ACTORS.abort!(made, run), { outcome: 'aborted' });
});

test('what a runner did and cannot record as its run’s is in the record all the same', async (t) => {
  const made = freely(switches(NAMES));
  const tool = made.cluster.programs.turn!;
  made.cluster.programs.turn = async (argv, request) => {
    if (argv.at(-1) === 'b') {
      const { run } = (await listRuns(made.journal)).at(-1)!;
      await abortRun({ journal: made.journal, run, who: 'bob', door: null });
    }
    return tool(argv, request);
  };
  const result = await runPlan({ ...made.deps, plan });
  t.like(result, { outcome: 'stopped', exit: 5 });
  t.regex(
    result.words,
    /^run \S+ was gone on with by somebody else: it is aborted by now; see what/,
  );
  const late = (await allEntries(made.journal)).filter(({ type }) => type === 'run.late');
  t.is(late.length, 1);
  const told = late[0]!.body as { of: string; late: { type: string; step: string }[] };
  t.is(told.of, result.run);
  t.like(told.late[0], { type: 'step.ended', step: 'b', outcome: 'done' });
});

test('told to stop at once while it begins, a run gives the lease back and says so', async (t) => {
  for (const isMeanwhile of [false, true]) {
    for (let at = 1; at <= 3; at += 1) {
      const made = switches(NAMES);
      const halt = new AbortController();
      const stop = async () => halt.abort();
      const { door } = interposing(made.deps.door, at, stop, isMeanwhile);
      const requires = [{ that: "server('server2').power == 'on'", or: 'switch it on' }];
      const options = { ...made.deps.options, halt: halt.signal };
      const needy = { ...plan, requires };
      const result = await runPlan({ ...made.deps, door, plan: needy, options });
      t.is(result.exit, 130, `call ${at}: ${result.words}`);
      const { phase } = foldRun(await made.journal.entries(result.run));
      if (phase === 'refused') {
        t.is(result.words, 'stopped at once, as asked, before its first step');
        t.is(made.cluster.lease.holder, null);
      } else {
        t.true(['stopped', 'doubt'].includes(phase), phase);
        t.like(await resumeRun({ ...made.deps, run: result.run }), { outcome: 'done' });
      }
    }
  }
});

test('told to stop at once before a resumption begins, nothing is taken and nothing recorded', async (t) => {
  const made = switches(NAMES);
  const options = { ...made.deps.options, stopAfter: 'b' };
  const { run } = await runPlan({ ...made.deps, plan, options });
  const before = (await allEntries(made.journal)).length;
  const halt = AbortSignal.abort();
  const result = await resumeRun({ ...made.deps, run, options: { ...made.deps.options, halt } });
  t.like(result, { outcome: 'stopped', exit: 130 });
  t.is((await allEntries(made.journal)).length, before);
});

test('a run whose cluster cannot be looked at as it begins gives the lease back', async (t) => {
  const made = switches(NAMES);
  const status = async () => {
    throw new WireError('timeout', 'no answer');
  };
  const requires = [{ that: "server('server2').power == 'on'", or: 'switch it on' }];
  const { door } = made.deps;
  const blind = { ...door, observation: { ...door.observation, status } };
  const deps = { ...made.deps, door: blind };
  const result = await runPlan({ ...deps, plan: { ...plan, requires } });
  t.like(result, { outcome: 'refused', exit: 6 });
  t.is(made.cluster.lease.holder, null);
});
