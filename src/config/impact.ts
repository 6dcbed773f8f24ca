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
    ['serverGroups', 'stop'],
    ['exclusionRules', 'stop'],
    ['heartbeat', 'suspend'],
    ['startupWaitMs', 'suspend'],
    ['autoRecovery', 'suspend'],
    ['mirrorStatistics', 'suspend'],
    ['forceStop', 'suspend'],
    ['networkPartition', 'suspend'],
    ['heartbeats', 'stop'],
    ['name', 'shutdown'],
    ['uuid', 'shutdown'],
    ['edition', 'shutdown'],
  ]);
  return rows.map(([level, what]) => ({ level, what: `${what} of the cluster` }));
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
