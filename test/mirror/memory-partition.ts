/** A partition in memory that loses or reorders what was not flushed, and fails on demand. */
import { type BlockStore, DeviceError } from '../../src/ports/devices.ts';

const SECTOR = 512;

/** A small generator of numbers in [0, 1), for power losses and identifiers. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** A partition. What was not flushed may be lost, whole or in part, in any order. */
export class MemoryPartition {
  cache: Uint8Array;
  durable: Uint8Array;
  failing: 'all' | 'write' | 'read' | null = null;
  /** Whoever opened it in an earlier life is gone: nothing of theirs happens any more. */
  life = 0;
  #loose: { at: number; data: Uint8Array }[] = [];
  /** A flush takes so long; it has its effect at its end, on what was written before it began. */
  flushing: (() => Promise<void>) | null = null;
  /** Writes wait for this before they begin. */
  slow: Promise<void> | null = null;
  /** Called before every operation; throws or never answers to crash there. */
  onOperation: (what: string) => void = () => {};

  constructor(sizeBytes: number) {
    this.cache = new Uint8Array(sizeBytes);
    this.durable = new Uint8Array(sizeBytes);
  }

  /** It is larger from now on, for whoever opens it then; what is added holds anything. */
  extend(sizeBytes: number): void {
    const larger = (old: Uint8Array) => {
      const bytes = new Uint8Array(sizeBytes).fill(0xee, old.length);
      bytes.set(old);
      return bytes;
    };
    this.cache = larger(this.cache);
    this.durable = larger(this.durable);
  }

  powerLoss(random: () => number): void {
    const sectors = this.#loose.splice(0).flatMap(({ at, data }) => {
      const pieces: { at: number; data: Uint8Array }[] = [];
      for (let from = 0; from < data.length; ) {
        const to = Math.min(data.length, from + SECTOR - ((at + from) % SECTOR));
        pieces.push({ at: at + from, data: data.subarray(from, to) });
        from = to;
      }
      return pieces;
    });
    for (const { at, data } of sectors.toSorted(() => random() - 0.5)) {
      if (random() < 0.5) this.durable.set(data, at);
    }
    this.cache = this.durable.slice();
  }

  open(): BlockStore {
    const { life } = this;
    const check = async (what: 'read' | 'write'): Promise<void> => {
      this.onOperation(what);
      if (this.life !== life) await new Promise(() => {});
      if (this.failing === 'all' || this.failing === what) {
        throw new DeviceError('EIO', `${what} failed`);
      }
    };
    return {
      sizeBytes: this.cache.length,
      read: async (offset, length) => {
        await check('read');
        return this.cache.slice(offset, offset + length);
      },
      readInto: async (offset, bytes) => {
        await check('read');
        bytes.set(this.cache.subarray(offset, offset + bytes.length));
      },
      write: async (offset, data) => {
        if (this.slow) await this.slow;
        await check('write');
        this.cache.set(data, offset);
        this.#loose.push({ at: offset, data: data.slice() });
      },
      flush: async () => {
        await check('write');
        const covered = [...this.#loose];
        if (this.flushing) await this.flushing();
        if (this.life !== life) await new Promise(() => {});
        for (const { at, data } of covered) this.durable.set(data, at);
        this.#loose = this.#loose.filter((one) => !covered.includes(one));
      },
      close: async () => {},
    };
  }
}
