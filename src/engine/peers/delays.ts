/** Beats that come late and not too late: x5 warns of them (71 of each kind of heartbeat). */
import { DELAY_WARNING_RATE } from '../../config/index.ts';
import type { MessageKey } from '../../messages/index.ts';
import type { HeartbeatResource } from '../../schema/generated/cluster-configuration.ts';
import { sayIfKnown } from '../messages.ts';
import { beatTimeoutMs } from '../queries.ts';
import type { Turn } from '../turn.ts';

const delayed: Record<string, MessageKey<'x5'>> = {
  lanhb: 'lanhbDelayed',
  lankhb: 'lankhbDelayed',
  diskhb: 'diskhbDelayed',
  comhb: 'comhbDelayed',
  bmchb: 'bmchbDelayed',
};

/** `resource` of a server is heard after so long, and did not count as lost. */
export function warnOfDelay(
  turn: Turn,
  { name, type }: HeartbeatResource,
  peer: string,
  ms: number,
): void {
  const { timeoutMs } = turn.state.config.heartbeat;
  const key = delayed[type];
  const ratio = beatTimeoutMs(turn.state, turn.now) / timeoutMs;
  if (!key || ms * 100 < timeoutMs * ratio * DELAY_WARNING_RATE) return;
  sayIfKnown(turn, key, name, peer, timeoutMs, ratio, Math.round(ms), DELAY_WARNING_RATE);
}
