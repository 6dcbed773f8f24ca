/**
 * How long something takes, said in one way wherever it is said: a rehearsal, the line that moves, a
 * window, a handover.
 *
 *   recorded   five earlier runs on that cluster: half of them took no longer (p50), 95 of 100 (p95)
 *   typical    else what the twin took, and for what takes a machine minutes and a twin none, the
 *              times of its kind, which a site can set; half as much again for 95 of 100
 *   people     are counted, not timed: nobody knows when somebody comes
 */
import type { Facts, Plan, PlannedStep, PredictedStep } from '../../core/plan.ts';
import type { Status } from '../../schema/generated/status.ts';
import { duration } from './transcript-words.ts';

/** How long steps took in earlier runs, in ms, by step. */
export type Took = Readonly<Record<string, readonly number[]>>;

/** What a machine takes, by kind of what happens to it. */
export interface Typical {
  bootMs: number;
  shutdownMs: number;
  /** Of a file system, before it is mounted. */
  fsckMs: number;
  copyBytesPerSecond: number;
}

/** A choice of ours: a server with much memory and a disk of today; a line of 1 Gbit/s half used. */
export const TYPICAL: Typical = {
  bootMs: 4 * 60_000,
  shutdownMs: 90_000,
  fsckMs: 30_000,
  copyBytesPerSecond: 60 * 1024 * 1024,
};

export interface Estimate {
  /** p50 and p95 of what machines do. */
  ms: number;
  atMostMs: number;
  /** Steps that wait for a person. */
  people: number;
  /** All of it comes from recorded runs. */
  isRecorded: boolean;
}

/** With fewer earlier runs the rehearsal is believed, with something on top. */
export const ENOUGH_RUNS = 5;
export const REHEARSED_FACTOR = 1.5;
const PERSONS: ReadonlySet<string> = new Set(['operator', 'confirm', 'choose']);

/** The value that so many of 100 stay within, by nearest rank. */
export function percentile(samples: readonly number[], of100: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * of100) / 100) - 1] ?? 0;
}

export function isPersons({ action }: Pick<PlannedStep, 'action'>): boolean {
  return PERSONS.has(action.verb);
}

/** Of one step; a person in it takes no time here. */
export function stepEstimate(
  step: PlannedStep,
  predicted: Plan['predicted'],
  took: Took = {},
): Estimate {
  const people = isPersons(step) ? 1 : 0;
  const known = predicted?.[step.id];
  const samples = took[step.id] ?? known?.took ?? [];
  if (samples.length >= ENOUGH_RUNS) {
    const [ms, atMostMs] = [percentile(samples, 50), percentile(samples, 95)];
    return { ms, atMostMs, people, isRecorded: true };
  }
  const ms = (known?.durationMs ?? 0) + (known?.typicalMs ?? 0);
  return { ms, atMostMs: ms * REHEARSED_FACTOR, people, isRecorded: false };
}

/** Of these steps of a plan, one after the other; of one that is left out: nothing. */
export function estimateOf(
  steps: readonly PlannedStep[],
  predicted: Plan['predicted'],
  took: Took = {},
): Estimate {
  const each = steps.map((step) => stepEstimate(step, predicted, took));
  return {
    ms: each.reduce((sum, { ms }) => sum + ms, 0),
    atMostMs: each.reduce((sum, { atMostMs }) => sum + atMostMs, 0),
    people: each.reduce((sum, { people }) => sum + people, 0),
    isRecorded: each.length > 0 && each.every(({ isRecorded }) => isRecorded),
  };
}

/** `about 6 min 0 s, plus 2 acts by people`; where runs were recorded, what 95 of 100 stay within. */
export function estimateWords({ ms, atMostMs, people, isRecorded }: Estimate): string {
  const within = isRecorded ? ` (95 of 100 runs within ${duration(atMostMs)})` : '';
  const acts = people === 0 ? '' : `, plus ${people} act${people === 1 ? '' : 's'} by people`;
  return `about ${duration(ms)}${within}${acts}`;
}

function keysOf(facts: Facts, pattern: RegExp): string[] {
  return Object.keys(facts).filter((key) => pattern.test(key));
}

/** Longest copy that ends in a step: the blocks that differ, or all where that is not known. */
function copiedBytes(before: Facts, after: Facts, from: Status | undefined): number {
  const ended = keysOf(after, /^mirror\..+\..+\.color$/).filter((key) => {
    return after[key] === 'GREEN' && (before[key] === 'RED' || before[key] === 'YELLOW');
  });
  const sizes = ended.map((key) => {
    const copy = Object.values(from?.volumes ?? {}).flatMap(({ name, copies }) =>
      Object.entries(copies).filter(([server]) => key === `mirror.${name}.${server}.color`),
    )[0]?.[1];
    return copy?.outOfSyncBytes || copy?.sizeBytes || 0;
  });
  return Math.max(0, ...sizes);
}

/** What happens to machines in a step, by the facts before and after it; servers at the same time. */
function typicalMs(
  step: PlannedStep,
  [before, after]: [Facts, Facts],
  typical: Typical,
  from: Status | undefined,
): number {
  const power = keysOf(after, /^server\.[^.]+\.power$/);
  const isUp = power.some((key) => before[key] === 'off' && after[key] === 'on');
  const isDown = power.some((key) => before[key] === 'on' && after[key] === 'off');
  const { action, server } = step;
  const goesDown = action.verb === 'run' && action.goesDown;
  // It was on before, went down, and is on again: it has booted.
  const hasRestarted = goesDown && after[`server.${server}.power`] === 'on';
  const isMounted = keysOf(after, /^server\.[^.]+\.mounts$/).some((key) => {
    const count = (value: unknown) => (Array.isArray(value) ? value.length : 0);
    return count(after[key]) > count(before[key]);
  });
  return (
    (isDown || goesDown ? typical.shutdownMs : 0) +
    (isUp || hasRestarted ? typical.bootMs : 0) +
    (isMounted ? typical.fsckMs : 0) +
    (copiedBytes(before, after, from) / typical.copyBytesPerSecond) * 1000
  );
}

/** What estimates of a rehearsal are made of, beside it. */
export interface EstimateBasis {
  typical: Typical;
  took: Took;
}

/** Puts into a prediction what estimates are made of. `start`: the facts before the first step. */
export function noteEstimates(
  steps: readonly PlannedStep[],
  predicted: Record<string, PredictedStep>,
  { start, from, basis }: { start: Facts; from: Status | undefined; basis: EstimateBasis },
): void {
  let before = start;
  for (const step of steps) {
    const known = predicted[step.id];
    if (!known) continue;
    known.typicalMs = Math.round(typicalMs(step, [before, known.facts], basis.typical, from));
    const took = basis.took[step.id] ?? [];
    if (took.length >= ENOUGH_RUNS) known.took = [...took];
    before = known.facts;
  }
}
