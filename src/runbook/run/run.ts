/**
 * The runner. Each effect of the run's chart is carried out and results in one append to the
 * journal; the entries move the chart, and the chart says what to do next:
 *
 *   prepareStep ─► step.intended ─► carryOutStep ─► step.ended ─► prepareStep … ─► finishRun
 *                       ▲           settleStep (resumed) ┘ │
 *                       └── in the same commit, where nothing has to be awaited in between
 *
 * Nothing acts that is not recorded before (step.intended), and nothing is forgotten that was done
 * (step.ended holds the operation's record). A runner may die anywhere: resume.ts goes on.
 */
import { isRunMoved } from '../../audit/errors.ts';
import { requireAble } from '../../cluster/index.ts';
import type { ChartEffect } from '../../core/chart.ts';
import { DrydockError, invariant } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Plan } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import { WireError } from '../../ports/wire.ts';
import { adoptionDrafts, judgeAdoption, whyNotAdopted } from '../afterwards/adopt.ts';
import { requireUndoneAsPlanned } from '../afterwards/undo-record.ts';
import { requireSecrets, vouchFor } from '../plan/secrets.ts';
import {
  type Draft,
  Halted,
  makePoll,
  orHalt,
  type RunContext,
  type RunDeps,
  record,
} from './context.ts';
import { describeDifference } from './drift.ts';
import { compareEnding } from './drift-compare.ts';
import { type Advanced, foldRun, type RunState } from './fold.ts';
import { leaseBody, takeLease } from './leases.ts';
import { openPlan } from './redact.ts';
import { settleStep } from './settle.ts';
import { carryOutStep } from './step-act.ts';
import { movedRole, unmet } from './step-conditions.ts';
import { finishRun, intentAtOnce, prepareStep, standingOf, whyLate } from './step-prepare.ts';

type No = { why: string; exit: number };

/** Exit of a run that was stopped at once, as asked. */
export const HALTED = 130;

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

export function makeContext(
  deps: RunDeps,
  run: string,
  recorded: Plan,
  secrets: Secrets,
  state: RunState,
): RunContext {
  const options = deps.options ?? {};
  const { plan, redact } = openPlan(recorded, secrets);
  return {
    ...deps,
    options,
    run,
    plan,
    secrets,
    state,
    redact,
    eyes: makePoll(deps.door.observation, deps.clock),
    ending: options.ending ?? compareEnding,
    facts: null,
  };
}

const indexOf = (effect: ChartEffect) =>
  (effect.params as { index: number } | undefined)?.index ?? 0;

