/** Questions to the daemon's state that change nothing. */

import type { Evidence } from '../../machines/mirror-events.ts';
import { perObject } from '../core/per-object.ts';
import type { GroupState, MonitorState } from '../ports/views.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
  ConfiguredMonitor,
  ConfiguredResource,
  NetworkPartitionResource,
} from '../schema/generated/cluster-configuration.ts';
import type { Check } from './monitors/type.ts';
import type { OcfStart } from './ocf.ts';
import { partitionTypes } from './partition/registry.ts';
import { resourceTypeOf } from './resources/registry.ts';
import type {
  DaemonState,
  GroupRun,
  Life,
  MonitorRun,
  NodeState,
  Peer,
  ResourceRun,
} from './state.ts';

const groupWords: Record<string, GroupState> = {
  offline: 'Offline',
  activating: 'Online Pending',
  online: 'Online',
  turning: 'Offline Pending',
  deactivating: 'Offline Pending',
  failed: 'Online Failure',
  stuck: 'Offline Failure',
};

const resourceWords: Record<string, GroupState> = { ...groupWords, activating: 'Online Pending' };

function topOf(value: unknown): string {
  if (typeof value === 'string') return value;
  for (const key in value as object) return key;
  return '';
}

/** A record's entry under a name that came from outside: never one of Object's own properties. */
export function entry<T>(record: Record<string, T>, name: unknown): T | undefined {
  return typeof name === 'string' && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** State of the chart, without its inner states. */
export function groupValue(run: GroupRun): string {
  return topOf(run.chart.value);
}

/** One of its resources took too long, in its last activation or deactivation (x5 2.12.2). */
export function hasStalled(run: GroupRun): boolean {
  return Object.values(run.resources).some(({ chart }) => chart.context.stalled);
}

/** As clpstat names it. A group on its way elsewhere is not offline before it arrived. */
export function groupState(run: GroupRun): GroupState {
  const state = groupWords[groupValue(run)] ?? 'Offline';
  if (state !== 'Offline') return state;
  if (run.task?.kind === 'start') return 'Online Pending';
  if (run.task && run.task.kind !== 'stop') return 'Offline Pending';
  return run.blocked ? 'Online Failure' : 'Offline';
}

/** Whether a resource is active on this server. */
export function isOnline(state: DaemonState, resource: string): boolean {
  const group = groupOfResource(state, resource);
  const run = group && state.groups[group.name]!.resources[resource];
  return run ? resourceState(run) === 'Online' : false;
}

export function resourceState(run: ResourceRun): GroupState {
  return resourceWords[topOf(run.chart.value)] ?? 'Offline';
}

/** True while any resource may be held here. */
export function isHere(run: GroupRun): boolean {
  return groupValue(run) !== 'offline';
}

/** A group that is on its way, or has a task: it takes no other one now. */
export function isBusy(state: DaemonState, group: string): boolean {
  const run = state.groups[group]!;
  return run.task !== null || ['activating', 'deactivating', 'turning'].includes(groupValue(run));
}

/** Where a peer says that a group is, or is coming to be, in use. */
export function isAt({ reported }: Peer, group: string): boolean {
  return reported !== null && isInUse(reported, group);
}

function isInUse({ groups }: NodeState, group: string): boolean {
  const said = groups[group];
  return said !== undefined && said.state !== 'Offline' && !said.blocked;
}

export function isFailedAt(peer: Peer, group: string): boolean {
  return peer.reported?.groups[group]?.state === 'Online Failure';
}

/** Where a peer's life stands (machines/peer.machine.ts), without its inner states. */
export function lifeOf(peer: Peer): Life {
  return topOf((peer.chart.value as { life: unknown }).life) as Life;
}

/** Heard, if late. */
export function isUp(peer: Peer | undefined): boolean {
  if (!peer) return false;
  const life = lifeOf(peer);
  return life === 'reachable' || life === 'suspected';
}

/** Every heartbeat resource is lost. */
export function isLost(peer: Peer): boolean {
  const life = lifeOf(peer);
  return life === 'gone' || life === 'fencing';
}

/** Servers that still answer for what they run: heard (here or elsewhere), or suspended in order. */
export function isPresent(peer: Peer): boolean {
  if (isUp(peer) || (peer.seen !== 'no' && isLost(peer))) return true;
  return lifeOf(peer) === 'left' && peer.reported?.phase === 'suspended';
}

const usedIn = perObject((reported: NodeState) =>
  Object.keys(reported.groups).filter((group) => isInUse(reported, group)),
);

/** Likewise, and it does not let go of them. */
const keptIn = perObject((reported: NodeState) =>
  usedIn(reported).filter((group) => reported.groups[group]!.state !== 'Offline Pending'),
);

/** What a report says something of: neither in use there, nor held by an operator, is nothing. */
export const standingIn = perObject(({ groups }: NodeState) =>
  Object.entries(groups).filter(([, { state, held }]) => state !== 'Offline' || held),
);

function homesAmong(
  peers: readonly Peer[],
  groupsOf: (reported: NodeState) => readonly string[],
): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const peer of peers) {
    if (!peer.reported || !isPresent(peer)) continue;
    for (const group of groupsOf(peer.reported)) if (!homes.has(group)) homes.set(group, peer.name);
  }
  return homes;
}

