/** `clp NAME …`: a cluster command on a server, with that server's own program of that name. */
import { execa } from 'execa';
import { commands } from '../../commands/index.ts';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { giveCommand } from '../../service/commands.ts';
import type { Cli } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { type Cluster, openCluster } from './cluster.ts';

export async function clp(cli: Cli, args: Args): Promise<number> {
  const name = String(args.name);
  const known = [...commands.values()].filter(({ kind }) => kind === 'clp').map((one) => one.name);
  if (!known.includes(name)) {
    throw badInput(`there is no cluster command '${name}'`, {
      code: 'command.unknown',
      remedy: suggestion(name, known),
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

/** Shown as it comes, and kept for its digest. */
async function runHere(cli: Cli, args: Args, typed: ReturnType<Cluster['typed']>) {
  const output = cli.json ? ('pipe' as const) : (['inherit', 'pipe'] as const);
  const stdin =
    process.stdin.isTTY && args.input === false ? ('ignore' as const) : ('inherit' as const);
  const ended = await execa(typed.file, typed.args, {
    stdin,
    stdout: output,
    stderr: output,
    reject: false,
    extendEnv: false,
    stripFinalNewline: false,
  });
  const { exitCode = null, stdout = '', stderr = '' } = ended;
  return { exitCode, stdout, stderr };
}
