/**
 * Where what the servers hold cannot be read or believed,
 * nobody's right can be looked up, and no document opens a window. Every server is ordered to let through
 * what its gate cannot judge, for an hour; it is said in red, recorded here, and noted there.
 */
import { requireAble } from '../../cluster/index.ts';
import type { Login } from '../../ports/authority.ts';
import type { GateBrokenReport } from '../../schema/generated/reports/gate-broken.ts';
import type { Cluster, Context } from '../context.ts';
import { needYes } from '../person.ts';
import { type Report, reportOf } from '../report.ts';
import { recordAct } from './workspace.ts';

interface Reported {
  server: string;
  /** null: it is open there. */
  why: string | null;
}

async function tell(cluster: Cluster, reason: string, login: Login): Promise<Reported[]> {
  return Promise.all(
    cluster.topology.servers.map(async ({ name: server }) => {
      try {
        await cluster.door.documents.breakGlass(server, reason, login);
        return { server, why: null };
      } catch (error) {
        return { server, why: `is not informed: ${(error as Error).message}` };
      }
    }),
  );
}

/** Beside the report: of which cluster. Exit 1 where no server could be informed. */
export interface GateBroken extends Report<GateBrokenReport> {
  cluster: string;
}

export async function breakGates(ctx: Context, reason: string): Promise<GateBroken> {
  const cluster = await ctx.openCluster();
  try {
    const { name, id: uuid } = cluster.topology;
    requireAble(cluster.door, 'documents', `${name} has no gate to let anything through`);
    ctx.tell({ type: 'glass.asked', cluster: name, isOfGates: true });
    await needYes(ctx.person, { ask: 'breakGates' });
    const { who, login } = ctx;
    const servers = await tell(cluster, reason, login);
    const open = servers.filter(({ why }) => why === null).map(({ server }) => server);
    await recordAct(ctx, 'gate.broken', { cluster: uuid, reason, who, servers: open });
    ctx.tell({ type: 'gates.broken', who, servers: open, reason });
    const exit = open.length > 0 ? 0 : 1;
    return { ...reportOf({ schema: 'drydock.gate-broken/1', servers }, exit), cluster: name };
  } finally {
    await cluster.close();
  }
}
