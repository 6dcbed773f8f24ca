/** Twins for rehearsals, loaded when one is made: most verbs need none. */

import type { Status } from '../../schema/generated/status.ts';
import type { Cluster } from '../../service/context.ts';
import type { FaultyRuns, StepFault, Twins } from '../../service/run/twins.ts';
import type { FaultOutcome } from '../../sim/faulty-rehearsal.ts';
import { memoryJournal } from '../../sim/memory-journal.ts';
import { readFaults } from '../../sim/step-faults.ts';
import type { Twin } from '../../sim/twin.ts';
import { operatorOn } from './twin-person.ts';

type Begun = (fault: StepFault, number: number) => void;

async function twinOf({ configText, random }: Cluster, from: Status): Promise<Twin> {
  const { buildTwin } = await import('../../sim/twin.ts');
  return buildTwin({ configText, seed: random.id(), from });
}

/** As many, and playing each from its beginning would take longer than a program of its own. */
const MANY = 3;

async function rehearseEach({ cluster, from, faults, ...run }: FaultyRuns, begun: Begun) {
  const { rehearseFault } = await import('../../sim/faulty-rehearsal.ts');
  const cells: FaultOutcome[] = [];
  for (const fault of faults) {
    begun(fault, cells.length + 1);
    const twin = await twinOf(cluster, from);
    cells.push(await rehearseFault({ ...run, twin, operator: operatorOn(twin) }, fault));
  }
  return cells;
}

async function rehearseMany(runs: FaultyRuns, begun: Begun): Promise<FaultOutcome[] | null> {
  const { sweepApart } = await import('./sweeping.ts');
  const { cluster, secrets, ...rest } = runs;
  const { configText, random } = cluster;
  const order = { ...rest, configText, seed: random.id(), secrets: [...secrets] };
  let number = 0;
  return sweepApart(order, (index) => {
    number += 1;
    begun(runs.faults[index] as StepFault, number);
  });
}

export const twins: Twins = {
  make: async (cluster, from) => {
    const twin = await twinOf(cluster, from);
    return {
      door: twin.door(),
      operator: operatorOn(twin),
      clock: twin.clock,
      random: twin.random,
      run: (promise) => twin.run(promise),
      unknowns: twin.unknowns,
      violations: () => twin.violations(),
    };
  },
  openJournal: memoryJournal,
  readFaults,
  rehearseFaults: async (runs, begun) => {
    const found = runs.faults.length < MANY ? null : await rehearseMany(runs, begun);
    return found ?? rehearseEach(runs, begun);
  },
};
