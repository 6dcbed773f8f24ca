/**
 * What some of the simulated clusters have besides servers, groups and mirrors, as words of the line
 * that a cluster stands in; what is left out it does not have:
 *
 *     np=pingnp|majonp|disknp           network partition resolution (x5): who is cut off shuts down
 *     hybrids=1                         a group with a hybrid disk between two halves of the servers
 *     policy=dynamic|serverGroupFirst|serverGroupOnly   of the groups without a mirror (x5)
 *     exclusion=normal|absolute         of all of these groups towards each other (x5)
 *     failback=on                       they go back where they belong
 *     controller=late|never             how management controllers answer until all is mended
 */
import { readFileSync } from 'node:fs';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
  ConfiguredServer,
  NetworkPartitionResource,
} from '../../src/schema/generated/cluster-configuration.ts';
import type { SeededRandom } from '../../src/sim/seeded-random.ts';

const HYBRID = new URL('../../fixtures/clusters/x5hybrid.clp.conf', import.meta.url);
/** Of a shared disk that servers write their marks to. */
const DISK = 350;
/** What is pinged; it has cables of its own under this name. */
export const PINGED = '10.0.0.254';
const [NEAR, FAR] = ['svg1', 'svg2'];

export interface Wider {
  np: 'none' | 'pingnp' | 'majonp' | 'disknp';
  hybrids: number;
  policy: 'order' | NonNullable<ConfiguredGroup['failoverPolicy']>;
  exclusion: 'none' | 'normal' | 'absolute';
  failback: boolean;
  controller: 'prompt' | 'late' | 'never';
}

export const PLAIN: Wider = {
  np: 'none',
  hybrids: 0,
  policy: 'order',
  exclusion: 'none',
  failback: false,
  controller: 'prompt',
};

export function wordsOf(wider: Wider): string[] {
  const words = Object.entries({ ...wider, failback: wider.failback ? 'on' : 'off' });
  const plain = { ...PLAIN, failback: 'off' } as Record<string, unknown>;
  return words
    .filter(([name, value]) => name in plain && plain[name] !== value)
    .map(([name, value]) => `${name}=${value}`);
}

export function isWider(world: Wider): boolean {
  return wordsOf(world).length > 0;
}

export function widerFrom(given: Record<string, string>): Wider {
  return {
    np: (given.np ?? PLAIN.np) as Wider['np'],
    hybrids: Number(given.hybrids ?? 0),
    policy: (given.policy ?? PLAIN.policy) as Wider['policy'],
    exclusion: (given.exclusion ?? PLAIN.exclusion) as Wider['exclusion'],
    failback: given.failback === 'on',
    controller: (given.controller ?? PLAIN.controller) as Wider['controller'],
  };
}

/** Groups that exclude each other have room only where there is a server for each. */
interface Base {
  isX5: boolean;
  servers: number;
  groups: number;
  mirrors: number;
  forceStop: boolean;
}

/** Two of five have something of it. */
export function randomWider(random: SeededRandom, base: Base): Wider {
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  const { isX5, servers, groups, mirrors, forceStop } = base;
  if (random.next() >= 0.4) return PLAIN;
  const hasRoom = groups <= servers && mirrors === 0;
  const drawn: Wider = {
    np: pick(['none', 'pingnp', 'majonp', 'disknp'] as const),
    hybrids: pick([0, 0, 1]),
    policy: pick(['order', 'order', 'dynamic', 'serverGroupFirst', 'serverGroupOnly'] as const),
    exclusion: pick(['none', 'none', 'normal', 'absolute'] as const),
    failback: random.next() < 0.3,
    controller: pick(['prompt', 'late', 'never'] as const),
  };
  return {
    np: isX5 ? drawn.np : 'none',
    hybrids: isX5 && servers > 2 ? drawn.hybrids : 0,
    policy: isX5 ? drawn.policy : 'order',
    exclusion: isX5 && hasRoom && drawn.hybrids === 0 ? drawn.exclusion : 'none',
    failback: drawn.failback,
    controller: forceStop ? drawn.controller : 'prompt',
  };
}

