/** Which secrets a person is asked for: of a runbook, of some steps, of what is left of a run. */
import { badInput } from '../../core/errors.ts';
import type { PlannedStep } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { LoadedRunbook } from '../../runbook/language/types.ts';
import { placesOf } from '../../runbook/plan/secrets.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { isOldPlan } from '../../runbook/run/redact.ts';
import { remainingSteps } from '../../runbook/run/transcript.ts';
import type { Person } from '../person.ts';

export interface WantedSecret {
  name: string;
  description: string;
  /** Nothing goes on without: a person is asked for it. */
  isNeeded: boolean;
}

/** What a runbook declares as secret. */
export function secretsOf({ runbook }: LoadedRunbook): WantedSecret[] {
  return Object.entries(runbook.parameters ?? {})
    .filter(([, { secret }]) => secret === true)
    .map(([name, one]) => {
      const hasDefault = (one.default ?? one['default-expression'] ?? one.from) !== undefined;
      return { name, description: one.description, isNeeded: !hasDefault };
    });
}

/** What a plan knows, of which the steps need some. */
export function secretsFor(
  names: readonly string[],
  steps: readonly PlannedStep[],
  run: string,
): WantedSecret[] {
  const used = new Set(steps.flatMap(placesOf).map(({ name }) => name));
  return names.map((name) => ({
    name,
    description: `as in run ${run}`,
    isNeeded: used.has(name),
  }));
}

/** What the rest of a run needs; a plan of before says not where, so all of it. */
export function secretsLeft(state: RunState): WantedSecret[] {
  const { plan, run } = state;
  const wanted = secretsFor(plan.secrets ?? [], remainingSteps(state), run);
  return isOldPlan(plan) ? wanted.map((one) => ({ ...one, isNeeded: true })) : wanted;
}

/** Values given to a run that has its plan: they can only be of its secrets. */
export async function givenSecrets(
  person: Person,
  { run, plan }: RunState,
  wanted: readonly WantedSecret[],
): Promise<Secrets> {
  const values = await person.gives({ of: `run ${run}`, wanted });
  const known = plan.secrets ?? [];
  const stray = Object.keys(values).find((name) => !known.includes(name));
  if (stray !== undefined && !isOldPlan(plan)) {
    throw badInput(`--set ${stray}: run ${run} keeps the parameters that it began with`, {
      code: 'parameter.fixed',
      remedy: `drydock amend ${run} --set ${stray}=VALUE plans anew what is left`,
    });
  }
  return new Map(Object.entries(values));
}
