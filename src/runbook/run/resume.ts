/**
 * The later life of a run: resume and abort. The journal is folded to where the run stands, the
 * lease is taken anew under the same holder (a new token, so that a request of the dead runner
 * still on its way is refused), and the chart goes on; a step in doubt is settled first.
 */
import type { RunPhase } from '../../../machines/run.machine.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { ClusterDoor } from '../../ports/cluster.ts';
import type { Journal, LetGo } from '../../ports/journal.ts';
import { requireHolder } from '../afterwards/handover.ts';
import { type Draft, requireBeingUndone } from '../afterwards/undo-record.ts';
import { requireSameSecrets, requireSecrets } from '../plan/secrets.ts';
import { appendToRun } from './append.ts';
import { type RunDeps, record } from './context.ts';
import { foldRun, isFinal, type RunState } from './fold.ts';
import { leaseBody, letLeaseGo, takeLease } from './leases.ts';
import { openPlan } from './redact.ts';
import { begin, driveFrom, HALTED, makeContext, type RunResult, resultOf } from './run.ts';
import { GOES_ON, standingOf } from './step-prepare.ts';
import { remainingSteps } from './transcript.ts';

export interface ResumeOptions extends RunDeps {
  run: string;
  /** Values of secret parameters: the record has none. */
  secrets?: Secrets | undefined;
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
export async function pinnedPlan(journal: Journal, state: RunState): Promise<Plan> {
  const entries = await journal.entries(state.run);
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
  const before = foldRun(await journal.entries(run));
  requireOpen(before);
  requireHolder(before, options.who);
  const letGo = await journal.hold(before.plan.cluster.uuid, `run ${run} resumed, ${options.who}`);
  try {
    return await goOn(options, foldRun(await journal.entries(run)));
  } finally {
    await letGo();
  }
}

/** The same secrets as before, and all that is still needed, before anything is touched. */
async function checkSecrets(
  { journal, run, vouch, onWarning }: ResumeOptions,
  state: RunState,
  pinned: Plan,
  secrets: Secrets,
): Promise<void> {
  const left = new Set(remainingSteps(state).map(({ id }) => id));
  const { steps } = openPlan(pinned, secrets).plan;
  requireSecrets(
    steps.filter((_, index) => left.has((pinned.steps[index] as PlannedStep).id)),
    secrets,
  );
  for (const name of requireSameSecrets(await journal.entries(run), secrets, vouch).unknown) {
    onWarning?.(`whether the secret '${name}' is the same as before cannot be known on this host`);
  }
}

async function goOn(options: ResumeOptions, state: RunState): Promise<RunResult> {
  requireOpen(state);
  const { journal, run, runbookHash } = options;
  const pinned = await pinnedPlan(journal, state);
  if (runbookHash !== undefined && runbookHash !== pinned.runbook.hash) {
    const edited = `runbook ${pinned.runbook.id} was edited since the run began`;
    options.onWarning?.(`${edited}; the run keeps to the plan that it began with`);
  }
  const { secrets = new Map() } = options;
  await checkSecrets(options, state, pinned, secrets);
  const predicted = (await options.predict?.(state)) ?? null;
  const plan = predicted ? { ...pinned, predicted } : pinned;
  const context = makeContext(options, run, plan, secrets, state);
  if (state.phase === 'created') return driveFrom(context, begin);
  await requireBeingUndone(journal, plan);
  if (options.options?.halt?.aborted) {
    const words = 'stopped at once, as asked, before it went on';
    return { ...resultOf(state), outcome: 'stopped', exit: HALTED, words };
  }
  const taken = await takeLease(context);
  if ('why' in taken) {
    return { ...resultOf(state), outcome: 'stopped', exit: taken.exit, words: taken.why };
  }
  const body: JsonObject = { ...leaseBody(taken), authority: standingOf(context) };
  if (predicted) body.predicted = predicted as unknown as Json;
  return driveFrom(context, () => record(context, [{ type: 'run.resumed', body }]));
}

export interface Abort {
  /** `requested`: its runner is alive, and stops at its next safe point. */
  outcome: 'aborted' | 'requested';
  state: RunState;
  /** Why the lease could not be let go. */
  leaseLeft: string | null;
}

/** In these a runner is at work, or died. */
const RUNNING: ReadonlySet<RunPhase> = new Set(['created', ...GOES_ON]);

/** Of a run whose runner is at work: it is asked to stop. A run that waits has none. */
async function askToAbort(
  journal: Journal,
  run: string,
  who: string,
  held: DrydockError,
): Promise<void> {
  await appendToRun({ journal, run, who }, (state) => {
    requireAbortable(state);
    if (!RUNNING.has(state.phase)) throw held;
    return [{ type: 'abort.requested', body: {} }];
  });
}

function requireAbortable(state: RunState): void {
  if (state.phase !== 'stuck') requireOpen(state);
}

function abortion(state: RunState, who: string, leaseLeft: string | null): Draft {
  const { phase, step } = state;
  const inDoubt = phase === 'intended' || phase === 'settling' || phase === 'doubt';
  const at = step
    ? `${inDoubt ? 'in doubt at' : 'before'} step ${step.id}`
    : phase === 'stuck'
      ? 'stuck: a person has seen to it'
      : 'at the end';
  return { type: 'run.aborted', body: { why: `ended by ${who}, ${at}`, leaseLeft } };
}

/** Ends a run where it stands. Undoes nothing. */
export async function abortRun(options: {
  journal: Journal;
  run: string;
  who: string;
  door: Pick<ClusterDoor, 'lease'> | null;
}): Promise<Abort> {
  const { journal, run, who } = options;
  const state = foldRun(await journal.entries(run));
  requireAbortable(state);
  const held = await holdOrError(journal, state, who);
  if (typeof held !== 'function') {
    await askToAbort(journal, run, who, held);
    return { outcome: 'requested', state: foldRun(await journal.entries(run)), leaseLeft: null };
  }
  try {
    // It may have come to its end before its runner let go.
    requireAbortable(foldRun(await journal.entries(run)));
    const leaseLeft = await letLeaseGo(options.door?.lease ?? null, run);
    await appendToRun({ journal, run, who }, (now) => {
      requireAbortable(now);
      return [abortion(now, who, leaseLeft)];
    });
    return { outcome: 'aborted', state: foldRun(await journal.entries(run)), leaseLeft };
  } finally {
    await held();
  }
}

async function holdOrError(
  journal: Journal,
  state: RunState,
  who: string,
): Promise<LetGo | DrydockError> {
  try {
    return await journal.hold(state.plan.cluster.uuid, `abort of ${state.run}, ${who}`);
  } catch (error) {
    if (error instanceof DrydockError && error.code === 'runner.held') return error;
    throw error;
  }
}
