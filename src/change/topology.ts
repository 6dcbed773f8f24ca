/**
 * What of a configuration counts as the cluster's topology: who is in it, over which nets they hear
 * each other, what it runs where and how it is watched. An approval is for a plan on that. Comments,
 * licences and the collecting of statistics may change without anybody having to approve anew; so
 * may the order in which a file happens to list servers or resources, but not an order of priority.
 */
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { canonicalText, hashText } from './papers.ts';

type Named = { name: string; comment?: string };

function listed<T extends Named>(list: readonly T[]): Record<string, Omit<T, 'comment'>> {
  return Object.fromEntries(
    list.map(({ comment: _, ...rest }) => [rest.name, rest as Omit<T, 'comment'>]),
  );
}

export function topologyHash(config: ClusterConfiguration): string {
  const { comment: _, licences: _l, mirrorStatistics: _s, schema: _v, ...rest } = config;
  const members = {
    servers: listed(config.servers),
    heartbeats: listed(config.heartbeats),
    networkPartition: listed(config.networkPartition),
    groups: listed(config.groups),
    resources: listed(config.resources),
    monitors: listed(config.monitors),
  };
  return hashText(canonicalText({ ...rest, ...members }));
}
