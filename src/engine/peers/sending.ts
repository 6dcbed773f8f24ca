/**
 * Heartbeats, as this server sends them.
 *
 *     beat timer ──► a datagram a heartbeat resource and peer, with this server's state
 *     beat of the first server ──► own beats at once: all keep step with it
 *     first beat of a daemon ──► the turn is decided ──► told that it was heard (heartbeats.ts)
 */
import { netOf } from '../../config/index.ts';
import type { Json } from '../../core/json.ts';
import { perObject } from '../../core/per-object.ts';
import { groupState, isIdle, isUp } from '../queries.ts';
import type { DaemonState } from '../state.ts';
import { emit, patch, type Turn } from '../turn.ts';
import { writeMarks } from './marks.ts';
import { nodeStateOf, saysTheSame } from './node-state.ts';

/** Who keeps step waits so much longer than an interval before it sends by itself. */
const STEP_SLACK = 1.25;
/** The last heartbeat is sent this often, because nobody confirms a datagram. */
const LAST_BEATS = 3;

export function sendBeats(turn: Turn, to?: string): void {
  const { config, ears, heard } = turn.state;
  const body: Json = { kind: 'beat', word: nodeStateOf(turn.state), heard };
  for (const resource of config.heartbeats) {
    const net = netOf(config, resource);
    if (net === null || isIdle(turn.state, resource.type)) continue;
    for (const peer of to ? [to] : Object.keys(ears)) {
      emit(turn, { type: 'sendDatagram', net, to: peer, body });
    }
  }
}

function renew(turn: Turn): void {
  patch(turn, { rev: turn.state.rev + 1 });
}

/** Before this server is silent. */
export function sendLastBeats(turn: Turn): void {
  renew(turn);
  for (let times = 0; times < LAST_BEATS; times += 1) sendBeats(turn);
}

/**
 * The daemon's end. Where something of a group did not stop here, it still runs until the system is
 * down: then no last word says that this server left, and the others lose it as any other.
 */
export function takeLeave(turn: Turn): void {
  const groups = Object.values(turn.state.groups);
  if (groups.every((run) => groupState(run) !== 'Offline Failure')) sendLastBeats(turn);
}

/** What this server reports of itself is another state than before: the others hear it at once. */
export function sendNews(turn: Turn, before: DaemonState): void {
  const { phase } = turn.state;
  if (phase === 'starting' || phase === 'stopped') return;
  if (saysTheSame(before, turn.state)) return;
  if (phase === 'suspended') {
    sendLastBeats(turn);
    return;
  }
  renew(turn);
  sendBeats(turn);
}

export function onBeatTimer(turn: Turn): void {
  if (turn.state.phase === 'suspended' || turn.state.phase === 'stopped') return;
  sendRegularly(turn, turn.state.config.heartbeat.intervalMs);
}

function sendRegularly(turn: Turn, nextMs: number): void {
  sendBeats(turn);
  writeMarks(turn);
  armBeat(turn, nextMs, turn.now);
}

function armBeat(turn: Turn, nextMs: number, sentAt: number): void {
  const dueAt = turn.now + nextMs;
  patch(turn, { beat: { sentAt, dueAt } });
  emit(turn, { type: 'armTimer', id: 'beat', at: dueAt });
}

/** Names of all servers, the first one first. */
const byPriority = perObject(({ servers }: DaemonState['config']) =>
  servers.toSorted((a, b) => a.priority - b.priority).map(({ name }) => name),
);

/** The server whose heartbeats the others keep step with: the first one that is up. */
function isInFront(turn: Turn, name: string): boolean {
  const { config, server, peers } = turn.state;
  const first = byPriority(config).find((one) => one === server || isUp(peers[one]));
  return first === name;
}

/**
 * Heartbeats in step: when the cables are cut, both sides lose each other at one time, and the
 * delay before a forced stop decides which one goes first, not chance.
 */
export function keepStep(turn: Turn, from: string): void {
  const { intervalMs } = turn.state.config.heartbeat;
  const { sentAt, dueAt } = turn.state.beat;
  if (dueAt - turn.now >= intervalMs || !isInFront(turn, from)) return;
  const nextMs = intervalMs * STEP_SLACK;
  if (turn.now - sentAt >= intervalMs / 2) sendRegularly(turn, nextMs);
  else armBeat(turn, nextMs, sentAt);
}
