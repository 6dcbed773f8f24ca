/**
 * What a server of a cluster is made of, taken from the cluster's configuration: the disks its
 * mirror disk resources need, with their cluster and data partitions, and the services of its
 * edition. Sizes are small: a lab's disk is a file.
 */
import {
  carriersOf,
  fileSystemOf,
  fixedAddresses,
  mirrorSides,
  mirrorsOf,
  mirrorsOn,
  monitorKind,
  resourceKind,
} from '../config/index.ts';
import { splitPartition } from '../core/device-names.ts';
import type {
  ClusterConfiguration,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';
import { FIRST_OFFSET, layOut } from './devices.ts';
import { type ServiceRow, servicesOf } from './service-table.ts';
import {
  DEFAULT_TIMING,
  type Disk,
  type Hardware,
  type HostState,
  type HostTiming,
  type MirrorDevices,
} from './state.ts';
import { volumeName, wholeExtents } from './volume-groups.ts';

export interface HardwareOptions {
  /** Size of a data partition; 16 MiB by default. */
  dataBytes?: number;
  /** Size of a cluster partition; 1 MiB by default. */
  clusterBytes?: number;
  timing?: Partial<HostTiming>;
  hotplug?: boolean;
  /** Every server of the rack; those of the configuration, where it is left out. */
  machines?: readonly string[];
}

const MIB = 1024 * 1024;

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

/** A device that several servers reach: a disk in a cabinet beside them, or a volume on one. */
interface SharedDevice {
  device: string;
  servers: string[];
  fileSystem: string;
}

function sharedDevicesOf(config: ClusterConfiguration, server: string): SharedDevice[] {
  return config.resources.flatMap((resource) => {
    const group = config.groups.find(({ resources }) => resources.includes(resource.name));
    const servers = group?.servers ?? [];
    if (!servers.includes(server)) return [];
    const fileSystem = fileSystemOf(config, resource);
    return resourceKind(resource.type).shares.flatMap((key) => {
      const device = pathOf(resource, key);
      return device === null ? [] : [{ device, servers, fileSystem }];
    });
  });
}

/** A configured name may be that of a serial line, by mistake. */
const isDiskPath = (path: string) => path.startsWith('/dev/') && !path.startsWith('/dev/tty');

/** … and those that servers hear each other over: what is written there is small. */
function heardDisksOf(config: ClusterConfiguration, server: string): SharedDevice[] {
  const all = config.servers.flatMap(({ name }) =>
    carriersOf(config, name).map((carrier) => ({ ...carrier, name })),
  );
  return carriersOf(config, server)
    .filter(({ kind, path }) => kind === 'disk' && isDiskPath(path))
    .map(({ path, net }) => {
      const servers = new Set(all.filter((one) => one.net === net).map(({ name }) => name));
      return { device: path, servers: [...servers], fileSystem: 'none' };
    });
}

interface Sizes {
  dataBytes: number;
  clusterBytes: number;
}

function disksFor(
  mirrors: MirrorDevices[],
  /** The servers that reach this server's copy of a mirror. */
  sides: (mirror: string) => string[],
  shared: SharedDevice[],
  heard: SharedDevice[],
  server: string,
  { dataBytes, clusterBytes }: Sizes,
): Record<string, Disk> {
  const wanted = new Map<string, Map<number, number>>();
  const reached = new Map<string, string[]>();
  const want = (path: string, sizeBytes: number, servers: string[] = []) => {
    const part = splitPartition(path) ?? { disk: path, number: 0 };
    if (servers.length > 1) reached.set(part.disk, [...servers].sort());
    const parts = wanted.get(part.disk) ?? new Map<number, number>();
    parts.set(part.number, Math.max(sizeBytes, parts.get(part.number) ?? 0));
    wanted.set(part.disk, parts);
  };
  for (const { mirror, data, cluster } of mirrors) {
    const side = sides(mirror);
    want(cluster, clusterBytes, side);
    want(data, dataBytes, side);
  }
  for (const { device, servers } of shared) want(device, dataBytes, servers);
  for (const { device, servers } of heard) want(device, clusterBytes, servers);
  const entries = [...wanted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, parts]) => {
      const sizes = [...parts]
        .sort(([a], [b]) => a - b)
        .map(([number, sizeBytes]) => ({ number, sizeBytes }));
      const servers = reached.get(device);
      const owner = servers?.join('-') ?? server;
      const serial = `SN-${owner}-${device.replace('/dev/', '').replaceAll('/', '-')}-1`;
      const contents = sizes.reduce((sum, part) => sum + part.sizeBytes, FIRST_OFFSET);
      const volume = volumeName(device);
      const sizeBytes = volume ? wholeExtents(contents) : contents;
      const room = volume ? { roomBytes: sizeBytes } : {};
      // Number 0: the whole device is used.
      const partitions = layOut(sizes.filter(({ number }) => number > 0));
      const ways = servers ? { shared: true as const } : {};
      return [device, { serial, sizeBytes, failed: null, partitions, ...room, ...ways }] as const;
    });
  return Object.fromEntries(entries);
}

