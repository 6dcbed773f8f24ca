/**
 * What must rest while a changed configuration is distributed (v3 6.1):
 *
 *   none      nothing differs            upload    nothing has to rest          (6.1.1)
 *   suspend   heartbeats and monitors    (6.1.4)   stop      groups too         (6.1.5)
 *   shutdown  the servers too            (6.1.6)
 *
 * The manual refers to another book for which change needs which; the table here is our choice.
 */
import type {
  ClusterConfiguration,
  ConfiguredGroup,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';
import { resourceKind } from './kinds.ts';

const LEVELS = ['none', 'upload', 'suspend', 'stop', 'shutdown'] as const;

export type ImpactLevel = (typeof LEVELS)[number];

export interface Impact {
  level: ImpactLevel;
  /** What differs, the weightiest first. */
  because: string[];
}

interface Difference {
  level: ImpactLevel;
  what: string;
}

type Weigh<T> = (before: T, after: T) => [ImpactLevel, string][];

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Added, removed and changed members of a list. */
function compare<T extends { name: string }>(
  kind: string,
  lists: { before: readonly T[]; after: readonly T[] },
  whole: (one: T) => ImpactLevel,
  weigh: Weigh<T>,
): Difference[] {
  const { before, after } = lists;
  const find = (list: readonly T[], name: string) => list.find((one) => one.name === name);
  const gone = before.filter(({ name }) => find(after, name) === undefined);
  const fresh = after.filter(({ name }) => find(before, name) === undefined);
  return [
    ...gone.map((one) => ({ level: whole(one), what: `${kind} ${one.name} removed` })),
    ...fresh.map((one) => ({ level: whole(one), what: `${kind} ${one.name} added` })),
    ...after.flatMap((one) => {
      const old = find(before, one.name);
      if (old === undefined || isSame(old, one)) return [];
      return weigh(old, one).map(([level, what]) => ({
        level,
        what: `${what} of ${kind} ${one.name}`,
      }));
    }),
  ];
}

function changed<T>(
  before: T,
  after: T,
  rows: [keyof T & string, ImpactLevel][],
): [ImpactLevel, string][] {
  return rows
    .filter(([key]) => !isSame(before[key], after[key]))
    .map(([key, level]) => [level, key]);
}

const weighGroup: Weigh<ConfiguredGroup> = (before, after) =>
  changed(before, after, [
    ['comment', 'upload'],
    ['startup', 'upload'],
    ['failover', 'upload'],
    ['autoFailback', 'upload'],
    ['failoverPolicy', 'suspend'],
    ['startAfter', 'suspend'],
    ['stopAfter', 'suspend'],
    ['exclusive', 'stop'],
    ['serverGroups', 'stop'],
    ['servers', 'stop'],
    ['resources', 'stop'],
  ]);

/** A copy's partitions are in use by its agent, which only a shutdown ends. */
function restFor(type: string): ImpactLevel {
  return resourceKind(type).replicates ? 'shutdown' : 'stop';
}

const weighResource: Weigh<ConfiguredResource> = (before, after) =>
  changed(before, after, [
    ['comment', 'upload'],
    ['activation', 'upload'],
    ['deactivation', 'upload'],
    ['type', 'shutdown'],
    ['dependsOn', 'stop'],
    ['parameters', restFor(before.type)],
  ]);

function ofCluster(before: ClusterConfiguration, after: ClusterConfiguration): Difference[] {
  const rows = changed(before, after, [
    ['comment', 'upload'],
    ['version', 'upload'],
    ['noActivationRecovery', 'suspend'],
    ['noMonitorRecovery', 'suspend'],
    ['noDeactivationRecovery', 'suspend'],
    ['noAutoStartup', 'suspend'],
    ['noServerFailover', 'suspend'],
    ['stallAction', 'suspend'],
    ['processAction', 'suspend'],
    ['serverGroups', 'stop'],
    ['exclusionRules', 'stop'],
    ['heartbeat', 'suspend'],
    ['startupWaitMs', 'suspend'],
    ['autoRecovery', 'suspend'],
    ['mirrorStatistics', 'suspend'],
    ['forceStop', 'suspend'],
    ['networkPartition', 'suspend'],
    ['partitionAction', 'suspend'],
    ['heartbeats', 'stop'],
    ['name', 'shutdown'],
    ['uuid', 'shutdown'],
    ['edition', 'shutdown'],
  ]);
  return rows.map(([level, what]) => ({ level, what: `${what} of the cluster` }));
}

/** Types of which a resource can be added to a group that runs (x5 2.28). */
const ADDED_AT_WORK = ['exec', 'disk', 'fip', 'vip', 'volmgr'];

/**
 * The same where resources are added to groups at work: those that can be cost no more than a
 * suspended cluster, everything else what it costs.
 */
export function impactOfAdding(before: ClusterConfiguration, after: ClusterConfiguration): Impact {
  const added = after.resources
    .filter(({ name }) => !before.resources.some((old) => old.name === name))
    .filter(({ type }) => ADDED_AT_WORK.includes(type))
    .filter(({ name }) => before.groups.some((group) => isAddedTo(group.name, name, after)))
    .map(({ name }) => name);
  const isOld = (name: string) => !added.includes(name);
  const rest = impactOf(before, {
    ...after,
    // What depends on the added ones is the configuration's rule for their types.
    resources: after.resources
      .filter(({ name }) => isOld(name))
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter(isOld) })),
    groups: after.groups.map((group) => ({
      ...group,
      resources: group.resources.filter(isOld),
    })),
  });
  if (added.length === 0) return rest;
  const because = [...rest.because, ...added.map((name) => `resource ${name} added`)];
  const isMore = LEVELS.indexOf(rest.level) > LEVELS.indexOf('suspend');
  return { level: isMore ? rest.level : 'suspend', because };
}

function isAddedTo(group: string, resource: string, { groups }: ClusterConfiguration): boolean {
  return groups.some(({ name, resources }) => name === group && resources.includes(resource));
}

export function impactOf(before: ClusterConfiguration, after: ClusterConfiguration): Impact {
  const list = <K extends 'servers' | 'groups' | 'resources' | 'monitors'>(key: K) => ({
    before: before[key],
    after: after[key],
  });
  const differences = [
    ...ofCluster(before, after),
    ...compare(
      'server',
      list('servers'),
      () => 'shutdown',
      (a, b) =>
        changed(a, b, [
          ['comment', 'upload'],
          ['priority', 'stop'],
          ['devices', 'shutdown'],
        ]),
    ),
    ...compare('group', list('groups'), () => 'stop', weighGroup),
    ...compare('resource', list('resources'), ({ type }) => restFor(type), weighResource),
    ...compare(
      'monitor',
      list('monitors'),
      () => 'suspend',
      (a, b) =>
        isSame({ ...a, comment: '' }, { ...b, comment: '' })
          ? [['upload', 'comment']]
          : [['suspend', 'settings']],
    ),
  ];
  const weight = (level: ImpactLevel) => LEVELS.indexOf(level);
  differences.sort((a, b) => weight(b.level) - weight(a.level));
  return { level: differences[0]?.level ?? 'none', because: differences.map(({ what }) => what) };
}
