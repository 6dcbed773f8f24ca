/**
 * A command given through `clp` or `lab exec`: asked of the judge before the server is, so that a
 * refusal is this program's own (exit 4), and recorded here. The server's gate asks again.
 */
import { redactArgv } from '../../audit/redact-argv.ts';
import { judge } from '../../change/judge.ts';
import { topologyHash } from '../../change/topology.ts';
import type { Act } from '../../change/types.ts';
import { benchHeld } from '../../cluster/bench.ts';
import { brokenOn } from '../../cluster/glass.ts';
import { heldIfAble } from '../../cluster/index.ts';
import { commands } from '../../commands/index.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Authority } from '../../ports/authority.ts';
import type { Cli } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import { remedyOf, UNTRUSTED } from '../run/permission.ts';

async function record(
  cli: Cli,
  body: { [key: string]: string | string[] | number | null },
): Promise<void> {
  const journal = await openJournal(cli);
  try {
    await journal.append([{ run: null, type: 'command.refused', body }]);
  } finally {
    await journal.close();
  }
}

/** Throws when the command changes something and may not. The answer: in whose name it runs. */
export async function askToType(
  cli: Cli,
  lab: Lab,
  { server, argv, who }: { server: string; argv: readonly string[]; who: string },
): Promise<Authority> {
  const authority: Authority = { who, window: null, run: null, plan: null };
  const [name = '', ...args] = argv;
  if (!commands.get(name)?.traits(args).changes) return authority;
  const held = await heldIfAble(lab.door());
  const { papers } = held;
  if (papers.length === 0) return authority;
  const { config, clock } = lab;
  const cluster = config.uuid;
  const topology = topologyHash(config);
  const act: Act = { cluster, topology, server, authority, command: { name, args } };
  const judged = judge(act, benchHeld(held, cluster, clock.now()));
  if (judged.allowed) return authority;
  // The server's gate says it loudly, and notes it.
  if (judged.code === UNTRUSTED && (await brokenOn(lab.door().documents, [server])) !== null)
    return authority;
  const { code, why, during } = judged;
  const remedy = remedyOf(judged);
  await record(cli, { who, server, argv: redactArgv(argv), code, why, during, exit: 4 });
  throw new DrydockError(`${name} on ${server}: ${why}`, { code, exit: 4, remedy });
}
