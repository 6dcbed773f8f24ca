/**
 * When a rule's events begin, on the wall clock. Which days those are comes from rrule, which is
 * asked for what it is right about: the days of whole periods. What RFC 5545 takes from the start
 * is said to it, and BYWEEKNO, BYSETPOS, COUNT and UNTIL are seen to here: rrule misses days of a
 * year's last week that lie in the next year, counts an occurrence twice that two positions name,
 * takes the first one where a position counts back further than the set goes, cuts the week of the
 * start, and knows nothing of zones.
 */
import rrule from 'rrule';
import { DAYS, type Rule, type Weekday } from './rule.ts';
import type { Moment } from './times.ts';
import { DAY_MS, toInstant, type Wall } from './zones.ts';

const WEEK_MS = 7 * DAY_MS;

/** The period of the rule's frequency in which a time lies: when it begins. */
function periodOf({ frequency, weekStart }: Rule, wall: Wall): Wall {
  const day = Math.floor(wall / DAY_MS) * DAY_MS;
  const date = new Date(day);
  if (frequency === 'DAILY') return day;
  if (frequency === 'WEEKLY') return day - ((date.getUTCDay() + 6 - weekStart) % 7) * DAY_MS;
  return Date.UTC(date.getUTCFullYear(), frequency === 'YEARLY' ? 0 : date.getUTCMonth(), 1);
}

/** No period of a frequency is longer. */
const PERIOD_DAYS = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1 };

/**
 * The first period to look at: that of the start, or a later one in step with it when all before
 * `from` do not matter.
 */
function firstPeriod(rule: Rule, start: Wall, from: Wall): Wall {
  const { frequency, interval } = rule;
  const first = periodOf(rule, start);
  const later = periodOf(rule, from);
  if (later <= first) return first;
  const steps = (periods: number) => Math.max(0, Math.floor(periods / interval) - 1) * interval;
  if (frequency === 'DAILY') return first + steps((later - first) / DAY_MS) * DAY_MS;
  if (frequency === 'WEEKLY') return first + steps((later - first) / WEEK_MS) * WEEK_MS;
  const [a, b] = [new Date(first), new Date(later)];
  const years = b.getUTCFullYear() - a.getUTCFullYear();
  if (frequency === 'YEARLY') return Date.UTC(a.getUTCFullYear() + steps(years), 0, 1);
  const months = years * 12 + b.getUTCMonth() - a.getUTCMonth();
  return Date.UTC(a.getUTCFullYear(), a.getUTCMonth() + steps(months), 1);
}

/** rrule wants a day to be both where some days have a number and some have none. */
function countedDays({ frequency, days, numbers }: Rule): Weekday[] {
  if (days.every(({ nth }) => nth === 0)) return days;
  const most = frequency === 'MONTHLY' || numbers.BYMONTH ? 5 : 53;
  return days.flatMap(({ day, nth }) =>
    nth === 0
      ? Array.from({ length: most }, (_, index) => ({ day, nth: index + 1 }))
      : [{ day, nth }],
  );
}

/** The rule with what RFC 5545 takes from its start where it does not say it. */
function completed(rule: Rule, start: Wall): Rule {
  const at = new Date(start);
  const { frequency, numbers } = rule;
  const { BYMONTH, BYMONTHDAY, BYYEARDAY, BYWEEKNO } = numbers;
  const made: Rule = {
    ...rule,
    days: countedDays(rule),
    numbers: {
      BYHOUR: [at.getUTCHours()],
      BYMINUTE: [at.getUTCMinutes()],
      BYSECOND: [at.getUTCSeconds()],
      ...numbers,
    },
  };
  if (rule.days.length > 0 || BYMONTHDAY || BYYEARDAY || frequency === 'DAILY') return made;
  if (frequency === 'WEEKLY' || BYWEEKNO) {
    return { ...made, days: [{ day: (at.getUTCDay() + 6) % 7, nth: 0 }] };
  }
  made.numbers.BYMONTHDAY = [at.getUTCDate()];
  if (frequency === 'YEARLY') made.numbers.BYMONTH = BYMONTH ?? [at.getUTCMonth() + 1];
  return made;
}

/** After so many years the same days are the same days of the week again. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * DAY_MS;
const LAST_YEAR = 9999;

/**
 * How many cycles later to ask. Where nothing more comes, rrule looks for it until the year 9999,
 * which can take minutes from here: so it is asked as near to that year as the calendar allows.
 */
function cyclesBefore(to: Wall): number {
  const year = new Date(to).getUTCFullYear();
  return Math.max(0, Math.floor((LAST_YEAR - 2 - year) / CYCLE_YEARS));
}

