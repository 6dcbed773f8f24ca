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
 * Without forced stop a group without mirror starts on the word of the heartbeats alone: in a
 * partition both servers then run it, as documented (v3 10.7, x5 2.12.9). With forced stop nothing
 * starts before the other server's power is off; in a partition both sides fence. The side that runs
 * a group does so at once, the other FENCE_DELAY_MS later, so that the one in service survives: their
 * heartbeats are in step (peers.ts), so both see the loss at one time.
 * If both run groups, the one of higher priority goes first.
 *
 * Evidence that the active side of a mirror stopped first is a notice of an orderly stop, a fence,
 * or the other host's word that no agent runs there and its cluster partition tells no break.
 */
import type { Evidence } from '../../machines/mirror.machine.ts';
import type { HostView } from '../ports/views.ts';
import type { FactOf } from './facts.ts';
import {
  candidates,
  evidenceFor,
  groupConfig,
  isBusy,
  isHere,
  mirrorsOf,
  otherHome,
  waitingWith,
} from './look.ts';
import { say } from './messages.ts';
import type { DaemonState, Peer, Purpose } from './state.ts';
import { armEvidence, ask, emit, setGroup, setPeer, type Turn, tell } from './turn.ts';

export const FENCE_DELAY_MS = 250;
const FENCE_AGAIN_MS = 5000;
/** How long the other host may take to answer for itself. */
const QUESTION_MS = 500;
/** A group that waits for evidence asks again this often. */
const EVIDENCE_AGAIN_MS = 3000;

const quiet = new Set(['Offline', 'Offline Failure']);

/** Nobody runs these, and whoever may have them is to be found. */
function addOrphans(turn: Turn, name: string, groups: string[]): void {
  const { orphans } = turn.state.peers[name]!;
  setPeer(turn, name, { orphans: [...new Set([...orphans, ...groups])] });
}

/** It was to take a group and is gone. */
export function onTakeGivenUp(turn: Turn, { group, peer }: FactOf<'take.givenUp'>): void {
  if (groupConfig(turn.state, group).failover === 'auto') addOrphans(turn, peer, [group]);
}

/** Groups that a peer ran or was starting when it was last heard. */
function ranThere(state: DaemonState, peer: Peer): string[] {
  return Object.entries(peer.word?.groups ?? {})
    .filter(([group, said]) => {
      const run = state.groups[group];
      return run && !isHere(run) && !said.held && !said.blocked && said.state !== 'Offline';
    })
    .map(([group]) => group)
    .filter((group) => groupConfig(state, group).failover === 'auto');
}

/** An orphan of somebody else that this server may have been about to take. */
function mayHaveTaken(state: DaemonState, name: string): boolean {
  return Object.values(state.peers).some(({ orphans }) =>
    orphans.some((group) => groupConfig(state, group).servers.includes(name)),
  );
}

/** 0 for the side that should survive a partition. */
function fenceDelayMs(state: DaemonState, peer: Peer): number {
  const runs = Object.values(state.groups).some(isHere);
  if (!runs) return FENCE_DELAY_MS;
  const theyRun = Object.values(peer.word?.groups ?? {}).some((said) => !quiet.has(said.state));
  if (!theyRun) return 0;
  const priority = (name: string) =>
    state.config.servers.find((server) => server.name === name)?.priority ?? 0;
  return priority(state.server) < priority(peer.name) ? 0 : FENCE_DELAY_MS;
}

export function onPeerLost(turn: Turn, { peer: name }: FactOf<'peer.lost'>): void {
  addOrphans(turn, name, ranThere(turn.state, turn.state.peers[name]!));
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  const isConcerned =
    turn.state.peers[name]!.orphans.length > 0 ||
    Object.values(turn.state.groups).some(isHere) ||
    mayHaveTaken(turn.state, name);
  if (turn.state.config.forceStop && isConcerned) {
    const at = turn.now + fenceDelayMs(turn.state, turn.state.peers[name]!);
    setPeer(turn, name, { fencing: 'waiting' });
    if (at === turn.now) onFenceTimer(turn, name);
    else {
      emit(turn, { type: 'armTimer', id: `fence:${name}`, at });
      lookAtPower(turn, name);
    }
    return;
  }
  seekEvidence(turn, name);
}

export function onPeerLate(turn: Turn, { peer }: FactOf<'peer.late'>): void {
  lookAtPower(turn, peer);
}

/**
 * Asks the management controller of a server with forced stop: at the first late heartbeat, so that
 * the way there is open when a forced stop has to be quick; and while this side waits with its own.
 */
function lookAtPower(turn: Turn, name: string): void {
  if (!turn.state.config.forceStop) return;
  const to = { server: name, part: 'bmc' as const };
  ask(turn, to, { do: 'power.status' }, QUESTION_MS, { kind: 'fenceLook', peer: name });
}

