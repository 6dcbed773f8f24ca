/**
 * A group that waits for evidence on its mirror while the other server is there: none of the kinds
 * of evidence comes then. But the two agents meet and judge their copies, and once one of them is
 * the latest the group starts beside it:
 *
 *     own agent ── latest here ──► start here
 *         └ not ──► the other agent ── latest there ──► hand the group over
 *                        └ not: both copies RED, an operator decides (v3 11.10.5); polled again
 */
import type { AgentView } from '../../ports/views.ts';
import type { FactOf } from '../facts.ts';
import { isBusy, isUp, mirrorsOf, otherHome, waitingWith } from '../queries.ts';
import type { DaemonState } from '../state.ts';
import { armEvidence, ask, type Turn, tell } from '../turn.ts';

const ASK_MS = 500;
const AGAIN_MS = 3000;

export function onEvidenceDue(turn: Turn, { peer }: FactOf<'evidence.due'>): void {
  if (!isUp(turn.state.peers[peer]) || turn.state.stopping) return;
  if (waitingWith(turn.state, peer).length > 0) pollCopies(turn, peer, turn.state.server);
}

/** Asks the agent of `of` what its copies are; the other server is `peer`. */
function pollCopies(turn: Turn, peer: string, of: string): void {
  const to = { server: of, part: 'agent' as const };
  ask(turn, to, { do: 'status' }, ASK_MS, { kind: 'copies', peer, of });
}

function isLatest(state: DaemonState, group: string, view: Partial<AgentView> | null): boolean {
  return mirrorsOf(state, group).every(({ name }) => view?.mirrors?.[name]?.latest === true);
}

/** What an agent says of its copies; null: it does not answer. */
export function onCopies(turn: Turn, peer: string, of: string, body: unknown): void {
  const { state } = turn;
  if (state.stopping || !isUp(state.peers[peer])) return;
  const waiting = waitingWith(state, peer);
  const found = waiting.filter(
    (group) =>
      !isBusy(state, group) &&
      otherHome(state, group) === null &&
      isLatest(state, group, body as Partial<AgentView> | null),
  );
  for (const group of found) {
    // It counts on: what came here because it fails there is not sent to and fro.
    const { blocked, failovers } = state.groups[group]!;
    const about = { kind: 'failover' as const, target: peer, blocked, failovers };
    if (of === state.server) tell(turn, { type: 'start.wanted', group, about: {} });
    else tell(turn, { type: 'stop.wanted', group, about });
  }
  if (found.length === waiting.length) return;
  if (of === state.server) pollCopies(turn, peer, peer);
  else armEvidence(turn, peer, AGAIN_MS);
}
