/** `clp NAME …`: a cluster command on a server, with that server's own program of that name. */
import { execa } from 'execa';
import { commands } from '../../commands/index.ts';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { whyUndescribed } from '../../core/not-found.ts';
import type { CommandReport } from '../../schema/generated/reports/report.ts';
import { giveCommand } from '../../service/commands.ts';
import type { Cli } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { openCluster, type TypedProgram } from './cluster.ts';

/** Where a program writes its data that is asked for them. */
const DATA_DESCRIPTOR = 3;

export async function clp(cli: Cli, args: Args): Promise<number> {
  const name = String(args.name);
  const known = [...commands.values()].filter(({ kind }) => kind === 'clp').map((one) => one.name);
  if (!known.includes(name)) {
    throw badInput(`there is no cluster command '${name}'`, {
      code: 'command.unknown',
      remedy: whyUndescribed(name) ?? suggestion(name, known),
    });
  }
  const cluster = await openCluster(cli, args);
  try {
    const first = String(cluster.topology.servers[0]?.name);
    const server = typeof args.server === 'string' ? args.server : first;
    const given = [...words(args.words), ...words(args['--'])];
    const typed = cluster.typed(server, [name, ...given]);
    const who = `${cli.login.real.name}@${server}`;
    const run = () => runHere(cli, args, typed);
    const command = { server, name, args: given, who, run };
    const report = await giveCommand(contextOf(cli, args), cluster, command);
    // Its words were shown as they came.
    return show(cli, report, () => '');
  } finally {
    await cluster.close();
  }
}

/** Shown as it comes, and remembered for its digest. */
async function runHere(cli: Cli, args: Args, typed: TypedProgram) {
  const output = cli.json ? ('pipe' as const) : (['inherit', 'pipe'] as const);
  const stdin =
    process.stdin.isTTY && args.input === false ? ('ignore' as const) : ('inherit' as const);
  const wants = cli.json ? typed.env : null;
  const beside = wants ? ['pipe' as const] : [];
  const ended = await execa(typed.file, typed.args, {
    stdio: [stdin, output, output, ...beside],
    ...(wants && { env: wants }),
    reject: false,
    extendEnv: false,
    stripFinalNewline: false,
  });
  const { exitCode = null, stdout = '', stderr = '' } = ended;
  const data = dataFrom(ended.stdio[DATA_DESCRIPTOR]);
  return { exitCode, data, stdout, stderr };
}

/** null too where it was ended before, or its host is older than this program. */
function dataFrom(text: unknown): CommandReport['data'] {
  if (typeof text !== 'string') return null;
  try {
    const data: unknown = JSON.parse(text);
    const isDocument = typeof data === 'object' && data !== null && 'schema' in data;
    return isDocument && typeof data.schema === 'string' ? { ...data, schema: data.schema } : null;
  } catch {
    return null;
  }
}
