/**
 * Drift: the cluster is not as the rehearsal predicted. After a step the listed facts are looked
 * at until they agree with the prediction, or the settle time is over; what then still differs
 * stops the run (exit 6) and is shown, key by key.
 *
 * A fact agrees when it has the predicted value, or one that the twin came to by itself while the
 * following steps only looked on (a recovery that the cluster has finished sooner than the twin).
 * A fact that the twin could not predict is not compared; one that cannot be observed differs.
 */

import { canonical } from '../../audit/chain.ts';
import type { Json } from '../../core/json.ts';
import type { Facts, PredictedStep } from '../../core/plan.ts';

/** Key of `Plan.predicted` for the cluster before the first step; no step can have this name. */
export const AT_START = '@start';

export interface Difference {
  key: string;
  predicted: Json;
  observed: Json;
}

export const NOT_KNOWN = 'not known';

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const isPlain = typeof a !== 'object' || typeof b !== 'object' || a === null || b === null;
  return a === b || (!isPlain && canonical(a) === canonical(b));
}

/** What differs. `accepted` are keys that a person has seen differ, and gone on. */
export function differences(
  predicted: PredictedStep,
  observed: Facts,
  accepted: readonly string[] = [],
): Difference[] {
  const found: Difference[] = [];
  for (const [key, wanted] of Object.entries(predicted.facts)) {
    if (accepted.includes(key)) continue;
    const seen = observed[key];
    if (isSame(seen, wanted)) continue;
    if (predicted.later?.[key]?.some((later) => isSame(seen, later))) continue;
    found.push({ key, predicted: wanted, observed: seen ?? NOT_KNOWN });
  }
  return found;
}

function words(value: Json): string {
  return typeof value === 'string' ? value : canonical(value);
}

export function describeDifference({ key, predicted, observed }: Difference): string {
  return `${key}: predicted ${words(predicted)}, observed ${words(observed)}`;
}

export interface Change {
  key: string;
  from: Json | null;
  to: Json | null;
}

/** What changed between two looks; a fact that became unknown, or known, has null on that side. */
export function changesBetween(before: Facts, after: Facts): Change[] {
  if (before === after) return [];
  const gone = Object.keys(before).filter((key) => after[key] === undefined);
  const changed = Object.keys(after).filter((key) => !isSame(before[key], after[key]));
  return [...gone, ...changed]
    .sort()
    .map((key) => ({ key, from: before[key] ?? null, to: after[key] ?? null }));
}

export function describeChange({ key, from, to }: Change): string {
  return `${key}: ${from === null ? NOT_KNOWN : words(from)} -> ${to === null ? NOT_KNOWN : words(to)}`;
}
