/**
 * One group on two servers, seen when a partition ends: message rc 92, and a shutdown of one
 * server (v3 10.7, 11.5; x5 2.12.9). The manuals leave open which; here it is the one of lower
 * priority in the cluster, whatever group it is about: so both sides reckon alike, and of two
 * groups each cannot send down the other's server. What runs there alone fails over. A group
 * that is only on its way here yields without a shutdown, and so does one that failed to start:
 * where it failed on both servers, it stays on one of them, for an operator to see. SE before
 * 3.0-3 shuts nothing
 * down; that it says nothing either is our choice.
 */
import { endsDoubleRuns } from '../../config/index.ts';
import type { FactOf } from '../facts.ts';
import { isDeaf } from '../heard.ts';
import { say } from '../messages.ts';
import { groupState, homeBeside } from '../queries.ts';
import { type Turn, tell } from '../turn.ts';

const inUse = new Set(['Online', 'Online Failure']);

function isLower({ state }: Turn, peer: string): boolean {
  const order = state.config.servers.toSorted((a, b) => a.priority - b.priority);
  const place = (name: string) => order.findIndex((server) => server.name === name);
  return place(state.server) > place(peer);
}

export function resolveConflicts(turn: Turn, { peer }: FactOf<'peer.spoke'>): void {
  if (turn.state.stopping) return;
  for (const [group, said] of Object.entries(turn.state.peers[peer]!.reported?.groups ?? {})) {
    const run = turn.state.groups[group];
    if (!run || said.blocked) continue;
    const mine = groupState(run);
    const theirs = said.state;
    if (mine === 'Online' && theirs === 'Online') {
      if (!endsDoubleRuns(turn.state.config)) continue;
      say(turn, 'groupOnTwo', group);
      // Whoever cannot hear this server does not know, so this one goes.
      const isDeafThere = isDeaf(turn.state, turn.state.peers[peer]!, turn.now);
      if (!isDeafThere && !isLower(turn, peer)) continue;
      say(turn, 'shutdownServer');
      tell(turn, { type: 'exit.ordered', goal: 'shutdown', failOver: true, replies: [] });
      return;
    }
    const yields =
      (mine === 'Online Pending' && (theirs === 'Online' || theirs === 'Online Pending')) ||
      (mine === 'Online Failure' && !run.blocked && inUse.has(theirs));
    if (!yields || (theirs === mine && !isLower(turn, peer))) continue;
    if (inUse.has(theirs)) say(turn, 'groupOnTwo', group);
    tell(turn, { type: 'stop.wanted', group, about: {} });
  }
}

/** It did not start here, and runs on another server: nothing of it stays here. */
export function yieldFailed(turn: Turn, { group }: FactOf<'group.startFailed'>): void {
  const run = turn.state.groups[group];
  if (!run || run.task || run.blocked || turn.state.stopping) return;
  if (homeBeside(turn.state, group, turn.state.server) === null) return;
  tell(turn, { type: 'stop.wanted', group, about: {} });
}
