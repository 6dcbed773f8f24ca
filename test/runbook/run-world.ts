/** A plan on a cluster of fakes, and the suspended monitor that most runs are about. */
import type { Plan } from '../../src/core/plan.ts';
import type { RunOptions } from '../../src/runbook/run/context.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { countingRandom, fakeCluster, jumpingClock } from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';

export function world(plan: Plan, options: RunOptions = {}) {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const random = countingRandom();
  const { door, operator } = cluster;
  const deps = { door, operator, journal, clock, random, who: 'ann@desk' };
  return {
    cluster,
    journal,
    deps,
    run: (more: RunOptions = {}) => runPlan({ ...deps, plan, options: { ...options, ...more } }),
    resume: (run: string, more: RunOptions = {}) =>
      resumeRun({ ...deps, run, options: { ...options, ...more } }),
    types: async () => (await allEntries(journal)).map(({ type }) => type),
  };
}

export const suspended = "monitor('mdw1').servers['server1'].state == 'Suspend'";

export function suspending() {
  const plan = aPlan([
    aStep('look', { verb: 'check', that: "server('server1').power == 'on'" }),
    aStep('suspend', runs('clpmonctrl -s'), { probe: suspended, expect: suspended }),
  ]);
  const made = world(plan);
  made.cluster.programs.clpmonctrl = () => {
    made.cluster.status.monitors.mdw1!.servers.server1!.state = 'Suspend';
    return { stdout: 'Command succeeded.\n' };
  };
  return made;
}
