/**
 * A group that waits for evidence on its mirror while the other server is there: none of the kinds
 * of evidence comes then. But the two agents meet and judge their copies, and once one of them is
 * the latest the group starts beside it:
 *
 *     own agent ── latest here ──► start here
 *         └ not ──► the other agent ── latest there ──► hand the group over
 *                        └ not: both copies RED, an operator decides (v3 11.10.5); looked at again
 */
import type { AgentView } from '../ports/views.ts';
import { groupConfig, mirrorsOf, otherHome } from './look.ts';
import type { DaemonState, Turn } from './state.ts';
import { isBusy, startGroup, stopGroup } from './tasks.ts';
import { ask, emit } from './turn.ts';

const ASK_MS = 500;
const AGAIN_MS = 3000;

/** Groups that wait here and that the other server may run, too. */
export function waitingWith(state: DaemonState, name: string): string[] {
  return Object.entries(state.groups)
    .filter(([, run]) => run.blocked !== null)
    .map(([group]) => group)
    .filter((group) => groupConfig(state, group).servers.includes(name));
}

/** Asks the agent of `of` what its copies are; the other server is `peer`. */
export function lookAtCopies(turn: Turn, peer: string, of: string): void {
  const to = { server: of, part: 'agent' as const };
  ask(turn, to, { do: 'status' }, ASK_MS, { kind: 'copies', peer, of });
}

function isLatest(state: DaemonState, group: string, view: Partial<AgentView> | null): boolean {
  return mirrorsOf(state, group).every(({ name }) => view?.mirrors?.[name]?.latest === true);
}

/** What an agent says of its copies; null: it does not answer. */
export function onCopies(turn: Turn, peer: string, of: string, body: unknown): void {
  if (turn.state.stopping || turn.state.peers[peer]?.standing !== 'up') return;
  for (const group of waitingWith(turn.state, peer)) {
    if (isBusy(turn, group) || otherHome(turn.state, group) !== null) continue;
    if (!isLatest(turn.state, group, body as Partial<AgentView> | null)) continue;
    const { blocked } = turn.state.groups[group]!;
    if (of === turn.state.server) startGroup(turn, group);
    else stopGroup(turn, group, { kind: 'failover', target: peer, blocked });
  }
  if (waitingWith(turn.state, peer).length === 0) return;
  if (of === turn.state.server) lookAtCopies(turn, peer, peer);
  else emit(turn, { type: 'armTimer', id: `evidence:${peer}`, at: turn.now + AGAIN_MS });
}
