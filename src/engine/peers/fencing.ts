/**
 * Forced stop of a server that is lost, where it is configured (x5): nothing of its groups starts
 * before its power is off.
 *
 *     lost, and this side is concerned ──► at once, or FENCE_DELAY_MS later ──► power cut ──► fenced
 *                                             └ power seen off meanwhile ─────────────────────► ┘
 *                                                          refused ──► again after FENCE_AGAIN_MS
 *
 * In a partition both sides fence. The side that runs a group does so at once, the other
 * FENCE_DELAY_MS later, so that the one in service survives: their heartbeats are in step
 * (heartbeats.ts), so both see the loss at one time. If both run groups, the one of higher priority
 * goes first.
 */

import type { MessageKey } from '../../messages/index.ts';
import type { FactOf } from '../facts.ts';
import { say, sayIfKnown } from '../messages.ts';
import { orphansIn, orphansOf } from '../orphans.ts';
import { isHere, isResolving, lifeOf } from '../queries.ts';
import type { DaemonState, Peer } from '../state.ts';
import { ask, emit, type Turn } from '../turn.ts';
import { movePeer } from './peer.ts';

const FENCE_DELAY_MS = 250;
const FENCE_AGAIN_MS = 5000;
/** How long a management controller may take to say whether its server is on. */
const QUESTION_MS = 500;
const POWER_ON_MS = 10_000;

const quiet = new Set(['Offline', 'Offline Failure']);

/** An orphan of somebody else that this server may have been about to take. */
function mayHaveTaken(state: DaemonState, name: string): boolean {
  const orphans = orphansIn(state.orphans);
  return state.config.groups.some(
    (group) => orphans.has(group.name) && group.servers.includes(name),
  );
}

/** 0 for the side that should survive a partition. */
function fenceDelayMs(state: DaemonState, peer: Peer): number {
  const runs = Object.values(state.groups).some(isHere);
  if (!runs) return FENCE_DELAY_MS;
  const theyRun = Object.values(peer.reported?.groups ?? {}).some((said) => !quiet.has(said.state));
  if (!theyRun) return 0;
  const priority = (name: string) =>
    state.config.servers.find((server) => server.name === name)?.priority ?? 0;
  return priority(state.server) < priority(peer.name) ? 0 : FENCE_DELAY_MS;
}

function mayFence({ config, phase, stopping }: DaemonState): boolean {
  return config.forceStop !== null && phase === 'online' && stopping === null;
}

export function fenceLost(turn: Turn, { peer: name }: FactOf<'peer.settled'>): void {
  const { state } = turn;
  const isConcerned =
    orphansOf(state, name).length > 0 ||
    Object.values(state.groups).some(isHere) ||
    mayHaveTaken(state, name);
  if (mayFence(state) && isConcerned) orderFence(turn, name);
}

/**
 * What a server ran that was lost while this one could not fence, in its wait at the start: its
 * power has to be off all the same before anything of it starts here.
 */
export function fenceGone(turn: Turn): void {
  if (!mayFence(turn.state) || isResolving(turn.state)) return;
  for (const peer of Object.values(turn.state.peers)) {
    if (orphansOf(turn.state, peer.name).length === 0 || lifeOf(peer) !== 'gone') continue;
    if (peer.seen !== 'no') continue;
    if (peer.chart.context.evidence?.by !== 'fence') orderFence(turn, peer.name);
  }
}

function orderFence(turn: Turn, name: string): void {
  movePeer(turn, name, { type: 'fence.ordered' });
  const delayMs = fenceDelayMs(turn.state, turn.state.peers[name]!);
  if (delayMs === 0) {
    onFenceTimer(turn, name);
    return;
  }
  emit(turn, { type: 'armTimer', id: `fence:${name}`, at: turn.now + delayMs });
  pollPower(turn, { peer: name });
}

/**
 * Asks the management controller of a server with forced stop: at the first late heartbeat, so that
 * the way there is open when a forced stop has to be quick; and while this side waits with its own.
 */
