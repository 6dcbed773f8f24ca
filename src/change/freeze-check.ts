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
import { CalendarFault } from './calendar/lines.ts';
import type { Rule } from './calendar/rule.ts';
import { hasOccurrence, type Series } from './calendar/series.ts';
import type { Moment } from './calendar/times.ts';
import type { DefinedZone } from './calendar/vtimezone.ts';
import { DAY_MS, knownZone } from './calendar/zones.ts';
import type { Freezes } from './freeze.ts';

const YEARS_MS = 3653 * DAY_MS;
/** Of one rule, so that no series is too long to be walked. */
const MOST_OCCURRENCES = 400_000;

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

function demandAgreement(rule: Rule, start: Moment, to: number): void {
  const span = (to - start.wall) / DAY_MS;
  if (span > MOST_OCCURRENCES) {
    throw new CalendarFault(rule.line, 'it began long ago', 'give it a later DTSTART');
  }
  const found = expand(rule, start, start.wall, to);
  const defined = expandByDefinition(rule, start, to);
  const index = found.findIndex((wall, at) => wall !== defined[at]);
  const differs = index >= 0 ? found[index] : defined[found.length];
  if (differs === undefined) return;
  const why = `two ways to reckon this rule differ about ${day(differs)}`;
  throw new CalendarFault(rule.line, why, 'write it in a simpler way');
}

/** RFC 5545 leaves open what a rule means whose start it does not name. */
function demandStart(rule: Rule, start: Moment): void {
  if (expand(rule, start, start.wall, start.wall + 1).length > 0) return;
  const why = `its rule does not name the day on which it starts, ${day(start.wall)}`;
  throw new CalendarFault(rule.line, why, 'let DTSTART be the first day of the rule');
}

function demandKnownZone({ zone, line, rules }: DefinedZone, at: number): void {
  for (const { rule, start } of rules) demandAgreement(rule, start, at + YEARS_MS);
  const known = knownZone(zone.name);
  if (!known) return;
  for (let now = at; now < at + YEARS_MS; now += DAY_MS) {
    if (zone.offsetAt(now) === known.offsetAt(now)) continue;
    const why = `it defines ${zone.name} otherwise than that zone is from ${day(now)} on`;
    throw new CalendarFault(line, why, 'leave its VTIMEZONE out, or export the calendar again');
  }
}

function demandSound(series: Series, at: number): void {
  const { masters, overrides } = series;
  for (const { rules, start } of masters) {
    for (const rule of rules) {
      demandStart(rule, start);
      demandAgreement(rule, start, Math.max(at, start.wall) + YEARS_MS);
    }
  }
  const isWhole = masters.some(({ cancelled }) => !cancelled);
  for (const { replaces, cancelled } of overrides) {
    if (!replaces || (masters.length > 0 && !isWhole)) continue;
    if (isWhole ? hasOccurrence(series, replaces.id) : !replaces.andFuture && !cancelled) continue;
    const why = 'it stands for an occurrence that there is not';
    throw new CalendarFault(replaces.line, why, 'correct RECURRENCE-ID and UID');
  }
}

function demandUsable(calendar: ReadCalendar, at: number): void {
  for (const doubt of calendar.doubts) throw doubt;
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
      if (!(error instanceof CalendarFault)) throw error;
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
