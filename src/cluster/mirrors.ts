/**
 * Mirrors of a Status: each side as its own agent describes it, and the pair's state (v3 11.10):
 *
 *   Recovering        a recovery runs, or a side is YELLOW
 *   No Construction   both sides answer and neither was ever constructed
 *   Normal            both GREEN
 *   Abnormal          a side is RED
 *   Unknown           otherwise: a side is GRAY and the other is not known to be behind
 */
import type { AgentView } from '../ports/views.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { MirrorSideStatus, MirrorStatus, RecoveryStatus } from '../schema/generated/status.ts';
import { type Heard, observedOf, processState } from './ask.ts';

type SideView = AgentView['mirrors'][string];

const GRAY: Omit<MirrorSideStatus, 'observed'> = {
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

export function pairState(
  sides: { color: MirrorSideStatus['color']; constructed: boolean | null }[],
  recovering: boolean,
): MirrorStatus['state'] {
  if (recovering || sides.some((side) => side.color === 'YELLOW')) return 'Recovering';
  if (sides.length > 0 && sides.every((side) => side.constructed === false)) {
    return 'No Construction';
  }
  if (sides.length > 1 && sides.every((side) => side.color === 'GREEN')) return 'Normal';
  if (sides.some((side) => side.color === 'RED')) return 'Abnormal';
  return 'Unknown';
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
  const states = sides.map((heard) => {
    const view = viewIn(heard, name);
    return { color: view?.color ?? ('GRAY' as const), constructed: view?.constructed ?? null };
  });
  const differences = views.flatMap(({ view }) => view.differencePercent ?? []);
  return {
    name,
    group: config.groups.find((one) => one.resources.includes(name))?.name ?? null,
    state: pairState(states, recovery !== null),
    differencePercent: differences.length === 0 ? null : Math.max(...differences),
    servers: Object.fromEntries(sides.map((heard) => [heard.server, sideOf(heard, name)])),
    recovery,
  };
}
