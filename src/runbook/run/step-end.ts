/**
 * After acting: confirm the expectation, compare the facts with the prediction, and make the
 * outcome. One append holds all of it, and the next step's intent where it can be known at once.
 */
import type { StepOutcome } from '../../../machines/run.machine.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { PlannedStep } from '../../core/plan.ts';
import type { Draft, RunContext } from './context.ts';
import { changesBetween, type Difference, describeDifference } from './drift.ts';
import { keepOutput } from './redact.ts';
import type { Acted } from './step-command.ts';
import { type Holds, holdsNow, tryLook, waitFor } from './step-conditions.ts';
import { parked, stopped } from './step-prepare.ts';

function bodyOf(
  context: RunContext,
  step: PlannedStep,
  startedAt: number,
  outcome: StepOutcome,
  why: string | null,
  acted: Acted,
): JsonObject {
  const record = 'record' in acted ? acted.record : undefined;
  // In the order of canonical JSON, which saves sorting.
  return {
    durationMs: Math.round(context.clock.now() - startedAt),
    ...('findings' in acted && acted.findings
      ? { findings: acted.findings as unknown as Json }
      : {}),
    ...(record ? { operation: record.operation } : {}),
    outcome,
    ...(record ? { output: keepOutput(record) } : {}),
    step: step.id,
    why,
  };
}

/** Where the command's end says nothing, the probe may: after it is known not to run any more. */
async function resolveUnknown(
  context: RunContext,
  step: PlannedStep,
  acted: Extract<Acted, { kind: 'unknown' }>,
): Promise<Acted> {
  if (step.probe === null) return acted;
  const status = await tryLook(context, step);
  const found: Holds = status
    ? holdsNow(context, step, step.probe, status)
    : { unknown: 'the cluster could not be looked at' };
  const record = acted.record ? { record: acted.record } : {};
  if ('holds' in found && found.holds) {
    return { kind: 'acted', words: `${acted.why}; the probe says that it is done`, ...record };
  }
  if ('holds' in found && acted.hasEnded && step.action.verb === 'run') {
    return { kind: 'failed', why: `${acted.why}; the probe says that it is not done`, ...record };
  }
  return acted;
}

async function confirmExpectation(
  context: RunContext,
  step: PlannedStep,
  acted: Extract<Acted, { kind: 'acted' }>,
): Promise<Acted> {
  if (step.expect === null) return acted;
  const deadline = context.clock.now() + step.timeoutMs;
  const found = await waitFor(context, step, step.expect, deadline);
  const record = acted.record ? { record: acted.record } : {};
  const within = `within ${step.timeoutMs / 1000} s`;
  if ('unknown' in found) {
    const why = `not known ${within} whether ${step.expect}: ${found.unknown}`;
    return { kind: 'unknown', why, hasEnded: true, ...record };
  }
  if (found.holds) return acted;
  return { kind: 'failed', why: `did not come true ${within}: ${step.expect}`, ...record };
}

export async function concludeStep(
  context: RunContext,
  step: PlannedStep,
  startedAt: number,
  first: Acted,
  outcome: 'done' | 'already',
): Promise<Draft[]> {
  let acted = first;
  if (acted.kind === 'unknown') acted = await resolveUnknown(context, step, acted);
  if (acted.kind === 'acted') {
    const confirmed = await confirmExpectation(context, step, acted);
    if (confirmed.kind === 'acted') {
      return endWell(
        context,
        step,
        outcome,
        confirmed,
        bodyOf(context, step, startedAt, outcome, confirmed.words ?? null, confirmed),
      );
    }
    acted = confirmed;
  }
  switch (acted.kind) {
    case 'parked':
      return [parked(acted.why)];
    case 'stopped':
      return [stopped(acted.why, acted.exit)];
    case 'failed': {
      const body = bodyOf(context, step, startedAt, 'failed', acted.why, acted);
      const exit = acted.exit === undefined ? {} : { exit: acted.exit };
      const why = `step ${step.id}: ${acted.why}`;
      return [ended(body), { type: 'run.failed', body: { why, ...exit } }];
    }
    case 'unknown': {
      const body = bodyOf(context, step, startedAt, 'unknown', acted.why, acted);
      return [ended(body), stopped(`step ${step.id}: ${acted.why}`)];
    }
  }
}

function ended(body: JsonObject): Draft {
  return { type: 'step.ended', body };
}

async function endWell(
  context: RunContext,
  step: PlannedStep,
  outcome: 'done' | 'already',
  acted: Extract<Acted, { kind: 'acted' }>,
  body: JsonObject,
): Promise<Draft[]> {
  const before = context.facts;
  const { differences, facts } = await context.ending.afterStep(context, step);
  const changes = before && facts ? changesBetween(before, facts) : [];
  context.facts = facts ?? before;
  const drafts = [
    ...(acted.extra ?? []),
    ended({
      ...(changes.length > 0 ? { changes: changes as unknown as Json } : {}),
      ...body,
      outcome,
    }),
  ];
  return differences.length > 0 ? [...drafts, driftStop(step, differences)] : drafts;
}

/** The stop that shows every difference; its keys are not compared again if a person goes on. */
export function driftStop(step: PlannedStep, differences: readonly Difference[]): Draft {
  const shown = differences.map(describeDifference).join('; ');
  return {
    type: 'run.stopped',
    body: {
      why: `after step ${step.id} the cluster is not as predicted: ${shown}`,
      exit: 6,
      drift: differences as unknown as Json,
      accepted: differences.map(({ key }) => key),
    },
  };
}
