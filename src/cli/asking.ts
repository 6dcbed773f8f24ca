/**
 * The person at the terminal as an Operator port. What was given on the command line
 * (`--confirm STEP=WORDS`, `--choose STEP=OPTION`) counts as typed; with `--no-input`, or without
 * a terminal, a question without an answer parks the run instead of waiting for ever.
 */
import { createInterface } from 'node:readline/promises';
import { badInput } from '../core/errors.ts';
import type { Operator } from '../ports/operator.ts';
import type { Cli } from './context.ts';

/** One line from the terminal; null when it was closed or interrupted. */
export async function readLine(cli: Cli, prompt: string): Promise<string | null> {
  if (!cli.input) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(prompt, { signal: cli.stopping });
  } catch {
    return null;
  } finally {
    terminal.close();
  }
}

/** `STEP=WORDS` options as a map. */
export function pairs(option: string, given: unknown): Map<string, string> {
  const made = new Map<string, string>();
  for (const item of Array.isArray(given) ? given.map(String) : []) {
    const at = item.indexOf('=');
    if (at < 1) {
      throw badInput(`--${option} ${item} is not NAME=VALUE`, {
        code: 'usage',
        remedy: `write --${option} NAME=VALUE`,
      });
    }
    made.set(item.slice(0, at), item.slice(at + 1));
  }
  return made;
}

export interface Given {
  confirm: Map<string, string>;
  choose: Map<string, string>;
}

/** The operator of a run on a cluster: questions here, physical acts by `perform`. */
export function terminalOperator(cli: Cli, given: Given, perform: Operator['perform']): Operator {
  return {
    perform: async (act, words) => {
      cli.say(cli.paint('cyan', `  by hand: ${words}`));
      return perform(act, words);
    },
    confirm: async (step, question, typeName) => {
      const before = given.confirm.get(step);
      if (before !== undefined) return before;
      const how = typeName === null ? 'Go on? (y/n): ' : `Type ${typeName} to go on: `;
      if (cli.input) cli.say(cli.paint('yellow', question));
      return readLine(cli, how);
    },
    choose: async (step, question, options) => {
      const before = given.choose.get(step);
      if (before !== undefined) {
        if (options.includes(before)) return before;
        throw badInput(`--choose ${step}=${before}: no such option`, {
          code: 'usage',
          remedy: `take one of ${options.join(', ')}`,
        });
      }
      if (!cli.input) return null;
      cli.say(question);
      options.forEach((option, index) => {
        cli.say(`  ${index + 1}. ${option}`);
      });
      const line = await readLine(cli, 'Number: ');
      return options[Number(line) - 1] ?? null;
    },
  };
}
