/**
 * A journal on a store that a power loss empties: bytes that were not flushed are dropped, or an
 * arbitrary part of their sectors survives, as on a disk with a volatile cache. A record is a
 * line with its checksum; an append is durable as a whole once its last line is, and whatever of
 * it survived without that is discarded when the journal is opened again.
 */
import { createHash } from 'node:crypto';
import type { Journal } from '../../src/ports/journal.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';

export class PowerLoss extends Error {}

export interface PowerLossPlan {
  /** Which append meets the power loss, counted from 1 over the life of the store. */
  append: number;
  /** Before any byte of it is durable, half-way, or after it is durable but before it returns. */
  when: 'drop' | 'reorder' | 'after';
  seed: number;
}

const SECTOR = 64;

/** What survives: bytes. */
export interface Store {
  durable: Buffer;
  appends: number;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function encode(batch: JournalEntry[]): Buffer {
  const text = JSON.stringify(batch);
  return Buffer.from(`${checksum(text)} ${text}\n`);
}

function recover(store: Store): JournalEntry[] {
  const entries: JournalEntry[] = [];
  let whole = 0;
  for (const line of store.durable.toString().split('\n')) {
    const [sum, text = ''] = [line.slice(0, 16), line.slice(17)];
    if (line === '' || checksum(text) !== sum) break;
    entries.push(...(JSON.parse(text) as JournalEntry[]));
    whole += Buffer.byteLength(line) + 1;
  }
  store.durable = store.durable.subarray(0, whole);
  return entries;
}

/** Some sectors of the bytes, the others as zeros. */
function torn(bytes: Buffer, seed: number): Buffer {
  const survived = Buffer.alloc(bytes.length);
  let state = seed * 2654435761 + 1;
  for (let at = 0; at < bytes.length; at += SECTOR) {
    state = (state * 1103515245 + 12345) % 2147483648;
    if (state % 3 !== 0) bytes.copy(survived, at, at, at + SECTOR);
  }
  // The last byte is a line's end; without it the tear would be sure to be seen.
  survived[bytes.length - 1] = bytes[bytes.length - 1]!;
  survived[0] = 0;
  return survived;
}

export function powerLossJournal(
  store: Store,
  clock: { now(): number },
  loss: PowerLossPlan | null,
): Journal {
  const inner = memoryJournal({ clock, who: 'ann@desk', begun: recover(store) });
  let isDead = false;
  return {
    ...inner,
    async append(entries, after) {
      if (isDead) throw new PowerLoss();
      const sealed = await inner.append(entries, after);
      store.appends += 1;
      const bytes = encode(sealed);
      const isHit = loss?.append === store.appends;
      if (isHit) isDead = true;
      if (isHit && loss.when === 'drop') throw new PowerLoss();
      const written = isHit && loss.when === 'reorder' ? torn(bytes, loss.seed) : bytes;
      store.durable = Buffer.concat([store.durable, written]);
      if (isHit) throw new PowerLoss();
      return sealed;
    },
    // A process that lost its power holds nothing.
    hold: async () => async () => {},
  };
}
