/**
 * A time in every format of date(1) (coreutils 9.1), in the C locale and UTC: a letter with its
 * flags and width (`%-d`, `%_5Y`, `%^a`, `%:z`). What is no format stays as it was written. Pure.
 */
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const DAY_MS = 86_400_000;

const short = (name: string | undefined): string => (name ?? '').slice(0, 3);

/** A number with the width and the filling that it has by itself. */
interface Figure {
  value: number;
  width: number;
  fill: '0' | ' ';
  signs?: boolean;
}
type Field = string | Figure;

function dayOfYear(at: Date): number {
  return Math.floor((startOf(at) - Date.UTC(at.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

function startOf(at: Date): number {
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function isoWeek(at: Date): { year: number; week: number } {
  const weekday = (at.getUTCDay() + 6) % 7;
  const thursday = new Date(startOf(at) + (3 - weekday) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

/** Weeks since the first one that begins with a day: 0 Sunday, 1 Monday. */
function weekFrom(at: Date, first: number): number {
  const weekday = (at.getUTCDay() - first + 7) % 7;
  return Math.floor((dayOfYear(at) + 6 - weekday) / 7);
}

const padded = (value: number, width = 2): Figure => ({ value, width, fill: '0' });
const blank = (value: number): Figure => ({ value, width: 2, fill: ' ' });

function hourOfTwelve(at: Date): number {
  return at.getUTCHours() % 12 || 12;
}

const NUMBERS: Record<string, (at: Date) => Figure> = {
  C: (at) => padded(Math.floor(at.getUTCFullYear() / 100)),
  d: (at) => padded(at.getUTCDate()),
  e: (at) => blank(at.getUTCDate()),
  g: (at) => padded(isoWeek(at).year % 100),
  G: (at) => ({ ...padded(isoWeek(at).year, 4), signs: true }),
  H: (at) => padded(at.getUTCHours()),
  I: (at) => padded(hourOfTwelve(at)),
  j: (at) => padded(dayOfYear(at), 3),
  k: (at) => blank(at.getUTCHours()),
  l: (at) => blank(hourOfTwelve(at)),
  m: (at) => padded(at.getUTCMonth() + 1),
  M: (at) => padded(at.getUTCMinutes()),
  q: (at) => padded(Math.floor(at.getUTCMonth() / 3) + 1, 1),
  s: (at) => padded(Math.floor(at.getTime() / 1000), 1),
  S: (at) => padded(at.getUTCSeconds()),
  u: (at) => padded(at.getUTCDay() || 7, 1),
  U: (at) => padded(weekFrom(at, 0)),
  V: (at) => padded(isoWeek(at).week),
  w: (at) => padded(at.getUTCDay(), 1),
  W: (at) => padded(weekFrom(at, 1)),
  y: (at) => padded(at.getUTCFullYear() % 100),
  Y: (at) => ({ ...padded(at.getUTCFullYear(), 4), signs: true }),
};

const NAMES: Record<string, (at: Date) => string> = {
  a: (at) => short(DAYS[at.getUTCDay()]),
  A: (at) => DAYS[at.getUTCDay()] ?? '',
  b: (at) => short(MONTHS[at.getUTCMonth()]),
  B: (at) => MONTHS[at.getUTCMonth()] ?? '',
  h: (at) => short(MONTHS[at.getUTCMonth()]),
  n: () => '\n',
  p: (at) => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: (at) => (at.getUTCHours() < 12 ? 'am' : 'pm'),
  t: () => '\t',
  Z: () => 'UTC',
  '%': () => '%',
};

/** Formats that stand for several. */
const WHOLE: Record<string, string> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%+4Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};
const ZONES = ['+0000', '+00:00', '+00:00:00', '+00'];

const FORMAT = /%([-_0+^#]*)(\d*)(:{0,3})([EO]?)([a-zA-Z%])/g;
/** No line is longer: what a width asks beyond that is not given. */
const MOST_WIDTH = 1_000;

interface Asked {
  flags: string;
  width: number | null;
}

function filled(text: string, width: number, fill: string): string {
  const sign = /^[+-]/.test(text) && fill === '0' ? text.slice(0, 1) : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, fill);
}

function figure({ value, width, fill, signs }: Figure, { flags, width: asked }: Asked): string {
  const by = [...flags].findLast((flag) => '-_0+'.includes(flag));
  const least = asked ?? width;
  // `+` shows the sign of a year that needs more room than it usually has.
  const isSigned = by === '+' && signs === true && (value > 9999 || least > width);
  const text = `${isSigned ? '+' : ''}${value}`;
  if (by === '-') return text;
  return filled(text, least, by === '_' ? ' ' : by === undefined ? fill : '0');
}

function cased(text: string, letter: string, { flags }: Asked): string {
  if (letter === 'P') return text;
  if (flags.includes('^')) return text.toUpperCase();
  if (!flags.includes('#')) return text;
  return letter === 'p' || letter === 'Z' ? text.toLowerCase() : text.toUpperCase();
}

function nanoseconds(at: Date, { flags, width }: Asked): string {
  const digits = String((((at.getTime() % 1000) + 1000) % 1000) * 1_000_000).padStart(9, '0');
  const asked = width === null ? digits : digits.slice(0, width).padEnd(width, '0');
  const isBare = width !== null && flags.includes('-');
  return isBare ? asked.replace(/(?<=.)0+$/, '') : asked;
}

function fieldOf(letter: string, colons: number, at: Date): Field | null {
  if (letter === 'z') return ZONES[colons] ?? null;
  if (colons > 0) return null;
  const number = NUMBERS[letter]?.(at);
  if (number) return number;
  const whole = WHOLE[letter];
  return whole === undefined ? (NAMES[letter]?.(at) ?? null) : formatDate(at, whole);
}

export function formatDate(at: Date, format: string): string {
  return format.replace(FORMAT, (written, flags, digits, colons, _locale, letter) => {
    const width = digits === '' ? null : Math.min(Number(digits), MOST_WIDTH);
    const asked = { flags, width };
    if (letter === 'N' && colons === '') return nanoseconds(at, asked);
    const field = fieldOf(letter, colons.length, at);
    if (field === null) return written;
    if (typeof field !== 'string') return figure(field, asked);
    const text = cased(field, letter, asked);
    if (width === null || flags.includes('-')) return text;
    const isZeroed = flags.includes('0') || (letter === 'F' && !flags.includes('_'));
    return filled(text, width, letter === 'z' || isZeroed ? '0' : ' ');
  });
}
