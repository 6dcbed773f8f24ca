/** The words and columns of clpstat. */
import type {
  ClusterConfiguration,
  HeartbeatResource,
} from '../../schema/generated/cluster-configuration.ts';
import type { Status } from '../../schema/generated/status.ts';

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

export function stateWord(word: string | null | undefined): string {
  return word ?? 'Unknown';
}

export function placeWord(word: string | null | undefined, current: string | null): string {
  return current ?? (word === null || word === undefined ? 'Unknown' : 'None');
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

const HEARTBEAT_COMMENTS: Record<string, string> = {
  lanhb: 'LAN Heartbeat',
  lankhb: 'Kernel Mode LAN Heartbeat',
  comhb: 'COM Heartbeat',
  diskhb: 'DISK Heartbeat',
};

const PARTITION_COMMENTS: Record<string, string> = {
  pingnp: 'ping resolution',
  httpnp: 'http resolution',
  disknp: 'DISK resolution',
};

export function heartbeatComment({ type }: Pick<HeartbeatResource, 'type'>): string {
  return HEARTBEAT_COMMENTS[type] ?? type;
}

export function partitionComment(type: string): string {
  return PARTITION_COMMENTS[type] ?? type;
}

/** No line ends in blanks. */
export function lines(all: readonly string[]): string {
  return all.map((line) => `${line.trimEnd()}\n`).join('');
}

export const END = ` ${'='.repeat(69)}`;

export function title(words: string, before: number, after: number): string {
  return ` ${'='.repeat(before)}  ${words}  ${'='.repeat(after)}`;
}

/** `server1 .........`: a blank and dots fill the column, long names are cut. */
export function dotted(name: string, width: number): string {
  const cut = name.slice(0, width - 1);
  return `${cut} ${'.'.repeat(Math.max(0, width - cut.length - 1))}`;
}

/** ` *server0 : server1` and so on: the numbers that the maps speak of. */
export function legend({ config, viewer }: Look): string[] {
  return config.servers.map(({ name }, index) => {
    const mark = name === viewer ? '*' : ' ';
    return `   ${mark}server${index} : ${name}`;
  });
}
