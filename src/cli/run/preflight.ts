/** `preflight`: everything that can be known of a plan before its first step. */

import { hostname, networkInterfaces } from 'node:os';
import { heldIfAble } from '../../cluster/index.ts';
import type { Plan } from '../../core/plan.ts';
import {
  preflight as checkBefore,
  isBlocking,
  type PreflightItem,
  type PreflightReport,
} from '../../runbook/rehearsal/preflight.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { words as wordsOf } from '../words/asking.ts';
import { sayClosing } from './closing.ts';
import { judgePlan, paperGaps } from './permission.ts';
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

export function checkPlan(
  cli: Cli,
  cluster: Cluster,
  plan: Plan,
  giveUp: string[] = [],
): Promise<PreflightReport> {
  return checkBefore({
    plan,
    door: cluster.door,
    clock: cluster.clock,
    controlHost: { name: hostname(), addresses: ownAddresses(), stateFolder: cli.home },
    serverAddresses: serverAddresses(cluster),
    giveUp,
  });
}

/** Who does not hold what the others do, and whether a window covers the plan as it is now. */
async function paperItems(cli: Cli, cluster: Cluster, plan: Plan): Promise<PreflightItem[]> {
  const held = await heldIfAble(cluster.door);
  if (held.papers.length === 0) return [];
  const gaps = paperGaps(held).map((words) => ({
    what: 'papers',
    state: 'unknown' as const,
    words: `${words}: drydock window push, drydock window policy push`,
  }));
  const { remedy, words } = await judgePlan(cli, cluster, held, plan);
  const verdict: PreflightItem =
    remedy === null
      ? { what: 'window', state: 'ok', words }
      : { what: 'window', state: 'bad', words, remedy };
  return [...gaps, verdict];
}

export function preflightWords(report: PreflightReport): string {
  const mark = { ok: 'ok', bad: 'NO', unknown: '??' };
  const lines = table(report.items.map((item) => [mark[item.state], item.what, item.words]));
  const blocking = report.items.filter(isBlocking);
  if (blocking.length === 0) return lines;
  const remedies = blocking.map(({ what, remedy }) => `  ${what}: ${remedy}\n`);
  return `${lines}It would not start (exit ${report.exit}). What to do:\n${remedies.join('')}`;
}

export async function preflight(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const { plan } = await planFor(cli, cluster, args);
    const checked = await checkPlan(cli, cluster, plan, wordsOf(args.giveUp));
    const more = await paperItems(cli, cluster, plan);
    const isRefused = more.some(({ state }) => state === 'bad');
    const items = [...checked.items, ...more];
    const exit = checked.exit === 0 && isRefused ? 4 : checked.exit;
    const report = { ...checked, items, exit };
    print(cli, report, () => preflightWords(report));
    sayClosing(cli, report.exit);
    return report.exit;
  } finally {
    await cluster.close();
  }
}