/** The faults that a history begins with. */
export function controllersOf({ controller }: Wider, config: ClusterConfiguration): string[] {
  if (controller === 'prompt') return [];
  const names = config.servers.map(({ name }) => name);
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => `${one} ${other}`));
  return pairs.map((pair) =>
    controller === 'late' ? `delay bmc ${pair} 1800` : `cut bmc ${pair}`,
  );
}

function resolutionOf(np: Wider['np']): NetworkPartitionResource[] {
  if (np === 'none') return [];
  const targets = np === 'pingnp' ? [PINGED] : [];
  return [{ name: `${np}1`, type: np, device: DISK, targets }];
}

/** A group of x5hybrid's, under another number. */
function hybridOf(number: number, servers: string[]) {
  const model = parseClusterConfiguration(readFileSync(HYBRID, 'utf8'), 'x5hybrid.clp.conf');
  const letter = String.fromCharCode('a'.charCodeAt(0) + number);
  const text = JSON.stringify({
    groups: model.groups,
    resources: model.resources,
    monitors: model.monitors.filter(({ type }) => type !== 'userw'),
  });
  const renamed = text
    .replaceAll(/\b(failover|fip|hd|exec|hdw|hdnw|fipw|pidw|genw)1\b/g, `$1${number}`)
    .replaceAll('/dev/NMP1', `/dev/NMP${number}`)
    .replaceAll('/dev/sdb', `/dev/sd${letter}`)
    .replaceAll('10.0.0.11', `10.0.0.${100 + number}`);
  const { groups, ...rest } = JSON.parse(renamed) as typeof model;
  return { ...rest, groups: groups.map((group) => ({ ...group, servers })) };
}

/** `ordinary`: the names of the groups without a mirror. */
export function widened(
  config: ClusterConfiguration,
  wider: Wider,
  ordinary: readonly string[],
): ClusterConfiguration {
  const { np, hybrids, policy, exclusion, failback } = wider;
  const names = config.servers.map(({ name }) => name);
  const half = Math.ceil(names.length / 2);
  const sides = [names.slice(0, half), names.slice(half)] as const;
  const isGrouped = policy.startsWith('serverGroup');
  const change = (group: ConfiguredGroup): ConfiguredGroup => ({
    ...group,
    ...(policy === 'order' ? {} : { failoverPolicy: policy }),
    ...(isGrouped ? { serverGroups: [NEAR, FAR], servers: sides.flat() } : {}),
    ...(failback ? { autoFailback: true } : {}),
  });
  const groups = config.groups.map((one) => (ordinary.includes(one.name) ? change(one) : one));
  const hybrid = hybrids > 0 ? hybridOf(config.groups.length + 1, sides.flat()) : null;
  const rule = { name: 'rule1', comment: '', kind: exclusion, groups: [...ordinary] };
  const member = (name: string, servers: string[]) => ({ name, comment: '', servers });
  const disk = { id: DISK, kind: 'disk', info: `/dev/disk${DISK}` };
  const wired = (server: ConfiguredServer) => ({ ...server, devices: [...server.devices, disk] });
  return {
    ...config,
    ...(np === 'none' ? {} : { networkPartition: resolutionOf(np) }),
    ...(np === 'disknp'
      ? { servers: config.servers.map(wired) as ClusterConfiguration['servers'] }
      : {}),
    ...(exclusion === 'none' ? {} : { exclusionRules: [rule] }),
    ...(isGrouped || hybrid
      ? { serverGroups: [member(NEAR, sides[0]), member(FAR, sides[1])] }
      : {}),
    groups: [...groups, ...(hybrid?.groups ?? [])],
    resources: [...config.resources, ...(hybrid?.resources ?? [])],
    monitors: [...config.monitors, ...(hybrid?.monitors ?? [])],
  };
}
