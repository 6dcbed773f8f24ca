/**
 * Volumes of a status: each copy as its own agent describes it. The pair's state (v3 11.10) is the
 * chart's word on what the sides say; while a side that we cannot see is connected by the other's
 * word, it is Unknown, since that copy may well be in order.
 */
import { type PairState, pairState, type SideFacts } from '../../machines/mirror-pair.ts';
import { mirrorSides } from '../config/index.ts';
import type { AgentView } from '../ports/views.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type {
  CopyStatus,
  ExpressCluster,
  ExpressClusterCopy,
  Observed,
  SyncStatus,
  VolumeStatus,
} from '../schema/generated/status.ts';
import { observedOf, processState, type Reports } from './ask.ts';
import { copySays, volumeSays } from './words.ts';

type SideView = AgentView['mirrors'][string];

/** A copy of which nothing is known. */
const UNSEEN = {
  ...copySays(null),
  newest: null,
  generation: null,
  connection: { state: null, word: null },
  apartSince: null,
  outOfSyncBytes: null,
  outOfSyncPercent: null,
  diskError: null,
  mounted: null,
  serial: null,
  sizeBytes: null,
};

function viewIn(received: Reports, mirror: string): SideView | undefined {
  return received.agent.kind === 'answer' ? received.agent.view.mirrors[mirror] : undefined;
}

/** An active side is written to; the vendor has no words for connected and not. */
export const roleOf = (active: boolean | null): CopyStatus['role'] =>
  active === null ? null : active ? 'primary' : 'secondary';

export const connectionOf = (connected: boolean | null): CopyStatus['connection'] => ({
  state: connected === null ? null : connected ? 'connected' : 'disconnected',
  word: null,
});

function copyOf(received: Reports, mirror: string): CopyStatus {
  const view = viewIn(received, mirror);
  if (view !== undefined) {
    return {
      observed: observedOf(received.agent),
      role: roleOf(view.active),
      ...copySays(view.color),
      newest: view.latest,
      generation: view.generation,
      connection: connectionOf(view.connected),
      apartSince: view.apartSince ?? null,
      outOfSyncBytes: view.dirtyBytes,
      outOfSyncPercent: view.differencePercent,
      diskError: view.diskError,
      mounted: view.mounted,
      serial: view.serial,
      sizeBytes: view.sizeBytes,
    };
  }
  const agent = processState(received, 'agent');
  const words = received.agent.kind === 'answer' ? 'does not know this mirror' : null;
  const stopped =
    agent.state === 'stopped' ? `the mirror agent of ${received.server} is stopped` : null;
  const unknown = words ?? stopped ?? observedOf(received.agent).unknown;
  // A stopped agent serves nobody: that much is known of a copy that cannot be asked.
  const role = agent.state === 'stopped' ? 'secondary' : null;
  return { observed: { by: null, at: null, unknown }, role, ...UNSEEN };
}

type StateView = Pick<SideView, 'color' | 'constructed' | 'connected' | 'generation'>;

/**
 * State of the pair from the views of its agents; undefined where an agent does not tell. Two
 * copies of different generations are not in step, whatever each says of itself.
 */
export function mirrorState(
  views: readonly (StateView | undefined)[],
  isRecovering: boolean,
): PairState {
  if (isRecovering) return 'Recovering';
  const sides = views.map((view): SideFacts | null => view ?? null);
  const isHalfSeen = views.includes(undefined) && views.some((view) => view?.connected === true);
  const state = pairState(sides);
  if (isHalfSeen && state === 'Abnormal') return 'Unknown';
  const generations = new Set(views.map((view) => view?.generation ?? null));
  const areOne = generations.size === 1 && !generations.has(null);
  return state === 'Normal' && !areOne ? 'Abnormal' : state;
}

/** The source knows best how far it is; else whoever speaks of a recovery. */
function recoveryOf(views: { server: string; view: SideView }[]): SyncStatus | null {
  const reported = views.filter(({ view }) => view.recovery !== null);
  const bySource = reported.find(({ server, view }) => view.recovery?.from === server);
  return (bySource ?? reported[0])?.view.recovery ?? null;
}

/** What is said of the pair comes from every agent that answers, and is as old as the oldest. */
function pairObserved(sides: Reports[], mirror: string): Observed {
  const reported = sides.flatMap(({ agent }) =>
    agent.kind === 'answer' && agent.view.mirrors[mirror] ? [agent] : [],
  );
  if (reported.length > 0) {
    const at = Math.min(...reported.map((agent) => agent.at));
    return { by: reported.map(({ by }) => by).join(', '), at, unknown: null };
  }
  const whys = sides.map((received) => copyOf(received, mirror).observed.unknown);
  return { by: null, at: null, unknown: whys.join('; ') || 'there is no server to ask' };
}

const copiesOf = <T>(
  holders: readonly Reports[],
  of: (received: Reports) => T,
): Record<string, T> =>
  Object.fromEntries(holders.map((received) => [received.server, of(received)]));

function holdersOf(config: ClusterConfiguration, name: string, all: Reports[]): Reports[] {
  // Of a side that several servers reach, the one that has the copy open; the first while none says so.
  return mirrorSides(config, name).flatMap(({ servers }) => {
    const reports = all.filter(({ server }) => servers.includes(server));
    return reports.find((received) => viewIn(received, name) !== undefined) ?? reports[0] ?? [];
  });
}

export function volumeStatus(
  config: ClusterConfiguration,
  name: string,
  all: Reports[],
): VolumeStatus {
  const holders = holdersOf(config, name, all);
  const views = holders.flatMap((received) => {
    const view = viewIn(received, name);
    return view === undefined ? [] : [{ server: received.server, view }];
  });
  const sync = recoveryOf(views);
  const differences = views.flatMap(({ view }) => view.differencePercent ?? []);
  const state = mirrorState(
    holders.map((received) => viewIn(received, name)),
    sync !== null,
  );
  return {
    name,
    group: config.groups.find((one) => one.resources.includes(name))?.name ?? null,
    observed: pairObserved(holders, name),
    ...volumeSays(state === 'Unknown' ? null : state),
    outOfSyncPercent: differences.length === 0 ? null : Math.max(...differences),
    copies: copiesOf(holders, (received) => copyOf(received, name)),
    sync,
  };
}

/** A copy with what only this kind has of it. */
export type MirrorCopy = CopyStatus & ExpressClusterCopy;

export function mirrorCopies(
  { name, copies }: VolumeStatus,
  { mirrors }: ExpressCluster,
): Record<string, MirrorCopy> {
  return Object.fromEntries(
    Object.entries(copies).map(([server, copy]) => [
      server,
      { ...copy, ...mirrors[name]![server]! },
    ]),
  );
}

/** What only copies of this kind have, by server. */
export function expressClusterMirror(
  config: ClusterConfiguration,
  name: string,
  all: Reports[],
): Record<string, ExpressClusterCopy> {
  return copiesOf(holdersOf(config, name, all), (received) => {
    const { lastUpdate, breakTime, autoRecoveryHeld } = viewIn(received, name) ?? {};
    return {
      lastUpdate: lastUpdate ?? null,
      breakTime: breakTime ?? null,
      autoRecoveryHeld: autoRecoveryHeld ?? null,
    };
  });
}
