/** A status as earlier versions printed it, drydock.status/1, in today's form. */

import { connectionOf, roleOf } from '../../src/cluster/mirrors.ts';
import { linksOf } from '../../src/cluster/servers.ts';
import {
  copySays,
  maintenanceOf,
  membershipSays,
  monitorSays,
  serviceSays,
  systemSays,
  volumeSays,
} from '../../src/cluster/words.ts';
import type {
  CopyStatus,
  ServerStatus,
  Status,
  VolumeStatus,
} from '../../src/schema/generated/status.ts';
import type * as one from '../../src/schema/generated/status-1.ts';

function mapped<T, U>(all: Record<string, T>, to: (item: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(all).map(([name, item]) => [name, to(item)]));
}

function serverOf(server: one.ServerStatus): ServerStatus {
  const { name, observed, services, disks, mounts, addresses, operations, bootId } = server;
  const word = server.state === 'Unknown' ? null : server.state;
  return {
    name,
    power: { observed: server.powerObserved, state: server.power },
    system: {
      observed,
      reachable: observed.unknown === null,
      ...systemSays(server.node),
      bootId,
      services,
      disks,
      mounts,
      addresses,
      operations,
    },
    membership: {
      observed: server.daemonObserved,
      ...membershipSays(word),
      software: server.daemon,
      maintenance: maintenanceOf(word),
      links: server.daemon === 'running' ? linksOf(server.heartbeats) : null,
    },
  };
}

function copyOf(side: one.MirrorSideStatus): CopyStatus {
  return {
    observed: side.observed,
    role: roleOf(side.active),
    ...copySays(side.observed.unknown === null ? side.color : null),
    newest: side.latest,
    generation: side.generation,
    connection: connectionOf(side.connected),
    apartSince: side.apartSince ?? null,
    outOfSyncBytes: side.dirtyBytes,
    outOfSyncPercent: side.differencePercent,
    diskError: side.diskError,
    mounted: side.mounted,
    serial: side.serial,
    sizeBytes: side.sizeBytes,
  };
}

/** Who reported on a pair was not always noted: then the copies' own words say it. */
function volumeOf(mirror: one.MirrorStatus): VolumeStatus {
  const sides = Object.values(mirror.servers).map(({ observed }) => observed);
  const nobody = { by: null, at: null, unknown: 'there is no server to ask' };
  return {
    name: mirror.name,
    group: mirror.group,
    observed:
      mirror.observed ?? sides.find(({ unknown }) => unknown === null) ?? sides[0] ?? nobody,
    ...volumeSays(mirror.state === 'Unknown' ? null : mirror.state),
    outOfSyncPercent: mirror.differencePercent,
    copies: mapped(mirror.servers, copyOf),
    sync: mirror.recovery,
  };
}

function blockOf({ cluster, servers, mirrors }: one.Status): NonNullable<Status['expresscluster']> {
  const { manual, edition, heartbeatTimeoutMs, autoRecovery, configHashes } = cluster;
  return {
    manual,
    edition,
    heartbeatTimeoutMs,
    autoRecovery,
    timeoutRatio: {
      observed: cluster.timeoutRatioObserved ?? cluster.observed,
      ratio: cluster.timeoutRatio,
      until: cluster.timeoutRatioUntil,
    },
    configHashes,
    servers: mapped(servers, ({ agent, runLevel, medium, machine, bays, images, ...more }) => ({
      ...{ agent, runLevel, medium, bays: bays ?? null, images: images ?? null },
      ...(machine === undefined ? {} : { machine }),
      ...(more.interfaces === undefined ? {} : { interfaces: more.interfaces }),
      ...(more.member === false ? { member: false as const } : {}),
    })),
    mirrors: mapped(mirrors, (mirror) =>
      mapped(mirror.servers, ({ lastUpdate, breakTime, autoRecoveryHeld }) => {
        return { lastUpdate, breakTime, autoRecoveryHeld };
      }),
    ),
  };
}

export function upgradeStatus(old: one.Status): Status {
  const { name, uuid, observed } = old.cluster;
  const quorum = { observed, state: 'notUsed', word: null } as const;
  return {
    schema: 'drydock.status/2',
    takenAt: old.takenAt,
    kind: 'expresscluster',
    cluster: { name, id: uuid, observed, quorum, maintenance: [] },
    servers: mapped(old.servers, serverOf),
    groups: mapped(old.groups, ({ state, ...group }) => ({ ...group, ...serviceSays(state) })),
    resources: mapped(old.resources, ({ state, group, ...resource }) => {
      return { ...resource, group: group || null, ...serviceSays(state), maintenance: [] };
    }),
    volumes: mapped(old.mirrors, volumeOf),
    monitors: mapped(old.monitors, ({ servers, ...monitor }) => ({
      ...monitor,
      servers: mapped(servers, ({ observed: by, state, message }) => {
        return { observed: by, ...monitorSays(state), message };
      }),
    })),
    leases: old.leases,
    expresscluster: blockOf(old),
  };
}
