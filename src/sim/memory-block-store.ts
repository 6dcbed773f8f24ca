/**
 * A simulated disk: sparse memory with what a real one has and a plain buffer hides, a cache.
 * Written data can be read back at once but is durable only after a flush of that range;
 * `powerLoss` undoes what was not flushed (`drop`) or keeps a part of it, cut at sectors and in any
 * order (`reorder`). Killing a process alone loses nothing, as a page cache survives it.
 *
 *     write ──► pages (cache) + pending{before, after} ──flush(range)──► pending forgets the range
 *                                        └──powerLoss──► before restored, some of after reapplied
 */
import type { SeededRandom } from './seeded-random.ts';

const PAGE = 4096;
const SECTOR = 512;

interface PendingWrite {
  number: number;
  offset: number;
  before: Uint8Array;
  after: Uint8Array;
}

export type PowerLoss = 'drop' | 'reorder' | 'keep';

export class MemoryDisk {
  readonly serial: string;
  readonly sizeBytes: number;
  #pages = new Map<number, Uint8Array>();
  #pending: PendingWrite[] = [];
  #written = 0;

  constructor(serial: string, sizeBytes: number) {
    this.serial = serial;
    this.sizeBytes = sizeBytes;
  }

  read(offset: number, length: number): Uint8Array {
    const out = new Uint8Array(length);
    this.#walk(offset, length, (page, from, at, count) => {
      const bytes = this.#pages.get(page);
      if (bytes) out.set(bytes.subarray(from, from + count), at);
    });
    return out;
  }

  write(offset: number, data: Uint8Array): void {
    const before = this.read(offset, data.length);
    this.#written += 1;
    this.#pending.push({ number: this.#written, offset, before, after: data.slice() });
    this.#put(offset, data);
  }

  /** Writes so far: what a flush covers that begins now. */
  get written(): number {
    return this.#written;
  }

  /** What was written in that range, up to that write, is durable. */
  flush(offset = 0, length = this.sizeBytes, upTo = this.#written): void {
    this.#pending = this.#pending.filter(
      (write) =>
        write.number > upTo ||
        write.offset + write.after.length <= offset ||
        write.offset >= offset + length,
    );
  }

  /** Bytes written and not yet durable. */
  get unflushedBytes(): number {
    return this.#pending.reduce((sum, write) => sum + write.after.length, 0);
  }

  powerLoss(mode: PowerLoss, random: SeededRandom): void {
    const lost = this.#pending;
    this.#pending = [];
    if (mode === 'keep') return;
    for (const write of lost.toReversed()) this.#put(write.offset, write.before);
    if (mode === 'drop') return;
    const sectors = lost.flatMap((write) => sectorsOf(write));
    for (const { offset, bytes } of shuffled(sectors, random)) {
      if (random.next() < 0.5) this.#put(offset, bytes);
    }
  }

  /** Takes over every byte of another disk of that size. */
  copyFrom(other: MemoryDisk): void {
    this.#pages = new Map([...other.#pages].map(([page, bytes]) => [page, bytes.slice()]));
    this.#pending = [];
  }

  #put(offset: number, data: Uint8Array): void {
    this.#walk(offset, data.length, (page, from, at, count) => {
      let bytes = this.#pages.get(page);
      if (!bytes) {
        bytes = new Uint8Array(PAGE);
        this.#pages.set(page, bytes);
      }
      bytes.set(data.subarray(at, at + count), from);
    });
  }

  #walk(
    offset: number,
    length: number,
    visit: (page: number, from: number, at: number, count: number) => void,
  ): void {
    if (offset < 0 || offset + length > this.sizeBytes) {
      throw new RangeError(`${offset}+${length} is outside of disk ${this.serial}`);
    }
    for (let at = 0; at < length; ) {
      const page = Math.floor((offset + at) / PAGE);
      const from = (offset + at) % PAGE;
      const count = Math.min(PAGE - from, length - at);
      visit(page, from, at, count);
      at += count;
    }
  }
}

function sectorsOf(write: PendingWrite): { offset: number; bytes: Uint8Array }[] {
  const sectors = [];
  for (let at = 0; at < write.after.length; ) {
    const count = Math.min(SECTOR - ((write.offset + at) % SECTOR), write.after.length - at);
    sectors.push({ offset: write.offset + at, bytes: write.after.subarray(at, at + count) });
    at += count;
  }
  return sectors;
}

function shuffled<T>(items: T[], random: SeededRandom): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
