/**
 * The person at the terminal as an Operator port. Without a terminal, or with `--no-input`, nobody
 * answers: the run is parked instead of waiting for ever.
 */
import { createInterface } from 'node:readline/promises';
import { badInput } from '../core/errors.ts';
import { inOneLine } from '../core/visible.ts';
import type { Operator } from '../ports/operator.ts';
import type { Cli } from './context.ts';
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

/** Options of the form NAME=VALUE, given again and again. */
export function pairs(option: string, given: unknown): Record<string, string> {
  const made: Record<string, string> = {};
  for (const item of words(given)) {
    const at = item.indexOf('=');
    if (at < 1) {
      throw badInput(`--${option} ${item} is not NAME=VALUE`, {
        code: 'usage',
        remedy: `write --${option} NAME=VALUE`,
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

/** Nothing moves on the terminal while a person reads and types. */
async function atRest<T>(cli: Cli, ask: () => Promise<T>): Promise<T> {
  cli.moving?.hide();
  try {
    return await ask();
  } finally {
    cli.moving?.show();
  }
}

/** The operator of a run on a cluster: questions here, physical acts by `perform`. */
export function terminalOperator(cli: Cli, perform: Operator['perform']): Operator {
  return {
    perform,
    confirm: async (_step, question, typeName) => {
      if (!cli.input) return null;
      return atRest(cli, async () => {
        cli.say(cli.paint('yellow', question));
        if (typeName !== null) return readLine(cli, `Type ${typeName} to go on: `);
        const line = await readLine(cli, 'Go on? (y/n): ');
        return line !== null && /^y(es)?$/i.test(line.trim()) ? 'yes' : null;
      });
    },
    choose: async (_step, question, options) => {
      if (!cli.input) return null;
      return atRest(cli, async () => {
        cli.say(cli.paint('yellow', question));
        options.forEach((option, index) => {
          cli.say(`  ${index + 1}. ${option}`);
        });
        const line = await readLine(cli, 'Number: ');
        return options[Number(line) - 1] ?? null;
      });
    },
  };
}
