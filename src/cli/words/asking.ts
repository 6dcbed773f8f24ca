/** Lines that a person types at the terminal, and options that may stand several times. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { badInput } from '../../core/errors.ts';
import { inOneLine } from '../../core/visible.ts';
import type { Cli } from '../context.ts';
import { questionStream, shown } from './terminal.ts';

/** One line from the terminal; null when there is none, or it was closed or interrupted. */
export async function readLine(cli: Cli, prompt: string): Promise<string | null> {
  if (!cli.input) return null;
  const terminal = createInterface({ input: process.stdin, output: questionStream() });
  // Ctrl-C and Ctrl-D at a question are a "no": the terminal swallows the signal while it asks.
  const left = new Promise<null>((resolve) => {
    terminal.once('SIGINT', () => resolve(null));
    terminal.once('close', () => resolve(null));
  });
  try {
    const answer = terminal
      .question(shown(inOneLine(prompt)), { signal: cli.stopping })
      .catch(() => null);
    return await Promise.race([answer, left]);
  } finally {
    terminal.close();
  }
}

/**
 * The same without showing what is typed; null also where it is nothing. The interface takes the
 * terminal's own echo away before the question stands there, and its own goes nowhere.
 */
export async function readHidden(cli: Cli, prompt: string): Promise<string | null> {
  if (!cli.input) return null;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({
    input: process.stdin,
    output: nowhere,
    terminal: true,
    historySize: 0,
  });
  const left = new Promise<null>((resolve) => {
    terminal.once('SIGINT', () => resolve(null));
    terminal.once('close', () => resolve(null));
  });
  try {
    questionStream().write(shown(inOneLine(prompt)));
    const typed = terminal.question('', { signal: cli.stopping }).catch(() => null);
    return (await Promise.race([typed, left])) || null;
  } finally {
    terminal.close();
    questionStream().write('\n');
  }
}

/** Options of the form NAME=VALUE, given again and again. */
export function pairs(option: string, given: unknown): Record<string, string> {
  const made: Record<string, string> = {};
  for (const item of words(given)) {
    const at = item.indexOf('=');
    if (at < 1) {
      // Whoever left the name out wrote the secret itself.
      const said = option === 'secret' ? '' : ` ${item}`;
      const form = option === 'secret' ? 'NAME=FILE' : 'NAME=VALUE';
      throw badInput(`--${option}${said} is not ${form}`, {
        code: 'usage',
        remedy: `write --${option} ${form}`,
      });
    }
    made[item.slice(0, at)] = item.slice(at + 1);
  }
  return made;
}

/** An option that may be given several times, as a list. */
export function words(given: unknown): string[] {
  if (given === undefined || given === null) return [];
  return Array.isArray(given) ? given.map(String) : [String(given)];
}
