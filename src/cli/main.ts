/**
 * The program `drydock`. Verbs are described here and loaded when called, so that `--help` starts
 * quickly. The exit codes are the table in README "Exit codes".
 */
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { loginOfProcess } from '../adapters/login.ts';
import { type Cli, openContext } from './context.ts';
import { verbs } from './verbs/verbs.ts';
import { programVersion } from './version.ts';
import { columnsOfOut, outliveReader, writeErr, writeOut } from './words/terminal.ts';
import { arrange, checkValues, usageError } from './words/usage.ts';

async function closing(cli: Cli | undefined, error: unknown, json: boolean): Promise<number> {
  const { endOf } = await import('./run/closing.ts');
  const { report, words, lines } = endOf(error);
  if (json) writeOut(`${JSON.stringify(report.data)}\n`);
  writeErr(`${cli ? cli.paint('red', words) : words}\n${lines}`);
  return report.exit;
}

function describe(parser: Argv, words: string[]): Argv {
  return parser
    .scriptName('drydock')
    .usage('$0 <verb>\n\nRehearses, runs and audits maintenance on high-availability clusters.')
    .option('json', {
      type: 'boolean',
      describe: 'print one JSON document on stdout instead of words',
      global: true,
    })
    .option('input', {
      type: 'boolean',
      default: true,
      describe: 'ask for what is missing (--no-input: never ask)',
      global: true,
    })
    .option('cluster', {
      type: 'string',
      global: true,
      requiresArg: true,
      describe: 'the cluster: its name, or the folder of a lab; default: the only one',
      // Nothing stands for no variable: tools set variables to it to take them away.
      ...(process.env.DRYDOCK_CLUSTER ? { default: process.env.DRYDOCK_CLUSTER } : {}),
    })
    .example('$0 demo', 'watch the whole idea work on this machine')
    .example('$0 list --manual v3', 'which procedures of manual v3 there are')
    .example('$0 rehearse v3-11.10.4', 'what would happen, on a twin of the cluster')
    .example('$0 run v3-11.10.4', 'do it, recorded step by step')
    .epilogue(
      '`drydock VERB --help` shows the options of a verb. README.md has the exit codes and the rest.',
    )
    .strict()
    .demandCommand(1, 'name a verb')
    .help('help', 'show this help')
    .alias('help', 'h')
    .version('version', 'show the version', programVersion)
    .completion('completion', 'print a completion script for the shell', complete)
    .wrap(Math.min(100, columnsOfOut() ?? 100))
    .parserConfiguration({ 'populate--': true, 'duplicate-arguments-array': true })
    .exitProcess(false)
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error;
      const grammar = { command: commandOf(words), options: optionsOf(parser) };
      throw usageError(message ?? error.message, words, grammar);
    });
}

/** Names first, where the shell wants one; else what the parser knows. */
function complete(
  current: string,
  args: { _: (string | number)[] },
  suggest: (onCompleted?: (error: Error | null, found: string[] | undefined) => void) => unknown,
  done: (found: string[]) => unknown,
): void {
  const words = args._.map(String).slice(1);
  const names = current.startsWith('-')
    ? Promise.resolve(null)
    : import('./words/completion.ts').then(({ namesFor }) => namesFor(words, process.env));
  void names
    .catch(() => null)
    .then((found) => (found ? done(found) : suggest((_error, usual) => done(usual ?? []))));
}

/** The options that the parser knows at that point. */
function optionsOf(parser: Argv): string[] {
  const known = parser as unknown as { getOptions(): { key: Record<string, unknown> } };
  return Object.keys(known.getOptions().key).filter((name) => name.length > 1);
}

function commandOf([word]: string[]): string | null {
  const found = verbs.find(({ command }) => command.split(' ')[0] === word);
  return found?.command ?? null;
}

async function main(given: string[]): Promise<number> {
  let code = 0;
  let cli: Cli | undefined;
  const own = given.includes('--') ? given.slice(0, given.indexOf('--')) : given;
  const json = own.includes('--json');
  try {
    const names = verbs.map(({ command }) => command.split(' ')[0] as string);
    const words = arrange(given, [...names, 'completion']);
    let parser = describe(yargs(words), words);
    for (const verb of verbs) {
      parser = parser.command(verb.command, verb.describe, verb.builder, async (args) => {
        checkValues(args);
        const login = await loginOfProcess();
        cli = openContext({ json: args.json === true, input: args.input !== false, login });
        code = await verb.handler(cli, args);
      });
    }
    if (words.length > 0) await parser.parseAsync();
    else {
      writeErr(`${await parser.getHelp()}\n`);
      code = 2;
    }
  } catch (error) {
    // A shell that completes a half-typed line wants suggestions, not what is wrong with it.
    if (given[0] !== '--get-yargs-completions') code = await closing(cli, error, json);
  }
  await cli?.end(code);
  return code;
}

outliveReader();
process.exitCode = await main(hideBin(process.argv));
