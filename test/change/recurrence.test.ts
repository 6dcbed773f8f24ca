/**
 * Rules of every shape, expanded by rrule as the gate does it, by their definition as a signing
 * does it, and by two programs that nobody here wrote.
 */
import test from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { expandByDefinition } from '../../src/change/calendar/definition.ts';
import { expand } from '../../src/change/calendar/expand.ts';
import { type Rule, readRule } from '../../src/change/calendar/rule.ts';
import type { Moment } from '../../src/change/calendar/times.ts';
import { DAY_MS, UTC } from '../../src/change/calendar/zones.ts';
import { testWithPython } from '../support/tools.ts';

const YEARS_MS = 3653 * DAY_MS;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const form = (wall: number) => new Date(wall).toISOString().replace(/[-:]|\.000Z/g, '');

interface Case {
  text: string;
  start: Moment;
}

/** From the front or from the back, in order: libical wants it so. */
const some = (most: number, size: number) =>
  fc
    .tuple(
      fc.constantFrom(1, -1),
      fc.uniqueArray(fc.integer({ min: 1, max: most }), { minLength: 1, maxLength: size }),
    )
    .map(([sign, values]) => values.map((value) => sign * value).sort((a, b) => a - b));
const ascending = (min: number, max: number, size: number) =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: size })
    .map((values) => values.sort((a, b) => a - b));
const days = (counted: boolean) => {
  const nth = counted ? fc.constantFrom(1, 2, 3, 4, 5, -1, -2) : fc.constant('');
  return fc
    .uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1, maxLength: 3 })
    .chain((names) => fc.tuple(...names.map((name) => nth.map((one) => `${one}${name}`))));
};

/** One part of a rule in so many of ten rules. */
const part = <T>(arbitrary: fc.Arbitrary<T>, name: string, often: number) =>
  fc.option(
    arbitrary.map((value) => `${name}=${String(value)}`),
    { freq: often, nil: '' },
  );

function rules(frequency: string): fc.Arbitrary<string> {
  const yearly = frequency === 'YEARLY';
  const ofDays = yearly || frequency === 'MONTHLY';
  const choices = [
    part(fc.constantFrom(1, 2, 3, 5), 'INTERVAL', 1),
    part(ascending(1, 12, 3), 'BYMONTH', 1),
    ...(frequency === 'WEEKLY' ? [] : [part(some(31, 4), 'BYMONTHDAY', 1)]),
    ...(yearly ? [part(some(366, 6), 'BYYEARDAY', 1)] : []),
    part(
      fc.boolean().chain((counted) => days(counted && ofDays)),
      'BYDAY',
      2,
    ),
    part(ascending(0, 23, 2), 'BYHOUR', 1),
    part(fc.constantFrom(...WEEKDAYS), 'WKST', 1),
    part(some(3, 2), 'BYSETPOS', 1),
    part(fc.constantFrom(1, 5, 20, 1500), 'COUNT', 1),
  ];
  return fc
    .tuple(...choices)
    .map((found) => [`FREQ=${frequency}`, ...found.filter(Boolean)].join(';'))
    .filter((text) => !text.includes('BYSETPOS') || /BY(?!SETPOS)/.test(text));
}

/** Week numbers stand in rules of their own: with numbers of days they hardly ever meet. */
const weeks = fc
  .tuple(some(53, 4), part(days(false), 'BYDAY', 5), part(fc.constantFrom(...WEEKDAYS), 'WKST', 1))
  .map(([numbers, ...more]) =>
    ['FREQ=YEARLY', `BYWEEKNO=${numbers}`, ...more.filter(Boolean)].join(';'),
  );

const cases: fc.Arbitrary<Case> = fc
  .tuple(
    fc.oneof(weeks, ...['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY'].map(rules)),
    fc.integer({ min: 0, max: 2500 }),
  )
  .map(([text, day]) => ({
    text,
    start: {
      form: 'utc',
      wall: Date.UTC(2019, 5, 1, 22) + day * DAY_MS,
      zone: UTC,
      floating: false,
    },
  }));

/** Null where the rule names a day or a place that there is not, which is refused. */
function ruleOf({ text, start }: Case): Rule | null {
  const property = { name: 'rrule', kind: 'recur', line: 1, text, written: text, parameters: {} };
  try {
    return readRule(property, start, { named: () => UTC, fallback: UTC });
  } catch (error) {
    if (/does not exist|BYSETPOS counts further/.test(String(error))) return null;
    throw error;
  }
}

