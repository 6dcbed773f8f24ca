/**
 * clptoratio: the heartbeat timeout stretched for a time (v3 11.4, x5 2.13). Set on one server it
 * holds in the whole cluster: every word carries it, and the newest setting wins. `until` is a time
 * on the servers' clocks, which are taken to agree to the second.
 */
import { armWatch } from './peers.ts';
import type { TimeoutRatio, Turn } from './state.ts';
import { emit, patch, saveFacts } from './turn.ts';

function apply(turn: Turn, ratio: TimeoutRatio): void {
  saveFacts(turn, { ratio });
  emit(turn, { type: 'armTimer', id: 'ratio', at: Math.max(ratio.until, turn.now) });
  if (turn.state.phase !== 'suspended') {
    for (const name of Object.keys(turn.state.peers)) armWatch(turn, name);
  }
}

export function setRatio(turn: Turn, ratio: number, forMs: number): void {
  apply(turn, { ratio, until: turn.now + forMs, setAt: turn.now });
}

/** Back to normal is a setting too, so that it wins over the older one in the others' words. */
export function resetRatio(turn: Turn): void {
  apply(turn, { ratio: 1, until: turn.now, setAt: turn.now });
}

export function adoptRatio(turn: Turn, said: TimeoutRatio | null): void {
  if (!said || said.setAt <= (turn.state.facts.ratio?.setAt ?? 0)) return;
  apply(turn, said);
}

export function onRatioTimer(turn: Turn): void {
  patch(turn, { facts: { ...turn.state.facts } });
  if (turn.state.phase === 'suspended') return;
  for (const name of Object.keys(turn.state.peers)) armWatch(turn, name);
}