/** Off already: nothing has to be stopped by force. */
export function onFenceLook(turn: Turn, name: string, body: unknown): void {
  const peer = turn.state.peers[name];
  if (peer?.standing !== 'down' || peer.fencing !== 'waiting' || turn.state.stopping) return;
  if ((body as { power?: string } | null)?.power !== 'off') return;
  emit(turn, { type: 'cancelTimer', id: `fence:${name}` });
  setPeer(turn, name, { fencing: 'asked' });
  onFenceEnded(turn, name, null);
}

export function onFenceTimer(turn: Turn, name: string): void {
  const peer = turn.state.peers[name];
  const { forceStop } = turn.state.config;
  if (!forceStop || peer?.standing !== 'down' || peer.fencing !== 'waiting') return;
  if (turn.state.stopping) return;
  setPeer(turn, name, { fencing: 'asked' });
  const to = { server: name, part: 'bmc' as const };
  ask(turn, to, { do: 'power.cut' }, forceStop.timeoutMs, { kind: 'fence', peer: name });
}

export function onFenceEnded(turn: Turn, name: string, failure: string | null): void {
  const peer = turn.state.peers[name];
  if (peer?.fencing !== 'asked') return;
  if (failure === null) {
    say(turn, 'fenced', name);
    setPeer(turn, name, { fencing: 'no' });
    noteEvidence(turn, name, { by: 'fence', from: name, at: turn.now });
    return;
  }
  say(turn, 'fenceFailed', name, failure);
  setPeer(turn, name, { fencing: 'waiting' });
  emit(turn, { type: 'armTimer', id: `fence:${name}`, at: turn.now + FENCE_AGAIN_MS });
}

/** Heard again: what it runs is its own word again. */
export function onPeerReturned(turn: Turn, { peer: name }: FactOf<'peer.returned'>): void {
  emit(turn, { type: 'cancelTimer', id: `fence:${name}` });
  setPeer(turn, name, { evidence: null, fencing: 'no' });
  if (waitingWith(turn.state, name).length > 0) armEvidence(turn, name);
}

/**
 * The daemon before it died. What that one ran runs nowhere now; the two agents say who may serve
 * its mirrors.
 */
export function onPeerReborn(turn: Turn, { peer: name, before }: FactOf<'peer.reborn'>): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  addOrphans(turn, name, ranThere(turn.state, before));
  const { word, orphans } = turn.state.peers[name]!;
  const free = orphans.filter((group) => word?.groups[group]?.state === 'Offline');
  setPeer(turn, name, { orphans: free });
  seekEvidence(turn, name);
}

/** Suspended in order: it goes on running what it ran. */
export function onPeerSuspended(turn: Turn, { peer }: FactOf<'peer.suspended'>): void {
  setPeer(turn, peer, { evidence: null, orphans: [] });
}

export function onPeerLeft(turn: Turn, { peer: name }: FactOf<'peer.left'>): void {
  const peer = turn.state.peers[name]!;
  const isClean = Object.values(peer.word?.groups ?? {}).every(
    (said) => said.state === 'Offline' || said.blocked,
  );
  addOrphans(turn, name, ranThere(turn.state, peer));
  if (isClean) noteEvidence(turn, name, { by: 'notice', from: name, at: turn.now });
  else seekEvidence(turn, name);
}

function noteEvidence(turn: Turn, name: string, evidence: Evidence): void {
  const known = turn.state.peers[name]!.evidence;
  if (known?.by === 'fence' || known?.by === evidence.by) return;
  setPeer(turn, name, { evidence });
  for (const [group, run] of Object.entries(turn.state.groups)) {
    if (!run.blocked || isBusy(turn.state, group)) continue;
    if (!groupConfig(turn.state, group).servers.includes(name)) continue;
    setGroup(turn, group, { blocked: null });
    startIfFirst(turn, group);
  }
}

