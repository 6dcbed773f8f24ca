/** What the daemon answers to `status`. */
import type { DaemonView } from '../ports/views.ts';
import type { ServerStatus } from '../schema/generated/status.ts';
import { groupState, resourceState } from './look.ts';
import { monitorState } from './monitors.ts';
import { beatStates } from './peers.ts';
import type { DaemonState, Peer, Phase } from './state.ts';

type ServerWord = ServerStatus['state'];

const phaseWords: Record<Phase, ServerWord> = {
  starting: 'Online Pending',
  waiting: 'Online Pending',
  online: 'Online',
  suspended: 'Suspend',
  stopping: 'Offline Pending',
  stopped: 'Offline',
};

function peerWord(peer: Peer): ServerWord {
  if (peer.standing === 'unknown') return 'Unknown';
  if (peer.standing === 'down' || !peer.word) return 'Offline';
  const word = phaseWords[peer.word.phase];
  const values = Object.values(peer.beats).map((beat) => beat.chart.value);
  return word === 'Online' && values.includes('lost') ? 'Caution' : word;
}

function mapValues<A, B>(record: Record<string, A>, fn: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));
}

/** The clptoratio factor that holds now, and until when. */
export function ratioView(
  state: DaemonState,
  now: number,
): { ratio: number; until: number | null } {
  const { ratio } = state.facts;
  const holds = ratio !== null && ratio.until > now;
  return holds ? { ratio: ratio.ratio, until: ratio.until } : { ratio: 1, until: null };
}

export function viewOf(state: DaemonState, now: number): DaemonView {
  const { ratio, until } = ratioView(state, now);
  return {
    server: state.server,
    now,
    state: phaseWords[state.phase],
    heartbeats: mapValues(state.peers, (peer) => beatStates(state, peer)),
    peers: mapValues(state.peers, peerWord),
    groups: mapValues(state.groups, (run) => ({
      state: groupState(run),
      resources: mapValues(run.resources, resourceState),
    })),
    monitors: mapValues(state.monitors, monitorState),
    timeoutRatio: ratio,
    timeoutRatioUntil: until,
    waitingUntil: state.waitingUntil,
  };
}
