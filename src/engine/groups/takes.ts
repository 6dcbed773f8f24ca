/**
 * A group handed over to another server's daemon, which is asked to `take` it:
 *
 *     take.wanted ──► asked ──► started there, or not ──► take.ended
 *                       └ that server is gone ──────────► take.ended, take.givenUp
 */
import type { FactOf } from '../facts.ts';
import { nodeStateOf } from '../peers/node-state.ts';
import { groupConfig, resourceConfig } from '../queries.ts';
import { ask, claim, type Turn, tell } from '../turn.ts';

/** Longest that a group may take to start, for those who wait for it on another server. */
function startLimitMs(turn: Turn, group: string): number {
  const { resources } = groupConfig(turn.state, group);
  const sum = resources.reduce((total, name) => {
    const { activation } = resourceConfig(turn.state, name);
    return total + activation.timeoutMs * (activation.retry + 1);
  }, 0);
  return sum + 10_000;
}

export function handOver(
  turn: Turn,
  { group, target, why, failovers }: FactOf<'take.wanted'>,
): void {
  const word = nodeStateOf(turn.state);
  const body = { do: 'take', group, why, failovers, wait: true, word };
  const to = { server: target, part: 'daemon' as const };
  ask(turn, to, body, startLimitMs(turn, group), { kind: 'take', group });
}

/** Ends what waits for a server that is gone to take a group. */
export function giveUpTakes(
  turn: Turn,
  { peer }: FactOf<'peer.lost' | 'peer.left' | 'peer.reborn'>,
): void {
  for (const [id, purpose] of Object.entries(turn.state.pending)) {
    if (purpose.kind !== 'take') continue;
    const { group } = purpose;
    const task = turn.state.groups[group]?.task;
    if (task?.target !== peer || task.chart.value !== 'handing') continue;
    claim(turn, id);
    const failure = `server ${peer} went down before it had started it`;
    tell(turn, { type: 'take.ended', group, failure });
    tell(turn, { type: 'take.givenUp', group, peer });
  }
}
