/**
 * What a calendar is held to before it is signed: it means one thing only, its rules come to the
 * same by rrule and by their definition over ten years, every event begins where its rule says,
 * and the zones that it defines are those that go by their names. Costs more than a question at
 * the gate may.
 */
import { badInput } from '../core/errors.ts';
import { expandByDefinition } from './calendar/definition.ts';
import { expand } from './calendar/expand.ts';
import { type ReadCalendar, readCalendar, spansWithin } from './calendar/index.ts';
import { CalendarProblem } from './calendar/lines.ts';
import { type Rule, timesADay } from './calendar/rule.ts';
import { hasOccurrence, type Series } from './calendar/series.ts';
import type { Moment } from './calendar/times.ts';
import type { DefinedZone } from './calendar/vtimezone.ts';
import { DAY_MS, knownZone } from './calendar/zones.ts';
import type { Freezes } from './freeze.ts';

const YEARS_MS = 3653 * DAY_MS;
/** Of all rules of a calendar together, so that it can be walked. */
const MOST_OCCURRENCES = 2_000_000;
/** Of all that count: they are walked from their start on, also at the gate. */
const MOST_COUNTED = 20_000;

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

const endOfWalk = (start: Moment, at: number) => Math.max(at, start.wall) + YEARS_MS;

function demandAgreement(rule: Rule, start: Moment, to: number): void {
  const found = expand(rule, start, start.wall, to);
  const defined = expandByDefinition(rule, start, to);
  const index = found.findIndex((wall, at) => wall !== defined[at]);
  const differs = index >= 0 ? found[index] : defined[found.length];
  if (differs === undefined) return;
  const why = `two ways to reckon this rule differ about ${day(differs)}`;
  throw new CalendarProblem(rule.line, why, 'write it in a simpler way');
}

function demandBounds(all: { rule: Rule; start: Moment }[], at: number): void {
  let [walked, counted] = [0, 0];
  for (const { rule, start } of all) {
    walked += ((endOfWalk(start, at) - start.wall) / DAY_MS) * timesADay(rule);
    counted += rule.count ?? 0;
    if (walked <= MOST_OCCURRENCES && counted <= MOST_COUNTED) continue;
    const why = `up to here the calendar repeats more often than can be walked`;
    const remedy = 'give it later starts, write UNTIL for a high COUNT, or leave events out';
    throw new CalendarProblem(rule.line, why, remedy);
  }
}

/** Programs differ in which year a week belongs to of which some days lie in another. */
function demandInnerWeeks({ line, interval, numbers }: Rule): void {
  const isSimple = interval === 1 && !numbers.BYSETPOS;
  if (isSimple || !numbers.BYWEEKNO?.some((week) => Math.abs(week) < 2 || Math.abs(week) > 51)) {
    return;
  }
  const why = 'it counts years, or places in a year, by weeks at the turn of a year';
  throw new CalendarProblem(line, why, 'write the rule in days of months');
}

/** RFC 5545 leaves open what a rule means whose start it does not name. */
function demandStart(rule: Rule, start: Moment): void {
  if (expand(rule, start, start.wall, start.wall + 1).length > 0) return;
  const why = `its rule does not name the day on which it starts, ${day(start.wall)}`;
  throw new CalendarProblem(rule.line, why, 'let DTSTART be the first day of the rule');
}

function demandKnownZone({ zone, line, rules }: DefinedZone, at: number): void {
  for (const { rule, start } of rules) demandAgreement(rule, start, at + YEARS_MS);
  const known = knownZone(zone.name);
  if (!known) return;
  for (let now = at; now < at + YEARS_MS; now += DAY_MS) {
    if (zone.offsetAt(now) === known.offsetAt(now)) continue;
    const why = `it defines ${zone.name} otherwise than that zone is from ${day(now)} on`;
    throw new CalendarProblem(line, why, 'leave its VTIMEZONE out, or export the calendar again');
  }
}

function demandSound(series: Series, at: number): void {
  const { masters, overrides } = series;
  for (const { rules, start } of masters) {
    for (const rule of rules) {
      demandInnerWeeks(rule);
      demandStart(rule, start);
      demandAgreement(rule, start, endOfWalk(start, at));
    }
  }
  const isWhole = masters.some(({ cancelled }) => !cancelled);
  for (const { replaces, cancelled } of overrides) {
    if (!replaces || (masters.length > 0 && !isWhole)) continue;
    if (isWhole ? hasOccurrence(series, replaces.id) : !replaces.andFuture && !cancelled) continue;
    const why = 'it stands for an occurrence that there is not';
    throw new CalendarProblem(replaces.line, why, 'correct RECURRENCE-ID and UID');
  }
}

function demandUsable(calendar: ReadCalendar, at: number): void {
  for (const doubt of calendar.doubts) throw doubt;
  const masters = calendar.series.flatMap((series) => series.masters);
  const repeated = masters.flatMap(({ rules, start }) => rules.map((rule) => ({ rule, start })));
  demandBounds([...repeated, ...calendar.zones.flatMap(({ rules }) => rules)], at);
  for (const zone of calendar.zones) demandKnownZone(zone, at);
  for (const series of calendar.series) demandSound(series, at);
  spansWithin(calendar, '', at, at + YEARS_MS);
}

/**
 * Throws badInput with file and line. `at`: the instant of signing, in ms. `files`: where the
 * calendars were read, each beside its freeze; one without a file stands in the policy itself.
 */
export function checkFreezes(freezes: Freezes, at: number, files: (string | null)[] = []): void {
  for (const [index, { name, ics }] of freezes.entries()) {
    try {
      demandUsable(readCalendar(ics), at);
    } catch (error) {
      if (!(error instanceof CalendarProblem)) throw error;
      const file = files[index];
      const { line, message, remedy } = error;
      const inside = file || line === null ? '' : ` (line ${line})`;
      throw badInput(`the calendar ${name} cannot be signed: ${message}${inside}`, {
        code: 'freeze.unreadable',
        remedy,
        ...(file ? { place: { file, ...(line === null ? {} : { line }) } } : {}),
        cause: error,
      });
    }
  }
}
