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

/** Asked for by a person, and the run may end here. */
function isAbortDue({ state }: RunContext, index: number): boolean {
  return state.context.abortRequested && isSafePoint(state, index);
}

async function abort(context: RunContext, index: number): Promise<Draft> {
  const left = await releaseLease(context);
  const why = `stopped as asked, before step ${context.plan.steps[index]?.id ?? 'end'}`;
  return { type: 'run.aborted', body: { why, leaseLeft: left } };
}

/** Why the run rests before this step, as a person or its window wants; null when it goes on. */
function restWanted(context: RunContext, index: number): Draft | null {
  const { options, plan, state } = context;
  const last = plan.steps[index - 1];
  const isSafe = isSafePoint(state, index);
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

/** Which look a step begins with: a fresh one where something of it is asked now. */
function lookFor({ when, requires, remember }: PlannedStep): 'recent' | 'any' {
  return when !== null || requires.length > 0 || hasKeys(remember) ? 'recent' : 'any';
}

/** What becomes of the step by what is seen: it is intended, skipped, or the run stops before it. */
function beginStep(context: RunContext, step: PlannedStep, status: Status): Draft {
  const unwanted = isWanted(context, step, status);
  if (unwanted) return unwanted;
  if (step.action.verb === 'refuse') return stopped(step.action.because, 4);
  const missing = unmet(context, step, step.requires, status);
  return missing ? stopped(`step ${step.id}: ${missing.why}`) : intent(context, step, status);
}

export async function prepareStep(context: RunContext, index: number): Promise<Draft[]> {
  const step = context.plan.steps[index] as PlannedStep;
  if (isAbortDue(context, index)) return [await abort(context, index)];
  const rest = restWanted(context, index);
  if (rest) return [rest];
  let status: Status;
  try {
    status = await orHalt(context, context.eyes[lookFor(step)]());
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return [stopped(`the cluster could not be looked at before step ${step.id}: ${error.message}`)];
  }
  return [beginStep(context, step, status)];
}

/**
 * The intent of a step for which nothing has to be awaited, neither a look nor the end of the run:
 * it goes into one commit with the end of the step before. Empty: prepareStep() sees to the step.
 */
export function intentAtOnce(context: RunContext, index: number): Draft[] {
  const step = context.plan.steps[index] as PlannedStep;
  if (context.options.halt?.aborted || isAbortDue(context, index)) return [];
  const status = restWanted(context, index) ? null : context.eyes.seen(lookFor(step));
  const draft = status && beginStep(context, step, status);
  return draft?.type === 'step.intended' ? [draft] : [];
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
    // In the order of canonical JSON, which saves sorting.
    body: {
      argv: 'argv' in step.action ? step.action.argv : [],
      attempt,
      before,
      bootIds,
      ...(notKnown.length > 0 ? { notKnown } : {}),
      operation: operationId(context.run, step.id, attempt),
      server: step.server,
      step: step.id,
    },
  };
}

/** After the last step: the same wishes of a person are looked for before the run is called done. */
export async function finishRun(context: RunContext): Promise<Draft[]> {
  const end = context.plan.steps.length;
  if (isAbortDue(context, end)) return [await abort(context, end)];
  const leaseLeft = await releaseLease(context);
  return [{ type: 'run.finished', body: { leaseLeft } }];
}

export const GOES_ON: ReadonlySet<RunPhase> = new Set([
  'ready',
  'intended',
  'settling',
  'finishing',
]);
