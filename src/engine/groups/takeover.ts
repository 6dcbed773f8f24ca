/**
 * A peer that comes, goes in order, or is lost; and who takes what it ran.
 *
 *     lost ──► orphans noted ──► forced stop configured? ── yes ──► fence ── power off ──┐
 *                                          │ no                       └ refused: again   │
 *                                          ▼                                             ▼
 *                        group with a mirror, no evidence ──► ask for it ──► start what is
 *                                                                            first here
 *
 * Who takes an orphan is decided from the state after every event (`claimOrphans`), never by the edge
 * on which it was orphaned: it stays one until it is in use on a server that is there, stopped
 * by an operator, or was tried here. So it is taken also when whoever should have taken it dies first.
 *
 * Without forced stop a group without mirror starts on what the heartbeats say alone: in a
 * partition both servers then run it, as documented (v3 10.7, x5 2.12.9). With forced stop nothing
 * starts before the other server's power is off (fencing.ts).
 */

import { perObject } from '../../core/per-object.ts';
import { sayWhere } from '../destination.ts';
import type { FactOf } from '../facts.ts';
import { say, sayIfKnown } from '../messages.ts';
import { isOrphan, isUnclaimed, orphansIn, orphansOf } from '../orphans.ts';
import { movePeer } from '../peers/peer.ts';
import { candidates, firstCandidate, rivalsOf } from '../placement.ts';
import {
  evidenceFor,
  groupConfig,
  isAt,
  isBusy,
  isHere,
  isResolving,
  isUnproven,
  isUp,
  lifeOf,
  mirrorsOf,
  otherHome,
  waitingWith,
} from '../queries.ts';

import type { DaemonState, NodeState, Peer } from '../state.ts';
import { armEvidence, patch, type Turn, tell } from '../turn.ts';

/** A group that waits for evidence asks again this often. */
const EVIDENCE_AGAIN_MS = 3000;

function setOrphans(turn: Turn, name: string, groups: readonly string[]): void {
  patch(turn, { orphans: { ...turn.state.orphans, [name]: groups } });
}

/** Nobody runs these, and whoever may have them is to be found. */
function addOrphans(turn: Turn, name: string, groups: string[]): void {
  setOrphans(turn, name, [...new Set([...orphansOf(turn.state, name), ...groups])]);
}

/** A new configuration: what a server that is no more had left behind is nobody's business. */
export function forgetStrangers(turn: Turn): void {
  const { orphans, peers } = turn.state;
  const known = Object.entries(orphans).filter(([name]) => Object.hasOwn(peers, name));
  patch(turn, { orphans: Object.fromEntries(known) });
}

/** It was to take a group, and is gone or never heard of it. */
export function onTakeGivenUp(turn: Turn, { group, peer }: FactOf<'take.givenUp'>): void {
  addOrphans(turn, peer, [group]);
}

/**
 * This server gave it up because of another one, which may have gone, or have let go of it, meanwhile:
 * as long as it was here it was nobody's orphan.
 */
export function onLetGo(turn: Turn, { group }: FactOf<'group.letGo'>): void {
  const { state } = turn;
  if (state.stopping || groupConfig(state, group).failover !== 'auto') return;
  const others = othersOf(state, group);
  const known = others.filter((name) => state.peers[name] && isAt(state.peers[name], group));
  for (const name of known.length > 0 ? known : others.slice(0, 1)) addOrphans(turn, name, [group]);
}

/** What another server knows to run nowhere. It may be the only one that knows. */
export function adoptUnowned(turn: Turn, { peer }: FactOf<'node.reported'>): void {
  const said = unownedIn(turn.state.peers[peer]!.reported!);
  const found = said.filter((group) => isUnclaimed(turn.state, group));
  if (found.length > 0) addOrphans(turn, peer, found);
}

const unownedIn = perObject(({ groups }: NodeState) =>
  Object.keys(groups).filter((group) => groups[group]!.unowned),
);

/** Groups that a peer ran or was starting, or knew to run nowhere, when it was last heard. */
function ranThere(state: DaemonState, peer: Peer): string[] {
  return Object.entries(peer.reported?.groups ?? {})
    .filter(([group, said]) => {
      const run = state.groups[group];
      if (!run || isHere(run) || said.held || said.blocked) return false;
      return said.state !== 'Offline' || said.unowned;
    })
    .map(([group]) => group)
    .filter((group) => groupConfig(state, group).failover === 'auto');
}

