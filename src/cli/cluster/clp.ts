/** `clp NAME …`: a cluster command on a server, with that server's own program of that name. */

import { execa } from 'execa';
import { topologyOf } from '../../change/topology.ts';
import { commands } from '../../commands/index.ts';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { recordCommand } from '../../service/notes.ts';
import { askToType } from '../../service/typed.ts';
import { type Cli, print } from '../context.ts';
import { contextOf } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { openLabOf } from './cluster.ts';

export async function clp(cli: Cli, args: Args): Promise<number> {
  const name = String(args.name);
  const known = [...commands.values()].filter(({ kind }) => kind === 'clp').map((one) => one.name);
  if (!known.includes(name)) {
    throw badInput(`there is no cluster command '${name}'`, {
      code: 'command.unknown',
      remedy: suggestion(name, known),
    });
  }
  const { lab } = openLabOf(cli, args);
  try {
    const server = typeof args.server === 'string' ? args.server : String(lab.servers[0]);
    const program = `${lab.path(server)}/${name}`;
    const given = [...words(args.words), ...words(args['--'])];
    const who = `${cli.login.real.name}@${server}`;
    const ctx = contextOf(cli, args);
    const { clock } = lab;
    await askToType(
      ctx,
      { topology: topologyOf(lab.config), clock, door: lab.door() },
      { server, argv: [name, ...given], who },
    );
    const ran = await recordCommand(ctx);
    // Shown as it comes, and kept for its digest.
    const output = cli.json ? ('pipe' as const) : (['inherit', 'pipe'] as const);
    const stdin =
      process.stdin.isTTY && args.input === false ? ('ignore' as const) : ('inherit' as const);
    const ended = await execa(program, given, {
      stdin,
      stdout: output,
      stderr: output,
      reject: false,
      extendEnv: false,
      stripFinalNewline: false,
    });
    const code = ended.exitCode ?? 70;
    const { stdout = '', stderr = '' } = ended;
    const argv = [name, ...given];
    await ran({
      via: 'clp',
      server,
      argv,
      exitCode: ended.exitCode ?? null,
      output: { stdout, stderr },
    });
    if (cli.json) {
      print(
        cli,
        { schema: 'drydock.report/1', command: name, server, code, stdout, stderr },
        () => '',
      );
    }
    return code;
  } finally {
    lab.close();
  }
}
