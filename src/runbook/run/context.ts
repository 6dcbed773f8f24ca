/** What a runner holds while it works, and how it looks at the cluster and writes the record. */
import { isRunMoved } from '../../audit/errors.ts';
import type { ChartEffect } from '../../core/chart.ts';
import type { Json } from '../../core/json.ts';
import type { Facts, Plan, PlannedStep } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterDoor } from '../../ports/cluster.ts';
import type { Journal } from '../../ports/journal.ts';
import type { LeaseHeld } from '../../ports/lease.ts';
import type { Observation } from '../../ports/observation.ts';
import type { Operator } from '../../ports/operator.ts';
import type { Random } from '../../ports/random.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Draft } from '../afterwards/undo-record.ts';
import type { Scope } from '../language/expressions/expressions.ts';
import type { Vouch } from '../plan/secrets.ts';
import { type Appended, appendToRun, type Further } from './append.ts';
import type { Difference } from './drift.ts';
import type { RunState } from './fold.ts';
import type { Redact } from './redact.ts';
import type { RunWindow } from './standing.ts';

export type Progress =
  | { type: 'entry'; entry: JournalEntry }
  | { type: 'output'; step: string; text: string }
  /** A look at the cluster while a step waits for something. */
  | { type: 'looked'; step: string; status: Status };

export interface RunOptions {
  stopAfter?: string | undefined;
  /** Answers "go on?"; never a named confirmation. */
  yes?: boolean | undefined;
  noInput?: boolean | undefined;
  /** Servers that are not there, and runs that hold the lease: a person gives them up by name. */
  giveUp?: string[] | undefined;
  /** Stop at the next safe point. */
  interrupt?: AbortSignal | undefined;
  /** Stop now; the step under way stays in doubt until the run is resumed. */
  halt?: AbortSignal | undefined;
  /** Steps that a person says are done. */
  confirmed?: string[] | undefined;
  choices?: Record<string, string> | undefined;
  /** What a person typed for a confirmation; `not done` for a step in doubt. */
  answers?: Record<string, string> | undefined;
  pollMs?: number | undefined;
  /** How long facts may take to become as predicted. */
  settleMs?: number | undefined;
  /** The change window that it runs in; none where the cluster demands none. */
  window?: RunWindow | undefined;
  /** The rehearsal's own ending of a step, in place of the comparison with a prediction. */
  ending?: Ending | undefined;
}

/** What happens with the facts when the run starts, and when a step has ended well. */
export interface Ending {
  atStart(context: RunContext): Promise<Difference[]>;
  afterStep(
    context: RunContext,
    step: PlannedStep,
  ): Promise<{ differences: Difference[]; facts: Facts | null }>;
}

/** What a runner takes of a cluster: nothing of its documents. */
export type RunnerDoor = Omit<ClusterDoor, 'documents'>;

export interface RunDeps {
  door: RunnerDoor;
  operator: Operator;
  journal: Journal;
  clock: Clock;
  random: Random;
  who: string;
  /** For the record; without it a resumed run takes any secret. */
  vouch?: Vouch | undefined;
  options?: RunOptions;
  onEvent?: ((progress: Progress) => void) | undefined;
}

export interface RunContext extends RunDeps {
  run: string;
  /** As the runner needs it (src/runbook/run/redact.ts); the recorded one is `state.plan`. */
  plan: Plan;
  secrets: Secrets;
  options: RunOptions;
  state: RunState;
  redact: Redact;
  eyes: Poll;
  ending: Ending;
  /** Facts after the last step that was looked at, for what a step changed. */
  facts: Facts | null;
}

export type { Draft } from '../afterwards/undo-record.ts';

export const DEFAULTS = { pollMs: 200, settleMs: 30_000 };

/** A status younger than this is "now" for a condition. */
const FRESH_MS = 100;

export interface Poll {
  /** A new look. */
  look(): Promise<Status>;
  /** A look that is fresh enough for a condition. */
  recent(): Promise<Status>;
  /** The last look, however old; a new one when there is none. */
  any(): Promise<Status>;
  /** What one of the two above would answer without a new look; null: it would take one. */
  seen(of: 'recent' | 'any'): Status | null;
  /** What was seen is past: something is being done. */
  forget(): void;
}

export function makePoll(observation: Pick<Observation, 'status'>, clock: Clock): Poll {
  let last: { status: Status; at: number } | null = null;
  let isPast = true;
  const look = async () => {
    const status = await observation.status();
    last = { status, at: clock.now() };
    isPast = false;
    return status;
  };
  const seen = (of: 'recent' | 'any') => {
    const isEnough = of === 'any' || (last && !isPast && clock.now() - last.at <= FRESH_MS);
    return last && isEnough ? last.status : null;
  };
  return {
    look,
    recent: async () => seen('recent') ?? (await look()),
    any: async () => seen('any') ?? (await look()),
    seen,
    forget() {
      isPast = true;
    },
  };
}

/** Parameters and roles of a plan as its own conditions see them; a secret has no value there. */
export function namesOf(plan: Plan): Record<string, Json> {
  const isKnown = ([name]: [string, Json]) =>
    plan.secretsAre === undefined || !plan.secrets?.includes(name);
  const parameters = Object.entries(plan.parameters).filter(isKnown);
  const roles = Object.entries(plan.roles).map(([name, { value }]) => [name, value]);
  return { ...Object.fromEntries(parameters), ...Object.fromEntries(roles) };
}

export function scopeFor(context: RunContext, step: PlannedStep | null, status: Status): Scope {
  return {
    status,
    names: step?.names ?? namesOf(context.plan),
    before: context.state.context.before,
    chosen: context.state.context.choices,
  };
}

/**
 * What a runner has done and cannot record as its run's, because the run was ended or gone on with
 * by somebody else: it stands in the record all the same, under no run.
 */
async function recordLate(context: RunContext, drafts: readonly Draft[]): Promise<void> {
  const { run, journal } = context;
  const late = drafts.map(({ type, body }) => ({ type, ...body }));
  await journal.append([context.redact({ run: null, type: 'run.late', body: { of: run, late } })]);
}

/** Appends in one commit, and moves the chart; the answer is what to do next. */
export async function record(
  context: RunContext,
  drafts: Draft[],
  further: Further = () => [],
): Promise<ChartEffect[]> {
  const { run, journal, who, redact } = context;
  let appended: Appended;
  try {
    const appending = { journal, run, who, redact, further };
    appended = await appendToRun(appending, () => drafts, context.state);
  } catch (error) {
    if (isRunMoved(error)) await recordLate(context, drafts);
    throw error;
  }
  let effects: ChartEffect[] = [];
  appended.moves.forEach((moved, at) => {
    context.state = moved.state;
    effects = moved.effects;
    context.onEvent?.({ type: 'entry', entry: appended.entries[at]! });
  });
  return effects;
}

export function leaseOf(context: RunContext): LeaseHeld | null {
  return context.state.context.lease;
}

export class Halted extends Error {}

/** The promise, or Halted as soon as the run is to stop now. */
export function orHalt<T>(context: Pick<RunContext, 'options'>, promise: Promise<T>): Promise<T> {
  const signal = context.options.halt;
  if (!signal) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(new Halted());
  }
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Halted());
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
