/** Zones that a calendar defines itself: when their clocks change, by the rules of its VTIMEZONE. */

import { expand } from './expand.ts';
import { CalendarProblem, type Component, onlyOne, type Property, textOf } from './lines.ts';
import { type Rule, readRule } from './rule.ts';
import { type Moment, momentsOf, type Zones } from './times.ts';
import type { Zone } from './zones.ts';

/** A change of the clocks: from an instant on they are so far ahead of UTC. */
interface Change {
  at: number;
  offset: number;
}

export interface ChangeRule {
  rule: Rule;
  start: Moment;
}

export interface DefinedZone {
  zone: Zone;
  line: number;
  rules: ChangeRule[];
}

/** As far as the clocks of a zone are reckoned. */
const LAST = Date.UTC(2200, 0, 1);

function readOffset(part: Component, name: string): number {
  const property = onlyOne(part, name);
  const [, sign, hours, minutes, seconds] =
    /^([+-])(\d\d):?(\d\d):?(\d\d)?$/.exec(property?.written.trim() ?? '') ?? [];
  if (sign === undefined || Number(hours) > 23 || Number(minutes) > 59) {
    const line = property?.line ?? part.line;
    throw new CalendarProblem(line, `no ${name.toUpperCase()} like +0100`, 'correct the VTIMEZONE');
  }
  const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -size : size) * 1000;
}

/** Its times stand on a wall with the offset that was valid before. */
function readObservance(part: Component) {
  const from = readOffset(part, 'tzoffsetfrom');
  const before: Zone = { name: 'before', offsetAt: () => from };
  const zones: Zones = { named: () => before, fallback: before };
  const moments = (property: Property) => momentsOf(property, zones);
  const begins = onlyOne(part, 'dtstart');
  const [start] = begins ? moments(begins) : [];
  if (!start) throw new CalendarProblem(part.line, 'a change of clocks has no start', 'correct it');
  const rules = part.properties
    .filter(({ name }) => name === 'rrule')
    .map((property) => ({ rule: readRule(property, start, zones), start }));
  const more = part.properties.filter(({ name }) => name === 'rdate').flatMap(moments);
  const offset = readOffset(part, 'tzoffsetto');
  const changes = (): Change[] => {
    const repeated = rules.flatMap(({ rule }) => expand(rule, start, start.wall, LAST));
    const walls = [start.wall, ...repeated, ...more.map(({ wall }) => wall)];
    return walls.map((wall) => ({ at: wall - from, offset }));
  };
  return { start: start.wall - from, from, rules, changes };
}

/** The offset at an instant, of changes in their order. */
function offsetIn(changes: readonly Change[], first: number, instant: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as Change).at <= instant) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1]?.offset ?? first;
}

/** Throws CalendarProblem. */
export function defineZone(component: Component): DefinedZone {
  const name = textOf(component, 'tzid');
  const observances = component.components
    .filter(({ name }) => name === 'standard' || name === 'daylight')
    .map(readObservance)
    .sort((a, b) => a.start - b.start);
  const [first] = observances;
  if (!first || name === '') {
    throw new CalendarProblem(component.line, 'a time zone without a name or a rule', 'correct it');
  }
  let changes: Change[] | null = null;
  const offsetAt = (instant: number): number => {
    changes ??= observances.flatMap((one) => one.changes()).sort((a, b) => a.at - b.at);
    return offsetIn(changes, first.from, instant);
  };
  const rules = observances.flatMap((one) => one.rules);
  return { zone: { name, offsetAt }, line: component.line, rules };
}
