/**
 * One group on two servers, seen when a partition ends: message rc 92, and a shutdown of one
 * server (v3 10.7, 11.5; x5 2.12.9). The manuals leave open which; here it is the one of lower
 * priority in the cluster, whatever group it is about: so both sides reckon alike, and of two
 * groups each cannot send down the other's server. What runs there alone fails over. A group
 * that is only on its way here yields without a shutdown, and so does one that failed to start:
 * where it failed on both servers, it stays on one of them, for an operator to see. In the X series
 * a server may be named that stays up then (`server/survive`; rc 502, 504): where one of the two is,
 * that one does, unless it is deaf to the other, which then does not know. SE before 3.0-3 shuts
 * nothing down; that it says nothing either is our choice.
 */
import { endsDoubleRuns } from '../../config/index.ts';
import type { FactOf } from '../facts.ts';
import { isDeaf } from '../heard.ts';
import { say, sayIfKnown } from '../messages.ts';
import { groupState, isPresent, rankOf } from '../queries.ts';
import { type Turn, tell } from '../turn.ts';

const inUse = new Set(['Online', 'Online Failure']);

function isLower({ state }: Turn, peer: string): boolean {
  return rankOf(state, state.server) > rankOf(state, peer);
}

/** Whether this server gives up the group, which does not run here, because of what that one says of it. */
function yieldsTo(turn: Turn, group: string, peer: string): boolean {
  const run = turn.state.groups[group];
  const said = turn.state.peers[peer]!.reported?.groups[group];
  if (!run || !said || said.blocked) return false;
  const [mine, theirs] = [groupState(run), said.state];
  const yields =
    (mine === 'Online Pending' && (theirs === 'Online' || theirs === 'Online Pending')) ||
    (mine === 'Online Failure' && !run.blocked && inUse.has(theirs));
  return yields && (theirs !== mine || isLower(turn, peer));
}

/** Whether this server goes down for a group that runs here and there. */
function goesFor(turn: Turn, peer: string): boolean {
  const { config, server } = turn.state;
  // Whoever cannot hear this server does not know, so this one goes.
  if (isDeaf(turn.state, turn.state.peers[peer]!, turn.now)) return true;
  const survives = (name: string) => config.servers.find((one) => one.name === name)?.survives;
  const [mine, theirs] = [survives(server) === true, survives(peer) === true];
  if (config.manual === 'v3' || mine === theirs) return isLower(turn, peer);
  sayIfKnown(turn, mine ? 'doubleRunIgnored' : 'doubleRunHeeded', server);
  return theirs;
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
      if (!goesFor(turn, peer)) continue;
      say(turn, 'shutdownServer');
      tell(turn, { type: 'exit.ordered', goal: 'shutdown', failOver: true, replies: [] });
      return;
    }
    if (!yieldsTo(turn, group, peer)) continue;
    if (inUse.has(theirs)) say(turn, 'groupOnTwo', group);
    tell(turn, { type: 'stop.wanted', group, about: {} });
  }
}

/** It did not start here, and another server has it, which may say nothing new of it for long. */
export function yieldFailed(turn: Turn, { group }: FactOf<'group.startFailed'>): void {
  const { groups, peers, stopping } = turn.state;
  if (groups[group]?.task !== null || stopping) return;
  const isElsewhere = Object.values(peers).some(
    (peer) => isPresent(peer) && yieldsTo(turn, group, peer.name),
  );
  if (isElsewhere) tell(turn, { type: 'stop.wanted', group, about: {} });
}