export function onPeerLost(turn: Turn, { peer }: FactOf<'peer.lost' | 'peer.sightChanged'>): void {
  if (turn.state.config.noServerFailover) return;
  addOrphans(turn, peer, ranThere(turn.state, turn.state.peers[peer]!));
}

/** A fence is evidence by itself; where none was ordered others are asked. */
export function goOnWithoutFence(turn: Turn, { peer }: FactOf<'peer.settled'>): void {
  const { phase, stopping, peers } = turn.state;
  if (phase === 'online' && !stopping && lifeOf(peers[peer]!) === 'gone') seekEvidence(turn, peer);
}

/** Heard again: it reports itself what it runs. */
export function onPeerReturned(turn: Turn, { peer }: FactOf<'peer.returned'>): void {
  if (waitingWith(turn.state, peer).length > 0) armEvidence(turn, peer);
}

/**
 * The daemon before it died. What that one ran runs nowhere now; the two agents say who may serve
 * its mirrors.
 */
export function onPeerReborn(turn: Turn, { peer: name, before }: FactOf<'peer.reborn'>): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  addOrphans(turn, name, ranThere(turn.state, before));
  const { reported } = turn.state.peers[name]!;
  const isFree = (group: string) => reported?.groups[group]?.state === 'Offline';
  setOrphans(turn, name, orphansOf(turn.state, name).filter(isFree));
  seekEvidence(turn, name);
}

export function onPeerLeft(turn: Turn, { peer: name }: FactOf<'peer.left'>): void {
  const peer = turn.state.peers[name]!;
  const isClean = Object.values(peer.reported?.groups ?? {}).every(
    (said) => said.state === 'Offline' || said.blocked,
  );
  addOrphans(turn, name, ranThere(turn.state, peer));
  if (!isClean) {
    seekEvidence(turn, name);
    return;
  }
  const evidence = { by: 'notice' as const, from: name, at: turn.now };
  movePeer(turn, name, { type: 'evidence.found', evidence });
}

export function onUnblocked(turn: Turn, { group }: FactOf<'group.unblocked'>): void {
  startIfFirst(turn, group);
}

/** A group with a mirror whose other server is silent needs evidence before it starts. */
function isInDoubt(state: DaemonState, group: string): boolean {
  if (mirrorsOf(state, group).length === 0 || evidenceFor(state, group)) return false;
  return groupConfig(state, group).servers.some((server) => {
    const peer = state.peers[server];
    return peer && !isUp(peer);
  });
}

function startIfFirst(turn: Turn, group: string, reason: 'start' | 'failover' = 'failover'): void {
  const { state } = turn;
  const run = state.groups[group]!;
  if (isHere(run) || isBusy(turn.state, group) || otherHome(state, group)) return;
  if (isFirst(state, group)) tell(turn, { type: 'start.wanted', group, about: { reason } });
}

/** Every server reckons alike, so a group starts on one of them. */
function isFirst(state: DaemonState, group: string): boolean {
  return firstCandidate(state, groupConfig(state, group)) === state.server;
}

/** With forced stop: no silent server that might run the group is left of which nothing is known. */
function isFenced(state: DaemonState, group: string): boolean {
  return groupConfig(state, group).servers.every((server) => {
    const peer = state.peers[server];
    return !peer || (lifeOf(peer) !== 'fencing' && !isUnproven(state, peer));
  });
}

/** It waits since the start for a server that was never heard: nobody knows it to have run. */
function neverRan(state: DaemonState, group: string): boolean {
  return Object.values(state.peers).some(
    ({ name, reported }) => reported === null && orphansOf(state, name).includes(group),
  );
}

/** Starts those whose first server this one is. */
function startOrphans(turn: Turn, groups: readonly string[]): void {
  if (isResolving(turn.state)) return;
  for (const group of groups) {
    const isFree = isOrphan(turn.state, group) && isFenced(turn.state, group);
    if (!isFree || !isFirst(turn.state, group)) continue;
    const isFirstTime = hasRivals(turn.state, group) && turn.state.groups[group]!.home === null;
    const isNew = isFirstTime || neverRan(turn.state, group);
    if (!isNew) sayWhere(turn, group, turn.state.server);
    startIfFirst(turn, group, isNew ? 'start' : 'failover');
    // Where the next one may run is known once this one is on its way.
    if (hasRivals(turn.state, group)) return;
  }
}

