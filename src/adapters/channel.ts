/**
 * A greeted connection that carries frames both ways. Closing is told once, with the reason.
 *
 *     sendSoon, sendSoon … end of the turn ─► one write          (frame-writer.ts)
 *     bytes ─► frames ─► whoever listens ─► done: their memory is read into again (slabs.ts)
 */
import type { Duplex } from 'node:stream';
import type { JsonObject } from '../core/json.ts';
import { WireError } from '../ports/wire.ts';
import { FrameWriter } from './frame-writer.ts';
import { type Frame, FrameReader, frameKey } from './frames.ts';
import type { Session } from './handshake.ts';
import { readIntoSlabs, type Slabs } from './slabs.ts';

type FrameEar = (header: JsonObject, payload: Uint8Array) => void;
type PieceEar = (header: JsonObject, pieces: readonly Uint8Array[], done: () => void) => void;

const MOST_EARLY_BYTES = 64 * 1024;

export class Channel {
  readonly session: Session;
  #stream: Duplex;
  #reader: FrameReader;
  #writer: FrameWriter;
  /** Who waits until what goes out at the end of this turn was taken. */
  #taken: Promise<void> | null = null;
  #closed: string | null = null;
  #onFrame: FrameEar | null = null;
  #onPieces: PieceEar | null = null;
  #isListening = false;
  #onClose: ((reason: string) => void)[] = [];
  #slabs: Slabs | null = null;
  /** What came before anybody listens. */
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #ending: string | null = null;
  /** So many bytes at the beginning of the stream are not in slabs. */
  #notInSlabs = 0;
  /** Frames that are still used, by where in the stream they begin. */
  readonly #inUse = new Map<number, number>();

  constructor(stream: Duplex, session: Session) {
    this.session = session;
    this.#writer = new FrameWriter(frameKey(session.sendKey));
    this.#reader = new FrameReader(session.receiveKey);
    this.#stream = session.hello.kind === 'link' ? this.#intoSlabs(stream) : stream;
    this.#stream.on('error', (error) => this.close(error.message));
    this.#stream.on('end', () => this.#end('the other side closed the connection'));
    this.#stream.on('close', () => this.#end('the connection ended'));
  }

  /** A mirror's connection brings so much that the memory for it counts. */
  #intoSlabs(stream: Duplex): Duplex {
    const read: Buffer | null = stream.readableLength > 0 ? stream.read() : null;
    const incoming = readIntoSlabs(stream, (chunk) => {
      if (this.#isListening) this.#take(chunk);
      else this.#keep(chunk);
    });
    if (read && !incoming) stream.unshift(read);
    else if (read) {
      this.#notInSlabs = read.length;
      this.#early.push(read);
    }
    this.#slabs = incoming?.slabs ?? null;
    return incoming?.socket ?? stream;
  }

  /** The end is noticed although nobody listens; a sender of more than a little is not read. */
  #keep(chunk: Buffer): void {
    this.#early.push(chunk);
    this.#earlyBytes += chunk.length;
    if (this.#earlyBytes >= MOST_EARLY_BYTES) this.#stream.pause();
  }

  /** What came before the end is heard before it. */
  #end(reason: string): void {
    if (this.#early.length === 0) this.close(reason);
    else this.#ending = reason;
  }

  get closed(): boolean {
    return this.#closed !== null;
  }

  /**
   * Resolves when the transport took the frame. Rejects with WireError: `unreachable`, it was not
   * sent; `timeout`, it may have been.
   */
  send(header: JsonObject, ...payload: (Uint8Array | undefined)[]): Promise<void> {
    if (this.#closed !== null) return Promise.reject(new WireError('unreachable', this.#closed));
    this.#add(header, payload);
    return new Promise((resolve, reject) => this.#flush(resolve, reject));
  }

  /**
   * As `send`; what is sent so in one turn of the event loop goes out in one write at its end.
   * Not for a last word: a program that ends in the same turn takes it along.
   */
  sendSoon(header: JsonObject, ...payload: (Uint8Array | undefined)[]): Promise<void> {
    if (this.#closed !== null) return Promise.reject(new WireError('unreachable', this.#closed));
    this.#add(header, payload);
    this.#taken ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#taken = null;
        this.#flush(resolve, reject);
      });
    });
    return this.#taken;
  }

  #add(header: JsonObject, payload: (Uint8Array | undefined)[]): void {
    this.#writer.add(header, payload);
  }

  #flush(resolve: () => void, reject: (error: Error) => void): void {
    const { pieces, free } = this.#writer.take();
    if (pieces.length === 0) {
      resolve();
      return;
    }
    const stream = this.#stream;
    const last = pieces.length - 1;
    if (last > 0) stream.cork();
    for (let at = 0; at < last; at++) stream.write(pieces[at]);
    stream.write(pieces[last], (error) => {
      free();
      if (error) reject(new WireError('timeout', error.message));
      else resolve();
    });
    if (last > 0) stream.uncork();
  }

  /** Until somebody listens the stream stays paused, and the sender feels it. */
  onFrame(fn: FrameEar): void {
    this.#onFrame = fn;
    this.#onPieces = null;
    this.#listen();
  }

  /** As `onFrame`, with payloads as they came: their bytes stay as they are until `done`. */
  onPieces(fn: PieceEar): void {
    this.#onPieces = fn;
    this.#listen();
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    for (const chunk of this.#early.splice(0)) this.#take(chunk);
    if (this.#ending !== null) this.close(this.#ending);
    if (this.#slabs) this.#stream.resume();
    else this.#stream.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  onClose(fn: (reason: string) => void): void {
    if (this.#closed === null) this.#onClose.push(fn);
    else fn(this.#closed);
  }

  close(reason = 'closed by this side'): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    // What was sent before still goes to the transport, as far as it takes it at once.
    this.#flush(
      () => undefined,
      () => undefined,
    );
    this.#stream.destroy();
    for (const fn of this.#onClose.splice(0)) fn(reason);
  }

  #take(chunk: Buffer): void {
    if (this.#closed !== null) return;
    let frames: Frame[];
    try {
      frames = this.#reader.push(chunk);
    } catch (error) {
      this.close(`hostile or broken frame: ${(error as Error).message}`);
      return;
    }
    if (this.#slabs) {
      for (const { start } of frames) this.#inUse.set(start, (this.#inUse.get(start) ?? 0) + 1);
    }
    for (const frame of frames) {
      if (this.#closed !== null) return;
      this.#deliver(frame);
    }
    this.#release();
  }

  #deliver(frame: Frame): void {
    const { header, start } = frame;
    if (this.#onPieces) this.#onPieces(header, frame.pieces, () => this.#done(start));
    else {
      // Nobody says when it is done with the bytes: they are its own.
      const { payload } = frame;
      const isShared = this.#slabs !== null && payload.length > 0;
      this.#onFrame?.(header, isShared ? Buffer.from(payload) : payload);
      this.#done(start);
    }
  }

  #done(start: number): void {
    if (!this.#slabs) return;
    const left = (this.#inUse.get(start) ?? 1) - 1;
    if (left > 0) this.#inUse.set(start, left);
    else {
      this.#inUse.delete(start);
      this.#release();
    }
  }

  #release(): void {
    if (!this.#slabs) return;
    const [first = this.#reader.position] = this.#inUse.keys();
    this.#slabs.release(first - this.#notInSlabs);
  }
}
