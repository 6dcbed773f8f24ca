/**
 * A command that somebody gives to a server: asked of the judge before the server is, so that a
 * refusal is this program's own (exit 4), and recorded here. The server's gate asks again.
 */
import { redactArgv } from '../audit/redact-argv.ts';
import { judge } from '../change/judge.ts';
import type { Act } from '../change/types.ts';
import { basisHeld } from '../cluster/decision-basis.ts';
import { brokenOn } from '../cluster/glass.ts';
import { heldIfAble } from '../cluster/index.ts';
import { commands } from '../commands/index.ts';
import { DrydockError } from '../core/errors.ts';
import type { Authority } from '../ports/authority.ts';
import type { Cluster, Context } from './context.ts';
import { remedyOf, UNTRUSTED } from './run/permission.ts';
import { recordAct } from './window/workspace.ts';

/** Throws when the command changes something and may not. The answer: in whose name it runs. */
export async function askToType(
  ctx: Context,
  { topology, clock, door }: Pick<Cluster, 'topology' | 'clock' | 'door'>,
  { server, argv, who }: { server: string; argv: readonly string[]; who: string },
): Promise<Authority> {
  const authority: Authority = { who, window: null, run: null, plan: null };
  const [name = '', ...args] = argv;
  if (!commands.get(name)?.traits(args).changes) return authority;
  const held = await heldIfAble(door);
  const { papers: signedDocuments } = held;
  if (signedDocuments.length === 0) return authority;
  const { id: cluster, fingerprint } = topology;
  const command = { name, args };
  const act: Act = { cluster, topology: fingerprint, server, authority, command };
  const judged = judge(act, basisHeld(held, cluster, clock.now()));
  if (judged.allowed) return authority;
  // The server's gate says it loudly, and notes it.
  if (judged.code === UNTRUSTED && (await brokenOn(door.documents, [server])) !== null)
    return authority;
  const { code, why, during } = judged;
  const remedy = remedyOf(judged);
  await recordAct(ctx, 'command.refused', {
    who,
    server,
    argv: redactArgv(argv),
    code,
    why,
    during,
    exit: 4,
  });
  throw new DrydockError(`${name} on ${server}: ${why}`, { code, exit: 4, remedy });
}
