/** What the servers hold, as a judge looks at it: at their time, and with when each paper came. */
import { benchOf } from '../change/judge.ts';
import type { Bench } from '../change/types.ts';
import type { HeldByServers } from '../ports/documents.ts';
import { serversNow } from './papers.ts';

/** `own`: the clock of who asks, ms, for where no server tells the time. */
export function benchHeld(held: HeldByServers, cluster: string, own: number): Bench {
  const receipts = { held: held.receipts, unheldAt: null };
  return benchOf(held.papers, cluster, serversNow(held, own), receipts);
}
