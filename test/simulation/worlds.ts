/**
 * The clusters that are simulated: two to eight servers, some groups without and some with a mirror
 * disk. What one is made of stands in one line, so that a text scenario names its cluster whole:
 *
 *     cluster v3le servers=3 groups=2 mirrors=1 forcestop=on autorecovery=off scripts=300 seed=7
 *
 * What else some have stands behind that (wider.ts).
 */
import { readFileSync } from 'node:fs';
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
  ConfiguredMonitor,
  ConfiguredResource,
  ConfiguredServer,
  HeartbeatResource,
} from '../../src/schema/generated/cluster-configuration.ts';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import type { TwinOptions } from '../../src/sim/twin-options.ts';
import { randomWider, type Wider, widened, widerFrom, wordsOf } from './wider.ts';

const clusters = new URL('../../fixtures/clusters/', import.meta.url);
const CONTROLLER = { id: 10300, kind: 'bmc', info: '10.0.2.1' };
export const DATA_BYTES = 256 * 1024;

export interface World extends Wider {
  fixture: 'v3le' | 'x5mirror';
  /** 2 to 8 in a history; the benchmarks have larger ones. */
  servers: number;
  /** Groups without a mirror. */
  groups: number;
  /** Groups with a mirror, each on two of the servers. */
  mirrors: number;
  forceStop: boolean;
  autoRecovery: boolean;
  latencyMs: number;
  powerLoss: 'drop' | 'keep' | 'reorder';
  /** How long a script takes: what is long on its way is hit by more. */
  scriptMs: number;
  seed: number;
}

const onOff = (on: boolean) => (on ? 'on' : 'off');

export function headOf(world: World): string {
  const { fixture, servers, groups, mirrors, forceStop, autoRecovery } = world;
  return [
    `cluster ${fixture} servers=${servers} groups=${groups} mirrors=${mirrors}`,
    `forcestop=${onOff(forceStop)} autorecovery=${onOff(autoRecovery)}`,
    `latency=${world.latencyMs} powerloss=${world.powerLoss} scripts=${world.scriptMs} seed=${world.seed}`,
    ...wordsOf(world),
  ].join(' ');
}

export function worldFrom(head: string): World {
  const [, fixture, ...words] = head.split(' ');
  const given = Object.fromEntries(words.map((word) => word.split('='))) as Record<string, string>;
  return {
    fixture: fixture as World['fixture'],
    servers: Number(given.servers ?? 2),
    groups: Number(given.groups ?? 1),
    mirrors: Number(given.mirrors ?? 1),
    forceStop: given.forcestop === 'on',
    autoRecovery: given.autorecovery !== 'off',
    latencyMs: Number(given.latency ?? 0.2),
    powerLoss: (given.powerloss ?? 'drop') as World['powerLoss'],
    scriptMs: Number(given.scripts ?? 20),
    seed: Number(given.seed ?? 1),
    ...widerFrom(given),
  };
}

export function randomWorld(random: SeededRandom, seed: number): World {
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  const base = {
    fixture: pick(['v3le', 'x5mirror'] as const),
    servers: pick([2, 2, 2, 3, 3, 4, 5, 8]),
    groups: 1 + random.below(3),
    mirrors: random.below(2),
    forceStop: random.next() < 0.5,
    autoRecovery: random.next() < 0.6,
    latencyMs: pick([0.05, 0.2, 2]),
    powerLoss: pick(['drop', 'keep', 'reorder'] as const),
    scriptMs: pick([20, 300, 300, 1500]),
    seed,
  };
  const wider = randomWider(random.fork('wider'), { ...base, isX5: base.fixture === 'x5mirror' });
  return { ...base, ...wider };
}

/** The chance of a seed's history. */
export const randomOf = (seed: number) => new SeededRandom(`simulate/${seed}`);

/** The cluster of the history that a seed stands for. */
export function worldOf(seed: number): World {
  return randomWorld(randomOf(seed).fork('world'), seed);
}

/** The list, begun at another place. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** A server as the fixture's first one, with addresses of its own. */
function serverAs(first: ConfiguredServer, index: number): ConfiguredServer {
  const number = index + 1;
  const wired = first.devices.some(({ kind }) => kind === 'bmc') ? [] : [CONTROLLER];
  const devices = [...first.devices, ...wired].map((device) => ({
    ...device,
    info: device.info.replace(/\.1$/, `.${number}`),
  }));
  return { name: `server${number}`, priority: index, comment: '', devices };
}

/** A serial line joins two servers only: more of them hear each other over a disk instead. */
function byDisk(servers: ConfiguredServer[], beats: HeartbeatResource[]) {
  const ofDisk = (server: ConfiguredServer) => ({
    ...server,
    devices: server.devices.map((device) =>
      device.kind === 'com' ? { ...device, kind: 'disk', info: '/dev/sdq1' } : device,
    ),
  });
  const heartbeats = beats.map((one) =>
    one.type === 'comhb' ? { ...one, type: 'diskhb', name: one.name.replace('com', 'disk') } : one,
  );
  return { servers: servers.map(ofDisk), heartbeats };
}

