/**
 * Moves a peer's chart. Every concern that learns something of a peer moves it; what follows is
 * told, so that whoever has to do with it hears it (hearing.ts).
 */
import { type PeerEvent, peerMachine } from '../../../machines/peer.machine.ts';
import { moveChart } from '../../core/chart.ts';
import type { PeerFact } from '../facts.ts';
import { setPeer, type Turn, tell } from '../turn.ts';

/** What is told, by the chart's effect. */
const tells: Record<
  string,
  Exclude<PeerFact['type'], 'fence.failed' | 'peer.reborn' | 'peer.settled'>
> = {
  reportReturned: 'peer.returned',
  reportLost: 'peer.lost',
  reportLeft: 'peer.left',
  reportSuspended: 'peer.suspended',
  lookAtPower: 'peer.late',
  cutPower: 'fence.due',
  reportFenced: 'peer.fenced',
  askForEvidence: 'evidence.wanted',
  reportEvidence: 'evidence.found',
  reportAnswered: 'evidence.answered',
};

export function movePeer(turn: Turn, peer: string, event: PeerEvent): void {
  const move = moveChart(peerMachine, turn.state.peers[peer]!.chart, event);
  setPeer(turn, peer, { chart: move.chart });
  for (const { type, params } of move.effects) {
    if (type === 'reportFenceFailed') {
      tell(turn, { type: 'fence.failed', peer, ...(params as { message: string }) });
    } else tell(turn, { type: tells[type]!, peer });
  }
}
