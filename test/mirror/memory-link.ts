/** A mirror connection in memory: ordered, closed by either side, or silent as a pulled cable. */
import type { JsonObject } from '../../src/core/json.ts';
import type { Link } from '../../src/ports/wire.ts';

export class MemoryLink implements Link {
  readonly peer: string;
  readonly net: string;
  other: MemoryLink | null = null;
  silent = false;
  /** Sees, and may change, what is sent. */
  stuck: () => boolean = () => false;
  tap: ((header: JsonObject, payload: Uint8Array) => void) | null = null;
  /** What of a frame arrives: nothing, another one, several. */
  spoil: ((header: JsonObject, payload: Uint8Array) => [JsonObject, Uint8Array][]) | null = null;
  bytes = 0;
  #closed = false;
  #inbox: [JsonObject, Uint8Array][] = [];
  #onFrame: ((header: JsonObject, payload: Uint8Array) => void) | null = null;
  #onClose: ((why: string) => void)[] = [];

  readonly #later: (fn: () => void) => void;

  constructor(peer: string, net: string, later: (fn: () => void) => void) {
    this.#later = later;
    this.peer = peer;
    this.net = net;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  async send(header: JsonObject, payload: Uint8Array = new Uint8Array(0)): Promise<void> {
    if (this.#closed) throw new Error('closed');
    this.bytes += payload.length;
    if (this.stuck()) await new Promise(() => {});
    if (this.silent || this.other === null) return;
    const copy = structuredClone(header);
    const bytes = payload.slice();
    this.tap?.(copy, bytes);
    const { other } = this;
    for (const [head, body] of this.spoil?.(copy, bytes) ?? [[copy, bytes] as const]) {
      this.#later(() => other.take(head, body));
    }
  }

  take(header: JsonObject, payload: Uint8Array): void {
    if (this.#closed) return;
    if (this.#onFrame) this.#onFrame(header, payload);
    else this.#inbox.push([header, payload]);
  }

  onFrame(fn: (header: JsonObject, payload: Uint8Array) => void): void {
    this.#onFrame = fn;
    for (const [header, payload] of this.#inbox.splice(0)) fn(header, payload);
  }

  onClose(fn: (why: string) => void): void {
    this.#onClose.push(fn);
  }

  close(): void {
    this.shut('closed here');
  }

  shut(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const fn of this.#onClose) fn(why);
    const { other } = this;
    if (!this.silent) this.#later(() => other?.shut('closed by the other side'));
  }
}