export function pollPower(turn: Turn, { peer }: { peer: string }): void {
  if (!turn.state.config.forceStop) return;
  const to = { server: peer, part: 'bmc' as const };
  ask(turn, to, { do: 'power.status' }, QUESTION_MS, { kind: 'powerPoll', peer });
}

/** Off already: nothing has to be stopped by force. */
export function onPowerPolled(turn: Turn, name: string, body: unknown): void {
  if (!turn.state.peers[name] || turn.state.stopping) return;
  if ((body as { power?: string } | null)?.power !== 'off') return;
  movePeer(turn, name, { type: 'power.off' });
}

export function onFenceTimer(turn: Turn, name: string): void {
  if (!turn.state.peers[name] || !turn.state.config.forceStop || turn.state.stopping) return;
  movePeer(turn, name, { type: 'fence.due' });
}

type Stop = NonNullable<DaemonState['config']['forceStop']>;
type Words = Record<'ordered' | 'failed', MessageKey<'x5'>>;

const controllerWords: Partial<Record<NonNullable<Stop['action']>, Words>> & { off: Words } = {
  off: { ordered: 'bmcOffOrdered', failed: 'bmcOffFailed' },
  cycle: { ordered: 'bmcCycleOrdered', failed: 'bmcCycleFailed' },
  reset: { ordered: 'bmcResetOrdered', failed: 'bmcResetFailed' },
  nmi: { ordered: 'bmcNmiOrdered', failed: 'bmcNmiFailed' },
};

/** What is said of it (x5: rc 400 to 431): by a controller what becomes of the server, else who does it. */
function wordsOf({ type, action = 'off' }: Stop): Words {
  if (type === 'bmc') return controllerWords[action] ?? controllerWords.off;
  if (type === 'custom') return { ordered: 'stopScriptStarted', failed: 'stopScriptFailed' };
  return { ordered: 'machineStopOrdered', failed: 'machineStopFailed' };
}

/** The server is to be there again; that it was off has to be read all the same, so it is switched on then. */
const BRINGS_BACK: readonly Stop['action'][] = ['reset', 'cycle', 'nmi', 'reboot'];

export function cutPower(turn: Turn, { peer }: FactOf<'fence.due'>): void {
  const stop = turn.state.config.forceStop!;
  const { timeoutMs } = stop;
  sayIfKnown(turn, wordsOf(stop).ordered, peer);
  const to = { server: peer, part: 'bmc' as const };
  ask(turn, to, { do: 'power.cut' }, timeoutMs, { kind: 'fence', peer });
}

export function onFenceEnded(turn: Turn, name: string, failure: string | null): void {
  if (!turn.state.peers[name]) return;
  if (failure === null) movePeer(turn, name, { type: 'power.cut' });
  else movePeer(turn, name, { type: 'fence.failed', message: failure });
}

export function onFenced(turn: Turn, { peer }: FactOf<'peer.fenced'>): void {
  if (turn.state.config.forceStop?.type === 'custom') sayIfKnown(turn, 'stopScriptEnded');
  say(turn, 'fenced', peer);
  if (BRINGS_BACK.includes(turn.state.config.forceStop?.action)) {
    const to = { server: peer, part: 'bmc' as const };
    ask(turn, to, { do: 'power.on' }, POWER_ON_MS, { kind: 'nothing' });
  }
  const evidence = { by: 'fence' as const, from: peer, at: turn.now };
  emit(turn, { type: 'cancelTimer', id: `fence:${peer}` });
  movePeer(turn, peer, { type: 'evidence.found', evidence });
}

export function onFenceFailed(turn: Turn, { peer, message }: FactOf<'fence.failed'>): void {
  const { forceStop } = turn.state.config;
  if (forceStop) sayIfKnown(turn, wordsOf(forceStop).failed, peer);
  say(turn, 'fenceFailed', peer, message);
  emit(turn, { type: 'armTimer', id: `fence:${peer}`, at: turn.now + FENCE_AGAIN_MS });
}

export function callOff(turn: Turn, { peer }: FactOf<'peer.returned'>): void {
  emit(turn, { type: 'cancelTimer', id: `fence:${peer}` });
}
