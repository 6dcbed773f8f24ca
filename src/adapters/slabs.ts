/**
 * Reading a socket into memory that is used again. A stream allocates for each read, and the
 * collector pays for it: at a gigabyte a second a quarter of the time. Here the bytes of a
 * connection lie in slabs, one after the other; a slab is used again when all that lay in it is done.
 */
import { Socket, type SocketConstructorOpts } from 'node:net';
import type { Duplex } from 'node:stream';

const SLAB_BYTES = 1024 * 1024;
/** The rest of a slab that is not worth a read. */
const LEAST_BYTES = 64 * 1024;
const MOST_SPARE = 8;
const MOST_FULL = 64;

interface Slab {
  memory: Buffer;
  /** Position in the stream of the byte after its last one. */
  end: number;
}

export class Slabs {
  #now: Buffer = Buffer.alloc(0);
  #used = 0;
  #position = 0;
  #full: Slab[] = [];
  #spare: Buffer[] = [];

  /** Where the next read goes. */
  next(): Buffer {
    if (this.#now.length - this.#used < LEAST_BYTES) {
      if (this.#now.length > 0) this.#full.push({ memory: this.#now, end: this.#position });
      // One slow request must not keep all that came after it: the collector has these.
      if (this.#full.length > MOST_FULL) this.#full.shift();
      this.#now = this.#spare.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    return this.#now.subarray(this.#used);
  }

  /** So many bytes were read; answers them where they lie. */
  take(count: number): Buffer {
    const bytes = this.#now.subarray(this.#used, this.#used + count);
    this.#used += count;
    this.#position += count;
    return bytes;
  }

  /** Nothing before this position of the stream is used any more. */
  release(position: number): void {
    while (this.#full.length > 0 && (this.#full[0] as Slab).end <= position) {
      const { memory } = this.#full.shift() as Slab;
      if (this.#spare.length < MOST_SPARE) this.#spare.push(memory);
    }
  }
}

export interface Incoming {
  socket: Socket;
  slabs: Slabs;
}

interface Handle {
  _handle: object | null;
}

/**
 * Gives a socket anew, reading into slabs: Node offers this to sockets that connect, and to others
 * only by their handle. Nothing of it may be under way: it was accepted and is paused, or what it
 * brought so far was read. Null when it has no handle yet, or more to write: it then stays as it is.
 */
export function readIntoSlabs(given: Duplex, onBytes: (bytes: Buffer) => void): Incoming | null {
  const bearer = given as unknown as Handle;
  const handle = given instanceof Socket && !given.connecting ? bearer._handle : null;
  if (!handle || given.writableLength > 0 || given.readableLength > 0) return null;
  const slabs = new Slabs();
  bearer._handle = null;
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: () => slabs.next(),
      callback: (count: number) => {
        onBytes(slabs.take(count));
        return true;
      },
    },
  };
  const socket = new Socket(options as unknown as SocketConstructorOpts);
  given.destroy();
  return { socket, slabs };
}
