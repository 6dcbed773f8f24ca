/**
 * From the start of the daemon to its part in the cluster: it waits for the other servers, for
 * `startupWaitMs` at most (clpbwctrl -c ends the wait; x5 2.21), then starts the groups that start
 * by themselves and whose first server, among those that are there, it is. Every server reckons
 * alike, so a group starts on one of them.
 */
import { candidates, isHere, otherHome } from './look.ts';
import { say } from './messages.ts';
import { giveUpUnheard, onBeatTimer } from './peers.ts';
import type { Phase, Turn } from './state.ts';
import { adoptGroup } from './takeover.ts';
import { isBusy } from './tasks.ts';
import { askHere, emit, patch } from './turn.ts';

const HOST_MS = 5000;

export function enterPhase(turn: Turn, phase: Phase): void {
  patch(turn, { phase });
  if (phase === 'starting' || phase === 'stopped') return;
  askHere(turn, 'host', { do: 'node', event: phase }, HOST_MS, { kind: 'nothing' });
}

export function onStart(turn: Turn, bootId: string): void {
  if (turn.state.phase !== 'starting') return;
  patch(turn, { bootId, born: turn.now });
  say(turn, 'started');
  const { ratio } = turn.state.facts;
  if (ratio) emit(turn, { type: 'armTimer', id: 'ratio', at: ratio.until });
  const waitMs = Object.keys(turn.state.peers).length === 0 ? 0 : turn.state.config.startupWaitMs;
  enterPhase(turn, 'waiting');
  patch(turn, { waitingUntil: turn.now + waitMs });
  onBeatTimer(turn);
  if (waitMs === 0) {
    endWait(turn);
    return;
  }
  say(turn, 'startupWait', Math.round(waitMs / 1000));
  emit(turn, { type: 'armTimer', id: 'startup', at: turn.now + waitMs });
}

/** All the others are heard, or said that they are suspended. */
export function onAllHeard(turn: Turn): void {
  const peers = Object.values(turn.state.peers);
  const isComplete = peers.every(
    (peer) => peer.standing === 'up' || peer.word?.phase === 'suspended',
  );
  if (turn.state.phase === 'waiting' && isComplete) endWait(turn);
}

export function endWait(turn: Turn): void {
  if (turn.state.phase !== 'waiting') return;
  emit(turn, { type: 'cancelTimer', id: 'startup' });
  patch(turn, { waitingUntil: null });
  enterPhase(turn, 'online');
  giveUpUnheard(turn);
  for (const group of turn.state.config.groups) {
    const run = turn.state.groups[group.name]!;
    if (group.startup !== 'auto' || run.held || isHere(run) || isBusy(turn, group.name)) continue;
    if (otherHome(turn.state, group.name)) continue;
    if (candidates(turn.state, group)[0] === turn.state.server) adoptGroup(turn, group.name);
  }
}
