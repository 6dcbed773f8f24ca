/**
 * Mirrors of a Status: each side as its own agent describes it. The pair's state (v3 11.10) is the
 * chart's word on what the sides say; while a side that we cannot see is connected by the other's
 * word, it is Unknown, since that copy may well be in order.
 */
import { pairState, type SideFacts } from '../../machines/mirror-pair.ts';
import type { AgentView } from '../ports/views.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type {
  MirrorSideStatus,
  MirrorStatus,
  Observed,
  RecoveryStatus,
} from '../schema/generated/status.ts';
import { type Heard, observedOf, processState } from './ask.ts';

type SideView = AgentView['mirrors'][string];

/** A copy of which nothing is known. */
export const GRAY: Omit<MirrorSideStatus, 'observed'> = {
  color: 'GRAY',
  active: null,
  mounted: null,
  generation: null,
  latest: null,
  lastUpdate: null,
  breakTime: null,
  dirtyBytes: null,
  differencePercent: null,
  diskError: null,
  connected: null,
  autoRecoveryHeld: null,
  serial: null,
  sizeBytes: null,
};

function viewIn(heard: Heard, mirror: string): SideView | undefined {
  return heard.agent.kind === 'answer' ? heard.agent.view.mirrors[mirror] : undefined;
}

function sideOf(heard: Heard, mirror: string): MirrorSideStatus {
  const view = viewIn(heard, mirror);
  if (view !== undefined) {
    const { recovery: _recovery, constructed: _constructed, ...side } = view;
    return { observed: observedOf(heard.agent), ...side };
  }
  const agent = processState(heard, 'agent');
  const words = heard.agent.kind === 'answer' ? 'does not know this mirror' : null;
  const stopped =
    agent.state === 'stopped' ? `the mirror agent of ${heard.server} is stopped` : null;
  const unknown = words ?? stopped ?? observedOf(heard.agent).unknown;
  // A stopped agent serves nobody: that much is known of a copy that cannot be asked.
  const active = agent.state === 'stopped' ? false : null;
  return { observed: { by: null, at: null, unknown }, ...GRAY, active };
}

type StateView = Pick<SideView, 'color' | 'constructed' | 'connected' | 'generation'>;

/**
 * State of the pair from the views of its agents; undefined where an agent does not tell. Two
 * copies of different generations are not in step, whatever each says of itself.
 */
export function mirrorState(
  views: readonly (StateView | undefined)[],
  isRecovering: boolean,
): MirrorStatus['state'] {
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
function recoveryOf(views: { server: string; view: SideView }[]): RecoveryStatus | null {
  const told = views.filter(({ view }) => view.recovery !== null);
  const bySource = told.find(({ server, view }) => view.recovery?.from === server);
  return (bySource ?? told[0])?.view.recovery ?? null;
}

/** Servers that hold a copy: those of its group, else all. */
export function mirrorServers(config: ClusterConfiguration, mirror: string): string[] {
  const group = config.groups.find((one) => one.resources.includes(mirror));
  return group?.servers ?? config.servers.map((server) => server.name);
}

/** What is said of the pair comes from every agent that answers, and is as old as the oldest. */
function pairObserved(sides: Heard[], mirror: string): Observed {
  const told = sides.flatMap(({ agent }) =>
    agent.kind === 'answer' && agent.view.mirrors[mirror] ? [agent] : [],
  );
  if (told.length > 0) {
    const at = Math.min(...told.map((agent) => agent.at));
    return { by: told.map(({ by }) => by).join(', '), at, unknown: null };
  }
  const whys = sides.map((heard) => sideOf(heard, mirror).observed.unknown);
  return { by: null, at: null, unknown: whys.join('; ') || 'there is no server to ask' };
}

export function mirrorStatus(
  config: ClusterConfiguration,
  name: string,
  all: Heard[],
): MirrorStatus {
  const holders = mirrorServers(config, name);
  const sides = all.filter((heard) => holders.includes(heard.server));
  const views = sides.flatMap((heard) => {
    const view = viewIn(heard, name);
    return view === undefined ? [] : [{ server: heard.server, view }];
  });
  const recovery = recoveryOf(views);
  const differences = views.flatMap(({ view }) => view.differencePercent ?? []);
  return {
    name,
    group: config.groups.find((one) => one.resources.includes(name))?.name ?? null,
    observed: pairObserved(sides, name),
    state: mirrorState(
      sides.map((heard) => viewIn(heard, name)),
      recovery !== null,
    ),
    differencePercent: differences.length === 0 ? null : Math.max(...differences),
    servers: Object.fromEntries(sides.map((heard) => [heard.server, sideOf(heard, name)])),
    recovery,
  };
}
