/**
 * How the values of a runbook's secrets are given. Whoever may list the processes of this machine
 * reads its command lines, so a value has ways around them; the first that gives one counts:
 *
 *   --secret NAME=FILE     the text of a file, without the line feed at its end; `-` is stdin
 *   --set NAME=VALUE       with a warning
 *   DRYDOCK_SECRET_NAME    in the environment, taken out of it before anything is started
 *   a question             at a terminal, where nothing that is typed shows
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { WantedSecret } from '../../service/run/secrets.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { pairs, readHidden } from '../words/asking.ts';

/** An argument of a program holds no more on every system. */
const MOST_BYTES = 64 * 1024;
const VARIABLE = 'DRYDOCK_SECRET_';

function refuse(name: string, why: string, remedy?: string): never {
  throw badInput(`--secret ${name}: ${why}`, {
    code: 'secret.unreadable',
    remedy: remedy ?? `write --secret ${name}=FILE, or ${name}=- for stdin; never the value`,
  });
}

/** Bytes as a text, without the line feed that editors and `echo` put at the end. */
function textOf(name: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) refuse(name, `is longer than ${MOST_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(name, 'is not text: these bytes are no UTF-8');
  }
  if (text.includes('\0')) refuse(name, 'holds a zero byte, which no argument can hold');
  const value = text.replace(/\r?\n$/, '');
  return value === '' ? refuse(name, 'is empty') : value;
}

/** The words of an error are not shown: who took FILE for the value gave the value there. */
function fromFile(cli: Cli, name: string, path: string): string {
  const bytes = new Uint8Array(MOST_BYTES + 1);
  let length = 0;
  let isOpenToOthers = false;
  try {
    const file = openSync(path, 'r');
    try {
      const seen = fstatSync(file);
      isOpenToOthers = seen.isFile() && (seen.mode & 0o077) !== 0;
      for (let more = 1; more > 0 && length < bytes.length; length += more) {
        more = readSync(file, bytes, length, bytes.length - length, null);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return refuse(name, `no file can be read there (${(error as NodeJS.ErrnoException).code})`);
  }
  const value = textOf(name, bytes.subarray(0, length));
  if (isOpenToOthers) {
    cli.say(
      cli.paint('yellow', `the file of the secret '${name}' can be read by others: chmod 600`),
    );
  }
  return value;
}

async function fromStdin(cli: Cli, name: string): Promise<string> {
  if (process.stdin.isTTY) {
    const typed = await readHidden(cli, `${name}: `);
    return typed ?? refuse(name, 'nothing was typed');
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of process.stdin) {
    pieces.push(piece as Uint8Array);
    length += (piece as Uint8Array).length;
    if (length > MOST_BYTES) break;
  }
  return textOf(name, Buffer.concat(pieces));
}

async function fromFiles(cli: Cli, given: Record<string, string>): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  const piped = Object.keys(given).filter((name) => given[name] === '-');
  if (piped.length > 1) refuse(piped[1]!, `stdin is given to '${piped[0]}' already`);
  for (const [name, path] of Object.entries(given)) {
    values[name] = path === '-' ? await fromStdin(cli, name) : fromFile(cli, name, path);
  }
  return values;
}

/** Nothing that this process starts gets them. */
function takeVariables(): Map<string, string> {
  const found = Object.entries(process.env).filter(([key]) => key.startsWith(VARIABLE));
  for (const [key] of found) delete process.env[key];
  return new Map(found.map(([key, value]) => [key.slice(VARIABLE.length), value ?? '']));
}

function refuseStray(given: readonly string[], wanted: readonly WantedSecret[], of: string): void {
  const names = wanted.map(({ name }) => name);
  const stray = given.find((name) => !names.includes(name));
  if (stray === undefined) return;
  const remedy = names.length > 0 ? suggestion(stray, names) : 'what is not secret goes by --set';
  throw badInput(`--secret: ${of} has no secret '${stray}'`, { code: 'parameter.unknown', remedy });
}

/** A value on a command line is one that others may have read. */
export function warnOfShown(cli: Cli, names: readonly string[]): void {
  for (const name of names) {
    const words =
      `the secret '${name}' stands in this machine's list of processes, and perhaps in the ` +
      `shell's history: give it by --secret ${name}=FILE (- is stdin), by ${VARIABLE}${name}, ` +
      'or when asked';
    cli.say(cli.paint('yellow', words));
  }
}

/**
 * What was given for parameters, by name, secrets by every way. `of`: the runbook or run, for
 * words. Throws `usage` where one was given twice, `parameter.unknown` for a secret that `of` has
 * not, `secret.unreadable` for a file that gives no text. Who is not there is not asked: then it is
 * missing, which is for the caller to say.
 */
export async function givenValues(
  cli: Cli,
  args: Args,
  { of, wanted }: { of: string; wanted: readonly WantedSecret[] },
): Promise<Record<string, string>> {
  const set = pairs('set', args.set);
  const files = pairs('secret', args.secret);
  const variables = takeVariables();
  refuseStray(Object.keys(files), wanted, of);
  const twice = Object.keys(files).find((name) => Object.hasOwn(set, name));
  if (twice !== undefined) {
    const remedy = 'give it once, by --secret';
    throw badInput(`--set and --secret both give '${twice}'`, { code: 'usage', remedy });
  }
  const names = wanted.map(({ name }) => name);
  warnOfShown(
    cli,
    names.filter((name) => Object.hasOwn(set, name)),
  );
  const values = { ...set, ...(await fromFiles(cli, files)) };
  for (const { name, description, isNeeded } of wanted) {
    if (Object.hasOwn(values, name)) continue;
    const variable = variables.get(name);
    if (variable !== undefined) values[name] = variable;
    else if (isNeeded) {
      const typed = await readHidden(cli, `${name} (${description}; it is not shown): `);
      if (typed !== null) values[name] = typed;
    }
  }
  return values;
}
