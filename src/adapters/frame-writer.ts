/**
 * Frames on their way out. What was added since they were last taken goes out together: small
 * frames share one frame and its seal (frames.ts), gathered into memory that is used again; a long
 * payload goes as it lies.
 *
 *     add, add, add ─► take ─► [ three in one ] [ a long one ] ─► written ─► memory is free again
 */
import type { KeyObject } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import { whyTooLarge } from '../ports/wire.ts';
import { encodeText, FrameError, HEAD_BYTES, seal } from './frames.ts';

/** Payloads up to this long, all together, are gathered. */
const GATHER_BYTES = 128 * 1024;
const GATHER_FRAMES = 256;
/** Letters of headers in one gathered frame; a letter has 3 bytes at most. */
const GATHER_LETTERS = 32 * 1024;
const MEMORY_BYTES = HEAD_BYTES + 3 * GATHER_LETTERS + GATHER_BYTES;
const MOST_SPARE = 4;

interface Waiting {
  text: string;
  pieces: Uint8Array[];
  length: number;
}

export interface Outgoing {
  pieces: Buffer[];
  /** To be called when they were written. */
  free(): void;
}

export class FrameWriter {
  readonly #key: KeyObject;
  #number = 0;
  #waiting: Waiting[] = [];
  #spare: Buffer[] = [];

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** Throws FrameError when a frame is above its limits; it is then not added. */
  add(header: JsonObject, payload: readonly (Uint8Array | undefined)[]): void {
    const text = JSON.stringify(header);
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (const piece of payload) {
      if (!piece || piece.length === 0) continue;
      pieces.push(piece);
      length += piece.length;
    }
    const why = whyTooLarge(text, length);
    if (why !== null) throw new FrameError(why);
    this.#waiting.push({ text, pieces, length });
  }

  /** Everything that was added, in its order, sealed. */
  take(): Outgoing {
    const used: Buffer[] = [];
    const pieces: Buffer[] = [];
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; ) {
      const group = groupFrom(waiting, at);
      at += Math.max(1, group.length);
      if (group.length > 0) pieces.push(this.#gather(group, used));
      else {
        const { text, pieces: payload } = waiting[at - 1] as Waiting;
        pieces.push(...encodeText(this.#key, this.#number, text, payload));
      }
      this.#number += 1;
    }
    const free = (): void => {
      while (used.length > 0 && this.#spare.length < MOST_SPARE) {
        this.#spare.push(used.pop() as Buffer);
      }
    };
    return { pieces, free };
  }

  #gather(group: Waiting[], used: Buffer[]): Buffer {
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(MEMORY_BYTES);
    used.push(memory);
    const head = memory.write(textOf(group), HEAD_BYTES);
    const begin = HEAD_BYTES + head;
    let end = begin;
    for (const { pieces } of group) {
      for (const piece of pieces) {
        memory.set(piece, end);
        end += piece.length;
      }
    }
    memory.writeUInt32BE(head, 0);
    memory.writeUInt32BE(end - begin, 4);
    const body = memory.subarray(HEAD_BYTES, end);
    memory.set(seal(this.#key, this.#number, memory.subarray(0, 8), [body]), 8);
    return memory.subarray(0, end);
  }
}

/** The frames from there on that go together; none when the first one is too long for it. */
function groupFrom(waiting: readonly Waiting[], from: number): Waiting[] {
  let letters = 2;
  let bytes = 0;
  let end = from;
  while (end < waiting.length && end - from < GATHER_FRAMES) {
    const { text, length } = waiting[end] as Waiting;
    letters += text.length + 10;
    bytes += length;
    if (letters > GATHER_LETTERS || bytes > GATHER_BYTES) break;
    end += 1;
  }
  return waiting.slice(from, end);
}

function textOf(group: readonly Waiting[]): string {
  const [only] = group;
  if (only && group.length === 1) return only.text;
  return `[${group.map(({ text, length }) => `${text},${length}`).join(',')}]`;
}
