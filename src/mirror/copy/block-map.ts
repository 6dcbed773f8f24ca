/**
 * A map of 64 KiB blocks on disk: one bit a block, in sectors that carry their own checksum.
 *
 *     sector of 512 bytes:  magic 4 | crc32 4 | 504 bytes of bits = 4032 blocks = 252 MiB
 *
 * Setting a bit is durable when `set` resolves; clearing is lazy and goes out with a later commit,
 * so that after a crash the map may say too much and never too little. A torn sector counts as all
 * set for the same reason. Sectors are taken to be written whole or not at all (512 bytes).
 */
import { crc32 } from 'node:zlib';
import type { BlockStore } from '../../ports/devices.ts';
import { Coalesced } from '../coalesce.ts';

export const BLOCK_BYTES = 65536;
const SECTOR = 512;
const HEAD = 8;
const BITS_PER_SECTOR = (SECTOR - HEAD) * 8;
const MAGIC = 0x4472794d; // "DryM"

/** Blocks that `[offset, offset + length)` touches, as `[first, end)`. */
export function blocksOf(offset: number, length: number): [number, number] {
  return [Math.floor(offset / BLOCK_BYTES), Math.ceil((offset + length) / BLOCK_BYTES)];
}

export function blockCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES);
}

/** Bytes that a map of a data partition of that size takes in the cluster partition. */
export function mapBytes(sizeBytes: number): number {
  return Math.max(1, Math.ceil(blockCount(sizeBytes) / BITS_PER_SECTOR)) * SECTOR;
}

export class BlockMap {
  readonly blocks: number;
  readonly #store: BlockStore;
  readonly #offset: number;
  /** As the program sees it, and what is surely on disk. */
  #bits: Uint8Array;
  #durable: Uint8Array;
  #stale = new Set<number>();
  #count = 0;
  readonly #changed: () => void;
  readonly #commit: Coalesced;

  /** `changed`: is told when other blocks are set. */
  constructor(store: BlockStore, offset: number, sizeBytes: number, changed = () => {}) {
    this.#changed = changed;
    this.blocks = blockCount(sizeBytes);
    this.#store = store;
    this.#offset = offset;
    this.#bits = new Uint8Array((mapBytes(sizeBytes) / SECTOR) * (SECTOR - HEAD));
    this.#durable = this.#bits.slice();
    this.#commit = new Coalesced(() => this.#write());
  }

  /** Reads the map. A sector that is not whole counts as all set. */
  async load(): Promise<void> {
    const sectors = this.#bits.length / (SECTOR - HEAD);
    const raw = await this.#store.read(this.#offset, sectors * SECTOR);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    for (let index = 0; index < sectors; index++) {
      const bits = raw.subarray(index * SECTOR + HEAD, (index + 1) * SECTOR);
      const sound =
        view.getUint32(index * SECTOR) === MAGIC &&
        view.getUint32(index * SECTOR + 4) === crc32(bits);
      const at = index * (SECTOR - HEAD);
      if (sound) this.#bits.set(bits, at);
      else this.#bits.fill(0xff, at, at + bits.length);
    }
    this.#trim();
    this.#durable = this.#bits.slice();
  }

  has(block: number): boolean {
    return ((this.#bits[block >> 3] ?? 0) & (1 << (block & 7))) !== 0;
  }

  hasAll(first: number, end: number): boolean {
    for (let block = first; block < end; block++) if (!this.has(block)) return false;
    return true;
  }

  /** Every block of `[first, end)` is set, and surely so on disk. */
  isDurable(first: number, end: number): boolean {
    for (let block = first; block < end; block++) {
      const bit = 1 << (block & 7);
      const both = (this.#bits[block >> 3] ?? 0) & (this.#durable[block >> 3] ?? 0);
      if ((both & bit) === 0) return false;
    }
    return true;
  }

  /** Sets `[first, end)` in memory; on disk with the next commit. */
  note(first: number, end: number): void {
    for (let block = first; block < end; block++) this.#put(block, true);
  }

  /** Blocks that are set. */
  get count(): number {
    return this.#count;
  }

  /** First set block at or after `from`, or -1. */
  next(from: number): number {
    for (let block = from; block < this.blocks; block++) {
      if ((block & 7) === 0 && this.#bits[block >> 3] === 0) block += 7;
      else if (this.has(block)) return block;
    }
    return -1;
  }

  /** Sets `[first, end)`, durable when it resolves. At once when it is so already. */
  async set(first: number, end: number): Promise<void> {
    let missing = false;
    for (let block = first; block < end; block++) {
      const bit = 1 << (block & 7);
      if (((this.#durable[block >> 3] ?? 0) & bit) === 0) missing = true;
      this.#put(block, true);
    }
    if (missing) await this.#commit.run();
  }

  async setAll(): Promise<void> {
    await this.set(0, this.blocks);
  }

  /** Clears in memory; on disk with the next commit. */
  clear(first: number, end: number): void {
    for (let block = first; block < end; block++) this.#put(block, false);
  }

  clearAll(): void {
    this.clear(0, this.blocks);
  }

  /** Writes what changed and waits until it is durable. */
  async commit(): Promise<void> {
    await this.#commit.run();
  }

  /** Rewrites the whole region, for a fresh cluster partition. */
  async format(): Promise<void> {
    this.#bits.fill(0);
    this.#count = 0;
    this.#changed();
    for (let at = 0; at < this.#bits.length / (SECTOR - HEAD); at++) this.#stale.add(at);
    await this.#commit.run();
  }

  toBytes(): Uint8Array {
    return this.#bits.slice(0, Math.ceil(this.blocks / 8));
  }

  /** Sets every block that is set in `bytes`, durable when it resolves. */
  async merge(bytes: Uint8Array): Promise<void> {
    for (let block = 0; block < this.blocks; block++) {
      if (((bytes[block >> 3] ?? 0) & (1 << (block & 7))) !== 0) this.#put(block, true);
    }
    await this.#commit.run();
  }

  #put(block: number, on: boolean): void {
    if (this.has(block) === on) return;
    const byte = block >> 3;
    this.#bits[byte] = (this.#bits[byte] ?? 0) ^ (1 << (block & 7));
    this.#count += on ? 1 : -1;
    this.#changed();
    this.#stale.add(Math.floor(block / BITS_PER_SECTOR));
  }

  #trim(): void {
    for (let block = this.blocks; block < this.#bits.length * 8; block++) {
      const byte = block >> 3;
      this.#bits[byte] = (this.#bits[byte] ?? 0) & ~(1 << (block & 7));
    }
    this.#count = 0;
    for (let block = this.next(0); block >= 0; block = this.next(block + 1)) this.#count++;
  }

  async #write(): Promise<void> {
    const stale = [...this.#stale];
    const snapshot = this.#bits.slice();
    this.#stale.clear();
    // What is being cleared must not count as durable while the write is under way.
    for (let at = 0; at < snapshot.length; at++) this.#durable[at]! &= snapshot[at]!;
    try {
      for (const index of stale) {
        const bits = snapshot.subarray(index * (SECTOR - HEAD), (index + 1) * (SECTOR - HEAD));
        await this.#store.write(this.#offset + index * SECTOR, sectorOf(bits));
      }
      await this.#store.flush();
    } catch (error) {
      for (const index of stale) this.#stale.add(index);
      throw error;
    }
    this.#durable = snapshot;
  }
}

function sectorOf(bits: Uint8Array): Uint8Array {
  const sector = new Uint8Array(SECTOR);
  sector.set(bits, HEAD);
  const view = new DataView(sector.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, crc32(bits));
  return sector;
}
