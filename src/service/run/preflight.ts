/** Everything that can be known of a plan before its first step. */
import { heldIfAble } from '../../cluster/index.ts';
import type { Plan } from '../../core/plan.ts';
import {
  preflight as checkBefore,
  type PreflightItem,
  type PreflightReport,
} from '../../runbook/rehearsal/preflight.ts';
import type { Cluster, Context } from '../context.ts';
import type { Report } from '../report.ts';
import { documentGaps, judgePlan } from './permission.ts';
import { planFor } from './planning.ts';

function serverAddresses(cluster: Cluster): Record<string, string[]> {
  return Object.fromEntries(
    cluster.topology.servers.map(({ name, addresses }) => [name, addresses]),
  );
}

export function checkPlan(
  ctx: Context,
  cluster: Cluster,
  plan: Plan,
  giveUp: readonly string[],
): Promise<PreflightReport> {
  const { name, addresses, stateFolder } = ctx.host;
  return checkBefore({
    plan,
    door: cluster.door,
    clock: cluster.clock,
    controlHost: { name, addresses: addresses(), stateFolder },
    serverAddresses: serverAddresses(cluster),
    giveUp,
  });
}

/** Who does not hold what the others do, and whether a window covers the plan as it is now. */
async function documentItems(ctx: Context, cluster: Cluster, plan: Plan): Promise<PreflightItem[]> {
  const held = await heldIfAble(cluster.door);
  if (held.papers.length === 0) return [];
  const gaps = documentGaps(held).map((words) => ({
    what: 'documents',
    state: 'unknown' as const,
    words: `${words}: drydock window push, drydock window policy push`,
  }));
  const { remedy, words } = await judgePlan(ctx, cluster, held, plan);
  const verdict: PreflightItem =
    remedy === null
      ? { what: 'window', state: 'ok', words }
      : { what: 'window', state: 'bad', words, remedy };
  return [...gaps, verdict];
}

/** `giveUp`: what a person gives up by name (servers that are off, runs that hold the lease). */
export async function preflight(
  ctx: Context,
  { id, giveUp }: { id: string; giveUp: readonly string[] },
): Promise<Report<PreflightReport>> {
  const cluster = await ctx.openCluster();
  try {
    const { plan } = await planFor(ctx, cluster, id);
    const checked = await checkPlan(ctx, cluster, plan, giveUp);
    const more = await documentItems(ctx, cluster, plan);
    const isRefused = more.some(({ state }) => state === 'bad');
    const items = [...checked.items, ...more];
    const exit = checked.exit === 0 && isRefused ? 4 : checked.exit;
    return { exit, data: { ...checked, items, exit } };
  } finally {
    await cluster.close();
  }
}
