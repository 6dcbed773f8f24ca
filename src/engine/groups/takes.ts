/**
 * A group handed over to another server's daemon, which is asked to `take` it:
 *
 *     take.wanted ──► asked ──► started there, or not ──► take.ended
 *                       ├ that server is gone, refuses, or
 *                       │ never heard of it ────────────► take.ended, take.givenUp
 *                       └ no answer ──► what its heartbeats say of the group decides
 *
 * A request or its answer may be lost in a cut that is too short to lose a heartbeat. So how it ended
 * is also read from the state that the other server reports; whoever should have a group that
 * nobody took is decided as for any orphan.
 */

import { SILENCE_LIMIT_MS } from '../../ports/wire.ts';
import type { FactOf } from '../facts.ts';
import { nodeStateOf } from '../peers/node-state.ts';
import {
  entry,
  groupConfig,
  heardAt,
  homeBeside,
  isPresent,
  isUp,
  rankOf,
  resourceConfig,
} from '../queries.ts';
import type { Peer, Purpose } from '../state.ts';
import { ask, claim, expect, type Turn, tell } from '../turn.ts';

type TakePurpose = Extract<Purpose, { kind: 'take' }>;

/** So many heartbeats of the other server after the request tell how far it has come with it. */
const LOST_AFTER_BEATS = 2;
/** Not heard of for so long, it is lost: until then the wire may still carry it there. */
const LOST_AFTER_MS = SILENCE_LIMIT_MS + 2000;

/** Longest that a group may take to start, for those who wait for it on another server. */
function startLimitMs(turn: Turn, group: string): number {
  const { resources } = groupConfig(turn.state, group);
  const sum = resources.reduce((total, name) => {
    const { activation } = resourceConfig(turn.state, name);
    return total + activation.timeoutMs * (activation.retry + 1);
  }, 0);
  return sum + 10_000;
}

/**
 * A third server that runs the group, or is on its way with it: two that ran it, and both end, would hand
 * it over twice. Of two that stop it the first one in the cluster's order does.
 */
function runsBeside({ state }: Turn, group: string, target: string): string | null {
  const found = Object.values(state.peers).find((peer) => {
    const said = peer.reported?.groups[group];
    if (peer.name === target || !said || said.blocked || !isPresent(peer)) return false;
    if (said.state === 'Online' || said.state === 'Online Pending') return true;
    return (
      said.state === 'Offline Pending' && rankOf(state, peer.name) < rankOf(state, state.server)
    );
  });
  return found?.name ?? null;
}

export function handOver(
  turn: Turn,
  { group, target, why, failovers }: FactOf<'take.wanted'>,
): void {
  const other = runsBeside(turn, group, target);
  if (other !== null) {
    give(turn, group, target, `server ${other} runs it, or hands it over itself`);
    return;
  }
  const word = nodeStateOf(turn.state);
  const body = { do: 'take', group, why, failovers, wait: true, word };
  const to = { server: target, part: 'daemon' as const };
  const purpose: TakePurpose = { kind: 'take', group, askedAt: turn.now };
  ask(turn, to, body, startLimitMs(turn, group), purpose);
}

function give(turn: Turn, group: string, peer: string, failure: string): void {
  tell(turn, { type: 'take.ended', group, failure });
  tell(turn, { type: 'take.givenUp', group, peer });
}

/**
 * The answer. None within the limit tells nothing, nor does one of a server that had lost this one
 * until just now: it is waited for the heartbeats' word.
 */
export function onTakeAnswered(
  turn: Turn,
  purpose: TakePurpose,
  failure: { code: string; message: string } | null,
): void {
  const { group } = purpose;
  const task = entry(turn.state.groups, group)?.task;
  const target = task?.target;
  if (failure === null) tell(turn, { type: 'take.ended', group, failure: null });
  else if (failure.code === 'timeout' || failure.code === 'take.late') {
    if (task?.chart.value === 'handing') expect(turn, purpose);
  } else if (failure.code === 'group.failed' || !target) {
    tell(turn, { type: 'take.ended', group, failure: failure.message });
  } else give(turn, group, target, failure.message);
}

/** How a take ended, by what that server reports of the group; false: it has not ended. */
function settle(turn: Turn, group: string, peer: Peer, mayBeLost: boolean): boolean {
  const said = peer.reported?.groups[group];
  if (!said || said.state === 'Offline' || said.blocked) {
    if (!mayBeLost) return false;
    give(turn, group, peer.name, `server ${peer.name} did not take it`);
    return true;
  }
  if (said.state.endsWith('Pending')) return false;
  const isOnline = said.state === 'Online';
  const failure = isOnline ? null : `group ${group} did not start on ${peer.name}`;
  tell(turn, { type: 'take.ended', group, failure });
  return true;
}

/** After every event: takes whose server is gone, that are moot, or whose request or answer was lost. */
export function settleTakes(turn: Turn): void {
  const { pending, peers, groups, config } = turn.state;
  for (const [id, purpose] of Object.entries(pending)) {
    if (purpose.kind !== 'take') continue;
    const { group, askedAt } = purpose;
    const task = groups[group]?.task;
    const peer = task && entry(peers, task.target);
    if (!peer || task.chart.value !== 'handing') continue;
    const knownAt = askedAt + LOST_AFTER_BEATS * config.heartbeat.intervalMs;
    const isHeard = heardAt(turn.state, peer.name) >= knownAt;
    const mayBeLost = turn.now >= askedAt + LOST_AFTER_MS;
    const home = homeBeside(turn.state, group, peer.name);
    if (!isUp(peer) || home !== null) {
      const why = home === null ? 'went down before it had started it' : `is late: ${home} runs it`;
      give(turn, group, peer.name, `server ${peer.name} ${why}`);
      claim(turn, id);
    } else if (isHeard && settle(turn, group, peer, mayBeLost)) claim(turn, id);
  }
}
