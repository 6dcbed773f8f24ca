/**
 * A mirror connection as the session sees it: one ordered link, whatever carries it.
 *
 *     session ─► compress ─► seal ─► carrier (mirror disk connect)     and back
 *
 * The carrier can be changed for one on another net while frames are under way. Each side marks
 * the end of what it sends on the old one, and the other side reads the new one only from there,
 * so that no frame is lost, doubled or overtaken:
 *
 *     caller   … frames, `moved` on the old ─► frames on the new
 *     called   reads the old up to `moved`, answers `moved` on it ─► frames on the new
 *     caller   reads the old up to `moved` and closes it
 *
 * A carrier that ends before that ends the connection, as any other loss.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { JsonObject } from '../../core/json.ts';
import type { Link } from '../../ports/wire.ts';
import { type Bytes, lengthOf, whole } from '../copy/bytes.ts';
import type { Seal } from './seal.ts';

/** Shorter payloads are not worth it. */
const COMPRESS_FROM_BYTES = 512;
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Payloads sent as they are after one that did not get smaller. */
const REST = 7;
const LENGTH_BYTES = 4;
/** Longest payload of a frame, as the wire has it. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Frames that wait on a new carrier until the old one is read to its end. */
const MOST_WAITING = 4096;

type FrameEar = (header: JsonObject, payload: Uint8Array) => void;
/** The bytes stay as they are until `done` is called, once. */
type BytesEar = (header: JsonObject, payload: Bytes, done: () => void) => void;
type Arrived = Parameters<BytesEar>;

const EMPTY = new Uint8Array(0);
const NOTHING = (): void => {};

export interface LinkOptions {
  seal: Seal | null;
  /** Name of the key that the connection was opened with. */
  keyId: string | null;
  /** The other side understands compressed payloads. */
  packs: boolean;
  compress: boolean;
  /** Names the connection on both sides, for a change of its carrier. */
  id: string;
}

export class MirrorLink implements Link {
  readonly peer: string;
  readonly id: string;
  readonly seal: Seal | null;
  #keyId: string | null;
  readonly #packs: boolean;
  #compresses: boolean;
  /** Bytes of payloads before and after compression, of frames that were worth a try. */
  plainBytes = 0;
  packedBytes = 0;
  /** Bytes of payload of every frame as they go over the line, and as they were before. */
  #onSent: ((sent: number, plain: number) => void) | null = null;
  #resting = 0;
  #sending: Link;
  #receiving: Link;
  /** Set while the carrier changes: what came on the new one already. */
  #waiting: Arrived[] | null = null;
  #next: Link | null = null;
  #moved: (() => void) | null = null;
  #onFrame: BytesEar | null = null;
  #early: Arrived[] = [];
  #onClose: ((why: string) => void)[] = [];
  #closed: string | null = null;

  constructor(carrier: Link, options: LinkOptions) {
    this.peer = carrier.peer;
    this.id = options.id;
    this.seal = options.seal;
    this.#keyId = options.keyId;
    this.#packs = options.packs;
    this.#compresses = options.compress;
    this.#sending = carrier;
    this.#receiving = carrier;
    this.#watch(carrier);
  }

  /** Name of the key that it goes on under; null: in clear. */
  get keyId(): string | null {
    return this.#keyId;
  }

  goOnUnder(keyId: string): void {
    this.#keyId = keyId;
  }

  /** From the next frame on. */
  compress(on: boolean): void {
    this.#compresses = on;
  }

  /** `tell` hears of every frame: bytes of its payload as they go over the line, and as they were. */
  observe(tell: (sent: number, plain: number) => void): void {
    this.#onSent = tell;
  }

  get net(): string {
    return this.#sending.net;
  }

