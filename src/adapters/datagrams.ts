/**
 * Sealed datagrams: `DDK1`, 32 bytes of HMAC-SHA256, JSON. The seal is under a key of its own made
 * from the cluster's. Against replay each sender counts, in an epoch of its own for each start, and
 * per sender and net only what is newer than everything heard before is taken.
 *
 * An epoch is made from the sender's clock, which may have been set back, so its size proves
 * nothing. Whoever hears another epoch than before asks the sender, with a nonce, which one it is
 * in; its answer decides, and nothing recorded earlier can stand for it:
 *
 *     higher than any so far    heard at once, and asked about
 *     not higher                held back until the sender said that it is in it
 *
 * Where only one direction works no question arrives, and the first case still is heard.
 */
import {
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
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

/** What came of a datagram: bodies to be heard, in order, and a letter that has to go out. */
export interface Opened {
  heard: Datagram[];
  reply: { net: string; to: string; bytes: Buffer } | null;
}

interface Letter {
  f: string;
  p: string;
  t: string;
  n: string;
  e: number;
  s: number;
  b: Json;
  /** Asks in which epoch the receiver is. */
  q?: string;
  /** Answers such a question: its nonce. */
  a?: string;
}

/** What is known of a sender on a net. */
interface Sender {
  epoch: number;
  number: number;
  /** Nothing up to this epoch is believed unasked. */
  highest: number;
  /** Of the question that is open. */
  nonce: string | null;
  held: Letter[];
}

/** Letters of an epoch that is asked about: what one host asks the other at a start fits. */
const MOST_HELD = 16;
const NONCE_BYTES = 16;
const NOTHING: Opened = { heard: [], reply: null };

/** An epoch for a start at that time; two starts in one millisecond differ as well. */
export function epochAt(now: number): number {
  return now * 1024 + (randomBytes(2).readUInt16BE() % 1024);
}

function isLetter(value: unknown): value is Letter {
  const { f, p, t, n, e, s, b, q = '', a = '' } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof q === 'string' &&
    typeof a === 'string' &&
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
  #senders = new Map<string, Sender>();

  constructor(key: Buffer, self: Address, epoch: number) {
    this.#key = createSecretKey(createHmac('sha256', key).update('datagram').digest());
    this.#self = self;
    this.#epoch = epoch;
  }

  /** Throws nothing: a body too large for a datagram gives null, and the caller sends nothing. */
  close(net: string, to: string, body: Json): Buffer | null {
    return this.#close(net, to, body, {});
  }

  /** Nothing to hear: not ours, not whole, heard before, or not yet known to be of now. */
  open(bytes: Buffer): Opened {
    const letter = this.#read(bytes);
    if (!letter) return NOTHING;
    if (letter.q !== undefined) return this.#reply(letter, { a: letter.q });
    return letter.a === undefined ? this.#take(letter) : this.#settle(letter);
  }

  #close(net: string, to: string, body: Json, more: Pick<Letter, 'a' | 'q'>): Buffer | null {
    this.#sent += 1;
    const letter: Letter = {
      f: this.#self.server,
      p: this.#self.part,
      t: to,
      n: net,
      e: this.#epoch,
      s: this.#sent,
      b: body,
      ...more,
    };
    const text = Buffer.from(JSON.stringify(letter));
    if (text.length > DATAGRAM_LIMIT_BYTES) return null;
    return Buffer.concat([MAGIC, this.#mac(text), text]);
  }

  #read(bytes: Buffer): Letter | null {
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
    if (!isLetter(letter)) return null;
    return letter.t === this.#self.server && letter.p === this.#self.part ? letter : null;
  }

  #mac(text: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }

  #reply({ f, n }: Letter, more: Pick<Letter, 'a' | 'q'>, received: Datagram[] = []): Opened {
    const bytes = this.#close(n, f, null, more);
    return { heard: received, reply: bytes && { net: n, to: f, bytes } };
  }

  #take(letter: Letter): Opened {
    const { f, n, e, s } = letter;
    const sender = this.#senders.get(`${f}/${n}`);
    if (sender && e === sender.epoch) {
      if (s <= sender.number) return NOTHING;
      sender.number = s;
      return { heard: [datagramOf(letter)], reply: null };
    }
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    if (!sender || e > sender.highest) {
      const fresh = { epoch: e, number: s, highest: e, nonce, held: [] };
      this.#senders.set(`${f}/${n}`, fresh);
      return this.#reply(letter, { q: nonce }, [datagramOf(letter)]);
    }
    sender.nonce ??= nonce;
    sender.held.push(letter);
    if (sender.held.length > MOST_HELD) sender.held.shift();
    return this.#reply(letter, { q: sender.nonce });
  }

  /** The sender said in which epoch it is: what it said there is heard, and nothing else is. */
  #settle({ f, n, e, s, a }: Letter): Opened {
    const sender = this.#senders.get(`${f}/${n}`);
    if (!sender || sender.nonce === null || sender.nonce !== a) return NOTHING;
    const received: Datagram[] = [];
    let number = sender.epoch === e ? sender.number : 0;
    for (const letter of sender.held) {
      if (letter.e !== e || letter.s <= number) continue;
      number = letter.s;
      received.push(datagramOf(letter));
    }
    const highest = Math.max(sender.highest, e);
    const known = { epoch: e, number: Math.max(number, s), highest, nonce: null, held: [] };
    this.#senders.set(`${f}/${n}`, known);
    return { heard: received, reply: null };
  }
}

function datagramOf({ f, n, b }: Letter): Datagram {
  return { from: f, net: n, body: b };
}
