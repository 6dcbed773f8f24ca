/**
 * date: the time of this server's clock, which may differ from the machine's (coreutils 9.1). In
 * UTC. It cannot be set here: that is a fault, not a command.
 *
 *     -d   @SECONDS, YYYY-MM-DD [HH:MM[:SS]] [Z|±HH[:MM]], HH:MM, now, today, yesterday, tomorrow,
 *          and `[±]N UNIT [ago]` behind any of them but the first
 */
import { done, failed, type Report } from '../environment.ts';
import { formatDate } from './date-format.ts';
import { osCommand, Usage, unknownOption } from './host.ts';

const BY_ITSELF = '%a %b %e %H:%M:%S %Z %Y';
const RFC_5322 = '%a, %d %b %Y %H:%M:%S %z';
const ISO: Record<string, string> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};
const RFC_3339: Record<string, string> = {
  date: '%Y-%m-%d',
  seconds: '%Y-%m-%d %H:%M:%S%:z',
  ns: '%Y-%m-%d %H:%M:%S.%N%:z',
};
const UNIT_MS: Record<string, number> = {
  sec: 1_000,
  second: 1_000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  fortnight: 1_209_600_000,
};
const DAYS_AWAY: Record<string, number> = { today: 0, now: 0, yesterday: -1, tomorrow: 1 };

/** A calendar month on: the 31st of a short month is in the next one, as mktime has it. */
function monthsOn(at: Date, months: number): Date {
  const moved = new Date(at);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  return moved;
}

const CLOCK = /(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?/;
const ZONE = /\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?/;
const DATE = new RegExp(
  `^(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[T ]\\s*${CLOCK.source}${ZONE.source})?`,
);
const TIME = new RegExp(`^${CLOCK.source}${ZONE.source}`);
const MOVE =
  /^([+-]?\s*\d+|next|last)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?(\s+ago)?\b/;

function zoneMs(zone: string | undefined): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '');
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === '-' ? -1 : 1) * minutes * 60_000;
}

function clockMs([hour = '0', minute = '0', second = '0', part = '']: string[]): number | null {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 60) return null;
  return ((h * 60 + m) * 60 + s) * 1000 + Math.floor(Number(`0.${part}0`) * 1000);
}

/** Where a time begins, and what of the text follows it. */
function beginning(text: string, now: Date): { at: Date; rest: string } | null {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const epoch = /^@(-?\d+)(?:[.,](\d+))?$/.exec(text);
  if (epoch) {
    const at = new Date(Number(epoch[1]) * 1000 + Math.floor(Number(`0.${epoch[2] ?? 0}`) * 1000));
    return { at, rest: '' };
  }
  const date = DATE.exec(text);
  if (date) {
    const [, year, month, day, ...clock] = date;
    const start = Date.UTC(Number(year), Number(month) - 1, Number(day));
    const isDay = new Date(start).getUTCDate() === Number(day) && Number(month) <= 12;
    const ms = clockMs(clock.slice(0, 4) as string[]);
    if (!isDay || ms === null) return null;
    return { at: new Date(start + ms - zoneMs(clock[4])), rest: text.slice(date[0].length) };
  }
  const time = TIME.exec(text);
  if (time) {
    const ms = clockMs(time.slice(1, 5));
    if (ms === null) return null;
    return { at: new Date(midnight + ms - zoneMs(time[5])), rest: text.slice(time[0].length) };
  }
  const word = /^(now|today|yesterday|tomorrow)\b/.exec(text);
  const days = DAYS_AWAY[word?.[1] ?? 'now'] ?? 0;
  return {
    at: new Date(now.getTime() + days * 86_400_000),
    rest: text.slice(word?.[0].length ?? 0),
  };
}

/** null: it cannot be understood. */
export function readDate(text: string, now: Date): Date | null {
  const wanted = text
    .trim()
    .toLowerCase()
    .replace(/(?<=\d)t(?=\d)/, 'T')
    .replace(/(?<=\d)z/, 'Z');
  // An empty text is the midnight before.
  if (wanted === '') return new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
  const begun = beginning(wanted, now);
  if (!begun) return null;
  let { at, rest } = begun;
  for (rest = rest.trim(); rest !== ''; rest = rest.trim()) {
    const move = MOVE.exec(rest);
    if (!move) return null;
    const named = { next: 1, last: -1 }[move[1] ?? ''];
    const count = named ?? Number((move[1] ?? '1').replace(/\s/g, ''));
    const times = move[3] ? -count : count;
    const unit = move[2] ?? '';
    if (unit === 'month' || unit === 'year') at = monthsOn(at, times * (unit === 'year' ? 12 : 1));
    else at = new Date(at.getTime() + times * (UNIT_MS[unit] ?? 0));
    rest = rest.slice(move[0].length);
  }
  return Number.isFinite(at.getTime()) ? at : null;
}

interface Wanted {
  format: string | null;
  text: string | null;
}

function iso(formats: Record<string, string>, name: string): string {
  const keys = Object.keys(formats).filter((key) => name !== '' && key.startsWith(name));
  if (keys.length === 0) throw new Usage(`invalid argument '${name}'`);
  return formats[keys[0]!]!;
}

function parse(args: string[]): Wanted {
  const wanted: Wanted = { format: null, text: null };
  const setFormat = (format: string) => {
    if (wanted.format !== null) throw new Usage('multiple output formats specified');
    wanted.format = format;
  };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const [name, value] = arg.startsWith('--') ? arg.split(/=(.*)/s) : [arg.slice(0, 2), undefined];
    const operand = (): string => {
      const given = value ?? (arg.startsWith('--') ? '' : arg.slice(2));
      const found = given === '' && value === undefined ? left.shift() : given;
      if (found === undefined) throw new Usage(`option requires an argument -- '${name}'`);
      return found;
    };
    if (arg.startsWith('+')) setFormat(arg.slice(1));
    else if (name === '-d' || name === '--date') wanted.text = operand();
    else if (arg === '-R' || arg === '--rfc-email') setFormat(RFC_5322);
    else if (name === '-I') setFormat(iso(ISO, arg.slice(2) || 'date'));
    else if (name === '--iso-8601') setFormat(iso(ISO, value ?? 'date'));
    else if (name === '--rfc-3339') setFormat(iso(RFC_3339, value ?? ''));
    else if (['-s', '--set'].includes(name ?? ''))
      throw new Usage('the time can only be read here');
    else if (!['-u', '--utc', '--universal'].includes(arg)) {
      throw arg.startsWith('-') ? unknownOption(arg) : new Usage(`invalid date '${arg}'`);
    }
  }
  return wanted;
}

export const date = osCommand(
  {
    name: 'date',
    kind: 'usual',
    summary: "the server's time, in every format; it cannot be set",
    usage: ['date [-u] [-d TEXT] [+FORMAT]', 'date -R', 'date -I', 'date +%s'],
    traits: () => ({ changes: false }),
    async run(env, args): Promise<Report> {
      const { format, text } = parse(args);
      const now = new Date(env.clock.now());
      const at = text === null ? now : readDate(text, now);
      if (!at) return failed(`date: invalid date '${text}'`);
      return done(`${formatDate(at, format ?? BY_ITSELF)}\n`);
    },
  },
  { refused: 1, usage: 1 },
);
