/**
 * Memory that a recovery reads blocks into, again and again: fresh memory for each of them would
 * keep the collector busier than the copying itself.
 */
import type { BlockStore } from '../../ports/devices.ts';

const MOST_SPARE = 32;

export class CopyMemory {
  #spare: ArrayBuffer[] = [];
  readonly #own = new WeakSet<ArrayBufferLike>();

  /** Reads, into memory of its own where the store can. Rejects with DeviceError. */
  async read(store: BlockStore, offset: number, length: number): Promise<Uint8Array> {
    if (!store.readInto) return await store.read(offset, length);
    const at = this.#spare.findIndex(({ byteLength }) => byteLength >= length);
    const memory = (at < 0 ? null : this.#spare.splice(at, 1)[0]) ?? new ArrayBuffer(length);
    this.#own.add(memory);
    const bytes = new Uint8Array(memory, 0, length);
    await store.readInto(offset, bytes);
    return bytes;
  }

  /** Nobody uses what was read any more. */
  free({ buffer }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer) || !this.#own.delete(buffer)) return;
    if (this.#spare.length < MOST_SPARE) this.#spare.push(buffer);
  }
}
