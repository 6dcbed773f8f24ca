/**
 * When the servers of a cluster first received a document, by their own clocks. The date in a document is
 * its signer's word; this is not. What arrives after a key, a right or a role has ended has not
 * been seen by anybody while it counted, whatever its date says.
 */
import { hashText } from './text.ts';

export interface Receipts {
  /**
   * By the SHA-256 of a document's text: ms since the epoch, the earliest of all servers. null: a
   * server held it before servers noted that, and its date has to be believed.
   */
  readonly held: Readonly<Record<string, number | null>>;
  /**
   * When a document that no server holds could be received at the earliest: now, where the servers can
   * be asked. null: they cannot be, and a document's own date is all there is.
   */
  readonly unheldAt: number | null;
}

export const NO_RECEIPTS: Receipts = { held: {}, unheldAt: null };

export interface Receipt {
  /** null: not known. */
  at: number | null;
  /** Held since before servers noted when: it counts as it did then. */
  isOld: boolean;
}

export function receiptOf({ held, unheldAt }: Receipts, text: string): Receipt {
  const hash = hashText(text);
  if (!Object.hasOwn(held, hash)) return { at: unheldAt, isOld: false };
  const at = held[hash] ?? null;
  return { at, isOld: at === null };
}

/** What the servers have held for longest comes first, what none of them holds last. */
export function rankOf({ held }: Receipts, text: string): number {
  const hash = hashText(text);
  if (!Object.hasOwn(held, hash)) return Number.POSITIVE_INFINITY;
  return held[hash] ?? Number.NEGATIVE_INFINITY;
}
