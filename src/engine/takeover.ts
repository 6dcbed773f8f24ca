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
 * on which it was orphaned alone: it stays one until it is in use on a server that is there, stopped
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
import { candidates, evidenceFor, groupConfig, isHere, mirrorsOf, otherHome } from './look.ts';
import { say } from './messages.ts';
import type { DaemonState, Peer, Purpose, Turn } from './state.ts';
import { giveUpTakes, isBusy, LOOK_AGAIN_MS, startGroup } from './tasks.ts';
import { ask, emit, setGroup, setPeer } from './turn.ts';
import { lookAtCopies, waitingWith } from './waiting.ts';

export const FENCE_DELAY_MS = 250;
const FENCE_AGAIN_MS = 5000;
/** How long the other host may take to answer for itself. */
const QUESTION_MS = 500;
/** A group that waits for evidence asks again this often. */
const EVIDENCE_AGAIN_MS = 3000;

const quiet = new Set(['Offline', 'Offline Failure']);

/** Groups that nobody runs once a peer is gone: what it ran, and what was being handed to it. */
function orphansOf(turn: Turn, peer: Peer): string[] {
  const handed = giveUpTakes(turn, peer.name).filter(
    (group) => groupConfig(turn.state, group).failover === 'auto',
  );
  return [...new Set([...ranThere(turn.state, peer), ...handed])];
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

export function peerDown(turn: Turn, name: string): void {
  say(turn, 'serverDown', name);
  const orphans = orphansOf(turn, turn.state.peers[name]!);
  setPeer(turn, name, { standing: 'down', orphans });
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  const isConcerned =
    orphans.length > 0 ||
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
  takeOrphans(turn, name);
}

/**
 * Asks the management controller of a server with forced stop: at the first late heartbeat, so that
 * the way there is open when a forced stop has to be quick; and while this side waits with its own.
 */
export function lookAtPower(turn: Turn, name: string): void {
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
export function peerUp(turn: Turn, name: string): void {
  say(turn, 'serverUp', name);
  emit(turn, { type: 'cancelTimer', id: `fence:${name}` });
  setPeer(turn, name, { standing: 'up', evidence: null, fencing: 'no' });
  if (waitingWith(turn.state, name).length === 0) return;
  emit(turn, { type: 'armTimer', id: `evidence:${name}`, at: turn.now + LOOK_AGAIN_MS });
}

/**
 * Another daemon speaks for that server: the former one died, and the server came back before any
 * heartbeat was lost. What it ran runs nowhere now; the two agents say who may serve its mirrors.
 */
export function peerReborn(turn: Turn, name: string, before: Peer): void {
  say(turn, 'serverDown', name);
  say(turn, 'serverUp', name);
  const { word } = turn.state.peers[name]!;
  const orphans = orphansOf(turn, before).filter(
    (group) => word?.groups[group]?.state === 'Offline',
  );
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  setPeer(turn, name, { orphans });
  takeOrphans(turn, name);
}

/** It said in order that it stopped, or that it is suspended. */
export function peerLeft(turn: Turn, name: string): void {
  const peer = turn.state.peers[name]!;
  if (peer.word?.phase === 'suspended') {
    setPeer(turn, name, { standing: 'left', evidence: null, orphans: [] });
    return;
  }
  say(turn, 'serverDown', name);
  const isClean = Object.values(peer.word?.groups ?? {}).every(
    (said) => said.state === 'Offline' || said.blocked,
  );
  setPeer(turn, name, { standing: 'left', orphans: orphansOf(turn, peer) });
  if (isClean) noteEvidence(turn, name, { by: 'notice', from: name, at: turn.now });
  else takeOrphans(turn, name);
}

function noteEvidence(turn: Turn, name: string, evidence: Evidence): void {
  const known = turn.state.peers[name]!.evidence;
  if (known?.by === 'fence' || known?.by === evidence.by) return;
  setPeer(turn, name, { evidence });
  takeOrphans(turn, name);
  for (const [group, run] of Object.entries(turn.state.groups)) {
    if (!run.blocked || isBusy(turn, group)) continue;
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
  if (isHere(run) || isBusy(turn, group) || otherHome(state, group)) return;
  if (isFirst(state, group)) startGroup(turn, group, { reason });
}

/** Every server reckons alike, so a group starts on one of them. */
function isFirst(state: DaemonState, group: string): boolean {
  return candidates(state, groupConfig(state, group))[0] === state.server;
}

/** Runs nowhere that is known, and nobody has decided that it should not. */
function isOrphan(turn: Turn, group: string): boolean {
  const run = turn.state.groups[group];
  if (!run || isHere(run) || run.held || run.blocked || isBusy(turn, group)) return false;
  return otherHome(turn.state, group) === null;
}

/** With forced stop: the power of every lost server that might run the group is known to be off. */
function isFenced(state: DaemonState, group: string): boolean {
  return groupConfig(state, group).servers.every((server) => {
    const peer = state.peers[server];
    return peer?.standing !== 'down' || peer.fencing === 'no';
  });
}

/** Starts those whose first server this one is; the others stay orphans until somebody has them. */
function startOrphans(turn: Turn, name: string, groups: string[]): void {
  const { standing } = turn.state.peers[name]!;
  const reason = standing === 'unknown' ? 'start' : 'failover';
  for (const group of groups) {
    const isFree = isOrphan(turn, group) && isFenced(turn.state, group);
    if (isFree) startIfFirst(turn, group, reason);
  }
  const left = turn.state.peers[name]!.orphans.filter(
    (group) => !groups.includes(group) || isOrphan(turn, group),
  );
  setPeer(turn, name, { orphans: left });
}

/** Starts what the peer ran, as far as it may; asks for evidence where a mirror wants it. */
export function takeOrphans(turn: Turn, name: string): void {
  const { orphans } = turn.state.peers[name]!;
  const waiting = orphans.filter((group) => isInDoubt(turn.state, group));
  startOrphans(
    turn,
    name,
    orphans.filter((group) => !waiting.includes(group)),
  );
  if (waiting.length > 0) askForEvidence(turn, name);
}

/** After every event: who should have each orphan, given who is known to be gone? */
export function claimOrphans(turn: Turn): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  for (const { name, orphans } of Object.values(turn.state.peers)) {
    if (orphans.length === 0) continue;
    const gone = orphans.filter((group) => !isOrphan(turn, group));
    const ready = orphans.filter((group) => !gone.includes(group) && !isInDoubt(turn.state, group));
    const mine = ready.filter((group) => isFirst(turn.state, group));
    if (gone.length + mine.length > 0) startOrphans(turn, name, [...gone, ...mine]);
  }
}

/** At start: a group is like an orphan of the servers that were not heard. */
export function adoptGroup(turn: Turn, group: string): void {
  const { state } = turn;
  const silent = groupConfig(state, group).servers.find((server) => {
    const peer = state.peers[server];
    return peer && peer.standing !== 'up';
  });
  if (!silent || !isInDoubt(state, group)) {
    startGroup(turn, group);
    return;
  }
  const { orphans } = state.peers[silent]!;
  setPeer(turn, silent, { orphans: [...orphans, group] });
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
  emit(turn, { type: 'armTimer', id: `evidence:${name}`, at: turn.now + EVIDENCE_AGAIN_MS });
}

export function onEvidenceTimer(turn: Turn, name: string): void {
  const peer = turn.state.peers[name];
  if (!peer || turn.state.stopping || waitingWith(turn.state, name).length === 0) return;
  if (peer.standing === 'up') lookAtCopies(turn, name, turn.state.server);
  else askForEvidence(turn, name);
}