function listed({ frequency, interval, weekStart, days, numbers }: Rule, dtstart: Date) {
  const { RRule } = rrule;
  const names = DAYS.map((name) => RRule[name]);
  const weekdays = days.map(({ day, nth }) => (nth ? names[day]!.nth(nth) : names[day]!));
  return new RRule(
    {
      freq: RRule[frequency],
      interval,
      dtstart,
      wkst: names[weekStart] ?? null,
      byweekday: weekdays.length > 0 ? weekdays : null,
      bymonth: numbers.BYMONTH ?? null,
      bymonthday: numbers.BYMONTHDAY ?? null,
      byyearday: numbers.BYYEARDAY ?? null,
      byhour: numbers.BYHOUR ?? null,
      byminute: numbers.BYMINUTE ?? null,
      bysecond: numbers.BYSECOND ?? null,
    },
    true,
  );
}

/** A week belongs to the year in which its fourth day lies; it may count from either end of it. */
function isInWeeks({ numbers, weekStart }: Rule, wall: Wall): boolean {
  if (!numbers.BYWEEKNO) return true;
  const sinceStart = (new Date(wall).getUTCDay() + 6 - weekStart) % 7;
  const middle = Math.floor(wall / DAY_MS) + 3 - sinceStart;
  const year = new Date(middle * DAY_MS).getUTCFullYear();
  const [first, next] = [Date.UTC(year, 0, 1) / DAY_MS, Date.UTC(year + 1, 0, 1) / DAY_MS];
  const before = Math.floor((middle - first) / 7);
  const after = Math.floor((next - 1 - middle) / 7);
  return numbers.BYWEEKNO.some((week) => week === before + 1 || week === -(after + 1));
}

/** Of the times of each period those that BYSETPOS names, from its front or its back. */
function positioned(rule: Rule, walls: readonly Wall[]): Wall[] {
  const positions = rule.numbers.BYSETPOS;
  if (!positions) return [...walls];
  const sets = new Map<Wall, Wall[]>();
  for (const wall of walls) {
    const period = periodOf(rule, wall);
    const set = sets.get(period);
    if (set) set.push(wall);
    else sets.set(period, [wall]);
  }
  return [...sets.values()].flatMap((set) =>
    set.filter((_, index) =>
      positions.some((one) => one === index + 1 || one === index - set.length),
    ),
  );
}

/** As `expand`, whatever the rule's COUNT. */
function expandOn(rule: Rule, start: Moment, from: Wall, to: Wall): Wall[] {
  const { until, frequency } = rule;
  // An UNTIL is an instant; a day covers every offset.
  const end = until === null ? to : Math.min(to, until + 2 * DAY_MS);
  if (end <= start.wall || end <= from) return [];
  // Whole periods, so that positions in them can be counted.
  const whole = rule.numbers.BYSETPOS ? PERIOD_DAYS[frequency] * DAY_MS : 0;
  const first = firstPeriod(rule, start.wall, from - whole);
  const shift = cyclesBefore(end + whole) * CYCLE_MS;
  const walls = listed(completed(rule, start.wall), new Date(first + shift))
    .between(new Date(first + shift), new Date(end + whole - 1 + shift), true)
    .map((date) => date.getTime() - shift)
    .filter((wall) => isInWeeks(rule, wall));
  return positioned(rule, walls)
    .filter((wall) => wall >= start.wall && wall >= from && wall < end)
    .filter((wall) => until === null || toInstant(wall, start.zone) <= until);
}

/** Where rules with a COUNT end: behind their last event. Found once for each that was read. */
const ends = new WeakMap<Rule, Wall>();
const MOST_PERIODS = 1000;

function countedEnd(rule: Rule, start: Moment, count: number, to: Wall): Wall {
  const held = ends.get(rule);
  if (held !== undefined) return Math.min(held, to);
  const periods = rule.interval * Math.min(count, MOST_PERIODS);
  const step = PERIOD_DAYS[rule.frequency] * DAY_MS * periods;
  let left = count;
  for (let from = start.wall; from < to; from += step) {
    const walls = expandOn(rule, start, from, Math.min(from + step, to));
    const last = walls[left - 1];
    if (last !== undefined) {
      ends.set(rule, last + 1);
      return last + 1;
    }
    left -= walls.length;
  }
  return to;
}

/** The times on the wall, of `from` and after and before `to`, at which events begin, in order. */
export function expand(rule: Rule, start: Moment, from: Wall, to: Wall): Wall[] {
  const { count } = rule;
  return expandOn(rule, start, from, count === null ? to : countedEnd(rule, start, count, to));
}
