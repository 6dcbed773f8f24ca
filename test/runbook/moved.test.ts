/** What is left of a run, when the cluster is no longer where the run left it. */
import test from 'ava';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { foldRun } from '../../src/runbook/run/fold.ts';
import { movedSince } from '../../src/runbook/run/moved.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { CASES, liveTwin, rehearsed, worldOf } from '../support/twin-worlds.ts';

const made = CASES.find(({ id }) => id === 'v3-5.2.deactivate')!;

/** A run that was parked after its first step, on a live twin. */
async function parked() {
  const twin = await liveTwin(made);
  const { plan } = await rehearsed(twin, made);
  const { door, operator, clock, random } = worldOf(twin, made);
  const journal = memoryJournal({ clock, who: 'ann' });
  const deps = { door, operator, clock, random, journal, who: 'ann' };
  const stopAfter = plan.steps[0]?.id;
  const { exit, run } = await twin.run(runPlan({ ...deps, plan, options: { stopAfter } }));
  return { twin, plan, deps, journal, exit, run };
}

test('a cluster that stands where the run left it has not moved', async (t) => {
  const { twin, plan, journal, exit, run } = await parked();
  t.is(exit, 3);
  const state = foldRun(await journal.entries(run));
  t.deepEqual(movedSince(state, plan.predicted, await twin.status()), []);
});

test('what is left is rehearsed from where the cluster is, and the run goes on by it', async (t) => {
  const { twin, plan, deps, journal, run } = await parked();
  await twin.exec('server1', ['clpgrp', '-t', 'failover2']);
  await twin.atRest();
  const from = await twin.status();
  const state = foldRun(await journal.entries(run));
  const moved = movedSince(state, plan.predicted, from);
  t.true(
    moved.some(({ key, observed }) => key === 'group.failover2.state' && observed === 'Offline'),
  );

  const rest = await rehearse({
    plan,
    who: 'ann',
    from,
    begun: { run, entries: await journal.entries(run) },
    openJournal: memoryJournal,
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: twin.configText, seed: 5, from }), made),
  });
  t.is(rest.exit, 0, rest.transcript);
  t.is(rest.steps.length, plan.steps.length - 1);

  const predict = async () => rest.plan.predicted;
  const resumed = await twin.run(resumeRun({ ...deps, run, predict }));
  t.is(resumed.outcome, 'done', resumed.words);
});