  send(header: JsonObject, payload: Uint8Array = EMPTY): Promise<void> {
    if (this.#closed !== null) return Promise.reject(new Error(this.#closed));
    let bytes = payload;
    let head = header;
    if (this.#isWorthTrying(payload)) {
      const packed = zstdCompressSync(payload, COMPRESSION);
      this.plainBytes += payload.length;
      this.packedBytes += Math.min(packed.length, payload.length);
      if (packed.length < payload.length) {
        bytes = packed;
        head = { ...header, z: payload.length };
      } else this.#resting = REST;
    }
    this.#onSent?.(bytes.length, payload.length);
    if (!this.seal) return this.#sending.send(head, bytes);
    const text = Buffer.from(JSON.stringify(head));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(text.length);
    return this.#sending.send({}, this.seal.close([length, text, bytes]));
  }

  sendPieces(header: JsonObject, pieces: readonly Uint8Array[]): Promise<void> {
    const carrier = this.#sending;
    const isPlain = this.#closed === null && !this.seal && !(this.#compresses && this.#packs);
    if (!isPlain || !carrier.sendPieces) return this.send(header, whole(pieces));
    const length = lengthOf(pieces);
    this.#onSent?.(length, length);
    return carrier.sendPieces(header, pieces);
  }

  #isWorthTrying(payload: Uint8Array): boolean {
    if (!this.#compresses || !this.#packs || payload.length < COMPRESS_FROM_BYTES) return false;
    if (this.#resting === 0) return true;
    this.#resting -= 1;
    return false;
  }

  onFrame(fn: FrameEar): void {
    this.onBytes((header, payload, done) => {
      fn(header, whole(payload).slice());
      done();
    });
  }

  /** As `onFrame`, with payloads as they came. */
  onBytes(fn: BytesEar): void {
    this.#onFrame = fn;
    for (const frame of this.#early.splice(0)) fn(...frame);
  }

  onClose(fn: (why: string) => void): void {
    if (this.#closed === null) this.#onClose.push(fn);
    else fn(this.#closed);
  }

  /** Frames that came before this link listened, in their order. */
  takeLate(frames: readonly [JsonObject, Bytes][]): void {
    for (const [header, payload] of frames) this.#deliver(header, payload, NOTHING);
  }

  close(): void {
    this.#end('closed by this side');
  }

  /** Caller: goes on over `carrier`; resolves when nothing comes over the old one any more. */
  async moveTo(carrier: Link): Promise<void> {
    this.#await(carrier);
    const done = new Promise<void>((resolve, reject) => {
      this.#moved = resolve;
      this.onClose((why) => reject(new Error(why)));
    });
    this.send({ t: 'moved' }).catch(() => this.#end('the connection takes no more frames'));
    this.#sending = carrier;
    await done;
  }

  /** Called side: the other one is about to go on over `carrier`. */
  follow(carrier: Link): void {
    this.#await(carrier);
  }

  #await(carrier: Link): void {
    if (this.#next !== null) throw new Error('the connection is changing its carrier already');
    this.#next = carrier;
    this.#waiting = [];
    this.#watch(carrier);
  }

  #watch(carrier: Link): void {
    const take: BytesEar = (header, bytes, done) => this.#take(carrier, [header, bytes, done]);
    if (carrier.onPieces) carrier.onPieces(take);
    else carrier.onFrame((header, payload) => take(header, payload, NOTHING));
    carrier.onClose((why) => {
      if (carrier === this.#receiving || carrier === this.#next) this.#end(why);
    });
  }

  #take(carrier: Link, frame: Arrived): void {
    if (this.#closed !== null) return;
    if (carrier === this.#receiving) this.#deliver(...frame);
    else if (carrier !== this.#next || !this.#waiting) return;
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(frame);
    else this.#end('too many frames wait for a change of the carrier');
  }

  #deliver(header: JsonObject, payload: Bytes, done: () => void): void {
    let frame: [JsonObject, Bytes];
    try {
      frame = this.#unpack(header, payload);
    } catch (error) {
      this.#end(error instanceof Error ? error.message : 'a broken frame');
      return;
    }
    const isAsItCame = frame[1] === payload;
    // What was unpacked lies elsewhere: what came is not used any more.
    if (!isAsItCame) done();
    const arrived: Arrived = [...frame, isAsItCame ? done : NOTHING];
    if (frame[0].t === 'moved') this.#follow();
    else if (this.#onFrame) this.#onFrame(...arrived);
    else this.#early.push(arrived);
  }

  #unpack(header: JsonObject, payload: Bytes): [JsonObject, Bytes] {
    let head = header;
    let bytes = payload;
    if (this.seal) {
      const plain = this.seal.open(whole(payload));
      const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
      const text = Buffer.from(plain.buffer, plain.byteOffset + LENGTH_BYTES, length);
      head = JSON.parse(text.toString('utf8')) as JsonObject;
      bytes = plain.subarray(LENGTH_BYTES + length);
    }
    const { z } = head;
    if (z === undefined) return [head, bytes];
    if (typeof z !== 'number' || z > MOST_BYTES) throw new Error('a frame of impossible length');
    const unpacked = zstdDecompressSync(whole(bytes), { maxOutputLength: Math.max(1, z) });
    if (unpacked.length !== z) throw new Error('a frame of the wrong length');
    return [head, unpacked];
  }

  /** The old carrier was read to its end. */
  #follow(): void {
    const next = this.#next;
    if (!next) {
      this.#end('a change of the carrier that nobody asked for');
      return;
    }
    const old = this.#receiving;
    const waiting = this.#waiting ?? [];
    this.#receiving = next;
    this.#next = null;
    this.#waiting = null;
    if (this.#moved) {
      old.close();
      this.#moved();
      this.#moved = null;
    } else {
      this.send({ t: 'moved' }).catch(() => this.#end('the connection takes no more frames'));
      this.#sending = next;
    }
    for (const frame of waiting) if (this.#closed === null) this.#deliver(...frame);
  }

  #end(why: string): void {
    if (this.#closed !== null) return;
    this.#closed = why;
    for (const carrier of new Set([this.#sending, this.#receiving, this.#next])) carrier?.close();
    for (const fn of this.#onClose.splice(0)) fn(why);
  }
}
