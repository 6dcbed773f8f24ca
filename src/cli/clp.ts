/** `clp NAME …`: a cluster command on a server, asked for from the control host. */
import { commands } from '../commands/index.ts';
import { badInput } from '../core/errors.ts';
import { suggestion } from '../runbook/types.ts';
import { readLine, words } from './asking.ts';
import { openCluster } from './cluster.ts';
import { type Cli, print } from './context.ts';
import type { Args } from './verbs.ts';

function argumentsOf(args: Args): string[] {
  return [...words(args.words), ...words(args['--'])];
}

export async function clp(cli: Cli, args: Args): Promise<number> {
  const name = String(args.name);
  const known = [...commands.values()].filter(({ kind }) => kind === 'clp').map((command) => command.name);
  const command = commands.get(name);
  if (!command || !known.includes(name)) {
    throw badInput(`there is no cluster command '${name}'`, {
      code: 'command.unknown',
      remedy: suggestion(name, known),
    });
  }
  const cluster = await openCluster(cli, args);
  try {
    const server = typeof args.server === 'string' ? args.server : cluster.config.servers[0]?.name;
    const env = cluster.environment(String(server), {
      ask: async (prompt) => {
        const line = await readLine(cli, prompt);
        if (line !== null) return line;
        throw badInput(`${name} asks "${prompt.trim()}" and nobody is there to answer`, {
          code: 'prompt.unanswered',
          remedy: 'run it at a terminal, without --no-input',
        });
      },
      progress: (text) => cli.say(text),
    });
    const report = await command.run(env, argumentsOf(args));
    print(cli, { schema: 'drydock.report/1', command: name, server, ...report }, () => report.stdout);
    if (!cli.json && report.stderr) cli.say(report.stderr.trimEnd());
    return report.code;
  } finally {
    await cluster.close();
  }
}
