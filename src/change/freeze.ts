/**
 * Freezes: times in which nothing is changed, as iCalendar files (RFC 5545, read by ical.js).
 * Every event counts unless it is cancelled. A day without a time is that day in the calendar's own
 * zone (X-WR-TIMEZONE), else in UTC; so is a time without a zone.
 *
 * Whoever cannot read a calendar must not conclude that nothing is frozen: every error is thrown,
 * and the judge takes it for a freeze.
 */
import ICAL from 'ical.js';
import { badInput, DrydockError } from '../core/errors.ts';
import type { Policy } from '../schema/generated/policy.ts';
import { Calendar } from './zones.ts';

export type Freezes = NonNullable<Policy['freezes']>;

/** How often an event may repeat before the instant that is asked for. */
const MOST_OCCURRENCES = 5000;
/** Freezes that follow on one another without a gap are told as one, up to so many. */
const MOST_JOINED = 100;
const DAY_MS = 86_400_000;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

interface Span {
  name: string;
  from: number;
  until: number;
}

function instant(time: ICAL.Time, fallback: ICAL.Timezone): number {
  const placed = time.clone();
  const isFloating = time.zone === ICAL.Timezone.localTimezone || time.zone === null;
  if (time.isDate || isFloating) placed.zone = fallback;
  return placed.toUnixTime() * 1000;
}

/** ical.js looks for the next day that fits a rule for ever, also where there is none. */
function demandUsable(rule: ICAL.Recur): void {
  if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(rule.freq)) {
    throw badInput(`an event repeats ${rule.freq}; a freeze repeats by the day at most`, {
      code: 'freeze.rule',
      remedy: 'write it as one longer event',
    });
  }
  const { BYMONTH: months = [], BYMONTHDAY: days = [] } = rule.parts as Record<string, number[]>;
  const possible = (months.length ? months : [1]).some((month) => {
    return days.some((day) => Math.abs(day) <= (MONTH_DAYS[month - 1] ?? 0));
  });
  if (days.length > 0 && !possible) {
    throw badInput('an event repeats on a day that does not exist', {
      code: 'freeze.rule',
      remedy: 'correct BYMONTH and BYMONTHDAY',
    });
  }
}

/** Where to begin counting: years of daily events before that instant need not be walked. */
function beginning(event: ICAL.Event, rule: ICAL.Recur | null, before: number): ICAL.Time {
  const start = event.startDate.clone();
  if (!rule || rule.count || !['DAILY', 'WEEKLY'].includes(rule.freq)) return start;
  // Whole weeks of the rule's interval keep both the rhythm and the days of the week.
  const stepDays = 7 * (rule.interval || 1);
  const lengthMs = event.duration.toSeconds() * 1000;
  const leftMs = before - lengthMs - start.toUnixTime() * 1000 - 2 * DAY_MS;
  const steps = Math.floor(leftMs / (stepDays * DAY_MS));
  if (steps > 0) start.adjust(steps * stepDays, 0, 0, 0);
  return start;
}

/** Occurrences that are not over at `at`, up to the first that begins after it. */
function occurrences(event: ICAL.Event, name: string, at: number, zone: ICAL.Timezone): Span[] {
  const span = (start: ICAL.Time, end: ICAL.Time): Span => ({
    name,
    from: instant(start, zone),
    until: instant(end, zone),
  });
  if (!event.isRecurring() || event.isRecurrenceException()) {
    const only = span(event.startDate, event.endDate);
    return only.until > at ? [only] : [];
  }
  const rules = event.component.getAllProperties('rrule').map((one) => one.getFirstValue());
  for (const rule of rules) demandUsable(rule as ICAL.Recur);
  const rule = rules.length === 1 ? (rules[0] as ICAL.Recur) : null;
  const iterator = event.iterator(beginning(event, rule, at));
  const found: Span[] = [];
  for (let count = 0; count < MOST_OCCURRENCES; count += 1) {
    const next = iterator.next();
    if (!next) return found;
    const { item, startDate, endDate, recurrenceId } = event.getOccurrenceDetails(next);
    // One that was moved stands among the events itself.
    const isMoved = item !== event && item.recurrenceId?.compare(recurrenceId) === 0;
    const one = span(startDate, endDate);
    if (!isMoved && one.until > at) found.push(one);
    if (one.from > at) return found;
  }
  throw badInput(`an event repeats more than ${MOST_OCCURRENCES} times`, {
    code: 'freeze.rule',
    remedy: 'give it a later start',
  });
}

function spansOf({ name, ics }: Freezes[number], at: number): Span[] {
  const parsed = ICAL.parse(ics) as unknown[];
  const roots = (typeof parsed[0] === 'string' ? [parsed] : parsed) as (string | unknown[])[][];
  return roots.flatMap((root) => {
    const calendar = new Calendar(root);
    if (calendar.name !== 'vcalendar') throw new Error(`it is a ${calendar.name}`);
    const own = calendar.getFirstPropertyValue('x-wr-timezone');
    const zone = own === null ? ICAL.Timezone.utcTimezone : calendar.getTimeZoneByID(String(own));
    return calendar.getAllSubcomponents('vevent').flatMap((component) => {
      if (String(component.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED') {
        return [];
      }
      const event = new ICAL.Event(component);
      if (!event.startDate) throw new Error('an event has no start');
      const told = event.summary ? `${name} (${event.summary})` : name;
      return occurrences(event, told, at, zone);
    });
  });
}

function allSpans(freezes: Freezes, at: number): Span[] {
  const spans = freezes.flatMap((freeze) => {
    try {
      return spansOf(freeze, at);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw badInput(`the calendar ${freeze.name} cannot be read: ${why}`, {
        code: 'freeze.unreadable',
        remedy:
          (error instanceof DrydockError && error.remedy) || 'sign a policy with a calendar (.ics)',
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
  for (let joined = 0; joined < MOST_JOINED; joined += 1) {
    const now = until;
    for (const one of allSpans(freezes, now)) {
      if (one.from > now || one.until <= until) continue;
      until = one.until;
      name ??= one.name;
    }
    if (until === now) break;
  }
  return name === null ? null : { name, until };
}

/** The next freeze that begins after an instant. */
export function nextFreeze(
  freezes: Freezes,
  at: number,
): { name: string; from: number; until: number } | null {
  const next = allSpans(freezes, at).find(({ from }) => from > at);
  if (!next) return null;
  return { ...next, until: frozenAt(freezes, next.from)?.until ?? next.until };
}

/** Throws badInput when one of the calendars cannot be read; for whoever signs a policy. */
export function checkFreezes(freezes: Freezes): void {
  allSpans(freezes, 0);
}
