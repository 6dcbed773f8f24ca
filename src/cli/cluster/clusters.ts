/** `cluster`: the inventory, in words. */
import { badInput } from '../../core/errors.ts';
import type { ClusterCheckReport } from '../../schema/generated/reports/cluster-check.ts';
import type { ClustersReport } from '../../schema/generated/reports/clusters.ts';
import { addCluster, checkCluster, listClusters } from '../../service/clusters.ts';
import { type Cli, table } from '../context.ts';
import { sayClosing } from '../run/closing.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { pairs } from '../words/asking.ts';

function listWords({ clusters, inventory }: ClustersReport): string {
  if (clusters.length === 0) return `no cluster is known; the inventory is ${inventory}\n`;
  return table(
    clusters.map(({ name, kind, place, file, problem }) => [
      name,
      kind ?? '?',
      problem ?? String(place),
      file === null ? 'needs no entry' : String(file),
    ]),
  );
}

function checkWords({ name, kind, place, cluster, items }: ClusterCheckReport): string {
  const head = `${name}: ${cluster.name} (${kind}, ${place})\n`;
  const rows = items.map(({ what, state, words, remedy }) => [
    `  ${state}`,
    what,
    remedy === undefined ? words : `${words}; ${remedy}`,
  ]);
  return head + table(rows);
}

/** The cluster that is checked may be named as one names a runbook, or as for every verb. */
function oneName({ name, cluster }: Args): string | undefined {
  if (name !== undefined && cluster !== undefined && name !== cluster) {
    throw badInput(`two clusters are named: ${String(name)} and ${String(cluster)}`, {
      code: 'usage',
      remedy: 'name one',
    });
  }
  const given = name ?? cluster;
  return given === undefined ? undefined : String(given);
}

export async function cluster(cli: Cli, args: Args): Promise<number> {
  if (args.what === 'list') {
    return show(cli, await listClusters(contextOf(cli, args)), listWords);
  }
  if (args.what === 'check') {
    const named = oneName(args);
    const ctx = contextOf(cli, { ...args, ...(named === undefined ? {} : { cluster: named }) });
    const exit = show(cli, await checkCluster(ctx), checkWords);
    sayClosing(cli, exit);
    return exit;
  }
  const need = (given: unknown, what: string): string => {
    if (typeof given === 'string') return given;
    throw badInput(`${what} is missing`, {
      code: 'usage',
      remedy: 'write `drydock cluster add NAME --kind KIND --set FIELD=VALUE`',
    });
  };
  const wish = {
    name: need(args.name, 'a name for the cluster'),
    kind: need(args.kind, 'the kind of the cluster'),
    given: pairs('set', args.set),
  };
  const added = await addCluster(contextOf(cli, args), wish);
  cli.say(`added; \`drydock cluster check ${wish.name}\` says whether it can be worked with`);
  return show(cli, added, ({ file }) => `${file}\n`);
}
