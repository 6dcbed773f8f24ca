/**
 * The runner. Each effect of the run's chart is carried out and results in one append to the
 * journal; the entries move the chart, and the chart says what to do next:
 *
 *   prepareStep ─► step.intended ─► carryOutStep ─► step.ended ─► prepareStep … ─► finishRun
 *                                   settleStep (resumed) ┘
 *
 * Nothing acts that is not recorded before (step.intended), and nothing is forgotten that was done
 * (step.ended holds the operation's record). A runner may die anywhere: resume.ts goes on.
 */
import type { ChartEffect } from '../core/chart.ts';
import { DrydockError, invariant } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import { adoptionDrafts, judgeAdoption, whyNotAdopted } from './adopt.ts';
import { describeDifference } from './drift.ts';
import { compareEnding } from './drift-compare.ts';
import { foldRun, type RunState } from './fold.ts';
import { takeLease } from './leases.ts';
import { redactor, secretsOf } from './redact.ts';
import {
  type Draft,
  Halted,
  makeEyes,
  type RunContext,
  type RunDeps,
  record,
} from './run-context.ts';
import { settleStep } from './settle.ts';
import { carryOutStep } from './step-act.ts';
import { movedRole, unmet } from './step-conditions.ts';
import { finishRun, prepareStep, standingOf, whyLate } from './step-prepare.ts';
import { requireUndoneAsPlanned } from './undo-record.ts';

export interface RunResult {
  run: string;
  outcome:
    | 'done'
    | 'failed'
    | 'parked'
    | 'stopped'
    | 'refused'
    | 'aborted'
    | 'rolledBack'
    | 'stuck';
  exit: number;
  /** Why, for people. */
  words: string;
  state: RunState;
}

export function makeContext(deps: RunDeps, run: string, plan: Plan, state: RunState): RunContext {
  const options = deps.options ?? {};
  return {
    ...deps,
    options,
    run,
    plan,
    state,
    redact: redactor(secretsOf(plan)),
    eyes: makeEyes(deps.door, deps.clock),
    ending: options.ending ?? compareEnding,
    facts: null,
  };
}

function perform(context: RunContext, effect: ChartEffect): Promise<Draft[]> {
  const index = (effect.params as { index: number } | undefined)?.index ?? 0;
  switch (effect.type) {
    case 'prepareStep':
      return prepareStep(context, index);
    case 'carryOutStep':
      return carryOutStep(context, index);
    case 'settleStep':
      return settleStep(context, index);
    case 'finishRun':
      return finishRun(context);
    default:
      invariant(false, `the chart of a run has no effect ${effect.type}`);
  }
}

/** Goes on until the chart asks for nothing more. */
export async function drive(context: RunContext, first: ChartEffect[]): Promise<RunResult> {
  let effects = first;
  try {
    for (let effect = effects.at(-1); effect; effect = effects.at(-1)) {
      effects = record(context, await perform(context, effect));
    }
  } catch (error) {
    if (!(error instanceof Halted)) return failedJournal(context, error);
    const why = 'stopped at once, as asked; what was under way is in doubt until resumed';
    record(context, [{ type: 'run.stopped', body: { why, exit: 130 } }]);
  }
  return resultOf(context.state);
}

/** A record that cannot be written stops the run: nothing acts without it. */
function failedJournal(context: RunContext, error: unknown): RunResult {
  if (!(error instanceof DrydockError) || !error.code.startsWith('journal.')) throw error;
  const words = error.remedy ? `${error.message}; ${error.remedy}` : error.message;
  return { run: context.run, outcome: 'stopped', exit: error.exit, words, state: context.state };
}