/** What monitors of this configuration look for. */
function programsOf({ monitors }: ClusterConfiguration): string[] {
  const names = monitors.map(({ type, parameters }) => {
    return monitorKind(type).program ?? String(parameters.processname ?? '');
  });
  return [...new Set(names)].filter((name) => name !== '').sort();
}

/** The disk that comes after this one in the same bay: predictable, so that a rehearsal can. */
export function nextSerial(serial: string): string {
  const match = /^(.*-)(\d+)$/.exec(serial);
  return match ? `${match[1]}${Number(match[2]) + 1}` : `${serial}-2`;
}

/** The serial number on the machine; of servers put up long ago the first one of its name. */
export function machineOf({ machine, server }: Pick<HostState, 'machine' | 'server'>): string {
  return machine ?? `SN-${server}-1`;
}

/** Where nothing else is said: a choice. */
const MASK_BITS = { v4: 24, v6: 64 };

/** An interface for each address of its own that the configuration gives a server. */
function interfacesFor(config: ClusterConfiguration, server: string): Record<string, string> {
  const entries = fixedAddresses(config, server).map((address, at) => {
    return [`eth${at}`, `${address}/${address.includes(':') ? MASK_BITS.v6 : MASK_BITS.v4}`];
  });
  return Object.fromEntries(entries);
}

/** Of a data partition, where nothing else is said. */
export const DATA_BYTES = 16 * MIB;

export function hardwareFor(
  config: ClusterConfiguration,
  server: string,
  options: HardwareOptions = {},
): Hardware {
  const { dataBytes = DATA_BYTES, clusterBytes = MIB, timing = {}, hotplug = false } = options;
  const members = config.servers.map(({ name }) => name);
  const { machines = members } = options;
  const mirrors = mirrorDevicesOf(config, server);
  const shared = sharedDevicesOf(config, server);
  const sides = (mirror: string) =>
    mirrorSides(config, mirror).find(({ servers }) => servers.includes(server))?.servers ?? [];
  const fileSystems = Object.fromEntries(
    shared.map(({ device, fileSystem }) => [device, fileSystem]),
  );
  const isNeeded = ({ processes }: ServiceRow) =>
    mirrorsOf(config).length > 0 || processes.every(({ part }) => part !== 'agent');
  const names = servicesOf(config.manual)
    .filter(isNeeded)
    .map(({ name }) => name);
  // A machine that the configuration does not name is bare: the product is not installed.
  const isMember = members.includes(server);
  const programs = programsOf(config);
  return {
    manual: config.manual,
    peers: machines.filter((name) => name !== server),
    timing: { ...DEFAULT_TIMING, ...timing },
    hotplug,
    services: isMember ? Object.fromEntries(names.map((name) => [name, { enabled: true }])) : {},
    ...(isMember ? {} : { packages: {}, removedServices: names }),
    disks: disksFor(mirrors, sides, shared, heardDisksOf(config, server), server, {
      dataBytes,
      clusterBytes,
    }),
    mirrors,
    ...(shared.length > 0 ? { fileSystems } : {}),
    ...(programs.length > 0 ? { programs } : {}),
    media: {},
    inserted: null,
    ...(isMember ? { interfaces: interfacesFor(config, server) } : {}),
  };
}
