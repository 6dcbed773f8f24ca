/**
 * A status of an EXPRESSCLUSTER as its runbooks speak of it: the words of the manuals, under the
 * names of drydock.status/1. Plans and records hold such expressions, so these names stay. Made
 * once for a status, of its neutral part and its block.
 */
import { expressClusterOf, requireExpressCluster } from '../../../cluster/index.ts';
import { perObject } from '../../../core/per-object.ts';
import { withParts } from '../../../core/when-asked.ts';
import type {
  CopyStatus,
  ExpressCluster,
  ExpressClusterCopy,
  ServerStatus,
  Status,
  SyncStatus,
  VolumeStatus,
} from '../../../schema/generated/status.ts';
import type * as one from '../../../schema/generated/status-1.ts';

/** What a field holds by name, each under another form. */
function mapped<T, U>(all: Record<string, T>, to: (item: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(all).map(([name, item]) => [name, to(item, name)]));
}

/** The vendor's word, of which the neutral part knows no more than that it is one. */
const said = <W extends string>(word: string | null) => word as W | null;

function clusterView({ cluster }: Status, block: ExpressCluster): one.Status['cluster'] {
  const { manual, edition, heartbeatTimeoutMs, timeoutRatio, autoRecovery, configHashes } = block;
  return {
    name: cluster.name,
    uuid: cluster.id,
    manual,
    edition,
    observed: cluster.observed,
    heartbeatTimeoutMs,
    timeoutRatioObserved: timeoutRatio.observed,
    timeoutRatio: timeoutRatio.ratio,
    timeoutRatioUntil: timeoutRatio.until,
    autoRecovery,
    configHashes,
  };
}

type Heartbeats = one.ServerStatus['heartbeats'];

function serverView(server: ServerStatus, block: ExpressCluster): one.ServerStatus {
  const { power, system, membership } = server;
  const own = block.servers[server.name]!;
  const { agent, runLevel, medium, machine, bays, images, member = true, interfaces } = own;
  const links = mapped(membership.links ?? {}, (received) =>
    mapped(received, ({ word }) => word ?? 'Unknown'),
  );
  return {
    name: server.name,
    member,
    observed: system.observed,
    power: power.state,
    powerObserved: power.observed,
    node: said<NonNullable<one.ServerStatus['node']>>(system.word),
    bootId: system.bootId,
    runLevel,
    state: said<one.ServerStatus['state']>(membership.word) ?? 'Unknown',
    daemon: membership.software,
    agent,
    daemonObserved: membership.observed,
    heartbeats: links as Heartbeats,
    services: system.services,
    disks: system.disks,
    ...(machine === undefined ? {} : { machine }),
    bays,
    images,
    mounts: system.mounts,
    medium,
    addresses: system.addresses,
    ...(interfaces === undefined ? {} : { interfaces }),
    operations: system.operations,
  };
}

function sideView(copy: CopyStatus, more: ExpressClusterCopy): one.MirrorSideStatus {
  const { observed, role, word, connection, apartSince } = copy;
  return {
    observed,
    color: said<one.MirrorSideStatus['color']>(word) ?? 'GRAY',
    active: role === null ? null : role === 'primary',
    mounted: copy.mounted,
    generation: copy.generation,
    latest: copy.newest,
    lastUpdate: more.lastUpdate,
    breakTime: more.breakTime,
    dirtyBytes: copy.outOfSyncBytes,
    differencePercent: copy.outOfSyncPercent,
    diskError: copy.diskError,
    connected: connection.state === null ? null : connection.state === 'connected',
    ...(observed.unknown === null ? { apartSince } : {}),
    autoRecoveryHeld: more.autoRecoveryHeld,
    serial: copy.serial,
    sizeBytes: copy.sizeBytes,
  };
}

function mirrorView(volume: VolumeStatus, { mirrors }: ExpressCluster): one.MirrorStatus {
  const { name, group, observed, word, outOfSyncPercent, copies, sync } = volume;
  return {
    name,
    group,
    observed,
    state: said<one.MirrorStatus['state']>(word) ?? 'Unknown',
    differencePercent: outOfSyncPercent,
    servers: mapped(copies, (copy, server) => sideView(copy, mirrors[name]![server]!)),
    recovery: sync as (SyncStatus & one.RecoveryStatus) | null,
  };
}

function groupsView({ groups }: Status): one.Status['groups'] {
  return mapped(groups, ({ word, state: _, ...group }) => ({
    ...group,
    state: said<NonNullable<one.GroupStatus['state']>>(word),
  }));
}

function resourcesView({ resources }: Status): one.Status['resources'] {
  return mapped(resources, ({ name, type, comment, group, observed, word, current }) => ({
    name,
    type,
    comment,
    group: group ?? '',
    observed,
    state: said<NonNullable<one.ResourceStatus['state']>>(word),
    current,
  }));
}

function monitorsView({ monitors }: Status): one.Status['monitors'] {
  return mapped(monitors, ({ servers, ...monitor }) => ({
    ...monitor,
    servers: mapped(servers, ({ observed, word, message }) => ({
      observed,
      state: said<NonNullable<one.MonitorOnServer['state']>>(word),
      message,
    })),
  }));
}

function serversView(status: Status): one.Status['servers'] {
  const block = expressClusterOf(status);
  return mapped(status.servers, (server) => serverView(server, block));
}

function mirrorsView(status: Status): one.Status['mirrors'] {
  const block = expressClusterOf(status);
  return mapped(status.volumes, (volume) => mirrorView(volume, block));
}

/** Each part when an expression first names it: most name one or two. */
export const expressClusterView = perObject((status: Status): one.Status => {
  requireExpressCluster(status);
  const own = { schema: 'drydock.status/1', takenAt: status.takenAt } as const;
  return withParts<typeof own, Omit<one.Status, keyof typeof own>>(own, {
    cluster: () => clusterView(status, expressClusterOf(status)),
    servers: () => serversView(status),
    groups: () => groupsView(status),
    resources: () => resourcesView(status),
    monitors: () => monitorsView(status),
    mirrors: () => mirrorsView(status),
    leases: () => status.leases,
  });
});
