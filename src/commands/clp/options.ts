/**
 * Options as the vendor's commands take them: single-dash words (`-nomount`), short and long names,
 * values as the next argument or after `=`. Letters are not bundled. A long option that the manual
 * prints with an en dash (`–suspend`) is read as `--suspend`.
 */
import { badInput } from '../../core/errors.ts';
import { hint } from '../../core/nearest.ts';

export interface Option {
  /** As typed, with dashes; the first is the one that messages name. */
  names: string[];
  /** What the value is, in capitals; an option without it is a switch. */
  value?: string;
  /** The value is words, also those that begin with a dash. */
  isText?: boolean;
  /** May stand several times. */
  many?: boolean;
}

export type Options = Record<string, Option>;

export interface Given {
  has(key: string): boolean;
  value(key: string): string | undefined;
  values(key: string): string[];
  /** Arguments that are not options. */
  rest: string[];
}

export function usageError(message: string, remedy?: string) {
  return badInput(message, { code: 'usage', ...(remedy === undefined ? {} : { remedy }) });
}

function find(options: Options, word: string): [string, Option] | undefined {
  return Object.entries(options).find(([, option]) => option.names.includes(word));
}

function unknownOption(options: Options, word: string) {
  const names = Object.values(options).flatMap((option) => option.names);
  return usageError(`unknown option ${word}`, hint(word, names));
}

/** Reads arguments by a table. Throws badInput: nothing was done. */
export function parseOptions(options: Options, args: readonly string[]): Given {
  const found = new Map<string, string[]>();
  const rest: string[] = [];
  const queue = args.map((arg) => (arg.startsWith('–') ? `--${arg.replace(/^–+/, '')}` : arg));
  while (queue.length > 0) {
    const word = queue.shift() ?? '';
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    const cut = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = cut < 0 ? word : word.slice(0, cut);
    const [key, option] = find(options, name) ?? [];
    if (key === undefined || option === undefined) throw unknownOption(options, name);
    const values = found.get(key) ?? [];
    if (values.length > 0 && option.many !== true) throw usageError(`${name} is given twice`);
    found.set(key, [
      ...values,
      valueFor(option, name, cut < 0 ? null : word.slice(cut + 1), queue),
    ]);
  }
  return {
    has: (key) => found.has(key),
    value: (key) => found.get(key)?.[0],
    values: (key) => found.get(key) ?? [],
    rest,
  };
}

function valueFor(option: Option, name: string, joined: string | null, queue: string[]): string {
  if (option.value === undefined) {
    if (joined !== null) throw usageError(`${name} takes no value`);
    return '';
  }
  const value = joined ?? queue.shift();
  if (value === undefined || value === '' || (!option.isText && value.startsWith('-'))) {
    throw usageError(`${name} needs a value: ${name} ${option.value}`);
  }
  return value;
}

/** The one of several options that says what to do. */
export function modeOf<K extends string>(given: Given, options: Options, keys: readonly K[]): K {
  const [first, second] = keys.filter((key) => given.has(key));
  const nameOf = (key: K) => options[key]?.names[0] ?? key;
  if (first === undefined) {
    throw usageError('nothing to do', `give one of ${keys.map(nameOf).join(', ')}`);
  }
  if (second !== undefined) {
    throw usageError(`${nameOf(first)} and ${nameOf(second)} exclude each other`);
  }
  return first;
}

/** At most so many arguments that are not options. */
export function atMost(given: Given, count: number): void {
  const extra = given.rest[count];
  if (extra !== undefined) throw usageError(`unexpected argument ${extra}`);
}

export function wholeNumber(text: string, what: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value < min || value > max) {
    throw usageError(`${what} ${text} is not a whole number from ${min} to ${max}`);
  }
  return value;
}

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `1h`, `1d`, `90s`; a bare number is seconds. */
export function duration(text: string, what: string): number {
  const [, digits, unit = 's'] = /^(\d{1,6})([smhd]?)$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) === 0) {
    throw usageError(`${what} ${text} is not a time`, 'give e.g. 30m, 1h or 1d');
  }
  return Number(digits) * (UNITS_MS[unit === '' ? 's' : unit] ?? 1000);
}