/** By group the first server that is present and on which it is in use: asked for every group. */
const homesIn = perObject((peers: DaemonState['peers']) =>
  homesAmong(Object.values(peers), usedIn),
);

/** Likewise, of those servers that do not end, and do not let go of it. */
const lastingHomesIn = perObject((peers: DaemonState['peers']) =>
  homesAmong(
    Object.values(peers).filter(({ reported }) => reported?.phase !== 'stopping'),
    keptIn,
  ),
);

/** The other server on which a group is in use, null when none says so. */
export function otherHome(state: DaemonState, group: string): string | null {
  return homesIn(state.peers).get(group) ?? null;
}

/** Whether one has it that does not end, and does not let go of it. */
export function hasLastingHome({ peers }: DaemonState, group: string): boolean {
  return lastingHomesIn(peers).has(group);
}

/** A server that is heard and runs it, beside that one; null: none is known. */
export function homeBeside(state: DaemonState, group: string, beside: string): string | null {
  const found = Object.values(state.peers).find(
    (peer) =>
      peer.name !== beside && isPresent(peer) && peer.reported?.groups[group]?.state === 'Online',
  );
  return found?.name ?? null;
}

/** Its place in the cluster's order, the first server's is the lowest. */
export function rankOf({ config }: DaemonState, server: string): number {
  return config.servers.find(({ name }) => name === server)?.priority ?? Number.POSITIVE_INFINITY;
}

/** The resolution resources that are used: v3 knows none (10.7), nor is every type known here. */
export function partitionResources(config: ClusterConfiguration): NetworkPartitionResource[] {
  if (config.manual === 'v3') return [];
  return config.networkPartition.filter(({ type }) => partitionTypes.has(type));
}

/** Nothing of a server that was lost starts before it is settled that it is down. */
export function isResolving({ partition }: DaemonState): boolean {
  return partition.lost.length > 0;
}

/** When anything was last heard of a peer; 0: never. */
export function heardAt(state: DaemonState, peer: string): number {
  return Math.max(0, ...Object.values(state.ears[peer]!.heardAt));
}

/** No process of this server does that work now: a type of heartbeat, or a word of the host's. */
export function isIdle({ idle }: DaemonState, work: string): boolean {
  return idle.includes(work);
}

/** Monitors that see an error here; 0 where no group's policy asks for it. */
export function errorCount(state: DaemonState): number {
  if (!state.config.groups.some(({ failoverPolicy }) => failoverPolicy === 'dynamic')) return 0;
  const values = Object.values(state.monitors).map(({ chart }) => chart.value);
  return values.filter((value) => value === 'error' || value === 'recovery').length;
}

/**
 * With forced stop: a server that was never heard may run anything, until its power is read off or
 * its host says that no daemon runs there. It is not stopped by force for that: whoever boots
 * deaf would stop those that serve.
 */
export function isUnproven({ config }: DaemonState, peer: Peer): boolean {
  if (config.forceStop === null || lifeOf(peer) !== 'unheard') return false;
  return peer.chart.context.evidence?.by !== 'fence';
}

/** Groups that wait here for evidence, and that the other server may run, too. */
export function waitingWith(state: DaemonState, name: string): string[] {
  return Object.entries(state.groups)
    .filter(([, run]) => run.blocked !== null)
    .map(([group]) => group)
    .filter((group) => groupConfig(state, group).servers.includes(name));
}

/** A configuration's groups, resources and monitors by name: they are asked for with every event. */
interface Named {
  groups: ReadonlyMap<string, ConfiguredGroup>;
  resources: ReadonlyMap<string, ConfiguredResource>;
  monitors: ReadonlyMap<string, ConfiguredMonitor>;
  /** By resource the group that it is in. */
  owners: ReadonlyMap<string, ConfiguredGroup>;
}

/** The first of a name counts. */
function byName<T extends { name: string }>(all: readonly T[]): Map<string, T> {
  return new Map(all.map((one) => [one.name, one] as const).reverse());
}

const namedIn = perObject((config: ClusterConfiguration): Named => {
  const owners = config.groups.flatMap((group) =>
    group.resources.map((name) => [name, group] as const),
  );
  return {
    groups: byName(config.groups),
    resources: byName(config.resources),
    monitors: byName(config.monitors),
    owners: new Map(owners.reverse()),
  };
});

