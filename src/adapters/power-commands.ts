/**
 * A power control by commands: the programs of a platform (power-platforms.ts), each killed at its
 * limit from outside, whatever its own options make it wait. Only what is printed on a line of its own
 * after an exit of 0 counts as a reading; what an order ends with decides nothing.
 */
import { badInput } from '../core/errors.ts';
import type { PowerControl, PowerReading } from '../ports/power-control.ts';
import { PLATFORMS, type Platform, type PlatformCommand } from './power-platforms.ts';

export interface PowerEntries {
  platform: string;
  /** A way to be off that the platform has besides its usual one. */
  action?: string;
  /** Fields by server. */
  machines: Record<string, Record<string, string>>;
}

/** Sooner than that somebody refused; a controller that is not there is waited for longer. */
const REFUSED_MS = 1_500;
const MOST_BYTES = 64 * 1024;
const WORDS = 200;

type Fields = Record<string, string>;

function filled(text: string, fields: Fields): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => fields[name] ?? '');
}

/** The fields of every machine, checked. Throws badInput, which names server, field and remedy. */
function checked({ platform, machines }: PowerEntries, from: string): [Platform, typeof machines] {
  const known = Object.hasOwn(PLATFORMS, platform) ? PLATFORMS[platform] : undefined;
  const refuse = (words: string, remedy: string) =>
    badInput(`${from}: ${words}`, { code: 'power.entry', remedy });
  if (!known) {
    const names = Object.keys(PLATFORMS).join(', ');
    throw refuse(`platform: there is none called ${platform}`, `say one of ${names}`);
  }
  const entries = Object.entries(machines).map(([server, given]) => {
    const fields = { ...known.otherwise, ...given };
    const lacking = known.needs.find((name) => !fields[name]);
    if (lacking) throw refuse(`${server} has no ${lacking}`, `give it: ${platform} needs it`);
    const { powerless } = known;
    const level = powerless ? (fields[powerless.field] ?? '') : '';
    if (powerless?.values.includes(level.toUpperCase())) {
      const words = `${server}: ${powerless.field} ${level} cannot cut the power`;
      throw refuse(words, 'use a login of privilege OPERATOR or more');
    }
    return [server, fields] as const;
  });
  return [known, Object.fromEntries(entries)];
}

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

/** What a list of logins says against the one that is used; null: nothing. */
function denialIn(list: string, { logins, powerless }: Platform, fields: Fields): string | null {
  if (!logins || !powerless) return null;
  const name = fields[logins.field];
  const rows = list.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
  const level = rows.find((row) => row[logins.name] === name)?.[logins.level] ?? '';
  if (!powerless.values.includes(level.toUpperCase())) return null;
  return `${logins.field} ${name} has ${powerless.field} ${level} at most`;
}

/** A password that a program repeats in its words is not passed on. */
function masked(text: string, { env }: Platform, fields: Fields): string {
  const secrets = Object.values(env)
    .map((template) => filled(template, fields))
    .filter((secret) => secret !== '');
  const plain = secrets.reduce((left, secret) => left.replaceAll(secret, '****'), text);
  return plain.trim().replace(/\s+/g, ' ').slice(0, WORDS);
}

function whyOf(
  { exitCode, stdout, stderr, ms }: Ended,
  platform: Platform,
  fields: Fields,
): string {
  const words = masked(stderr || stdout, platform, fields);
  if (exitCode === 0) return `it answered something else: ${words}`;
  const how = ms < REFUSED_MS ? 'refused' : `not reachable within ${(ms / 1000).toFixed(1)} s`;
  return words === '' ? how : `${how}: ${words}`;
}

/** Loaded with the first command: it is large, and most daemons never stop another server by force. */
const library = () => import('execa');

export function powerCommands(entries: PowerEntries, from: string, path: string): PowerControl {
  const [platform, machines] = checked(entries, from);
  const { action } = entries;
  const other = action === undefined ? undefined : platform.orders?.[action];
  if (action !== undefined && !other) {
    const known = Object.keys(platform.orders ?? {}).join(', ') || 'none';
    throw badInput(`${from}: action: ${entries.platform} has none called ${action}`, {
      code: 'power.entry',
      remedy: `leave it out, or say one of: ${known}`,
    });
  }

  async function run({ argv, limitMs }: PlatformCommand, fields: Fields): Promise<Ended> {
    const [program = '', ...args] = argv.map((text) => filled(text, fields));
    const secrets = Object.entries(platform.env).map(([name, text]) => [
      name,
      filled(text, fields),
    ]);
    const started = process.hrtime.bigint();
    const end = await (await library()).execa(program, args, {
      env: { PATH: path, LC_ALL: 'C', ...Object.fromEntries(secrets) },
      extendEnv: false,
      shell: false,
      stdin: 'ignore',
      reject: false,
      timeout: limitMs,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_BYTES,
    });
    const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
    const { exitCode = null, stdout = '', stderr = '' } = end;
    return { exitCode, stdout, stderr, ms };
  }

  return {
    async look(server): Promise<PowerReading> {
      const fields = Object.hasOwn(machines, server) ? machines[server] : undefined;
      if (!fields) return { power: 'unknown', why: `${from} says nothing of ${server}` };
      const end = await run(platform.look, fields);
      const lines = end.stdout.split('\n').map((line) => line.trim());
      const says = (words: readonly string[]) => lines.some((line) => words.includes(line));
      if (end.exitCode === 0 && says(platform.off) && !says(platform.on)) return { power: 'off' };
      if (end.exitCode === 0 && says(platform.on)) return { power: 'on' };
      return { power: 'unknown', why: whyOf(end, platform, fields) };
    },
    async denial(server): Promise<string | null> {
      const fields = Object.hasOwn(machines, server) ? machines[server] : undefined;
      if (!fields || !platform.logins) return null;
      const end = await run(platform.logins, fields);
      return end.exitCode === 0 ? denialIn(end.stdout, platform, fields) : null;
    },
    async order(server): Promise<void> {
      const fields = Object.hasOwn(machines, server) ? machines[server] : undefined;
      if (fields) await run(other ?? platform.order, fields);
    },
    async start(server): Promise<void> {
      const fields = Object.hasOwn(machines, server) ? machines[server] : undefined;
      if (fields) await run(platform.start, fields);
    },
  };
}
