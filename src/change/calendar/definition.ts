/**
 * Recurrence rules by their definition (RFC 5545, 3.3.10), a second time and in another way than
 * rrule does it: every day of every period is looked at, and is in the rule or not. Slow, and meant
 * to be compared with.
 */
import type { Rule } from './rule.ts';
import type { Moment } from './times.ts';
import { DAY_MS, toInstant, type Wall } from './zones.ts';

const WEEK_MS = 7 * DAY_MS;

const dayOf = (wall: Wall) => Math.floor(wall / DAY_MS) * DAY_MS;
/** From Monday, 0. The first of January 1970 was a Thursday. */
const weekdayOf = (day: Wall) => (((day / DAY_MS + 3) % 7) + 7) % 7;
const yearOf = (day: Wall) => new Date(day).getUTCFullYear();
const monthOf = (day: Wall) => new Date(day).getUTCMonth();
const yearStart = (year: number) => Date.UTC(year, 0, 1);
const monthStart = (day: Wall, later = 0) => Date.UTC(yearOf(day), monthOf(day) + later, 1);
const weekStart = (day: Wall, first: number) => day - ((weekdayOf(day) - first + 7) % 7) * DAY_MS;

/** Counted from the front, or from the back with a minus: is it one of those named? */
function isNamed(named: readonly number[] | undefined, index: number, size: number): boolean {
  return !named || named.includes(index + 1) || named.includes(index - size);
}

/** A week belongs to the year in which most of its days lie. */
function isInWeeks({ numbers, weekStart: first }: Rule, day: Wall): boolean {
  const begins = weekStart(day, first);
  const year = yearOf(begins + 3 * DAY_MS);
  const weekOne = (one: number) => weekStart(yearStart(one) + 3 * DAY_MS, first);
  const size = (weekOne(year + 1) - weekOne(year)) / WEEK_MS;
  return isNamed(numbers.BYWEEKNO, (begins - weekOne(year)) / WEEK_MS, size);
}

function isOnDays({ days, numbers, frequency }: Rule, day: Wall): boolean {
  const ofMonth = frequency === 'MONTHLY' || numbers.BYMONTH !== undefined;
  const from = ofMonth ? monthStart(day) : yearStart(yearOf(day));
  const to = ofMonth ? monthStart(day, 1) : yearStart(yearOf(day) + 1);
  return days.some((one) => {
    if (weekdayOf(day) !== one.day) return false;
    const index = Math.floor((day - from) / WEEK_MS);
    const left = Math.floor((to - DAY_MS - day) / WEEK_MS);
    return one.nth === 0 || isNamed([one.nth], index, index + left + 1);
  });
}

/** What is taken from the start where the rule does not say it. */
function isAsStart({ frequency, numbers, days }: Rule, start: Wall, day: Wall): boolean {
  const { BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY } = numbers;
  if (days.length > 0 || BYYEARDAY || BYMONTHDAY || frequency === 'DAILY') return true;
  if (frequency === 'WEEKLY' || BYWEEKNO) return weekdayOf(day) === weekdayOf(dayOf(start));
  if (new Date(day).getUTCDate() !== new Date(start).getUTCDate()) return false;
  return frequency === 'MONTHLY' || BYMONTH !== undefined || monthOf(day) === monthOf(start);
}

function isInRule(rule: Rule, start: Wall, day: Wall): boolean {
  const { numbers, days } = rule;
  const [month, year] = [monthStart(day), yearStart(yearOf(day))];
  const monthDays = (monthStart(day, 1) - month) / DAY_MS;
  const yearDays = (yearStart(yearOf(day) + 1) - year) / DAY_MS;
  return (
    isNamed(numbers.BYMONTH, monthOf(day), 12) &&
    isNamed(numbers.BYMONTHDAY, (day - month) / DAY_MS, monthDays) &&
    isNamed(numbers.BYYEARDAY, (day - year) / DAY_MS, yearDays) &&
    (!numbers.BYWEEKNO || isInWeeks(rule, day)) &&
    (days.length === 0 || isOnDays(rule, day)) &&
    isAsStart(rule, start, day)
  );
}

/** The periods of a rule from the one of its start on: the first day of each, and of the next. */
function* periods({ frequency, interval, weekStart: first }: Rule, start: Wall, to: Wall) {
  const day = dayOf(start);
  for (let index = 0; ; index += interval) {
    const [from, end] = {
      DAILY: () => [day + index * DAY_MS, day + (index + 1) * DAY_MS] as const,
      WEEKLY: () => {
        const week = weekStart(day, first) + index * WEEK_MS;
        return [week, week + WEEK_MS] as const;
      },
      MONTHLY: () => [monthStart(day, index), monthStart(day, index + 1)] as const,
      YEARLY: () => [yearStart(yearOf(day) + index), yearStart(yearOf(day) + index + 1)] as const,
    }[frequency]();
    if (from >= to) return;
    yield [from, end] as const;
  }
}

function timesOf({ numbers }: Rule, start: Wall): number[] {
  const at = new Date(start);
  const { BYHOUR, BYMINUTE, BYSECOND } = numbers;
  return (BYHOUR ?? [at.getUTCHours()])
    .flatMap((hour) =>
      (BYMINUTE ?? [at.getUTCMinutes()]).flatMap((minute) =>
        (BYSECOND ?? [at.getUTCSeconds()]).map((second) => (hour * 60 + minute) * 60 + second),
      ),
    )
    .sort((a, b) => a - b)
    .filter((time, index, all) => time !== all[index - 1])
    .map((seconds) => seconds * 1000);
}

/** The times on the wall, from the start on and before `to`, at which a rule's events begin. */
export function expandByDefinition(rule: Rule, { wall: start, zone }: Moment, to: Wall): Wall[] {
  const times = timesOf(rule, start);
  const positions = rule.numbers.BYSETPOS;
  const found: Wall[] = [];
  for (const [from, end] of periods(rule, start, to)) {
    const set: Wall[] = [];
    for (let day: Wall = from; day < end; day += DAY_MS) {
      if (isInRule(rule, start, day)) set.push(...times.map((time) => day + time));
    }
    for (const [index, wall] of set.entries()) {
      if (wall < start || !isNamed(positions, index, set.length)) continue;
      if (wall >= to || (rule.until !== null && toInstant(wall, zone) > rule.until)) return found;
      found.push(wall);
      if (found.length === rule.count) return found;
    }
  }
  return found;
}
