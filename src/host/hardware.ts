/**
 * What a server of a cluster is made of, taken from the cluster's configuration: the disks its
 * mirror disk resources need, with their cluster and data partitions, and the services of its
 * edition. Sizes are small: a lab's disk is a file.
 */
import { fileSystemOf, mirrorsOf, mirrorsOn } from '../config/index.ts';
import type {
  ClusterConfiguration,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';
import { FIRST_OFFSET, layOut, splitPartition } from './devices.ts';
import {
  DEFAULT_TIMING,
  type Disk,
  type Hardware,
  type HostTiming,
  type MirrorDevices,
} from './state.ts';

export interface HardwareOptions {
  /** Size of a data partition; 16 MiB by default. */
  dataBytes?: number;
  /** Size of a cluster partition; 1 MiB by default. */
  clusterBytes?: number;
  timing?: Partial<HostTiming>;
  hotplug?: boolean;
}

const MIB = 1024 * 1024;

/** Services by product; the last two came with the X series. v3 2.2, 5; x5 2.7. */
const SERVICES = {
  v3: ['evt', 'trn', 'md', '', 'webmgr', 'alertsync'],
  x5: ['evt', 'trn', 'ib', 'api', 'md', '', 'webmgr', 'alertsync'],
} as const;

function pathOf(resource: ConfiguredResource, key: string): string | null {
  const value = resource.parameters[key];
  return typeof value === 'string' && value.startsWith('/dev/') ? value : null;
}

/** Of the mirrors that a server holds a copy of. */
export function mirrorDevicesOf(config: ClusterConfiguration, server: string): MirrorDevices[] {
  return mirrorsOn(config, server).flatMap((resource) => {
    const device = pathOf(resource, 'nmppath');
    const data = pathOf(resource, 'diskdev/dppath');
    const cluster = pathOf(resource, 'diskdev/cppath');
    if (!(device && data && cluster)) return [];
    const fileSystem = fileSystemOf(config, resource);
    return [{ mirror: resource.name, device, data, cluster, fileSystem }];
  });
}

function disksFor(
  mirrors: MirrorDevices[],
  server: string,
  dataBytes: number,
  clusterBytes: number,
): Record<string, Disk> {
  const wanted = new Map<string, Map<number, number>>();
  const want = (path: string, sizeBytes: number) => {
    const part = splitPartition(path);
    if (!part) return;
    const parts = wanted.get(part.disk) ?? new Map<number, number>();
    parts.set(part.number, Math.max(sizeBytes, parts.get(part.number) ?? 0));
    wanted.set(part.disk, parts);
  };
  for (const { data, cluster } of mirrors) {
    want(cluster, clusterBytes);
    want(data, dataBytes);
  }
  const entries = [...wanted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, parts]) => {
      const sizes = [...parts]
        .sort(([a], [b]) => a - b)
        .map(([number, sizeBytes]) => ({ number, sizeBytes }));
      const sizeBytes = sizes.reduce((sum, part) => sum + part.sizeBytes, FIRST_OFFSET);
      const serial = `SN-${server}-${device.replace('/dev/', '').replaceAll('/', '-')}-1`;
      return [device, { serial, sizeBytes, failed: null, partitions: layOut(sizes) }] as const;
    });
  return Object.fromEntries(entries);
}

/** The disk that comes after this one in the same bay: predictable, so that a rehearsal can. */
export function nextSerial(serial: string): string {
  const match = /^(.*-)(\d+)$/.exec(serial);
  return match ? `${match[1]}${Number(match[2]) + 1}` : `${serial}-2`;
}

/** Of a data partition, where nothing else is said. */
export const DATA_BYTES = 16 * MIB;

export function hardwareFor(
  config: ClusterConfiguration,
  server: string,
  options: HardwareOptions = {},
): Hardware {
  const { dataBytes = DATA_BYTES, clusterBytes = MIB, timing = {}, hotplug = false } = options;
  const mirrors = mirrorDevicesOf(config, server);
  const names = SERVICES[config.manual]
    .filter((name) => name !== 'md' || mirrorsOf(config).length > 0)
    .map((name) => (name === '' ? 'clusterpro' : `clusterpro_${name}`));
  return {
    manual: config.manual,
    peers: config.servers.map((other) => other.name).filter((name) => name !== server),
    timing: { ...DEFAULT_TIMING, ...timing },
    hotplug,
    services: Object.fromEntries(names.map((name) => [name, { enabled: true }])),
    disks: disksFor(mirrors, server, dataBytes, clusterBytes),
    mirrors,
    media: {},
    inserted: null,
  };
}
