/**
 * Automatic failback: once a server joins again, what prefers it to where it runs moves back. A server
 * joins once for each start of its daemon, so a group that an operator or a monitor moved away
 * from a server that is up stays where it is. A group with a mirror is not moved by itself: its
 * copy there may still be recovered (our choice; the product asks for a manual failback then).
 */
import { takers } from '../placement.ts';
import { groupConfig, groupValue, isAt, isBusy, isHere, isUp, mirrorsOf } from '../queries.ts';
import type { DaemonState } from '../state.ts';
import { setPeer, type Turn, tell } from '../turn.ts';

function prefers(state: DaemonState, group: string, peer: string): boolean {
  const { servers, autoFailback } = groupConfig(state, group);
  const at = servers.indexOf(peer);
  if (!autoFailback || at < 0 || mirrorsOf(state, group).length > 0) return false;
  return at < servers.indexOf(state.server);
}

/** After every event: who joined, and what of ours is due to move there. */
export function failBack(turn: Turn): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  for (const [name, peer] of Object.entries(turn.state.peers)) {
    const { reported, welcomed } = peer;
    if (!isUp(peer) || reported?.phase !== 'online') continue;
    if (reported.born !== welcomed) {
      const due = Object.keys(turn.state.groups).filter((group) =>
        prefers(turn.state, group, name),
      );
      setPeer(turn, name, { welcomed: reported.born, dueBack: due });
    }
    moveDue(turn, name);
    // Several may join within one event: what was just told is heard before the next one is looked at.
    if (turn.told.length > 0) return;
  }
}

function moveDue(turn: Turn, peer: string): void {
  const { state } = turn;
  const { dueBack } = state.peers[peer]!;
  if (dueBack.length === 0) return;
  // What is on its way is looked at again once it has arrived.
  const left = dueBack.filter((group) => isBusy(state, group));
  if (left.length === dueBack.length) return;
  setPeer(turn, peer, { dueBack: left });
  for (const group of dueBack) {
    if (left.includes(group)) continue;
    const run = state.groups[group];
    if (!run || !isHere(run) || groupValue(run) !== 'online') continue;
    // One that ran it too, in a partition: which of the two goes on is not decided here.
    if (isAt(state.peers[peer]!, group)) continue;
    if (!takers(state, groupConfig(state, group)).includes(peer)) continue;
    const about = { kind: 'move' as const, target: peer, goesBack: true };
    tell(turn, { type: 'stop.wanted', group, about });
  }
}
