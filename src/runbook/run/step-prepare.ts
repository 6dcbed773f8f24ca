/**
 * Before a step: may the run go on, is the step wanted, does what it requires hold now? Ends with
 * the intent, which holds what identifies "before", or with the reason why the run does not go on.
 */

import type { RunPhase } from '../../../machines/run.machine.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PlannedStep } from '../../core/plan.ts';
import type { Authority } from '../../ports/authority.ts';
import { WireError } from '../../ports/wire.ts';
import type { Status } from '../../schema/generated/status.ts';
import { type Draft, leaseOf, orHalt, type RunContext } from './context.ts';
import { isSafePoint } from './safe-points.ts';
import { authorityOf, restMs, whyTooLate } from './standing.ts';
import { holdsNow, rememberNow, unmet } from './step-conditions.ts';

export function parked(why: string): Draft {
  return { type: 'run.parked', body: { why } };
}

export function stopped(why: string, exit = 6): Draft {
  return { type: 'run.stopped', body: { why, exit } };
}

/** The operation id of an attempt; the servers keep their records by it. */
export function operationId(run: string, step: string, attempt: number): string {
  return `${run}/${step}/${attempt}`;
}

/** Lets go of the lease; what no server could be asked is said in words, not thrown. */
export async function releaseLease(context: RunContext): Promise<string | null> {
  const lease = leaseOf(context);
  if (lease === null) return null;
  try {
    await context.door.lease.release(lease);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why what is left, from that step on, does not fit the window; null when it does. */
export function whyLate(context: RunContext, index: number): string | null {
  const { options, plan, state, clock } = context;
  // An undo is what time was reserved for.
  if (options.window === undefined || plan.undoes !== undefined) return null;
  if (index >= plan.steps.length) return null;
  const isLeft = ({ id }: PlannedStep) => state.context.outcomes[id] === undefined;
  const { took, aheadMs = 0 } = options.window;
  return whyTooLate(options.window, clock.now() + aheadMs, restMs(plan, index, took, isLeft));
}

/** Under which authority the run's commands are given; the servers know by themselves the rest. */
export function authorityFor({ options, state, who }: RunContext): Authority {
  return authorityOf(state, who, options.window?.id ?? null);
}

/** For the record, when a run begins or goes on: in whose name, and in which window. */
export function standingOf({ options, who }: RunContext): JsonObject {
  const { window } = options;
  if (window === undefined) return { who, window: null };
  const { id, endsAt, reserveMs, emergency } = window;
  return { who, window: id, endsAt, reserveMs, emergency };
}

/** Why the run does not go on to this step, asked for by a person; null when it does. */
async function haltWanted(context: RunContext, index: number): Promise<Draft | null> {
  const { options, plan, state } = context;
  const last = plan.steps[index - 1];
  const isSafe = isSafePoint(state, index);
  if (state.context.abortRequested && isSafe) {
    const left = await releaseLease(context);
    const why = `stopped as asked, before step ${plan.steps[index]?.id ?? 'end'}`;
    return { type: 'run.aborted', body: { why, leaseLeft: left } };
  }
  if (options.interrupt?.aborted && isSafe) return parked('interrupted; this is a safe point');
  const late = isSafe ? whyLate(context, index) : null;
  if (late) return parked(`${late}; this is a safe point`);
  const hasRun = last && state.context.outcomes[last.id] !== undefined;
  if (hasRun && last.id === options.stopAfter) return parked(`stopped after ${last.id}, as asked`);
  return null;
}

function isWanted(context: RunContext, step: PlannedStep, status: Status): Draft | null {
  if (step.when === null) return null;
  const found = holdsNow(context, step, step.when, status);
  if ('unknown' in found) {
    return stopped(`not known whether step ${step.id} is wanted (${step.when}): ${found.unknown}`);
  }
  if (found.holds) return null;
  const why = `not wanted: ${step.when} does not hold`;
  return { type: 'step.ended', body: { step: step.id, outcome: 'skipped', why } };
}

export async function prepareStep(context: RunContext, index: number): Promise<Draft[]> {
  const step = context.plan.steps[index] as PlannedStep;
  const halt = await haltWanted(context, index);
  if (halt) return [halt];
  const needsNow = step.when !== null || step.requires.length > 0 || hasKeys(step.remember);
  let status: Status;
  try {
    status = await orHalt(context, needsNow ? context.eyes.recent() : context.eyes.any());
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return [stopped(`the cluster could not be looked at before step ${step.id}: ${error.message}`)];
  }
  const unwanted = isWanted(context, step, status);
  if (unwanted) return [unwanted];
  if (step.action.verb === 'refuse') return [stopped(step.action.because, 4)];
  const missing = unmet(context, step, step.requires, status);
  if (missing) return [stopped(`step ${step.id}: ${missing.why}`)];
  return [intent(context, step, status)];
}

function hasKeys(record: object): boolean {
  return Object.keys(record).length > 0;
}

function intent(context: RunContext, step: PlannedStep, status: Status): Draft {
  const attempt = (context.state.context.intents[step.id]?.attempt ?? 0) + 1;
  const { before, notKnown } = rememberNow(context, step, status);
  const bootIds = Object.fromEntries(
    Object.entries(status.servers).map(([name, { system }]) => [name, system.bootId]),
  );
  return {
    type: 'step.intended',
    body: {
      step: step.id,
      server: step.server,
      attempt,
      operation: operationId(context.run, step.id, attempt),
      before,
      ...(notKnown.length > 0 ? { notKnown } : {}),
      bootIds,
      argv: 'argv' in step.action ? step.action.argv : [],
    },
  };
}

/** After the last step: the same wishes of a person are looked for before the run is called done. */
export async function finishRun(context: RunContext): Promise<Draft[]> {
  const halt = context.state.context.abortRequested
    ? await haltWanted(context, context.plan.steps.length)
    : null;
  if (halt) return [halt];
  const leaseLeft = await releaseLease(context);
  return [{ type: 'run.finished', body: { leaseLeft } }];
}

export const GOES_ON: ReadonlySet<RunPhase> = new Set([
  'ready',
  'intended',
  'settling',
  'finishing',
]);
