/**
 * On which server a group may run, and on which it should: questions to the state. Every server
 * reckons alike from what all report, so that a group starts on one of them.
 *
 *     can run it ──► beside an absolutely exclusive group: not ──► ranked, the best first
 *
 * Ranked by: a server without a group that normally excludes it; then, where it ran before, by its
 * policy (x5's failover attributes): the server group of the server it ran on, or the fewest monitors
 * in error and the fewest groups; then by its own order. How the dynamic policy weighs is our choice.
 */
import { perObject } from '../core/per-object.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
} from '../schema/generated/cluster-configuration.ts';
import {
  errorCount,
  groupConfig,
  groupValue,
  isAt,
  isFailedAt,
  isHere,
  isPresent,
  isUp,
} from './queries.ts';
import type { DaemonState, Peer } from './state.ts';

type Exclusion = 'normal' | 'absolute';

type Rivals = ReadonlyMap<string, Exclusion>;

const rivalsIn = perObject((config: ClusterConfiguration) =>
  perObject((group: ConfiguredGroup) => findRivals(config, group)),
);

/** The groups beside which it should not run, or must not. */
export function rivalsOf(config: ClusterConfiguration, group: ConfiguredGroup): Rivals {
  return rivalsIn(config)(group);
}

function findRivals(config: ClusterConfiguration, group: ConfiguredGroup): Rivals {
  const found = new Map<string, Exclusion>();
  const note = (name: string, kind: Exclusion): void => {
    if (name !== group.name && found.get(name) !== 'absolute') found.set(name, kind);
  };
  for (const { kind, groups } of config.exclusionRules ?? []) {
    if (kind === 'none' || !groups.includes(group.name)) continue;
    for (const name of groups) note(name, kind);
  }
  if (group.exclusive === undefined) return found;
  for (const { name, exclusive } of config.groups) {
    if (exclusive === undefined) continue;
    const isAbsolute = exclusive === 'absolute' || group.exclusive === 'absolute';
    note(name, isAbsolute ? 'absolute' : 'normal');
  }
  return found;
}

/** Where it runs hangs on more than the order of its servers. */
export function isPlaced(config: ClusterConfiguration, group: ConfiguredGroup): boolean {
  return group.failoverPolicy !== undefined || rivalsOf(config, group).size > 0;
}

function isOn(state: DaemonState, server: string, group: string): boolean {
  const peer = state.peers[server];
  if (peer) return isPresent(peer) && isAt(peer, group);
  const run = state.groups[group]!;
  return server === state.server && (isHere(run) || run.task?.kind === 'start');
}

/** The strongest exclusion by what runs on that server. */
function exclusionOn(state: DaemonState, group: ConfiguredGroup, server: string): Exclusion | null {
  let found: Exclusion | null = null;
  for (const [name, kind] of rivalsOf(state.config, group)) {
    if (found !== 'absolute' && isOn(state, server, name)) found = kind;
  }
  return found;
}

/** The group beside which this one must not run on that server; null when there is none. */
export function excludedBy(state: DaemonState, group: string, server: string): string | null {
  const found = [...rivalsOf(state.config, groupConfig(state, group))].find(
    ([name, kind]) => kind === 'absolute' && isOn(state, server, name),
  );
  return found?.[0] ?? null;
}

function canTake(peer: Peer, group: string): boolean {
  const phase = peer.reported?.phase;
  const ready = isUp(peer) && (phase === 'online' || phase === 'waiting');
  return (
    ready && !isFailedAt(peer, group) && peer.reported?.groups[group]?.state !== 'Offline Failure'
  );
}

function canRun(state: DaemonState, group: ConfiguredGroup, server: string): boolean {
  const peer = state.peers[server];
  if (peer) return canTake(peer, group.name);
  if (server !== state.server || state.phase !== 'online' || state.stopping) return false;
  const run = state.groups[group.name]!;
  return !run.blocked && !['failed', 'stuck'].includes(groupValue(run));
}

/** The server group of the group's own that a server is in; undefined: in none. */
export function serverGroupOf(
  { config }: DaemonState,
  group: ConfiguredGroup,
  server: string,
): string | undefined {
  return group.serverGroups?.find((name) => {
    return config.serverGroups?.find((one) => one.name === name)?.servers.includes(server);
  });
}

/** Where a policy has a say: servers outside its server group, or those in a worse state, come last. */
function policyRanks(state: DaemonState, group: ConfiguredGroup, server: string): number[] {
  const { home } = state.groups[group.name]!;
  if (home === null || group.failoverPolicy === undefined) return [];
  if (group.failoverPolicy !== 'dynamic') {
    const isNear = serverGroupOf(state, group, server) === serverGroupOf(state, group, home);
    return [isNear ? 0 : 1];
  }
  const active = state.config.groups.filter(({ name }) => isOn(state, server, name)).length;
  const reported = state.peers[server]?.reported;
  return [reported ? reported.errors : errorCount(state), active];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** Servers that could run the group now, the best first. */
export function candidates(state: DaemonState, group: ConfiguredGroup): string[] {
  const able = group.servers.filter((server) => canRun(state, group, server));
  const { home } = state.groups[group.name]!;
  const isBound = group.failoverPolicy === 'serverGroupOnly' && home !== null;
  return able
    .map((server) => ({ server, exclusion: exclusionOn(state, group, server) }))
    .filter(({ exclusion }) => exclusion !== 'absolute')
    .map(({ server, exclusion }) => ({
      server,
      ranks: [exclusion === null ? 0 : 1, ...policyRanks(state, group, server)],
    }))
    .filter(({ ranks }) => !isBound || ranks[1] === 0)
    .sort((a, b) => compare(a.ranks, b.ranks))
    .map(({ server }) => server);
}

/** The best of them. Where the order of its servers alone decides, the others are not looked at. */
export function firstCandidate(state: DaemonState, group: ConfiguredGroup): string | undefined {
  if (isPlaced(state.config, group)) return candidates(state, group)[0];
  return group.servers.find((server) => canRun(state, group, server));
}

/** The other servers that a group can be handed to now: those that are past their start. */
export function takers(state: DaemonState, group: ConfiguredGroup): string[] {
  return candidates(state, group).filter((name) => state.peers[name]?.reported?.phase === 'online');
}

/** The server after this one that could run the group now. */
export function nextServer(state: DaemonState, group: string): string | null {
  return takers(state, groupConfig(state, group))[0] ?? null;
}
