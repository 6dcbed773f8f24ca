/**
 * A command line as the record may hold it. What is given for a parameter or typed for a step may
 * be secret, and only the runbook knows: of those the name is kept, and the run's own entries hold
 * the value where it may be held. So are words that a name before them calls a secret.
 */
import { announcesSecret, secretWords } from '../core/secret-words.ts';

/** What stands for something left out. */
export const LEFT_OUT = '{left out}';

/** Options of drydock whose value is NAME=VALUE, the value possibly secret. */
const NAMED = new Set(['--set', '--secret', '--answer']);
const PLAN = '--plan';

function redactNamed(value: string): string {
  const at = value.indexOf('=');
  return at < 0 ? LEFT_OUT : `${value.slice(0, at)}=${LEFT_OUT}`;
}

/** A plan in words, `ID NAME=VALUE …`: the id and the names are kept. */
function redactPlan(value: string): string {
  return value.replace(/(\S+?=).*?(?=\s+[\w-]+=|$)/gs, `$1${LEFT_OUT}`);
}

/** Of a word like `--option=VALUE`. */
function redactJoined(word: string): string {
  const at = word.indexOf('=');
  if (at < 0) return word;
  const [name, value] = [word.slice(0, at), word.slice(at + 1)];
  if (NAMED.has(name)) return `${name}=${redactNamed(value)}`;
  if (name === PLAN) return `${name}=${redactPlan(value)}`;
  return announcesSecret(name) ? `${name}=${LEFT_OUT}` : word;
}

export function redactArgv(argv: readonly string[]): string[] {
  const secret = new Set(secretWords(argv));
  return argv.map((word, index) => {
    const before = argv[index - 1] ?? '';
    if (NAMED.has(before)) return redactNamed(word);
    if (before === PLAN) return redactPlan(word);
    if (secret.has(index)) return LEFT_OUT;
    return redactJoined(word).toWellFormed();
  });
}
