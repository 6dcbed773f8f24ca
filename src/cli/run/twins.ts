/** Twins for rehearsals, loaded when one is made: most verbs need none. */

import type { Operator } from '../../ports/operator.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster } from '../../service/context.ts';
import type { Twins } from '../../service/run/twins.ts';
import { memoryJournal } from '../../sim/memory-journal.ts';
import { readFaults } from '../../sim/step-faults.ts';
import type { Twin } from '../../sim/twin.ts';

async function twinOf({ configText, random }: Cluster, from: Status): Promise<Twin> {
  const { buildTwin } = await import('../../sim/twin.ts');
  return buildTwin({ configText, seed: random.id(), from });
}

/** In a rehearsal the person does what the runbook expects of a person. */
function operatorOn(twin: Twin): Operator {
  return {
    ...twin.operator(),
    confirm: async (_step, _question, typeName) => typeName ?? 'yes',
    choose: async (_step, _question, choices) => choices[0] ?? null,
  };
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
    };
  },
  openJournal: memoryJournal,
  readFaults,
  rehearseFault: async ({ cluster, from, ...run }) => {
    const { rehearseFault } = await import('../../sim/faulty-rehearsal.ts');
    const twin = await twinOf(cluster, from);
    return rehearseFault({ ...run, twin, operator: operatorOn(twin) });
  },
};
