/**
 * Connections that have not proved the key yet. Each peer has a share of them, and whoever comes
 * anew is heard: when the share or the whole is full, the one that has been silent longest goes.
 * A caller who holds the key proves it within milliseconds, so that he is never that one for long
 * enough; a crowd that only holds connections open loses them one by one.
 */
import type { Duplex } from 'node:stream';

export interface Limits {
  /** Of all peers together. */
  total: number;
  /** Of one peer. */
  share: number;
}

export class Strangers {
  readonly #limits: Limits;
  /** By peer, each the oldest first. */
  readonly #waiting = new Map<string, Set<Duplex>>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get size(): number {
    return [...this.#waiting.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes it in; the answer forgets it, once it has proved the key or is gone. */
  admit(stream: Duplex, peer: string): () => void {
    const { total, share } = this.#limits;
    if ((this.#waiting.get(peer)?.size ?? 0) >= share) this.#drop(peer);
    if (this.size >= total) this.#drop(this.#largest());
    const own = this.#waiting.get(peer) ?? new Set();
    this.#waiting.set(peer, own.add(stream));
    return () => this.#forget(peer, stream);
  }

  destroyAll(): void {
    for (const streams of [...this.#waiting.values()]) {
      for (const stream of streams) stream.destroy();
    }
    this.#waiting.clear();
  }

  #largest(): string {
    const [first] = [...this.#waiting].sort(([, a], [, b]) => b.size - a.size);
    return first?.[0] ?? '';
  }

  #drop(peer: string): void {
    const [oldest] = this.#waiting.get(peer) ?? [];
    if (!oldest) return;
    oldest.destroy();
    this.#forget(peer, oldest);
  }

  #forget(peer: string, stream: Duplex): void {
    const own = this.#waiting.get(peer);
    own?.delete(stream);
    if (own?.size === 0) this.#waiting.delete(peer);
  }
}
