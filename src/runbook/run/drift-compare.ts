/** The ending of a step in a real run: observe until the facts agree, or the settle time is over. */
import { canonical } from '../../audit/chain.ts';
import { substanceOf } from '../../cluster/index.ts';
import type { Facts, PlannedStep, PredictedStep } from '../../core/plan.ts';
import type { Status } from '../../schema/generated/status.ts';
import { DEFAULTS, type Ending, orHalt, type RunContext } from './context.ts';
import { AT_START, type Difference, differences } from './drift.ts';
import { factsOf } from './facts.ts';
import { pause, roleNow } from './step-conditions.ts';

interface Reckoned {
  self: string;
  origin: Facts | undefined;
  facts: Facts;
}

const reckoned = new WeakMap<object, Reckoned>();

/** The same object for as long as the cluster says the same: nobody changes it. */
function factsOnce(status: Status, self: string, origin: Facts | undefined): Facts {
  const substance = substanceOf(status);
  const known = reckoned.get(substance);
  if (known && known.self === self && known.origin === origin) return known.facts;
  const facts = factsOf(status, { self, origin });
  reckoned.set(substance, { self, origin, facts });
  return facts;
}

/** The facts of a status, with what the roles of the plan are now. */
export function observeFacts(context: RunContext, status: Status, origin?: Facts): Facts {
  const facts = factsOnce(status, context.run, origin);
  const roles = Object.entries(context.plan.roles).flatMap(([name, role]) => {
    const found = roleNow(context, role, status);
    return 'value' in found ? [[`role.${name}`, found.value] as const] : [];
  });
  return roles.length === 0 ? facts : { ...facts, ...Object.fromEntries(roles) };
}

async function settle(
  context: RunContext,
  predicted: PredictedStep,
  first: Status,
): Promise<{ differences: Difference[]; facts: Facts }> {
  const origin = context.plan.predicted?.[AT_START]?.facts;
  const deadline = context.clock.now() + (context.options.settleMs ?? DEFAULTS.settleMs);
  let status = first;
  for (let round = 0; ; round += 1) {
    const facts = observeFacts(context, status, origin);
    const found = differences(predicted, facts, context.state.context.accepted);
    if (found.length === 0 || context.clock.now() >= deadline) return { differences: found, facts };
    await pause(context, round);
    status = await orHalt(context, context.eyes.look());
  }
}

export const compareEnding: Ending = {
  async atStart(context) {
    const predicted = context.plan.predicted?.[AT_START];
    if (!predicted) return [];
    const found = await settle(context, predicted, await orHalt(context, context.eyes.recent()));
    context.facts = found.facts;
    return found.differences;
  },
  async afterStep(context, step: PlannedStep) {
    const predicted = context.plan.predicted?.[step.id];
    if (!predicted) return { differences: [], facts: null };
    return settle(context, predicted, await orHalt(context, context.eyes.recent()));
  },
};

/** True when both looks show the same facts. */
export function isSameFacts(a: Facts, b: Facts): boolean {
  return canonical(a) === canonical(b);
}
