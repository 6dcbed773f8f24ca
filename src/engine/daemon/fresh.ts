/** A daemon before its first event, and what it refuses to start with. */
import { groupMachine } from '../../../machines/group.machine.ts';
import { heartbeatMachine } from '../../../machines/heartbeat.machine.ts';
import { monitorMachine } from '../../../machines/monitor.machine.ts';
import { partitionMachine } from '../../../machines/partition.machine.ts';
import { peerMachine } from '../../../machines/peer.machine.ts';
import { resourceMachine } from '../../../machines/resource.machine.ts';
import { netOf } from '../../config/index.ts';
import { startChart } from '../../core/chart.ts';
import { badInput } from '../../core/errors.ts';
import { agentPath } from '../../core/paths.ts';
import { perObject } from '../../core/per-object.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
  ConfiguredMonitor,
  ConfiguredResource,
} from '../../schema/generated/cluster-configuration.ts';
import { monitorTypes } from '../monitors/registry.ts';
import { partitionResources, resourceIn } from '../queries.ts';
import { resourceTypes } from '../resources/registry.ts';
import {
  type Beat,
  type DaemonFacts,
  type DaemonState,
  type Ear,
  type GroupRun,
  type MonitorRun,
  noFacts,
  type PartitionRun,
  type Peer,
  type ResourceRun,
} from '../state.ts';

/** Of these resources and monitors, the types that are not built in. */
export function typesByAgent(ones: readonly { type: string }[]): string[] {
  const isBuiltIn = (type: string) => resourceTypes.has(type) || monitorTypes.has(type);
  return [...new Set(ones.map(({ type }) => type))].filter((type) => !isBuiltIn(type));
}

/** Throws badInput for a resource of a type that is not built in, and has no agent script. */
export function checkTypes(
  { resources }: Pick<ClusterConfiguration, 'resources'>,
  agents: readonly string[],
): void {
  const odd = resources.find(({ type }) => !resourceTypes.has(type) && !agents.includes(type));
  if (!odd) return;
  throw badInput(`resource ${odd.name} is of type ${odd.type}, which cannot be run`, {
    code: 'resource.type',
    remedy: `install a script for it as ${agentPath(odd.type)} on every server, or take the resource out`,
  });
}

/** Throws badInput for what this daemon cannot run. */
export function checkRunnable(
  config: ClusterConfiguration,
  server: string,
  agents: readonly string[],
): void {
  if (!config.servers.some(({ name }) => name === server)) {
    const known = config.servers.map(({ name }) => name).join(', ');
    throw badInput(`server ${server} is not in the configuration of ${config.name}`, {
      code: 'server.unknown',
      remedy: `start the daemon on one of ${known}`,
    });
  }
  checkTypes(config, agents);
}

/** Charts begin alike wherever a configuration is shared; in a twin all its servers share one. */
const beatsIn = perObject((config: ClusterConfiguration) => {
  const heard = config.heartbeats.filter((resource) => netOf(config, resource) !== null);
  const beatsOf = (peer: string) =>
    heard.map(({ name }) => {
      return [name, startChart(heartbeatMachine, { peer, resource: name }).chart] as const;
    });
  return new Map(config.servers.map(({ name }) => [name, Object.fromEntries(beatsOf(name))]));
});

export function freshBeats(config: ClusterConfiguration, peer: string): Record<string, Beat> {
  return beatsIn(config).get(peer)!;
}

const livesIn = perObject((config: ClusterConfiguration) => {
  const lifeOf = (peer: string) => startChart(peerMachine, { peer }).chart;
  return new Map(config.servers.map(({ name }) => [name, lifeOf(name)]));
});

export function freshPeer(config: ClusterConfiguration, name: string): Peer {
  return {
    name,
    chart: livesIn(config).get(name)!,
    beats: freshBeats(config, name),
    reported: null,
    seen: 'no',
    regainedAt: null,
    welcomed: null,
    dueBack: [],
  };
}

export function freshEar(): Ear {
  return { heardAt: {}, watchAt: null, hearsThis: false, marks: {} };
}

const freshIn = perObject((resource: ConfiguredResource): ResourceRun => {
  const { name, activation, deactivation } = resource;
  const { chart } = startChart(resourceMachine, {
    resource: name,
    activationRetry: activation.retry,
    deactivationRetry: deactivation.retry,
  });
  return { chart, attempt: null, attemptSince: 0, added: false, active: false };
});

export function freshResource(config: ClusterConfiguration, name: string): ResourceRun {
  return freshIn(resourceIn(config, name));
}

const groupChart = perObject(({ name }: ConfiguredGroup) => {
  return startChart(groupMachine, { group: name }).chart;
});

export function freshGroup(config: ClusterConfiguration, group: ConfiguredGroup): GroupRun {
  return {
    chart: groupChart(group),
    resources: Object.fromEntries(
      group.resources.map((name) => [name, freshResource(config, name)]),
    ),
    task: null,
    held: false,
    failovers: 0,
    blocked: null,
    home: null,
    begunAt: 0,
    tookMs: null,
    reason: 'start',
  };
}

const monitorChart = perObject(({ name, retry, recovery }: ConfiguredMonitor) => {
  const { restart, failover } = recovery;
  return startChart(monitorMachine, { monitor: name, retry, restart, failover }).chart;
});

export function freshMonitor(monitor: ConfiguredMonitor, agents: readonly string[]): MonitorRun {
  return {
    chart: monitorChart(monitor),
    check: null,
    tookMs: null,
    fails: false,
    unused: !monitorTypes.has(monitor.type) && !agents.includes(monitor.type),
  };
}

export function freshPartition(config: ClusterConfiguration): PartitionRun {
  const runs = partitionResources(config).map(({ name }) => {
    return [name, startChart(partitionMachine, { resource: name }).chart] as const;
  });
  return {
    runs: Object.fromEntries(runs),
    round: null,
    lost: [],
    settlesAt: null,
    isEnding: false,
  };
}

/** `facts` are those of the daemon before this one, or null. */
export function initialDaemon(
  config: ClusterConfiguration,
  server: string,
  facts: DaemonFacts | null,
  agents: readonly string[] = [],
): DaemonState {
  checkRunnable(config, server, agents);
  const others = config.servers.map(({ name }) => name).filter((name) => name !== server);
  return {
    server,
    config,
    agents,
    facts: facts ?? noFacts,
    idle: [],
    controllers: {},
    management: { address: null, isMoving: false, notBefore: 0, refusals: 0 },
    bootId: '',
    phase: 'starting',
    born: 0,
    rev: 1,
    waitingUntil: null,
    newcomers: [],
    heard: {},
    badCarriers: [],
    speaksSince: 0,
    mute: [],
    peers: Object.fromEntries(others.map((name) => [name, freshPeer(config, name)])),
    ears: Object.fromEntries(others.map((name) => [name, freshEar()])),
    orphans: {},
    groups: Object.fromEntries(
      config.groups.map((group) => [group.name, freshGroup(config, group)]),
    ),
    monitors: Object.fromEntries(
      config.monitors.map((monitor) => [monitor.name, freshMonitor(monitor, agents)]),
    ),
    pending: {},
    jobs: {},
    stopping: null,
    partition: freshPartition(config),
    beat: { sentAt: 0, dueAt: 0 },
    nextId: 1,
  };
}