/** A group with a mirror whose other server is silent needs evidence before it starts. */
function isInDoubt(state: DaemonState, group: string): boolean {
  if (mirrorsOf(state, group).length === 0 || evidenceFor(state, group)) return false;
  return groupConfig(state, group).servers.some((server) => {
    const peer = state.peers[server];
    return peer && peer.standing !== 'up';
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
  return candidates(state, groupConfig(state, group))[0] === state.server;
}

/** Runs nowhere that is known, and nobody has decided that it should not. */
function isOrphan(state: DaemonState, group: string): boolean {
  const run = state.groups[group];
  if (!run || isHere(run) || run.held || run.blocked || isBusy(state, group)) return false;
  return otherHome(state, group) === null;
}

/** With forced stop: the power of every lost server that might run the group is known to be off. */
function isFenced(state: DaemonState, group: string): boolean {
  return groupConfig(state, group).servers.every((server) => {
    const peer = state.peers[server];
    return peer?.standing !== 'down' || peer.fencing === 'no';
  });
}

/** Starts those whose first server this one is. */
function startOrphans(turn: Turn, name: string, groups: string[]): void {
  const { standing } = turn.state.peers[name]!;
  const reason = standing === 'unknown' ? 'start' : 'failover';
  for (const group of groups) {
    const isFree = isOrphan(turn.state, group) && isFenced(turn.state, group);
    if (isFree) startIfFirst(turn, group, reason);
  }
}

/** A group with a mirror waits for evidence, which has to be asked for. */
function seekEvidence(turn: Turn, name: string): void {
  const { orphans } = turn.state.peers[name]!;
  if (orphans.some((group) => isInDoubt(turn.state, group))) askForEvidence(turn, name);
}

/**
 * After every event: who should have each orphan, given who is known to be gone? What is in use
 * again, stopped by an operator or on its way is none any more; what is in doubt waits.
 */
export function claimOrphans(turn: Turn): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  for (const { name, orphans } of Object.values(turn.state.peers)) {
    if (orphans.length === 0) continue;
    const left = orphans.filter((group) => isOrphan(turn.state, group));
    if (left.length < orphans.length) setPeer(turn, name, { orphans: left });
    const ready = left.filter((group) => !isInDoubt(turn.state, group));
    startOrphans(turn, name, ready);
  }
}

/** The wait at the start is over: what starts by itself, and first here, starts. */
export function adoptGroups(turn: Turn): void {
  for (const { name, startup } of turn.state.config.groups) {
    const run = turn.state.groups[name]!;
    if (startup !== 'auto' || run.held || isHere(run) || isBusy(turn.state, name)) continue;
    if (otherHome(turn.state, name) === null && isFirst(turn.state, name)) adoptGroup(turn, name);
  }
}

/** A group is like an orphan of the servers that were not heard. */
function adoptGroup(turn: Turn, group: string): void {
  const { state } = turn;
  const silent = groupConfig(state, group).servers.find((server) => {
    const peer = state.peers[server];
    return peer && peer.standing !== 'up';
  });
  if (!silent || !isInDoubt(state, group)) {
    tell(turn, { type: 'start.wanted', group, about: {} });
    return;
  }
  addOrphans(turn, silent, [group]);
  askForEvidence(turn, silent);
}

function askForEvidence(turn: Turn, name: string): void {
  if (turn.state.peers[name]!.questions > 0) return;
  const about = (how: 'power' | 'host'): Purpose => ({ kind: 'evidence', peer: name, how });
  let questions = 1;
  ask(turn, { server: name, part: 'host' }, { do: 'status' }, QUESTION_MS, about('host'));
  if (turn.state.config.forceStop) {
    questions += 1;
    ask(turn, { server: name, part: 'bmc' }, { do: 'power.status' }, QUESTION_MS, about('power'));
  }
  setPeer(turn, name, { questions });
}

function readEvidence(turn: Turn, name: string, how: string, body: unknown): Evidence | null {
  if (how === 'power') {
    const off = (body as { power?: string } | null)?.power === 'off';
    return off ? { by: 'fence', from: name, at: turn.now } : null;
  }
  const view = body as Partial<HostView> | null;
  if (view?.services?.clusterpro_md?.running !== false) return null;
  const mirrors = turn.state.config.resources.filter((resource) => resource.type === 'md');
  const isWhole = mirrors.every((mirror) => view.mirrorBreaks?.[mirror.name] === 'none');
  return isWhole ? { by: 'operatingSystem', from: name, at: turn.now } : null;
}

/** An answer (null: none came). With the last one, groups start with what is known. */
export function onEvidenceAnswer(turn: Turn, name: string, how: string, body: unknown): void {
  const peer = turn.state.peers[name];
  if (!peer) return;
  setPeer(turn, name, { questions: Math.max(0, peer.questions - 1) });
  if (peer.standing === 'up') return;
  const evidence = body === null ? null : readEvidence(turn, name, how, body);
  if (evidence) noteEvidence(turn, name, evidence);
  if (turn.state.peers[name]!.questions > 0) return;
  // Without evidence the agent is asked all the same: its copy may prove itself the newest.
  startOrphans(turn, name, turn.state.peers[name]!.orphans);
  armEvidence(turn, name, EVIDENCE_AGAIN_MS);
}

export function onEvidenceDue(turn: Turn, { peer: name }: FactOf<'evidence.due'>): void {
  const peer = turn.state.peers[name];
  if (!peer || peer.standing === 'up' || turn.state.stopping) return;
  if (waitingWith(turn.state, name).length > 0) askForEvidence(turn, name);
}
