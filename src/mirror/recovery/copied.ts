/**
 * Blocks that a recovery has sent and that are not durable on the target yet. Their bits stay set
 * until a flush of both sides has said so: a bit is cleared for many blocks with one flush.
 *
 *     to copy ─► being copied ─► copied ─► flushed on both: bit cleared
 *        ▲                         │
 *        └── written here alone ───┘       written on both: stays copied
 */

import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { CopyMemory } from './copy-memory.ts';
import type { Recovery } from './recovery.ts';

export class Copied {
  /** Block → the round of flushes that covers it. */
  readonly #blocks = new Map<number, number>();
  #round = 0;
  /** For what is read to be copied. */
  readonly memory = new CopyMemory();

  get size(): number {
    return this.#blocks.size;
  }

  has(block: number): boolean {
    return this.#blocks.has(block);
  }

  add(first: number, end: number): void {
    for (let block = first; block < end; block++) this.#blocks.set(block, this.#round);
  }

  /** They have to be copied again. */
  forget(first: number, end: number): void {
    for (let block = first; block < end; block++) this.#blocks.delete(block);
  }

  /** A flush begins: what is copied from now on is for a later one. */
  begin(): number {
    return this.#round++;
  }

  /** What the flush of that round covered and nobody forgot since; it leaves the list. */
  take(round: number): number[] {
    const covered = [...this.#blocks].filter(([, of]) => of <= round).map(([block]) => block);
    for (const block of covered) this.#blocks.delete(block);
    return covered;
  }
}

/** The blocks are to be copied before a write of theirs may go to both sides. */
export function isAhead(disk: MirrorDisk, first: number, end: number): boolean {
  const { outOfSync } = disk.copy;
  const copied = disk.recovery.current?.copied;
  for (let block = outOfSync.next(first); block >= 0 && block < end; ) {
    if (!copied?.has(block)) {
      // Written here alone: what was copied of them is old from now on.
      copied?.forget(first, end);
      return true;
    }
    block = outOfSync.next(block + 1);
  }
  return false;
}

/** Flushes both sides, and clears what was copied before. */
export async function flushCopied(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
): Promise<void> {
  const round = recovery.copied.begin();
  const fail = async (error: unknown): Promise<never> => {
    throw await failDisk(disk, error);
  };
  // A cleared bit says that both have it: not only in the cache of either disk.
  await Promise.all([disk.copy.flushWritten().catch(fail), session.ask('flush', {})]);
  const isOn = disk.pair.session === session && disk.recovery.current === recovery;
  if (!isOn || !disk.copy.isOpen) return;
  const { outOfSync } = disk.copy;
  const blocks = recovery.copied.take(round);
  for (const block of blocks) outOfSync.clear(block, block + 1);
  recovery.doneAre(recovery.doneBlocks + blocks.length);
  session.tell('progress', { done: recovery.doneBlocks, total: recovery.start.totalBlocks });
  outOfSync
    .commit()
    .catch(fail)
    .catch(() => {});
}