export function groupConfig(state: DaemonState, name: string): ConfiguredGroup {
  return namedIn(state.config).groups.get(name)!;
}

export function resourceIn(config: ClusterConfiguration, name: string): ConfiguredResource {
  return namedIn(config).resources.get(name)!;
}

export function resourceConfig(state: DaemonState, name: string): ConfiguredResource {
  return resourceIn(state.config, name);
}

export function monitorConfig(state: DaemonState, name: string): ConfiguredMonitor {
  return namedIn(state.config).monitors.get(name)!;
}

export function groupOfResource(state: DaemonState, resource: string): ConfiguredGroup | null {
  return namedIn(state.config).owners.get(resource) ?? null;
}

/** Code of a refused activation that only evidence or an operator changes; null: of none. */
export function evidenceCode({ type }: ConfiguredResource): number | null {
  return resourceTypeOf(type).evidenceCode;
}

/** The resources of a group that want evidence before they start: its mirrors. */
export function mirrorsOf(state: DaemonState, group: string): ConfiguredResource[] {
  return groupConfig(state, group)
    .resources.map((name) => resourceConfig(state, name))
    .filter((resource) => evidenceCode(resource) !== null);
}

const monitorWords: Record<string, MonitorState> = {
  idle: 'Offline',
  normal: 'Normal',
  warning: 'Caution',
  error: 'Error',
  recovery: 'Error',
  suspended: 'Suspend',
};

/** As clpstat names it. */
export function monitorState(run: MonitorRun): MonitorState {
  return run.unused ? 'Unused' : (monitorWords[String(run.chart.value)] ?? 'Offline');
}

/** What a resource was last started with here, in this boot; null: nothing is on record. */
export function startedHere(state: DaemonState, resource: string): OcfStart | null {
  const start = entry(state.facts.started, resource);
  return start?.bootId === state.bootId ? start : null;
}

/** A check of a monitor as its type sees it. */
export function checkOf(state: DaemonState, monitor: ConfiguredMonitor, now: number): Check {
  return {
    monitor,
    config: state.config,
    server: state.server,
    beatTimeoutMs: beatTimeoutMs(state, now),
    isUp: (server) => isUp(entry(state.peers, server)),
    isOnline: (resource) => isOnline(state, resource),
    startedWith: (resource) => startedHere(state, resource)?.parameters ?? null,
    stateOf: (name) => {
      const run = entry(state.monitors, name);
      return run ? monitorState(run) : null;
    },
  };
}

/** Heartbeat timeout now, stretched by clptoratio while that lasts. */
export function beatTimeoutMs(state: DaemonState, now: number): number {
  const { ratio } = state.facts;
  const factor = ratio && ratio.until > now ? ratio.ratio : 1;
  return state.config.heartbeat.timeoutMs * factor;
}

/** The clptoratio factor that holds now, and until when. */
export function ratioNow(state: DaemonState, now: number): { ratio: number; until: number | null } {
  const { ratio } = state.facts;
  const holds = ratio !== null && ratio.until > now;
  return holds ? { ratio: ratio.ratio, until: ratio.until } : { ratio: 1, until: null };
}

/**
 * What is known to prove that the other side of a group's mirror stopped first: the newest, for that
 * side may have several servers, of which one after the other served.
 */
export function evidenceFor(state: DaemonState, group: string): Evidence | null {
  const found = groupConfig(state, group).servers.flatMap(
    (server) => state.peers[server]?.chart.context.evidence ?? [],
  );
  return found.reduce<Evidence | null>(
    (best, one) => (best && best.at >= one.at ? best : one),
    null,
  );
}

/** Resources of a group so that each stands after those it depends on. */
export function inOrder(state: DaemonState, group: string): string[] {
  const { resources } = groupConfig(state, group);
  const placed: string[] = [];
  const visit = (name: string, above: string[]): void => {
    if (placed.includes(name) || above.includes(name)) return;
    for (const on of resourceConfig(state, name).dependsOn) {
      if (resources.includes(on)) visit(on, [...above, name]);
    }
    placed.push(name);
  };
  for (const name of resources) visit(name, []);
  return placed;
}

/** A resource and what must be online before it. */
export function withDependencies(state: DaemonState, group: string, name: string): string[] {
  const wanted = new Set([name]);
  for (const one of inOrder(state, group).reverse()) {
    if (wanted.has(one)) for (const on of resourceConfig(state, one).dependsOn) wanted.add(on);
  }
  return inOrder(state, group).filter((one) => wanted.has(one));
}

/** A resource and what must be offline before it. */
export function withDependents(state: DaemonState, group: string, name: string): string[] {
  const wanted = new Set([name]);
  for (const one of inOrder(state, group)) {
    if (resourceConfig(state, one).dependsOn.some((on) => wanted.has(on))) wanted.add(one);
  }
  return inOrder(state, group).filter((one) => wanted.has(one));
}
