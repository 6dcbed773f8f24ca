/**
 * What servers hear each other over. A kind of heartbeat, or of network partition resolution, is an
 * entry here: what it is called, what each server needs for it, over which cable it goes. What the
 * daemon does with a kind of resolution is an entry of its own (src/engine/partition).
 *
 *     lan0, mdc400, com200, bmc       from server to server
 *     disk300, witness                from server to what stands in the middle, and from there on:
 *                                     a shared disk that both write to, a witness server
 *
 * `outside` is whatever is no server at the other end of a net: the disk itself, the witness, and
 * what is pinged, which also has a cable under its own address.
 */
import { perObject } from '../core/per-object.ts';
import type {
  ClusterConfiguration,
  ConfiguredResource,
  ConfiguredServer,
  HeartbeatResource,
  NetworkPartitionResource,
} from '../schema/generated/cluster-configuration.ts';

export const OUTSIDE = 'outside';
const WITNESS = 'witness';
const BMC = 'bmc';

export interface HeartbeatKind {
  /** What clpstat says beside it. */
  comment: string;
  /** Kinds of device that carry it on each server, by the resource's number. */
  devices: readonly string[];
  /** A cable from one server to another, and no third. */
  joinsTwo?: true;
  /** Its net, where that does not hang on the device: then a server may be without one. */
  net?: string;
}

const heartbeatKinds = new Map<string, HeartbeatKind>(
  Object.entries({
    lanhb: { comment: 'LAN Heartbeat', devices: ['lan', 'mdc'] },
    lankhb: { comment: 'Kernel Mode LAN Heartbeat', devices: ['lan', 'mdc'] },
    comhb: { comment: 'COM Heartbeat', devices: ['com'], joinsTwo: true },
    diskhb: { comment: 'DISK Heartbeat', devices: ['disk'] },
    bmchb: { comment: 'BMC Heartbeat', devices: ['bmc'], net: 'bmc' },
    witnesshb: { comment: 'Witness Heartbeat', devices: [], net: WITNESS },
  }),
);

export interface PartitionKind {
  comment: string;
  devices: readonly string[];
}

const partitionKinds = new Map<string, PartitionKind>(
  Object.entries({
    pingnp: { comment: 'ping resolution', devices: [] },
    httpnp: { comment: 'http resolution', devices: [] },
    disknp: { comment: 'DISK resolution', devices: ['disk'] },
    majonp: { comment: 'majority resolution', devices: [] },
  }),
);

/** null: a kind that is carried and not used. */
export function heartbeatKind(type: string): HeartbeatKind | null {
  return heartbeatKinds.get(type) ?? null;
}

export function partitionKind(type: string): PartitionKind | null {
  return partitionKinds.get(type) ?? null;
}

/** Kinds of the devices that have a number, on whatever server. */
const deviceKinds = perObject((config: ClusterConfiguration) => {
  const kinds = new Map<number, Set<string>>();
  for (const { id, kind } of config.servers.flatMap((server) => server.devices)) {
    kinds.set(id, (kinds.get(id) ?? new Set()).add(kind));
  }
  return kinds;
});

function deviceNet(config: ClusterConfiguration, kinds: readonly string[], id: number) {
  const found = [...(deviceKinds(config).get(id) ?? [])].find((kind) => kinds.includes(kind));
  return `${found ?? kinds[0]}${id}`;
}

/** The net that a heartbeat resource goes over; null: its kind is not used here. */
export function netOf(
  config: ClusterConfiguration,
  { type, device }: Pick<HeartbeatResource, 'type' | 'device'>,
): string | null {
  const kind = heartbeatKind(type);
  return kind && (kind.net ?? deviceNet(config, kind.devices, device));
}

/** The shared disk that a resolution resource writes its marks on; null: it has none. */
export function markNetOf(
  config: ClusterConfiguration,
  { type, device }: Pick<NetworkPartitionResource, 'type' | 'device'>,
): string | null {
  const kind = partitionKind(type);
  return kind && kind.devices.length > 0 ? deviceNet(config, kind.devices, device) : null;
}

/** By the device that a resource needs a server to have; true where it needs none. */
export function hasDeviceFor(
  { devices }: ConfiguredServer,
  { type, device }: Pick<HeartbeatResource, 'type' | 'device'>,
): boolean {
  const beat = heartbeatKind(type);
  const needed = (beat ?? partitionKind(type))?.devices ?? [];
  const isFree = needed.length === 0 || beat?.net !== undefined;
  return isFree || devices.some(({ id }) => id === device);
}

