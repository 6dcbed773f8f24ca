/**
 * The program `drydock`. Verbs are described here and loaded when called, so that `--help` starts
 * quickly. The exit codes are the table in README "Exit codes".
 */
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { DrydockError, describeError } from '../core/errors.ts';
import { type Cli, openContext, printable } from './context.ts';
import { verbs } from './verbs.ts';

const version = '0.1.0';

/** A verb's own words for bad usage; thrown through yargs to one place. */
function usageError(message: string): DrydockError {
  return new DrydockError(message, { code: 'usage', exit: 2, remedy: 'see `drydock --help`' });
}

function closing(cli: Cli | undefined, error: unknown, json: boolean): number {
  const known = error instanceof DrydockError;
  const exit = known ? error.exit : 70;
  if (json) {
    const document = {
      schema: 'drydock.error/1',
      code: known ? error.code : 'defect',
      message: error instanceof Error ? error.message : String(error),
      remedy: known ? error.remedy : undefined,
      place: known ? error.place : undefined,
      exit,
    };
    process.stdout.write(`${JSON.stringify(document)}\n`);
  }
  const words = `drydock: ${printable(describeError(error))}`;
  process.stderr.write(`${cli ? cli.paint('red', words) : words}\n`);
  if (exit === 70 && error instanceof Error && error.stack) {
    process.stderr.write(
      `${printable(error.stack)}\n` +
        'exposed now: what the last journaled step left; see `drydock status`\n' +
        'in flight: commands may still run on the servers\n' +
        'safe next: drydock status; drydock runs; drydock resume RUN\n' +
        'by when: before anyone else changes the cluster\n',
    );
  }
  return exit;
}

function describe(parser: Argv): Argv {
  return parser
    .scriptName('drydock')
    .usage('$0 <verb>\n\nRehearses, runs and audits maintenance on high-availability clusters.')
    .option('json', { type: 'boolean', describe: 'one JSON document on stdout', global: true })
    .option('input', {
      type: 'boolean',
      default: true,
      describe: 'ask when something is needed (--no-input: never)',
      global: true,
    })
    .option('cluster', {
      type: 'string',
      global: true,
      requiresArg: true,
      describe: 'a lab by name or folder; default: the only one',
    })
    .example('$0 demo', 'see the whole idea work on this machine')
    .example('$0 list --manual v3', 'which procedures there are')
    .example('$0 rehearse v3-11.10.4', 'what would happen, on a twin of the cluster')
    .example('$0 run v3-11.10.4', 'do it, recorded step by step')
    .epilogue('Exit codes and the rest: README.md. State lives under $DRYDOCK_HOME.')
    .recommendCommands()
    .strict()
    .demandCommand(1, 'name a verb')
    .help()
    .version(version)
    .completion('completion', 'print a completion script for the shell')
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .parserConfiguration({ 'populate--': true, 'duplicate-arguments-array': true })
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? usageError(message.replaceAll('\n', '; '));
    });
}

async function main(words: string[]): Promise<number> {
  let code = 0;
  let cli: Cli | undefined;
  const json = words.includes('--json');
  try {
    let parser = describe(yargs(words));
    for (const verb of verbs) {
      parser = parser.command(verb.command, verb.describe, verb.builder, async (args) => {
        cli = openContext({ json: args.json === true, input: args.input !== false });
        code = await verb.handler(cli, args);
      });
    }
    await parser.parseAsync();
  } catch (error) {
    code = closing(cli, error, json);
  }
  return code;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(hideBin(process.argv));
