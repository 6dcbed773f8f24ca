/** A greeted connection that carries frames both ways. Closing is told once, with the reason. */
import type { KeyObject } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { JsonObject } from '../core/json.ts';
import { WireError } from '../ports/wire.ts';
import { encodeFrame, type Frame, FrameReader, frameKey } from './frames.ts';
import type { Session } from './handshake.ts';

type FrameEar = (header: JsonObject, payload: Uint8Array) => void;
type PieceEar = (header: JsonObject, pieces: readonly Uint8Array[]) => void;

export class Channel {
  readonly session: Session;
  #stream: Duplex;
  #reader: FrameReader;
  #sendKey: KeyObject;
  #sent = 0;
  /** Frames that go out at the end of this turn, and who waits until they were taken. */
  #batch: Buffer[] = [];
  #taken: Promise<void> | null = null;
  #closed: string | null = null;
  #onFrame: FrameEar | null = null;
  #onPieces: PieceEar | null = null;
  #isListening = false;
  #onClose: ((reason: string) => void)[] = [];

  constructor(stream: Duplex, session: Session) {
    this.session = session;
    this.#stream = stream;
    this.#sendKey = frameKey(session.sendKey);
    this.#reader = new FrameReader(session.receiveKey);
    stream.on('error', (error) => this.close(error.message));
    stream.on('end', () => this.close('the other side closed the connection'));
    stream.on('close', () => this.close('the connection ended'));
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
    this.#batch.push(...encodeFrame(this.#sendKey, this.#sent, header, payload));
    this.#sent += 1;
  }

  #flush(resolve: () => void, reject: (error: Error) => void): void {
    const pieces = this.#batch;
    this.#batch = [];
    if (pieces.length === 0) {
      resolve();
      return;
    }
    this.#stream.cork();
    for (const [at, piece] of pieces.entries()) {
      if (at < pieces.length - 1) this.#stream.write(piece);
      else {
        this.#stream.write(piece, (error) =>
          error ? reject(new WireError('timeout', error.message)) : resolve(),
        );
      }
    }
    this.#stream.uncork();
  }

  /** Until somebody listens the stream stays paused, and the sender feels it. */
  onFrame(fn: FrameEar): void {
    this.#onFrame = fn;
    this.#onPieces = null;
    this.#listen();
  }

  /** As `onFrame`, with payloads as they came. */
  onPieces(fn: PieceEar): void {
    this.#onPieces = fn;
    this.#listen();
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#stream.on('data', (chunk: Buffer) => this.#take(chunk));
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
    for (const frame of frames) {
      if (this.#closed !== null) return;
      if (this.#onPieces) this.#onPieces(frame.header, frame.pieces);
      else this.#onFrame?.(frame.header, frame.payload);
    }
  }
}
