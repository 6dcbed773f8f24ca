/** In a rehearsal the person does what the runbook expects of a person. */
import type { Operator } from '../../ports/operator.ts';
import type { Twin } from '../../sim/twin.ts';

export function operatorOn(twin: Twin): Operator {
  return {
    ...twin.operator(),
    confirm: async (_step, _question, typeName) => typeName ?? 'yes',
    choose: async (_step, _question, choices) => choices[0] ?? null,
  };
}
