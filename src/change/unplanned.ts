/** Break-glass without any plan covers whatever its implementer does: one such window at a time. */
import type { Receipts } from './receipts.ts';
import type { ChangeWindow } from './types.ts';

/** When an opening by break-glass without plans counts from; null: it is none, or is none of ours. */
function unplannedSince({ opened, request }: ChangeWindow, receipts: Receipts): number | null {
  if (opened === null || opened.emergency === null || request.plans.length > 0) return null;
  return Math.max(Date.parse(opened.at), receipts.held[opened.hash] ?? Number.NEGATIVE_INFINITY);
}

/** As it was when servers did not look at that, or is over and was closed: nothing is taken back. */
function isSettled({ opened, closed }: ChangeWindow, { held }: Receipts): boolean {
  const hash = opened?.hash ?? '';
  return Object.hasOwn(held, hash) ? held[hash] === null : closed !== null;
}

/**
 * Of windows that break-glass opened without a plan, one at a time: the next may be opened when the
 * one before it was reviewed.
 */
export function oneUnplanned(
  windows: ChangeWindow[],
  receipts: Receipts,
  fold: (id: string, unreviewed: string) => ChangeWindow,
): ChangeWindow[] {
  const unplanned = windows
    .map((window) => ({ window, since: unplannedSince(window, receipts) ?? Number.NaN }))
    .filter(({ since }) => !Number.isNaN(since))
    .sort((a, b) => a.since - b.since || (a.window.id < b.window.id ? -1 : 1));
  const again = new Map<string, ChangeWindow>();
  const standing: ChangeWindow[] = [];
  for (const { window, since } of unplanned) {
    const owed = standing.find(({ review }) => review === null || Date.parse(review.at) > since);
    if (owed && !isSettled(window, receipts)) again.set(window.id, fold(window.id, owed.id));
    else standing.push(window);
  }
  return windows.map((window) => again.get(window.id) ?? window);
}