/** A group with a mirror waits for evidence, which has to be asked for. */
function seekEvidence(turn: Turn, name: string): void {
  const isMissing = orphansOf(turn.state, name).some((group) => isInDoubt(turn.state, group));
  if (isMissing) tell(turn, { type: 'evidence.missed', peer: name });
}

/**
 * After every event: who should have each orphan, given who is known to be gone? What is in use
 * again, stopped by an operator or on its way is none any more; what is in doubt waits.
 */
export function claimOrphans(turn: Turn): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  const all = [...orphansIn(turn.state.orphans)];
  const left = new Set(all.filter((group) => isUnclaimed(turn.state, group)));
  const here = new Set(
    [...left].filter(
      (group) =>
        isOrphan(turn.state, group) && isFirst(turn.state, group) && !isInDoubt(turn.state, group),
    ),
  );
  if (left.size === all.length && here.size === 0) return;
  for (const name of Object.keys(turn.state.peers)) {
    const orphans = orphansOf(turn.state, name);
    const kept = orphans.filter((group) => left.has(group));
    if (kept.length < orphans.length) setOrphans(turn, name, kept);
    startOrphans(
      turn,
      kept.filter((group) => here.has(group)),
    );
  }
}

/** The wait at the start is over: what starts by itself, and first here, starts. */
export function adoptGroups(turn: Turn): void {
  if (turn.state.config.noAutoStartup) {
    sayIfKnown(turn, 'autoStartupOff');
    return;
  }
  for (const { name, startup } of turn.state.config.groups) {
    const run = turn.state.groups[name]!;
    if (startup !== 'auto' || run.held || isHere(run) || isBusy(turn.state, name)) continue;
    if (otherHome(turn.state, name) !== null) continue;
    const [other] = othersOf(turn.state, name);
    if (hasRivals(turn.state, name) && other !== undefined) {
      addOrphans(turn, other, [name]);
      continue;
    }
    const next = nextToStart(turn.state, name);
    if (next === turn.state.server) adoptGroup(turn, name);
    // Should that server die in its own wait, the group is somebody else's.
    else if (next !== undefined) addOrphans(turn, next, [name]);
  }
}

function hasRivals(state: DaemonState, group: string): boolean {
  return rivalsOf(state.config, groupConfig(state, group)).size > 0;
}

/** The other servers that may run a group. */
function othersOf(state: DaemonState, group: string): string[] {
  return groupConfig(state, group).servers.filter((server) => server !== state.server);
}

/**
 * First of those that still decide: whoever is past its own start has left the group as it is, unless
 * the group waits there until more is known.
 */
function nextToStart(state: DaemonState, group: string): string | undefined {
  return candidates(state, groupConfig(state, group)).find((name) => {
    const reported = state.peers[name]?.reported;
    return reported?.phase !== 'online' || reported.groups[group]?.unowned;
  });
}

/** A group is like an orphan of the servers that were not heard. */
function adoptGroup(turn: Turn, group: string): void {
  const { state } = turn;
  const silent = groupConfig(state, group).servers.filter((server) => {
    const peer = state.peers[server];
    return peer && !isUp(peer);
  });
  const [first] = silent;
  const isDoubtful = isInDoubt(state, group);
  if (first === undefined || (!isDoubtful && isFenced(state, group))) {
    tell(turn, { type: 'start.wanted', group, about: {} });
    return;
  }
  addOrphans(turn, first, [group]);
  if (isDoubtful) tell(turn, { type: 'evidence.missed', peer: first });
  const unproven = silent.filter((server) => isUnproven(state, state.peers[server]!));
  if (unproven.length > 0) say(turn, 'startWaits', group, unproven.join(', '));
}

/**
 * Nothing more is to be learnt for now: groups start with what is known. Without evidence the agent
 * is asked all the same: its copy may prove itself the newest.
 */
export function onEvidenceAnswered(turn: Turn, { peer: name }: FactOf<'evidence.answered'>): void {
  const peer = turn.state.peers[name]!;
  if (isUp(peer)) return;
  startOrphans(turn, orphansOf(turn.state, name));
  armEvidence(turn, name, EVIDENCE_AGAIN_MS);
}
