/**
 * What a run stands on while it goes on: in whose name, in which change window, and whether what
 * is left of it still fits there. Before each step the rest must fit, with what the window keeps
 * free for backing out; else the run parks where it may be parked. Between two such points it goes
 * on, late or not: to stop half-way leaves a cluster worse off than to be late.
 */
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Authority } from '../../ports/authority.ts';
import type { RecordReader, SealedText } from '../../ports/journal.ts';
import type { RunState } from './fold.ts';

/** How long steps took in earlier runs, in ms, by step. */
export type Took = Readonly<Record<string, readonly number[]>>;

export interface RunWindow {
  id: string;
  /** Until when work fits, ms since the epoch: its end, or the freeze that begins before. */
  endsAt: number;
  /** Its own end, where that is later. */
  closesAt?: number;
  /** Kept free at the end for backing out. */
  reserveMs: number;
  /** Opened by break-glass: no time is kept. */
  emergency: boolean;
  took: Took;
  /** How far the servers' clocks are ahead of this program's, ms. */
  aheadMs?: number;
}

/** With fewer earlier runs the rehearsal is believed, with something on top. */
export const ENOUGH_RUNS = 5;
export const REHEARSED_FACTOR = 1.5;
/** A person is rehearsed as if at once. */
export const PERSON_MS = 60_000;
const PERSONS: ReadonlySet<string> = new Set(['operator', 'confirm', 'choose']);

/** The value that 95 of 100 stay within, by nearest rank. */
export function percentile95(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

/** How long a step may be expected to take at most, in 95 of 100 runs. */
export function expectedMs(step: PlannedStep, predicted: Plan['predicted'], took: Took): number {
  const samples = took[step.id] ?? [];
  if (samples.length >= ENOUGH_RUNS) return percentile95(samples);
  const rehearsed = (predicted?.[step.id]?.durationMs ?? 0) * REHEARSED_FACTOR;
  return PERSONS.has(step.action.verb) ? Math.max(PERSON_MS, rehearsed) : rehearsed;
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
    window.reserveMs > 0 ? ` and ${inWords(window.reserveMs)} are kept for backing out` : '';
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

/** Steps of this many entries at most are looked at, and of a step this many. */
const MOST_ENTRIES = 50_000;
const MOST_SAMPLES = 20;

/** How long the steps of a runbook took on a cluster, from the record, the newest first. */
export async function tookBefore(
  reader: RecordReader,
  plan: Pick<Plan, 'runbook' | 'cluster'>,
): Promise<Took> {
  const runs = new Map<string, Map<string, number>>();
  const took: Record<string, number[]> = {};
  const take = ({ run, text }: SealedText) => {
    if (!run?.startsWith(`${plan.runbook.id}-`)) return;
    const { type, body } = JSON.parse(text) as { type: string; body: Ended };
    if (type === 'step.ended' && body.outcome === 'done' && typeof body.durationMs === 'number') {
      const own = runs.get(run) ?? new Map<string, number>();
      runs.set(run, own.set(String(body.step), body.durationMs));
    }
    if (type !== 'run.created') return;
    const isSame =
      body.plan?.cluster?.uuid === plan.cluster.uuid && body.plan?.runbook?.id === plan.runbook.id;
    for (const [step, ms] of isSame ? (runs.get(run) ?? []) : []) {
      const samples = took[step] ?? [];
      if (samples.length < MOST_SAMPLES) took[step] = [...samples, ms];
    }
    runs.delete(run);
  };
  let left = MOST_ENTRIES;
  for await (const page of reader.pages({ newestFirst: true })) {
    page.slice(0, left).forEach(take);
    left -= page.length;
    if (left <= 0) break;
  }
  return took;
}

/** The window that a run went on in at the last time; null: it has begun in none. */
export function windowOfRun(entries: readonly { type: string; body: object }[]): string | null {
  const begun = entries.findLast(({ type }) => type === 'run.started' || type === 'run.resumed');
  const { authority } = (begun?.body ?? {}) as { authority?: Authority | null };
  return authority?.window ?? null;
}
