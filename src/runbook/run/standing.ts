/**
 * What a run stands on while it goes on: in whose name, in which change window, and whether what
 * is left of it still fits there. Before each step the rest must fit, with what the window keeps
 * free for backing out; else the run parks where it may be parked. Between two such points it goes
 * on, late or not: to stop half-way leaves a cluster worse off than to be late.
 */
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Authority } from '../../ports/authority.ts';
import type { Journal } from '../../ports/journal.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import { stepEstimate, type Took } from './estimate.ts';
import type { RunState } from './fold.ts';

export interface RunWindow {
  id: string;
  /** Until when work fits, ms since the epoch: its end, or the freeze that begins before. */
  endsAt: number;
  /** Its own end, where that is later. */
  closesAt?: number;
  /** Kept free at the end for backing out. */
  reserveMs: number;
  /** Opened by break-glass: no time is reserved. */
  emergency: boolean;
  took: Took;
  /** How far the servers' clocks are ahead of this program's, ms. */
  aheadMs?: number;
}

/** A person is rehearsed as if at once. */
export const PERSON_MS = 60_000;

/** How long a step may be expected to take at most, in 95 of 100 runs; a person in it, a minute. */
export function expectedMs(step: PlannedStep, predicted: Plan['predicted'], took: Took): number {
  const { atMostMs, people, isRecorded } = stepEstimate(step, predicted, took);
  return people > 0 && !isRecorded ? Math.max(PERSON_MS, atMostMs) : atMostMs;
}

/** Of every step that has not ended yet, from that one on. */
export function restMs(
  plan: Pick<Plan, 'steps' | 'predicted'>,
  index: number,
  took: Took,
  isLeft: (step: PlannedStep) => boolean = () => true,
): number {
  return plan.steps
    .slice(index)
    .filter(isLeft)
    .reduce((sum, step) => sum + expectedMs(step, plan.predicted, took), 0);
}

/** By when, for people: the window's end, and the freeze that comes before it. */
export function endInWords({
  id,
  endsAt,
  closesAt = endsAt,
}: Pick<RunWindow, 'id' | 'endsAt' | 'closesAt'>): string {
  const instant = (at: number) => new Date(at).toISOString();
  const end = `${instant(closesAt)}, the end of window ${id}`;
  return closesAt === endsAt ? end : `${instant(endsAt)}, when a freeze begins; ${end}`;
}

function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

/** Why what is left does not fit the window any more; null when it does. */
export function whyTooLate(window: RunWindow | undefined, now: number, rest: number) {
  if (window === undefined || window.emergency) return null;
  const leftMs = window.endsAt - now;
  if (rest + window.reserveMs <= leftMs) return null;
  const needed = `what is left takes up to ${inWords(rest)}`;
  const reserve =
    window.reserveMs > 0 ? ` and ${inWords(window.reserveMs)} are reserved for backing out` : '';
  const left = leftMs > 0 ? `only ${inWords(leftMs)} are left of it` : 'it is over';
  return `${needed}${reserve}, which does not fit window ${window.id}: ${left}`;
}

/** The runbooks and parameters that a run carries out, secrets by name only. */
export function planOf({ runbook, called, parameters, undoes }: Plan): Authority['plan'] {
  return {
    runbook: { id: runbook.id, hash: runbook.hash },
    called: called.map(({ id, hash }) => ({ id, hash })),
    parameters,
    ...(undoes === undefined ? {} : { undoes }),
  };
}

/** Under which authority a run acts; `plan` as it is recorded. */
export function authorityOf(
  state: Pick<RunState, 'run' | 'plan'>,
  who: string,
  window: string | null,
): Authority {
  const { run, plan } = state;
  return { who, window, run, plan: planOf(plan) };
}

interface Ended {
  step?: unknown;
  outcome?: unknown;
  durationMs?: unknown;
  plan?: { cluster?: { uuid?: unknown }; runbook?: { id?: unknown } };
}

/** So many runs are looked at, the newest; and of a step so many of its times. */
const MOST_RUNS = 50;
const MOST_SAMPLES = 20;

/** By step, of a run of that plan's runbook on its cluster; null: it is of another. */
function tookIn(
  entries: readonly JournalEntry[],
  { runbook, cluster }: Pick<Plan, 'runbook' | 'cluster'>,
): Map<string, number> | null {
  const made = (entries[0]?.body as Ended | undefined)?.plan;
  if (made?.cluster?.uuid !== cluster.uuid || made?.runbook?.id !== runbook.id) return null;
  const took = new Map<string, number>();
  for (const { type, body } of entries) {
    const { step, outcome, durationMs } = body as Ended;
    // Where a step came to a good end twice, its first time counts.
    const isOne = type === 'step.ended' && outcome === 'done' && typeof durationMs === 'number';
    if (isOne && !took.has(String(step))) took.set(String(step), durationMs);
  }
  return took;
}

/** How long the steps of a runbook took on a cluster, from the record, the newest first. */
export async function tookBefore(
  journal: Pick<Journal, 'runs' | 'entries'>,
  plan: Pick<Plan, 'runbook' | 'cluster'>,
): Promise<Took> {
  const begins = `${plan.runbook.id}-`;
  let names: string[] = [];
  for await (const page of journal.runs(begins)) {
    const own = page.map(({ run }) => run).filter((run) => run.startsWith(begins));
    names = [...names, ...own].slice(-MOST_RUNS);
  }
  const took: Record<string, number[]> = {};
  for (const run of names.reverse()) {
    for (const [step, ms] of tookIn(await journal.entries(run), plan) ?? []) {
      const samples = took[step] ?? [];
      if (samples.length < MOST_SAMPLES) took[step] = [...samples, ms];
    }
  }
  return took;
}

/** The window that a run went on in at the last time; null: it has begun in none. */
export function windowOfRun(entries: readonly { type: string; body: object }[]): string | null {
  const begun = entries.findLast(({ type }) => type === 'run.started' || type === 'run.resumed');
  const { authority } = (begun?.body ?? {}) as { authority?: Authority | null };
  return authority?.window ?? null;
}
