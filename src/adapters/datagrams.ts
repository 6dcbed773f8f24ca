/**
 * Sealed datagrams: `DDK1`, 32 bytes of HMAC-SHA256, JSON. The seal is under a key of its own made
 * from the cluster's. Against replay each sender counts (its epoch is when it started), and per
 * sender and net only what is newer than everything heard before is taken.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';

const MAGIC = Buffer.from('DDK1');
const MAC_BYTES = 32;
export const DATAGRAM_LIMIT_BYTES = 60_000;

export interface Datagram {
  from: string;
  net: string;
  body: Json;
}

interface Letter {
  f: string;
  p: string;
  t: string;
  n: string;
  e: number;
  s: number;
  b: Json;
}

function isLetter(value: unknown): value is Letter {
  const { f, p, t, n, e, s, b } = (value ?? {}) as Record<string, unknown>;
  return (
    [f, p, t, n].every((text) => typeof text === 'string') &&
    Number.isSafeInteger(e) &&
    Number.isSafeInteger(s) &&
    b !== undefined
  );
}

export class DatagramSeal {
  #key: KeyObject;
  #self: Address;
  #epoch: number;
  #sent = 0;
  #newest = new Map<string, { epoch: number; number: number }>();

  constructor(key: Buffer, self: Address, epoch: number) {
    this.#key = createSecretKey(createHmac('sha256', key).update('datagram').digest());
    this.#self = self;
    this.#epoch = epoch;
  }

  /** Throws nothing: a body too large for a datagram gives null, and the caller sends nothing. */
  close(net: string, to: string, body: Json): Buffer | null {
    this.#sent += 1;
    const letter: Letter = {
      f: this.#self.server,
      p: this.#self.part,
      t: to,
      n: net,
      e: this.#epoch,
      s: this.#sent,
      b: body,
    };
    const text = Buffer.from(JSON.stringify(letter));
    if (text.length > DATAGRAM_LIMIT_BYTES) return null;
    return Buffer.concat([MAGIC, this.#mac(text), text]);
  }

  /** null: not ours, not whole, or heard before. */
  open(bytes: Buffer): Datagram | null {
    const start = MAGIC.length + MAC_BYTES;
    if (bytes.length <= start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
    const text = bytes.subarray(start);
    if (!timingSafeEqual(bytes.subarray(MAGIC.length, start), this.#mac(text))) return null;
    let letter: unknown;
    try {
      letter = JSON.parse(text.toString('utf8'));
    } catch {
      return null;
    }
    if (!isLetter(letter) || letter.t !== this.#self.server || letter.p !== this.#self.part) {
      return null;
    }
    return this.#isNew(letter) ? { from: letter.f, net: letter.n, body: letter.b } : null;
  }

  #mac(text: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }

  #isNew(letter: Letter): boolean {
    const sender = `${letter.f}/${letter.n}`;
    const newest = this.#newest.get(sender);
    const isNewer =
      !newest || letter.e > newest.epoch || (letter.e === newest.epoch && letter.s > newest.number);
    if (isNewer) this.#newest.set(sender, { epoch: letter.e, number: letter.s });
    return isNewer;
  }
}
