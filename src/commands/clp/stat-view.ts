/** What clpstat shows, as data: the status and the configuration as one server sees the cluster. */
import { expressClusterOf } from '../../cluster/index.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type {
  ClusterView,
  PeerLinks,
  ServerResolution,
  ViewedGroup,
  ViewedMonitor,
} from '../../schema/generated/reports/cluster-view.ts';
import type { Status } from '../../schema/generated/status.ts';
import { heartbeatComment, partitionComment, stateWord } from './stat-words.ts';

export interface Look {
  status: Status;
  config: ClusterConfiguration;
  /** The server that looks: the one the command runs on, or the one after -h. */
  viewer: string;
}

/**
 * What a server is called. One that does not answer is what the looking server's daemon holds it
 * for: Offline when every heartbeat resource lost it (v3 11.5), else Unknown.
 */
export function serverWord({ status, viewer }: Look, server: string): string {
  const state = status.servers[server]?.membership.word ?? 'Unknown';
  if (state !== 'Unknown') return state;
  const received = Object.values(status.servers[viewer]?.membership.links?.[server] ?? {});
  const used = received.filter(({ state }) => state !== 'unused');
  return used.length > 0 && used.every(({ state }) => state === 'down') ? 'Offline' : 'Unknown';
}

/** A heartbeat resource of a server as the looking server hears it. */
export function heartbeatWord(look: Look, server: string, heartbeat: string): string {
  const word = serverWord(look, server);
  if (word === 'Offline') return 'Offline';
  const { status, viewer } = look;
  const viewed = status.servers[viewer]?.membership;
  const received = viewed?.links?.[server]?.[heartbeat];
  if (received !== undefined) return stateWord(received.word);
  if (server !== viewer || viewed?.software !== 'running') return 'Unknown';
  // A server hears itself, unless it sends nothing while it is suspended.
  return word === 'Suspend' ? 'Unused' : 'Normal';
}

const WORST_FIRST = ['Error', 'Caution'];

/** One word for a monitor on all servers: the worst; suspended on some servers is Caution. */
export function monitorWord({ status }: Look, monitor: string): string {
  const words = Object.values(status.monitors[monitor]?.servers ?? {}).map(({ word }) => word);
  const worst = WORST_FIRST.find((word) => words.includes(word));
  if (worst !== undefined) return worst;
  const isSuspended = words.includes('Suspend');
  if (words.includes('Normal')) return isSuspended ? 'Caution' : 'Normal';
  if (isSuspended) return 'Suspend';
  if (words.includes('Unused')) return 'Unused';
  return words.includes(null) || words.length === 0 ? 'Unknown' : 'Offline';
}

/** Where it answers, or is known to be on its way up or down. */
export function isUp(word: string): boolean {
  return word !== 'Offline' && word !== 'Unknown';
}

/** What one server's daemon receives of every server; null: it does not run, or does not tell. */
function receivedBy(look: Look, on: string): PeerLinks[] | null {
  const { status, config } = look;
  const membership = status.servers[on]?.membership;
  if (!isUp(serverWord(look, on)) || membership?.software !== 'running') return null;
  return config.servers.map(({ name: server }) => ({
    server,
    links: config.heartbeats.map(({ name }) => ({
      name,
      state: server === on ? 'up' : (membership.links?.[server]?.[name]?.state ?? null),
    })),
  }));
}

/** What one server's daemon knows of every server's resolution; null: it does not run, or does not tell. */
function resolutionAt(look: Look, on: string): ServerResolution[] | null {
  const { status, config } = look;
  const known = expressClusterOf(status).servers[on]?.partition;
  const runs = status.servers[on]?.membership.software === 'running';
  if (!isUp(serverWord(look, on)) || !runs) return null;
  return config.servers.map(({ name: server }) => ({
    server,
    resources: config.networkPartition.map(({ name }) => {
      return { name, answers: known?.[server]?.[name] ?? null };
    }),
  }));
}

/** A resolution resource of a server, as the looking server knows it. v3 uses none. */
export function resolutionWord(look: Look, server: string, resource: string): string {
  const word = serverWord(look, server);
  if (!isUp(word)) return word;
  const known = expressClusterOf(look.status).servers[look.viewer]?.partition;
  if (known === undefined) return 'Unused';
  const answers = known[server]?.[resource];
  if (answers === undefined) return 'Unused';
  return answers === null ? 'Unknown' : answers ? 'Normal' : 'Error';
}

function groupsOf({ status, config }: Look): ViewedGroup[] {
  return config.groups.map(({ name, comment, resources }) => {
    const { state, word, current, activeOn } = { ...UNSEEN, ...status.groups[name] };
    const inside = resources.map((resource) => {
      const found = { ...UNSEEN, ...status.resources[resource] };
      const configured = config.resources.find((one) => one.name === resource);
      return {
        name: resource,
        comment: configured?.comment ?? '',
        state: found.state,
        word: found.word,
      };
    });
    return { name, comment, state, word, current, activeOn, resources: inside };
  });
}

const UNSEEN = { state: null, word: null, current: null, activeOn: null };

function monitorsOf(look: Look): ViewedMonitor[] {
  const { status, config } = look;
  return config.monitors.map(({ name, comment }) => ({
    name,
    comment,
    word: monitorWord(look, name),
    servers: config.servers.map(({ name: server }) => {
      const { state, word } = { ...UNSEEN, ...status.monitors[name]?.servers[server] };
      return { server, state, word };
    }),
  }));
}

export function viewOf(look: Look): ClusterView {
  const { status, config, viewer } = look;
  return {
    schema: 'drydock.cluster-view/1',
    cluster: config.name,
    viewer,
    heartbeats: config.heartbeats.map(({ name, type }) => {
      return { name, type, comment: heartbeatComment({ type }) };
    }),
    partitions: config.networkPartition.map(({ name, type }) => {
      return { name, type, comment: partitionComment(type) };
    }),
    servers: config.servers.map(({ name, comment }) => ({
      name,
      comment,
      state: status.servers[name]?.membership.state ?? null,
      word: serverWord(look, name),
      heartbeats: config.heartbeats.map((heartbeat) => {
        return { name: heartbeat.name, word: heartbeatWord(look, name, heartbeat.name) };
      }),
      receives: receivedBy(look, name),
      partitions: config.networkPartition.map((resource) => {
        return { name: resource.name, word: resolutionWord(look, name, resource.name) };
      }),
      resolution: resolutionAt(look, name),
    })),
    groups: groupsOf(look),
    monitors: monitorsOf(look),
  };
}
