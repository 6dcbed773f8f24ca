/**
 * What of a configuration counts as the cluster's topology: who is in it, over which nets they hear
 * each other, what it runs where and how it is watched. An approval is for a plan on that. Comments,
 * licences and the collecting of statistics may change without anybody having to approve anew; so
 * may the order in which a file happens to list servers or resources, but not an order of priority.
 */
import { mirrorsOf } from '../config/index.ts';
import type {
  ClusterConfiguration,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';
import type { Topology, TopologyVolume } from '../schema/generated/topology.ts';
import { canonicalText, hashText } from './text.ts';

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

function volumeOf(
  { servers }: ClusterConfiguration,
  group: ClusterConfiguration['groups'][number] | undefined,
  { name, parameters }: ConfiguredResource,
): TopologyVolume {
  const given = (path: string) => (path in parameters ? String(parameters[path]) : null);
  return {
    name,
    group: group?.name ?? null,
    servers: group?.servers ?? servers.map((server) => server.name),
    device: given('nmppath'),
    dataDevice: given('diskdev/dppath'),
    metaDevice: given('diskdev/cppath'),
    mountPoint: given('mount/point'),
    fileSystem: given('fs'),
  };
}

/** What the cluster consists of, in the words for every kind of it. */
export function topologyOf(config: ClusterConfiguration): Topology {
  const { name, uuid, servers, groups, resources, monitors } = config;
  const groupOf = (resource: string) => groups.find((one) => one.resources.includes(resource));
  return {
    schema: 'drydock.topology/1',
    kind: 'expresscluster',
    name,
    id: uuid,
    fingerprint: topologyHash(config),
    servers: servers.map(({ name: server, devices }) => ({
      name: server,
      addresses: devices.filter(({ kind }) => kind === 'lan').map(({ info }) => info),
    })),
    groups: groups.map((group) => ({
      name: group.name,
      comment: group.comment,
      startup: group.startup,
      servers: group.servers,
      resources: group.resources,
      failover: group.failover === 'auto' ? 'auto' : 'manual',
    })),
    resources: resources.map(({ name: resource, type, comment, dependsOn }) => {
      const group = groupOf(resource)?.name ?? null;
      return { name: resource, type, comment, group, dependsOn };
    }),
    volumes: mirrorsOf(config).map((mirror) => volumeOf(config, groupOf(mirror.name), mirror)),
    monitors: monitors.map(({ name: monitor, type, comment, target }) => {
      return { name: monitor, type, comment, target };
    }),
  };
}