function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || text.includes(':');
}

/** The addresses that a file gives a server on its own nets, each once, by the devices' numbers. */
export function fixedAddresses(config: ClusterConfiguration, server: string): string[] {
  const { devices = [] } = config.servers.find(({ name }) => name === server) ?? {};
  const wired = devices.filter(({ kind, info }) => WIRED.includes(kind) && isAddress(info));
  return [...new Set(wired.toSorted((a, b) => a.id - b.id).map(({ info }) => info))];
}

/** A device of one server that a heartbeat, a resolution resource or a mirror goes over, and its net. */
export interface Carrier {
  resource: string;
  kind: string;
  path: string;
  net: string;
}

/** Devices that are an address, which an interface of the server may not have. */
const WIRED = ['lan', 'mdc'];
/** … and those that are a device of its own: each may be missing, or fail. */
const CARRIERS = [...WIRED, 'disk', 'com'];

/** The ids of the mirror disk connects of a resource. */
function connectsOf({ parameters }: ConfiguredResource): number[] {
  const text = String(parameters.netdev ?? '');
  return text === '' ? [] : text.split(',').map(Number);
}

export function carriersOf(config: ClusterConfiguration, server: string): Carrier[] {
  const { devices = [] } = config.servers.find(({ name }) => name === server) ?? {};
  const used = [
    ...config.heartbeats.map((one) => ({ one, net: netOf(config, one) })),
    ...config.networkPartition.map((one) => ({ one, net: markNetOf(config, one) })),
  ];
  const mirrors = config.resources.flatMap((resource) =>
    connectsOf(resource).flatMap((device) => {
      const found = devices.find(({ id, kind }) => id === device && kind === 'mdc');
      const net = `mdc${device}`;
      return found ? [{ resource: resource.name, kind: 'mdc', path: found.info, net }] : [];
    }),
  );
  const heard = used.flatMap(({ one, net }) => {
    const isOver = ({ id, kind }: { id: number; kind: string }) => net === `${kind}${id}`;
    const found = devices.find((device) => isOver(device) && CARRIERS.includes(device.kind));
    if (net === null) return [];
    if (found) return [{ resource: one.name, kind: found.kind, path: found.info, net }];
    const isLost = net === BMC && !devices.some(({ kind }) => kind === BMC);
    return isLost ? [{ resource: one.name, kind: BMC, path: '', net }] : [];
  });
  return [...heard, ...mirrors];
}

const SHARED = ['lan', 'mdc', 'com', 'disk'];

/** Every net of a cluster that its servers share, by the names that faults are given by. */
export function netsOf(config: ClusterConfiguration): string[] {
  const devices = config.servers.flatMap((server) => server.devices);
  const named = devices
    .filter(({ kind }) => SHARED.includes(kind))
    .map(({ id, kind }) => `${kind}${id}`);
  const used = config.heartbeats.map((resource) => netOf(config, resource));
  return [...new Set([...named, ...used.filter((net) => net !== null), 'bmc'])];
}

/** What answers from outside the cluster, by address: each has a cable of its own. */
export function outsideOf({ networkPartition }: ClusterConfiguration): string[] {
  return [OUTSIDE, ...new Set(networkPartition.flatMap(({ targets }) => targets))];
}

/** The LAN by which a server reaches an address: the one it is in, else the first (our choice). */
export function lanTo({ devices }: ConfiguredServer, address: string): string {
  const lans = devices.filter(({ kind }) => kind === 'lan');
  const prefix = (text: string) => text.split('.').slice(0, 3).join('.');
  const [first] = lans;
  const found = lans.find(({ info }) => prefix(info) === prefix(address)) ?? first;
  return `lan${found?.id ?? 0}`;
}

/** The cables that a message of one end to another goes over: every one of them has to be whole. */
export function legsOf(net: string, from: string, to: string): [from: string, to: string][] {
  if (from === OUTSIDE || to === OUTSIDE) return [[from, to]];
  const direct: [string, string] = [from, to];
  if (!/^disk\d+$/.test(net) && net !== WITNESS) return [direct];
  return [direct, [from, OUTSIDE], [OUTSIDE, to]];
}

/** … and of a question to something outside, and its answer. */
export function legsOutside(server: string, target: string): [from: string, to: string][] {
  const ends = target === OUTSIDE ? [OUTSIDE] : [OUTSIDE, target];
  return ends.flatMap((end): [string, string][] => [
    [server, end],
    [end, server],
  ]);
}