function perform(context: RunContext, effect: ChartEffect): Promise<Draft[]> {
  const index = indexOf(effect);
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
async function drive(context: RunContext, first: ChartEffect[]): Promise<RunResult> {
  let effects = first;
  const nextIntent = ({ state, effects: led }: Advanced) => {
    const next = led.at(-1);
    return next?.type === 'prepareStep' ? intentAtOnce({ ...context, state }, indexOf(next)) : [];
  };
  try {
    for (let effect = effects.at(-1); effect; effect = effects.at(-1)) {
      effects = await record(context, await perform(context, effect), nextIntent);
    }
  } catch (error) {
    return await ended(context, error);
  }
  return resultOf(context.state);
}

/** Told to stop now, or nothing more can be recorded: nothing acts without that. */
async function ended(context: RunContext, error: unknown): Promise<RunResult> {
  if (!(error instanceof Halted)) return failedJournal(context, error);
  const why = 'stopped at once, as asked; what was under way is in doubt until resumed';
  try {
    await record(context, [{ type: 'run.stopped', body: { why, exit: HALTED } }]);
  } catch (failure) {
    return failedJournal(context, failure);
  }
  return resultOf(context.state);
}

/** A record that cannot be written, or a run that somebody else went on with, stops the runner. */
function failedJournal(context: RunContext, error: unknown): RunResult {
  const isKnown = error instanceof DrydockError && error.code.startsWith('journal.');
  if (!isKnown && !isRunMoved(error)) throw error;
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
      return { ...base, outcome: 'failed', exit: context.halt?.exit ?? 1 };
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
async function whyNotStart(context: RunContext): Promise<No | null> {
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
async function adoption(context: RunContext): Promise<{ drafts: Draft[] } | No> {
  if (!context.plan.adopts) return { drafts: [] };
  const steps = judgeAdoption(context.plan, await context.eyes.recent());
  return whyNotAdopted(steps) ?? { drafts: adoptionDrafts(steps, context.who) };
}

/** Whether the run may start, asked under its lease: what is recorded then, or why not. */
async function readiness(context: RunContext): Promise<{ drafts: Draft[] } | No> {
  return (await whyNotStart(context)) ?? (await adoption(context));
}

/** Why a run that could not even begin did not; throws what is a defect. */
function whyNotBegun(error: unknown): No {
  if (error instanceof Halted) {
    return { why: 'stopped at once, as asked, before its first step', exit: HALTED };
  }
  if (error instanceof DrydockError) return { why: error.message, exit: error.exit };
  if (!(error instanceof WireError)) throw error;
  return { why: `the cluster could not be looked at: ${error.message}`, exit: 6 };
}

/** From `created`: the lease, the conditions, and the first effect. */
export async function begin(context: RunContext): Promise<ChartEffect[]> {
  const refuse = ({ why, exit }: No) =>
    record(context, [{ type: 'run.refused', body: { why, exit } }]);
  try {
    await requireUndoneAsPlanned(context.journal, context.plan);
    requireAble(context.door, 'lease', 'the run needs a lease');
    if (context.options.halt?.aborted) throw new Halted();
  } catch (error) {
    return refuse(whyNotBegun(error));
  }
  // Not left half-way: a lease that is on its way would be taken after it was given up.
  const taken = await takeLease(context);
  if ('why' in taken) return refuse(taken);
  const giveBack = () => context.door.lease.release(taken.lease).catch(() => {});
  try {
    const ready = await orHalt(context, readiness(context)).catch(whyNotBegun);
    if (!('why' in ready)) {
      const body = { ...leaseBody(taken), authority: standingOf(context) };
      return await record(context, [{ type: 'run.started', body }, ...ready.drafts]);
    }
    // First, for nobody lets go of the lease of a run that was refused.
    await giveBack();
    return await refuse(ready);
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** From what `first` records, until the chart asks for nothing more. */
export async function driveFrom(
  context: RunContext,
  first: (context: RunContext) => Promise<ChartEffect[]>,
): Promise<RunResult> {
  let effects: ChartEffect[];
  try {
    effects = await first(context);
  } catch (error) {
    return failedJournal(context, error);
  }
  return drive(context, effects);
}

/** Runs a plan from its first step. The answer says where it stands, and with which exit code. */
export async function runPlan(
  deps: RunDeps & { plan: Plan; secrets?: Secrets | undefined },
): Promise<RunResult> {
  const { plan, journal, random, secrets = new Map() } = deps;
  requireSecrets(openPlan(plan, secrets).plan.steps, secrets);
  const name = plan.undoes === undefined ? plan.runbook.id : `undo-${plan.runbook.id}`;
  const run = `${name}-${random.id().slice(0, 8)}`;
  const letGo = await journal.hold(plan.cluster.uuid, `run ${run}, ${deps.who}`);
  try {
    await requireUndoneAsPlanned(journal, plan);
    const body = { plan: plan as unknown as Json, ...vouchFor(run, plan, secrets, deps.vouch) };
    const [created] = await journal.append([{ run, type: 'run.created', body }], { [run]: 0 });
    deps.onEvent?.({ type: 'entry', entry: created! });
    const context = makeContext(deps, run, plan, secrets, foldRun([created!]));
    return await driveFrom(context, begin);
  } finally {
    await letGo();
  }
}
