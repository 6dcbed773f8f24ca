/**
 * The later life of a run: resume and abort. The journal is folded to where the run stands, the
 * lease is taken anew under the same holder (a new token, so that a request of the dead runner
 * still on its way is refused), and the chart goes on; a step in doubt is settled first.
 */
import { badInput, DrydockError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import type { Journal } from '../ports/journal.ts';
import { foldRun, isFinal, type RunState } from './fold.ts';
import { requireHolder } from './handover.ts';
import { type LeaseDoor, letLeaseGo, takeLease } from './leases.ts';
import { restoreSecrets } from './redact.ts';
import { begin, drive, makeContext, type RunResult, resultOf } from './run.ts';
import { type RunDeps, record } from './run-context.ts';
import { standingOf } from './step-prepare.ts';
import { marksOnUndone, requireBeingUndone } from './undo-record.ts';

export interface ResumeOptions extends RunDeps {
  run: string;
  /** Values of secret parameters: the record has none. */
  secrets?: Record<string, string>;
  /** Hash of the runbook as it is now; a difference is only warned of, because the plan is pinned. */
  runbookHash?: string;
  /** A new prediction for what is left, from a rehearsal on the cluster as it is now. */
  predict?: (state: RunState) => Promise<Plan['predicted']>;
  onWarning?: (words: string) => void;
}

function requireOpen(state: RunState): void {
  const { run, phase, context } = state;
  if (phase === 'undoing' || phase === 'stuck') {
    throw new DrydockError(`run ${run} is ${phase}: it is ${context.undo} that has to go on`, {
      code: 'run.undoing',
      exit: phase === 'stuck' ? 9 : 4,
      remedy: `drydock resume ${context.undo}`,
    });
  }
  if (!isFinal(phase)) return;
  throw badInput(`run ${state.run} is ${state.phase}; nothing of it is left to do`, {
    code: 'run.ended',
    remedy: 'plan and start a new run',
  });
}

/** The prediction that counts now: the newest one that a resumption recorded, else the plan's. */
export function pinnedPlan(journal: Journal, state: RunState): Plan {
  const entries = journal.entries(state.run);
  const amended = entries.findLastIndex((entry) => entry.type === 'run.amended');
  const renewed = entries
    .slice(amended + 1)
    .filter((entry) => entry.type === 'run.resumed')
    .map((entry) => (entry.body as { predicted?: Plan['predicted'] }).predicted)
    .filter((predicted) => predicted !== undefined)
    .at(-1);
  return renewed ? { ...state.plan, predicted: renewed } : state.plan;
}

export async function resumeRun(options: ResumeOptions): Promise<RunResult> {
  const { journal, run } = options;
  const before = foldRun(journal.entries(run));
  requireOpen(before);
  requireHolder(before, options.who);
  const letGo = journal.hold(before.plan.cluster.uuid, `run ${run} resumed, ${options.who}`);
  try {
    return await goOn(options, foldRun(journal.entries(run)));
  } finally {
    letGo();
  }
}

async function goOn(options: ResumeOptions, state: RunState): Promise<RunResult> {
  requireOpen(state);
  const { journal, run, runbookHash } = options;
  const pinned = pinnedPlan(journal, state);
  if (runbookHash !== undefined && runbookHash !== pinned.runbook.hash) {
    const edited = `runbook ${pinned.runbook.id} was edited since the run began`;
    options.onWarning?.(`${edited}; the run keeps to the plan that it began with`);
  }
  const secrets = new Map(Object.entries(options.secrets ?? {}));
  const predicted = (await options.predict?.(state)) ?? null;
  const plan = restoreSecrets(predicted ? { ...pinned, predicted } : pinned, secrets);
  const context = makeContext(options, run, plan, state);
  if (state.phase === 'created') return drive(context, await begin(context));
  requireBeingUndone(journal, plan);
  const taken = await takeLease(context);
  if ('why' in taken) {
    return { ...resultOf(state), outcome: 'stopped', exit: taken.exit, words: taken.why };
  }
  const lease = taken.lease as unknown as Json;
  const body: JsonObject = { lease, authority: standingOf(context) };
  if (predicted) body.predicted = predicted as unknown as Json;
  return drive(context, record(context, [{ type: 'run.resumed', body }]));
}

export interface Abort {
  /** `requested`: its runner is alive, and stops at its next safe point. */
  outcome: 'aborted' | 'requested';
  state: RunState;
  /** Why the lease could not be let go. */
  leaseLeft: string | null;
}

/** Ends a run where it stands. Undoes nothing. */
export async function abortRun(options: {
  journal: Journal;
  run: string;
  who: string;
  door: LeaseDoor | null;
}): Promise<Abort> {
  const { journal, run } = options;
  const state = foldRun(journal.entries(run));
  if (state.phase !== 'stuck') requireOpen(state);
  const letGo = holdOrNull(journal, state, options.who);
  if (!letGo) {
    journal.append([{ run, type: 'abort.requested', body: {} }]);
    return { outcome: 'requested', state: foldRun(journal.entries(run)), leaseLeft: null };
  }
  try {
    const leaseLeft = await letLeaseGo(options.door, run);
    const inDoubt =
      state.phase === 'intended' || state.phase === 'settling' || state.phase === 'doubt';
    const isStuck = state.phase === 'stuck';
    const at = state.step
      ? `${inDoubt ? 'in doubt at' : 'before'} step ${state.step.id}`
      : isStuck
        ? 'stuck: a person has seen to it'
        : 'at the end';
    const body = { why: `ended by ${options.who}, ${at}`, leaseLeft };
    const ended = { type: 'run.aborted', body };
    journal.append([{ run, ...ended }, ...marksOnUndone(journal, state, [ended])]);
    return { outcome: 'aborted', state: foldRun(journal.entries(run)), leaseLeft };
  } finally {
    letGo();
  }
}

function holdOrNull(journal: Journal, state: RunState, who: string): (() => void) | null {
  try {
    return journal.hold(state.plan.cluster.uuid, `abort of ${state.run}, ${who}`);
  } catch (error) {
    if (error instanceof DrydockError && error.code === 'runner.held') return null;
    throw error;
  }
}