test('rrule and the definition of a rule come to the same, whatever part of it is asked for', (t) => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 0, max: 3000 }), (one, skipped) => {
      const rule = ruleOf(one);
      if (rule === null) return;
      const { start } = one;
      const to = start.wall + YEARS_MS;
      const whole = expandByDefinition(rule, start, to);
      t.deepEqual(expand(rule, start, start.wall, to), whole, one.text);
      const from = start.wall + skipped * DAY_MS;
      const until = Math.min(to, from + 40 * DAY_MS);
      const asked = whole.filter((wall) => wall >= from && wall < until);
      t.deepEqual(expand(rule, start, from, until), asked, `${one.text} later`);
    }),
    { numRuns: 150 },
  );
});

test('a rule that names no day at all comes to an end without one', (t) => {
  const start: Moment = { form: 'utc', wall: Date.UTC(2026, 0, 1), zone: UTC, floating: false };
  const base = {
    line: 1,
    interval: 1,
    count: null,
    until: null,
    weekStart: 0,
    days: [],
    numbers: {},
  };
  const never: Rule[] = [
    { ...base, frequency: 'DAILY', interval: 7, days: [{ day: 0, nth: 0 }] },
    { ...base, frequency: 'YEARLY', numbers: { BYWEEKNO: [20], BYMONTH: [1] } },
    { ...base, frequency: 'YEARLY', numbers: { BYYEARDAY: [200], BYMONTH: [1] } },
    { ...base, frequency: 'MONTHLY', days: [{ day: 0, nth: 6 }] },
  ];
  for (const rule of never) {
    t.deepEqual(expand(rule, start, start.wall, start.wall + YEARS_MS), []);
    t.deepEqual(expandByDefinition(rule, start, start.wall + YEARS_MS), []);
  }
});

/** Where the other programs are known to stray from RFC 5545; each by the shape of the rule. */
function isBeyond(program: 'dateutil' | 'libical', { text }: Case): boolean {
  const [, weeks] = /BYWEEKNO=([-\d,]+)/.exec(text) ?? [];
  if (weeks !== undefined) {
    // Without BYDAY each takes other days; and days of a last week that lie in the next year, or of
    // a first one in the year before, are left out.
    const isInner = weeks.split(',').every((week) => Number(week) > 1 && Number(week) < 52);
    return !text.includes('BYDAY') || !isInner;
  }
  const positions = text.includes('BYSETPOS');
  // It cuts the week of the start.
  if (program === 'dateutil') return positions && text.includes('WEEKLY');
  // Places are counted within a day or a week otherwise, and days of a month never from its end.
  const daily = text.includes('DAILY');
  if (positions && (daily || text.includes('WEEKLY') || text.includes('BYHOUR'))) return true;
  return daily && /BYMONTHDAY=-/.test(text);
}

const MODULES = [
  'import gi, dateutil.rrule',
  'gi.require_version("ICalGLib", "3.0")',
  'from gi.repository import ICalGLib',
];

testWithPython(MODULES, '300 rules come to the same by dateutil and libical', async (t, python) => {
  const sampled = fc.sample(cases, { numRuns: 360, seed: 5545 });
  const asked = sampled.filter((one) => ruleOf(one) !== null).slice(0, 300);
  t.is(asked.length, 300);
  const lines = asked.map(({ text, start }) =>
    JSON.stringify([text, form(start.wall), form(start.wall + YEARS_MS)]),
  );
  const script = new URL('recurrence.py', import.meta.url).pathname;
  const { stdout } = await execa(python, [script], { input: lines.join('\n') });
  const compared = { dateutil: 0, libical: 0 };
  for (const [index, line] of stdout.split('\n').entries()) {
    const one = asked[index] as Case;
    const found = JSON.parse(line) as Record<'dateutil' | 'libical', string[]>;
    const ours = expand(ruleOf(one) as Rule, one.start, one.start.wall, one.start.wall + YEARS_MS);
    for (const program of ['dateutil', 'libical'] as const) {
      if (isBeyond(program, one)) continue;
      compared[program] += 1;
      t.deepEqual(ours.map(form), found[program], `${program}: ${lines[index]}`);
    }
  }
  // What is left out is the smaller part.
  t.true(compared.dateutil >= 200 && compared.libical >= 200, JSON.stringify(compared));
});