interface Part {
  group: ConfiguredGroup;
  resources: ConfiguredResource[];
  monitors: ConfiguredMonitor[];
}

/** One of the fixture's groups under another number, with all that belongs to it. */
function groupAs(
  config: ClusterConfiguration,
  model: 'failover1' | 'failover2',
  number: number,
  servers: string[],
): Part {
  const group = config.groups.find(({ name }) => name === model);
  if (!group) throw new Error(`the fixture has no ${model}`);
  const renamed = (name: string) => name.replace(/\d+$/, `${number}`);
  const members = config.resources.filter(({ name }) => group.resources.includes(name));
  const resources = members.map((one) => ({
    ...one,
    name: renamed(one.name),
    dependsOn: one.dependsOn.map(renamed),
    parameters: ownParameters(one, number),
  }));
  const addresses = new Map(
    members.map(({ parameters }, at) => [parameters.ip, resources[at]?.parameters.ip]),
  );
  /** A monitor's parameter, where it names what has another name or address now. */
  const again = (key: string, value: string | number | boolean) => {
    if (key === 'object' && typeof value === 'string') return renamed(value);
    return (typeof value === 'string' && addresses.get(value)) || value;
  };
  const isOurs = ({ target, recovery, parameters }: ConfiguredMonitor) =>
    [target, recovery.target, parameters.object].some(
      (name) => name === model || group.resources.includes(String(name)),
    );
  const monitors = config.monitors.filter(isOurs).map((one) => ({
    ...one,
    name: renamed(one.name),
    target: one.target === null ? null : renamed(one.target),
    recovery: {
      ...one.recovery,
      target:
        one.recovery.targetKind === 'cls' ? one.recovery.target : renamed(one.recovery.target),
    },
    parameters: Object.fromEntries(
      Object.entries(one.parameters).map(([key, value]) => [key, again(key, value)]),
    ),
  }));
  const named = {
    ...group,
    name: renamed(model),
    servers,
    resources: group.resources.map(renamed),
  };
  return { group: named, resources, monitors };
}

function ownParameters(
  { type, parameters }: ConfiguredResource,
  number: number,
): ConfiguredResource['parameters'] {
  if (type === 'fip') return { ...parameters, ip: `10.0.0.${100 + number}` };
  if (type !== 'md') return parameters;
  const letter = String.fromCharCode('a'.charCodeAt(0) + number);
  return {
    ...parameters,
    nmppath: `/dev/NMP${number}`,
    'mount/point': `/mnt/md${number}`,
    'diskdev/cppath': `/dev/sd${letter}1`,
    'diskdev/dppath': `/dev/sd${letter}2`,
  };
}

/** The world's cluster as a clp.conf, with short times, so that much happens in little. */
export function configTextOf(world: World): string {
  const text = readFileSync(new URL(`${world.fixture}.clp.conf`, clusters), 'utf8');
  const config = parseClusterConfiguration(text, `${world.fixture}.clp.conf`);
  const [first] = config.servers;
  const made = Array.from({ length: world.servers }, (_, at) => serverAs(first, at));
  const { servers, heartbeats } =
    made.length > 2
      ? byDisk(made, config.heartbeats)
      : { servers: made, heartbeats: config.heartbeats };
  const names = servers.map(({ name }) => name);
  const parts: Part[] = [];
  for (let number = 1; number <= world.mirrors; number++) {
    const pair = rotated(names, number - 1).slice(0, 2);
    parts.push(groupAs(config, 'failover1', number, pair));
  }
  for (let at = 0; at < world.groups; at++) {
    const number = world.mirrors + at + 1;
    parts.push(groupAs(config, 'failover2', number, rotated(names, at)));
  }
  const local = config.monitors.filter(({ type }) => type === 'userw');
  const bmc = { type: 'bmc' as const, timeoutMs: 5000 };
  const ordinary = parts.slice(world.mirrors).map(({ group }) => group.name);
  const whole = {
    ...config,
    heartbeats,
    servers: servers as ClusterConfiguration['servers'],
    heartbeat: { intervalMs: 300, timeoutMs: 1500 },
    startupWaitMs: 5000,
    autoRecovery: world.autoRecovery,
    forceStop: world.forceStop ? bmc : null,
    groups: parts.map(({ group }) => group),
    resources: parts.flatMap(({ resources }) => resources),
    monitors: [...local, ...parts.flatMap(({ monitors }) => monitors)],
  };
  return writeClusterConfiguration(widened(whole, world, ordinary), text);
}

export function twinOptionsOf(world: World): TwinOptions {
  return {
    configText: configTextOf(world),
    seed: world.seed,
    dataBytes: DATA_BYTES,
    latencyMs: world.latencyMs,
    powerLoss: world.powerLoss,
  };
}
