/** What the servers hold, as a judge looks at it: at their time, and with when each document came. */
import { basisOf } from '../change/judge.ts';
import type { DecisionBasis } from '../change/types.ts';
import type { HeldByServers } from '../ports/documents.ts';
import { serversNow } from './documents.ts';

/** `own`: the clock of who asks, ms, for where no server tells the time. */
export function basisHeld(held: HeldByServers, cluster: string, own: number): DecisionBasis {
  const receipts = { held: held.receipts, unheldAt: null };
  return basisOf(held.papers, cluster, serversNow(held, own), receipts);
}
