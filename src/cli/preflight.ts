/** `preflight`: everything that can be known of a plan before its first step. */
import { hostname, networkInterfaces } from 'node:os';
import type { Plan } from '../core/plan.ts';
import { preflight as checkBefore, type PreflightReport } from '../runbook/preflight.ts';
import type { Args } from './args.ts';
import { sayClosing } from './closing.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { type Cli, print, table } from './context.ts';
import { planFor } from './planning.ts';

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  );
}

function serverAddresses(cluster: Cluster): Record<string, string[]> {
  return Object.fromEntries(
    cluster.config.servers.map(({ name, devices }) => [
      name,
      devices.filter(({ kind }) => kind === 'lan').map(({ info }) => info),
    ]),
  );
}

export function checkPlan(cli: Cli, cluster: Cluster, plan: Plan): Promise<PreflightReport> {
  return checkBefore({
    plan,
    door: cluster.door,
    clock: cluster.clock,
    controlHost: { name: hostname(), addresses: ownAddresses(), stateFolder: cli.home },
    serverAddresses: serverAddresses(cluster),
  });
}

export function preflightWords(report: PreflightReport): string {
  const mark = { ok: 'ok', bad: 'NO', unknown: '??' };
  return table(report.items.map((item) => [mark[item.state], item.what, item.words]));
}

export async function preflight(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const report = await checkPlan(cli, cluster, await planFor(cluster, args));
    print(cli, report, () => preflightWords(report));
    sayClosing(cli, report.exit);
    return report.exit;
  } finally {
    await cluster.close();
  }
}
