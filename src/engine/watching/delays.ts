/** Checks that take long and not too long: x5 warns of them (rm 71, and 1 of some types). */
import { DELAY_WARNING_RATE } from '../../config/index.ts';
import type { MessageKey } from '../../messages/index.ts';
import type { FactOf } from '../facts.ts';
import { sayIfKnown } from '../messages.ts';
import { monitorConfig } from '../queries.ts';
import type { Turn } from '../turn.ts';

/** The ratio of timeouts (clptoratio) is the heartbeats' alone. */
const RATIO = 1;

/** Types that have a module of their own for it. */
const delayed: Record<string, MessageKey<'x5'>> = { vipw: 'vipwDelayed', ddnsw: 'ddnswDelayed' };

export function warnOfDelay(turn: Turn, { monitor, tookMs }: FactOf<'check.judged'>): void {
  const { type, timeoutMs } = monitorConfig(turn.state, monitor);
  if (tookMs * 100 < timeoutMs * DELAY_WARNING_RATE || tookMs >= timeoutMs) return;
  const key = delayed[type] ?? 'checkDelayed';
  sayIfKnown(turn, key, monitor, timeoutMs, RATIO, tookMs, DELAY_WARNING_RATE);
}
