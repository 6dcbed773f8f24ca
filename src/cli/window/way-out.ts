/**
 * `window emergency --without-papers`: where what the servers hold cannot be read or believed,
 * nobody's right can be looked up, and no paper opens a window. Every server is told to let through
 * what its gate cannot judge, for an hour; it is said in red, recorded here, and noted there.
 */
import { requireAble } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Login } from '../../ports/authority.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { agree } from './asking.ts';
import { recordAct } from './desk.ts';

interface Told {
  server: string;
  /** null: it is open there. */
  why: string | null;
}

async function tell(cluster: Cluster, reason: string, login: Login): Promise<Told[]> {
  return Promise.all(
    cluster.config.servers.map(async ({ name: server }) => {
      try {
        await cluster.door.documents.breakGlass(server, reason, login);
        return { server, why: null };
      } catch (error) {
        return { server, why: `is not told: ${(error as Error).message}` };
      }
    }),
  );
}

export async function breakWithoutPapers(cli: Cli, args: Args): Promise<number> {
  const reason = String(args.reason ?? '').trim();
  if (args.plan !== undefined || args.ticket !== undefined) {
    throw badInput('without papers there is no window that could name a plan or a ticket', {
      code: 'usage',
      remedy: 'leave out --plan and --ticket, or leave out --without-papers',
    });
  }
  const cluster = await openCluster(cli, args);
  try {
    const { name, uuid } = cluster.config;
    requireAble(cluster.door, 'documents', `${name} has no gate to let anything through`);
    cli.say(cli.paint('red', `this lets through on ${name} whatever its gates cannot judge`));
    await agree(cli, args, 'Break the glass without papers?');
    const { who, login } = cli;
    const servers = await tell(cluster, reason, login);
    const open = servers.filter(({ why }) => why === null).map(({ server }) => server);
    await recordAct(cli, 'gate.broken', { cluster: uuid, reason, who, servers: open });
    for (const line of [
      `BREAK-GLASS without papers by ${who}, for an hour, on ${open.join(', ') || 'no server'}`,
      `  reason: ${reason}`,
      '  what the gates can judge they judge as ever; every command is noted by its server',
    ]) {
      cli.say(cli.paint(['bold', 'red'], line));
    }
    print(cli, { schema: 'drydock.gate-broken/1', servers }, () =>
      table(servers.map(({ server, why }) => [server, why ?? 'lets through'])),
    );
    if (open.length > 0) return 0;
    throw new DrydockError(`no server of ${name} could be told`, {
      code: 'glass.untold',
      remedy: 'see why above, and try again',
    });
  } finally {
    await cluster.close();
  }
}
