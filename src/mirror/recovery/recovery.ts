/** One recovery of this copy, as source or as target, from its beginning to its end. */
import { Gate } from '../coalesce.ts';
import { Copied } from './copied.ts';
import type { BlockFile } from './stored-blocks.ts';

/** Why a recovery goes no further that an operator cancelled. */
export const BY_ORDER = 'cancelled by an operator';

export type RecoveryKind = 'full' | 'difference' | 'construction';

export interface RecoveryStart {
  id: string;
  side: 'source' | 'target';
  from: string;
  to: string;
  kind: RecoveryKind;
  /** ms since the epoch, this server's clock. */
  startedAt: number;
  totalBlocks: number;
  /** Target: stores what is overwritten, where the operator wants it. */
  blockFile: BlockFile | null;
}

export class Recovery {
  readonly start: Readonly<RecoveryStart>;
  /** Shut while an operator has it paused. */
  readonly pause = new Gate();
  /** Sent, and not known to be durable on the target. */
  readonly copied = new Copied();
  /** Bytes that are being copied now; a write there waits for that range only. */
  readonly #copying = new Set<[number, number]>();
  #blockFile: BlockFile | null;
  #doneBlocks = 0;
  #bytesSent = 0;
  #waitedWrites = 0;
  #cancelled: string | null = null;
  #nextAt = 0;

  constructor(start: RecoveryStart) {
    this.start = start;
    this.#blockFile = start.blockFile;
  }

  get blockFile(): BlockFile | null {
    return this.#blockFile;
  }

  /** So many of `start.totalBlocks` are durable on the target. */
  get doneBlocks(): number {
    return this.#doneBlocks;
  }

  doneAre(blocks: number): void {
    this.#doneBlocks = blocks;
  }

  /** Bytes of blocks that were sent over the mirror disk connect. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** Writes that waited for a range that was being copied. */
  get waitedWrites(): number {
    return this.#waitedWrites;
  }

  /** Why it goes no further; null: it does. */
  get cancelled(): string | null {
    return this.#cancelled;
  }

  /** When the next range may be sent under a bandwidth limit. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Ends it; what is left stays noted. The first reason counts. */
  cancel(why: string): void {
    this.#cancelled ??= why;
    this.pause.open();
  }

  sent(bytes: number): void {
    this.#bytesSent += bytes;
  }

  /** Nothing is sent before that. */
  waitUntil(at: number): void {
    this.#nextAt = at;
  }

  /** The bytes `[from, to)` are copied while `work` runs. */
  async copying(from: number, to: number, work: () => Promise<void>): Promise<void> {
    const range: [number, number] = [from, to];
    this.#copying.add(range);
    try {
      await work();
    } finally {
      this.#copying.delete(range);
    }
  }

  /** What is being copied now, `[from, to)` in bytes. */
  get ranges(): readonly (readonly [number, number])[] {
    return [...this.#copying];
  }

  /** True, and counted, when a write of the bytes `[from, to)` waits for what is being copied. */
  makesWait(from: number, to: number): boolean {
    for (const [begin, end] of this.#copying) {
      if (begin >= to || from >= end) continue;
      this.#waitedWrites += 1;
      return true;
    }
    return false;
  }

  /** What was overwritten is in its file. */
  async closeBlockFile(): Promise<void> {
    const blockFile = this.#blockFile;
    this.#blockFile = null;
    await blockFile?.file.close();
  }
}
