/** What the daemon answers to `status`. What did not change since it last did is the same object. */
import type { Json } from '../../core/json.ts';
import { perObject } from '../../core/per-object.ts';
import type { DaemonView, MonitorState } from '../../ports/views.ts';
import type { ServerStatus } from '../../schema/generated/status-1.ts';
import {
  groupState,
  isLost,
  isUp,
  lifeOf,
  monitorState,
  ratioNow,
  resourceState,
} from '../queries.ts';
import type { DaemonState, MonitorRun, Peer, Phase } from '../state.ts';
import { emit, reply, type Turn } from '../turn.ts';

type ServerState = ServerStatus['state'];

const phaseWords: Record<Phase, ServerState> = {
  starting: 'Online Pending',
  waiting: 'Online Pending',
  online: 'Online',
  suspended: 'Suspend',
  stopping: 'Offline Pending',
  stopped: 'Offline',
};

function peerState(peer: Peer): ServerState {
  if (lifeOf(peer) === 'unheard') return 'Unknown';
  if (isLost(peer) || !peer.reported) return 'Offline';
  const state = phaseWords[peer.reported.phase];
  const values = Object.values(peer.beats).map(({ value }) => value);
  return state === 'Online' && values.includes('lost') ? 'Caution' : state;
}

/** What clpstat -n shows of one peer (v3 11.5). */
function beatStates(
  config: DaemonState['config'],
  peer: Peer,
): Record<string, 'Normal' | 'Error' | 'Unused' | 'Unknown'> {
  const words = { up: 'Normal', late: 'Normal', lost: 'Error', unused: 'Unused' } as const;
  return Object.fromEntries(
    config.heartbeats.map(({ name }) => {
      const value = peer.beats[name]?.value;
      if (value === undefined) return [name, 'Unused'];
      return [name, value === 'unknown' ? 'Unknown' : words[value]];
    }),
  );
}

/** What clpstat shows of a monitor here. */
function shownOf(run: MonitorRun): { state: MonitorState; message: string | null } {
  const { text } = run.chart.context;
  return { state: monitorState(run), message: text === '' ? null : text };
}

function mapValues<A, B>(record: Record<string, A>, fn: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));
}

const groupsView = perObject((groups: DaemonState['groups']): DaemonView['groups'] =>
  mapValues(groups, (run) => ({
    state: groupState(run),
    resources: mapValues(run.resources, resourceState),
  })),
);

const monitorsView = perObject((monitors: DaemonState['monitors']) => mapValues(monitors, shownOf));

const peersView = perObject((peers: DaemonState['peers']) => mapValues(peers, peerState));

const beatsView = perObject((config: DaemonState['config']) =>
  perObject((peers: DaemonState['peers']) => mapValues(peers, (peer) => beatStates(config, peer))),
);

/** By server and resolution resource: whether what it asks answers there; null: not known. */
function partitionView(state: DaemonState): Pick<DaemonView, 'partition'> {
  const { runs } = state.partition;
  const names = Object.keys(runs);
  if (names.length === 0) return {};
  const own = (name: string) =>
    runs[name]!.value === 'unknown' ? null : runs[name]!.value === 'normal';
  const of = (said: (name: string) => boolean | null) =>
    Object.fromEntries(names.map((name) => [name, said(name)]));
  const others = mapValues(state.peers, (peer) =>
    of((name) => (isUp(peer) ? (peer.reported?.partition?.[name] ?? null) : null)),
  );
  return { partition: { ...others, [state.server]: of(own) } };
}

export function viewOf(state: DaemonState, now: number): DaemonView {
  const { ratio, until } = ratioNow(state, now);
  return {
    server: state.server,
    now,
    state: phaseWords[state.phase],
    heartbeats: beatsView(state.config)(state.peers),
    peers: peersView(state.peers),
    groups: groupsView(state.groups),
    monitors: monitorsView(state.monitors),
    timeoutRatio: ratio,
    timeoutRatioUntil: until,
    waitingUntil: state.waitingUntil,
    ...partitionView(state),
  };
}

export function onStatus(turn: Turn, id: string): void {
  const view = viewOf(turn.state, turn.now);
  reply(turn, id, view as unknown as Json);
  emit(turn, { type: 'viewAnswered', view });
}
