/**
 * Servers that are heard and cannot be talked to: every LAN between them is lost, and a heartbeat of
 * another kind goes on. Orders and answers go over LANs alone (x5: nm 80 and 81).
 */
import type { FactOf } from '../facts.ts';
import { canTalk } from '../heard.ts';
import { sayIfKnown } from '../messages.ts';
import { isUp } from '../queries.ts';
import { patch, type Turn } from '../turn.ts';

function setMute(turn: Turn, peer: string, isMute: boolean): void {
  const others = turn.state.mute.filter((name) => name !== peer);
  patch(turn, { mute: isMute ? [...others, peer] : others });
}

export function onBeatsJudged(turn: Turn, { peer }: FactOf<'beats.judged'>): void {
  const isMute = turn.state.mute.includes(peer);
  if (!isUp(turn.state.peers[peer]) || isMute || canTalk(turn.state, peer)) return;
  setMute(turn, peer, true);
  sayIfKnown(turn, 'cannotTalk', peer);
}

export function onBeatUp(turn: Turn, { peer }: FactOf<'beat.up'>): void {
  if (!turn.state.mute.includes(peer) || !canTalk(turn.state, peer)) return;
  setMute(turn, peer, false);
  sayIfKnown(turn, 'talksAgain', peer);
}

/** It is no question any more. */
export function forget(turn: Turn, { peer }: FactOf<'peer.lost' | 'peer.left'>): void {
  if (turn.state.mute.includes(peer)) setMute(turn, peer, false);
}
