/**
 * Conditions while a run is under way. Unknown is not yes: each answer is true, false or unknown
 * with the reason, and whoever asks decides what unknown means there.
 */

import { canonical } from '../../audit/chain.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Plan, PlannedRequirement, PlannedStep } from '../../core/plan.ts';
import { sleep } from '../../ports/clock.ts';
import { WireError } from '../../ports/wire.ts';
import type { Status } from '../../schema/generated/status.ts';
import { type Evaluated, evaluate } from '../language/expressions/expressions.ts';
import { DEFAULTS, orHalt, type RunContext, scopeFor } from './context.ts';

export type Holds = { holds: boolean } | { unknown: string };

export function holdsNow(
  context: RunContext,
  step: PlannedStep | null,
  expression: string,
  status: Status,
): Holds {
  const found = evaluate(expression, scopeFor(context, step, status));
  if ('unknown' in found) return found;
  return typeof found.value === 'boolean'
    ? { holds: found.value }
    : { unknown: `${expression} is ${canonical(found.value)}, neither true nor false` };
}

/** The first requirement that does not hold, in words; null when all do. */
export function unmet(
  context: RunContext,
  step: PlannedStep | null,
  requirements: readonly PlannedRequirement[],
  status: Status,
): { why: string; isUnknown: boolean } | null {
  for (const { that, or, names } of requirements) {
    const asked = step && names ? { ...step, names } : step;
    const found = holdsNow(context, asked, that, status);
    if ('unknown' in found) {
      return { why: `not known whether ${that}: ${found.unknown}; ${or}`, isUnknown: true };
    }
    if (!found.holds) return { why: `${or} (required: ${that})`, isUnknown: false };
  }
  return null;
}

/** What identifies "before". What is not known now is left out, and so stays unknown later. */
export function rememberNow(
  context: RunContext,
  step: PlannedStep,
  status: Status,
): { before: JsonObject; notKnown: string[] } {
  const before: JsonObject = {};
  const notKnown: string[] = [];
  for (const [name, expression] of Object.entries(step.remember)) {
    const found = evaluate(expression, scopeFor(context, step, status));
    if ('unknown' in found) notKnown.push(`${name}: ${found.unknown}`);
    else before[name] = found.value;
  }
  return { before, notKnown };
}

/** What a role is now. That of a called runbook speaks of what the call gave it. */
export function roleNow(
  context: RunContext,
  role: Plan['roles'][string],
  status: Status,
): Evaluated {
  const scope = scopeFor(context, null, status);
  return evaluate(role.expression, role.names ? { ...scope, names: role.names } : scope);
}

/** The first role that is no longer what the plan was made for. */
export function movedRole(context: RunContext, status: Status): string | null {
  for (const [name, role] of Object.entries(context.plan.roles)) {
    const { value } = role;
    const found = roleNow(context, role, status);
    if ('unknown' in found) return `role ${name} is not known now: ${found.unknown}`;
    if (canonical(found.value) !== canonical(value)) {
      return `role ${name} was ${canonical(value)} when planned and is ${canonical(found.value)} now`;
    }
  }
  return null;
}

/**
 * Between two looks: as long as was waited before, at most the polling interval. So what comes at
 * once is seen at once, and a long wait is looked at every interval. `round` counts the looks of
 * one wait, from 0; without it, the whole interval.
 */
export function pause(context: RunContext, round = Number.POSITIVE_INFINITY): Promise<void> {
  const { pollMs = DEFAULTS.pollMs } = context.options;
  const ms = Math.min(pollMs, Math.ceil(pollMs / 8) * 2 ** Math.min(Math.max(round - 1, 0), 3));
  return orHalt(context, sleep(context.clock, ms));
}

/** A new look; null when the door itself could not give one. */
export async function tryLook(context: RunContext, step: PlannedStep): Promise<Status | null> {
  try {
    const status = await orHalt(context, context.eyes.look());
    context.onEvent?.({ type: 'looked', step: step.id, status });
    return status;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/** Looks until the condition is true, or the time is over: then the last answer that it had. */
export async function waitFor(
  context: RunContext,
  step: PlannedStep,
  expression: string,
  deadline: number,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<Holds> {
  for (let round = 0; ; round += 1) {
    const status = await tryLook(context, step);
    const found: Holds = status
      ? holdsNow(context, step, expression, status)
      : { unknown: 'the cluster could not be looked at' };
    if ('holds' in found && found.holds) return found;
    if (context.clock.now() >= deadline) return found;
    await between();
    await pause(context, round);
  }
}