export function resultOf(state: RunState): RunResult {
  const { phase, context, run } = state;
  const why = context.halt?.why ?? '';
  const base = { run, state, words: why };
  switch (phase) {
    case 'done':
      return { ...base, outcome: 'done', exit: 0, words: 'every step is done' };
    case 'failed':
      return { ...base, outcome: 'failed', exit: 1 };
    case 'parked':
      return { ...base, outcome: 'parked', exit: 3 };
    case 'refused':
      return { ...base, outcome: 'refused', exit: context.halt?.exit ?? 4 };
    case 'aborted':
      return { ...base, outcome: 'aborted', exit: 0 };
    default:
      return { ...base, outcome: 'stopped', exit: context.halt?.exit ?? 6 };
  }
}

/** Why a run does not start; null when it may. */
async function whyNotStart(context: RunContext): Promise<{ why: string; exit: number } | null> {
  const { plan } = context;
  const refusal = plan.steps.find((step) => step.action.verb === 'refuse' && step.when === null);
  if (refusal?.action.verb === 'refuse') return { why: refusal.action.because, exit: 4 };
  const late = whyLate(context, 0);
  if (late) return { why: late, exit: 4 };
  const needsLook = plan.requires.length > 0 || Object.keys(plan.roles).length > 0;
  if (needsLook) {
    const status = await context.eyes.recent();
    const missing = unmet(context, null, plan.requires, status);
    if (missing) return { why: missing.why, exit: missing.isUnknown ? 6 : 4 };
    const moved = movedRole(context, status);
    if (moved) return { why: moved, exit: 6 };
  }
  const found = await context.ending.atStart(context);
  if (found.length === 0) return null;
  const shown = found.map(describeDifference).join('; ');
  return { why: `the cluster is not as it was when rehearsed: ${shown}`, exit: 6 };
}

/** Steps that were done by hand before, asked of the cluster once more; or why they are not. */
async function adoption(
  context: RunContext,
): Promise<{ drafts: Draft[] } | { why: string; exit: number }> {
  if (!context.plan.adopts) return { drafts: [] };
  const steps = judgeAdoption(context.plan, await context.eyes.recent());
  return whyNotAdopted(steps) ?? { drafts: adoptionDrafts(steps, context.who) };
}

/** From `created`: the lease, the conditions, and the first effect. */
export async function begin(context: RunContext): Promise<ChartEffect[]> {
  const refuse = (why: string, exit: number) =>
    record(context, [{ type: 'run.refused', body: { why, exit } }]);
  try {
    requireUndoneAsPlanned(context.journal, context.plan);
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    return refuse(error.message, error.exit);
  }
  const taken = await takeLease(context);
  if ('why' in taken) return refuse(taken.why, taken.exit);
  let why: { why: string; exit: number } | null;
  try {
    why = await whyNotStart(context);
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    why = { why: error.message, exit: error.exit };
  }
  if (why) {
    await context.door.releaseLease(taken.lease).catch(() => {});
    return refuse(why.why, why.exit);
  }
  const body = { lease: taken.lease as unknown as Json, authority: standingOf(context) };
  const adopted = await adoption(context);
  if ('why' in adopted) {
    await context.door.releaseLease(taken.lease).catch(() => {});
    return refuse(adopted.why, adopted.exit);
  }
  return record(context, [{ type: 'run.started', body }, ...adopted.drafts]);
}

/** Runs a plan from its first step. The answer says where it stands, and with which exit code. */
export async function runPlan(deps: RunDeps & { plan: Plan }): Promise<RunResult> {
  const { plan, journal, random } = deps;
  const name = plan.undoes === undefined ? plan.runbook.id : `undo-${plan.runbook.id}`;
  const run = `${name}-${random.id().slice(0, 8)}`;
  const letGo = journal.hold(plan.cluster.uuid, `run ${run}, ${deps.who}`);
  try {
    requireUndoneAsPlanned(journal, plan);
    const redact = redactor(secretsOf(plan));
    const body = redact({ plan: plan as unknown as Json });
    const [created] = journal.append([{ run, type: 'run.created', body }]);
    deps.onEvent?.({ type: 'entry', entry: created! });
    const context = makeContext(deps, run, plan, foldRun([created!]));
    return await drive(context, await begin(context));
  } finally {
    letGo();
  }
}
