/**
 * Runs on a twin, undone by a runner that dies at every boundary of its record, once before the
 * entry is durable and once right after, and is resumed each time. Both the cluster and the run
 * that is undone end as they do when nothing happens to the runner, and no command is started twice.
 */
import test from 'ava';
import { verifyChain } from '../../src/audit/chain.ts';
import { makeUndoPlan } from '../../src/runbook/afterwards/undo-plan.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { factsOf } from '../../src/runbook/run/facts.ts';
import { foldRun, isFinal } from '../../src/runbook/run/fold.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { resultOf, runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { Crash, countingDoor, deadlyJournal, type When } from '../support/deadly-runner.ts';
import { allEntries } from '../support/records.ts';
import { CASES, type Case, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

interface Undone {
  id: string;
  /** The run is parked after this step; without it, it comes to its end. */
  stopAfter?: string;
  back: string[];
  barrier: string | null;
}

const UNDONE: Undone[] = [
  {
    id: 'v3-5.2.deactivate',
    stopAfter: 'disable-md',
    back: ['disable-md', 'disable-daemon', 'disable-webmgr', 'disable-alertsync'],
    barrier: null,
  },
  {
    id: 'x5-2.19.3',
    stopAfter: 'suspend-monitor@server2',
    back: ['suspend-monitor@server2', 'suspend-monitor@server1', 'stop-group'],
    barrier: null,
  },
  { id: 'v3-9.1.1', back: ['restore-timeouts'], barrier: 'back-up' },
  {
    id: 'x5-2.13-monitor-suspend',
    back: ['suspend@server2', 'suspend@server1'],
    barrier: null,
  },
];

async function undoneOnTwin(made: Case, { stopAfter }: Undone, when: When) {
  const twin = await liveTwin(made);
  const world = worldOf(twin, made);
  const { operator, clock, random } = world;
  const kept = memoryJournal({ clock, who: 'ann@desk' });
  const commands: string[] = [];
  const survived = new Set<string>();
  const deps = { operator, clock, random, who: 'ann@desk' };
  const at = async () => factsOf(await twin.look(), { self: null });
  const start = await at();
  const first = await twin.run(
    runPlan({
      ...deps,
      door: world.door,
      journal: kept,
      plan: await planFor(twin, made),
      options: { stopAfter },
    }),
  );
  await twin.atRest();
  const state = foldRun(await kept.entries(first.run));
  const from = await twin.status();
  const rehearsal = await rehearse({
    plan: makeUndoPlan({ state, status: from }),
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: twin.configText, seed: 11, from }), made),
  });
  const { plan } = rehearsal;
  const door = countingDoor(world.door, commands);
  const past = (await allEntries(kept)).length;
  let lives = 0;
  for (;;) {
    lives += 1;
    if (lives > 100) throw new Error('the undo does not come to an end');
    const journal = deadlyJournal(kept, when, survived);
    const later = (await allEntries(kept)).slice(past);
    const run = later.find(({ type }) => type === 'run.created')?.run;
    try {
      const now = run ? foldRun(await kept.entries(run)) : null;
      const result =
        now && isFinal(now.phase)
          ? resultOf(now)
          : await twin.run(
              run
                ? resumeRun({ ...deps, door, journal, run })
                : runPlan({ ...deps, door, journal, plan }),
            );
      await twin.atRest();
      const { phase, context } = foldRun(await kept.entries(first.run));
      const { undone, halt } = context;
      const end = { outcome: result.outcome, words: result.words, phase, undone, halt };
      const isSound = verifyChain(await allEntries(kept)).ok;
      return { rehearsal, lives, start, end: { ...end, isSound, facts: await at(), commands } };
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

for (const undone of UNDONE) {
  const made = CASES.find(({ id }) => id === undone.id) as Case;
  test(`${undone.id}: an undo killed at every boundary and resumed ends the same`, async (t) => {
    const quiet = await undoneOnTwin(made, undone, 'never');
    t.is(quiet.rehearsal.outcome, 'done', quiet.rehearsal.transcript);
    t.like(quiet.rehearsal.plan.undoing, { steps: undone.back, barrier: undone.barrier });
    t.like(quiet.end, { outcome: 'done', phase: 'rolledBack', isSound: true }, quiet.end.words);
    t.deepEqual(quiet.end.undone, undone.back);
    t.is(quiet.end.commands.length, undone.back.length);
    // What stays done shows; all of it taken back, the cluster is as it was before the run.
    if (undone.barrier === null) t.deepEqual(quiet.end.facts, quiet.start);
    for (const when of ['before', 'after'] as const) {
      const { lives, end } = await undoneOnTwin(made, undone, when);
      t.deepEqual(end, quiet.end, `killed ${when} each entry`);
      t.true(lives > 2 * undone.back.length, `${lives} lives`);
    }
  });
}
