/**
 * clptoratio: the heartbeat timeout stretched for a time (v3 11.4, x5 2.13). Set on one server it
 * holds in the whole cluster: every heartbeat carries it, and the newest setting wins. `until` is a time
 * on the servers' clocks, which are taken to agree to the second.
 */
import type { Json } from '../../core/json.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import type { FactOf } from '../facts.ts';
import { ratioNow } from '../queries.ts';
import type { TimeoutRatio } from '../state.ts';
import { emit, refuse, reply, saveFacts, type Turn, tell } from '../turn.ts';

function apply(turn: Turn, ratio: TimeoutRatio): void {
  saveFacts(turn, { ratio });
  emit(turn, { type: 'armTimer', id: 'ratio', at: Math.max(ratio.until, turn.now) });
  tell(turn, { type: 'timeout.changed' });
}

export function onRatio(
  turn: Turn,
  id: string,
  order: Extract<DaemonRequest, { do: 'toratio' }>,
): void {
  const { now } = turn;
  if (order.op === 'set') {
    const { ratio, forMs } = order;
    if (!(ratio >= 1 && ratio <= 10_000) || !(forMs > 0 && forMs <= 30 * 86_400_000)) {
      const message = `a ratio is from 1 to 10000, its time at most 30 days; got ${ratio}, ${forMs} ms`;
      refuse(turn, id, 'ratio.invalid', message);
      return;
    }
    apply(turn, { ratio, until: now + forMs, setAt: now });
  }
  // Back to normal is a setting too, so that it wins over the older one in the others' words.
  if (order.op === 'reset') apply(turn, { ratio: 1, until: now, setAt: now });
  reply(turn, id, ratioNow(turn.state, now) as unknown as Json);
}

export function adoptRatio(turn: Turn, { peer }: FactOf<'node.reported'>): void {
  const said = turn.state.peers[peer]!.reported!.ratio;
  if (!said || said.setAt <= (turn.state.facts.ratio?.setAt ?? 0)) return;
  apply(turn, said);
}

/** The time is over: the same setting means another timeout now. */
export function onRatioTimer(turn: Turn): void {
  tell(turn, { type: 'timeout.changed' });
}
