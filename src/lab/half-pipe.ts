/**
 * One direction of a connection through the switch. Bytes that meet a cut cable are held, as the
 * sender's kernel would hold them, and go on when it is healed. When the sending program closes
 * while the cable is cut, what was held is dropped and only the end is told, later.
 */
import type { Socket } from 'node:net';

const HELD_LIMIT_BYTES = 256 * 1024;

export interface Cable {
  isUp(): boolean;
  delayMs(): number;
  now(): number;
  /** So many bytes reached the other end. */
  count(bytes: number): void;
}

type Item = { at: number; chunk: Buffer | null };

export class HalfPipe {
  #from: Socket;
  #to: Socket;
  #cable: Cable;
  #held: Item[] = [];
  #heldBytes = 0;
  #ended = false;
  #timer: NodeJS.Timeout | null = null;
  #blocked = false;

  constructor(from: Socket, to: Socket, cable: Cable) {
    this.#from = from;
    this.#to = to;
    this.#cable = cable;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.once('close', () => this.#end());
    from.once('end', () => this.#end());
    to.on('drain', () => {
      this.#blocked = false;
      this.kick();
    });
  }

  /** Something about the cable changed, or time passed: move what can move. */
  kick(): void {
    while (this.#held.length > 0 && !this.#blocked && this.#cable.isUp()) {
      const item = this.#held[0] as Item;
      const waitMs = item.at - this.#cable.now();
      if (waitMs > 0) {
        this.#later(waitMs);
        return;
      }
      this.#held.shift();
      this.#deliver(item);
    }
    if (this.#heldBytes < HELD_LIMIT_BYTES && !this.#ended) this.#from.resume();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#held = [];
    this.#ended = true;
    this.#from.destroy();
    this.#to.destroy();
  }

  #take(chunk: Buffer): void {
    // Nothing waits, and the cable carries it at once: what nearly every chunk meets.
    if (
      this.#held.length === 0 &&
      !this.#blocked &&
      this.#cable.delayMs() === 0 &&
      this.#cable.isUp()
    ) {
      this.#carry(chunk);
      return;
    }
    this.#held.push({ at: this.#cable.now() + this.#cable.delayMs(), chunk });
    this.#heldBytes += chunk.length;
    if (this.#heldBytes >= HELD_LIMIT_BYTES) this.#from.pause();
    this.kick();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#cable.isUp()) {
      this.#held = [];
      this.#heldBytes = 0;
    }
    this.#held.push({ at: this.#cable.now() + this.#cable.delayMs(), chunk: null });
    this.kick();
  }

  #deliver({ chunk }: Item): void {
    if (chunk === null) {
      this.#to.end();
      return;
    }
    this.#heldBytes -= chunk.length;
    this.#carry(chunk);
  }

  #carry(chunk: Buffer): void {
    this.#cable.count(chunk.length);
    if (!this.#to.destroyed && !this.#to.write(chunk)) this.#blocked = true;
  }

  #later(waitMs: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.kick();
    }, waitMs);
  }
}
