/**
 * Freezes: times in which nothing is changed, as iCalendar files (RFC 5545). Every event counts
 * unless it is cancelled. A day without a time is that day in the calendar's own zone
 * (X-WR-TIMEZONE), else in UTC; so is a time without a zone.
 *
 * Whoever cannot read a calendar must not conclude that nothing is frozen: every error is thrown,
 * and the judge takes it for a freeze. Where a calendar can mean two things the longer freeze
 * counts, and it is not signed (see `freeze-check.ts`).
 */
import { badInput } from '../core/errors.ts';
import type { Policy } from '../schema/generated/policy.ts';
import { type ReadCalendar, readCalendar, spansWithin } from './calendar/index.ts';
import { CalendarProblem } from './calendar/lines.ts';
import type { Span } from './calendar/series.ts';
import { DAY_MS } from './calendar/zones.ts';

export type Freezes = NonNullable<Policy['freezes']>;
export type Freeze = Freezes[number];

/** Freezes that follow on one another without a gap are shown as one, up to so many looks. */
const LOOK_MS = 40 * DAY_MS;
const MOST_LOOKS = 100;
/** How far ahead the next freeze is looked for, further with each look. */
const AHEAD_MS = [40, 400, 4000, 40_000].map((days) => days * DAY_MS);

/** A policy is asked several times over for one change: each of its calendars is read once. */
const read = new WeakMap<Freeze, ReadCalendar>();

function calendarOf(freeze: Freeze): ReadCalendar {
  const held = read.get(freeze);
  if (held) return held;
  const calendar = readCalendar(freeze.ics);
  read.set(freeze, calendar);
  return calendar;
}

function allSpans(freezes: Freezes, from: number, to: number): Span[] {
  const spans = freezes.flatMap((freeze) => {
    try {
      return spansWithin(calendarOf(freeze), freeze.name, from, to);
    } catch (error) {
      if (!(error instanceof CalendarProblem)) throw error;
      const where = error.line === null ? '' : ` (line ${error.line})`;
      throw badInput(`the calendar ${freeze.name} cannot be read: ${error.message}${where}`, {
        code: 'freeze.unreadable',
        remedy: `${error.remedy}, and sign a policy with that`,
        cause: error,
      });
    }
  });
  return spans.sort((a, b) => a.from - b.from);
}

/** The freeze at an instant, and until when it lasts, with those that follow without a gap. */
export function frozenAt(freezes: Freezes, at: number): { name: string; until: number } | null {
  let name: string | null = null;
  let until = at;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const before = until;
    for (const one of allSpans(freezes, before, before + LOOK_MS)) {
      if (one.from > until) break;
      if (one.until <= until) continue;
      until = one.until;
      name ??= one.name;
    }
    // The last look went as far as to where a gap would have been seen.
    if (until < before + LOOK_MS) break;
  }
  return name === null ? null : { name, until };
}

/** The next freeze that begins after an instant, within the next hundred years. */
export function nextFreeze(
  freezes: Freezes,
  at: number,
): { name: string; from: number; until: number } | null {
  for (const ahead of AHEAD_MS) {
    const next = allSpans(freezes, at, at + ahead).find(({ from }) => from > at);
    if (next) return { ...next, until: frozenAt(freezes, next.from)?.until ?? next.until };
  }
  return null;
}
