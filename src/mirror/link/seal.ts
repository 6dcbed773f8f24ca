/**
 * Encryption of one mirror connection: AES-256-GCM, a key of its own for each connection, each
 * direction and each change of the key file.
 *
 *     key file ── HKDF-SHA256(salts of both sides, direction, epoch) ──► key of the direction
 *     frame n of an epoch ──► nonce n, never used twice under one key
 *
 * A frame that was changed, repeated, dropped or moved does not open, and the connection ends. The
 * receiver takes the next epoch only once it was armed with that key (clpmdctrl --updatekey).
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';

export const KEY_BYTES = 32;
const TAG_BYTES = 16;
const EPOCH_BYTES = 4;

/** Names a key without telling it. */
export function keyId(key: Uint8Array): string {
  const reported = hkdfSync('sha256', key, '', 'drydock mirror key id', KEY_BYTES);
  return createHash('sha256').update(new Uint8Array(reported)).digest('hex').slice(0, 16);
}

class Direction {
  readonly #salt: string;
  readonly #name: string;
  #key: Uint8Array;
  epoch = 0;
  #count = 0n;

  constructor(key: Uint8Array, salt: string, name: string) {
    this.#salt = salt;
    this.#name = name;
    this.#key = this.#derive(key);
  }

  next(key: Uint8Array): void {
    this.epoch += 1;
    this.#key = this.#derive(key);
    this.#count = 0n;
  }

  get key(): Uint8Array {
    return this.#key;
  }

  nonce(): Uint8Array {
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setBigUint64(4, this.#count++);
    return nonce;
  }

  #derive(key: Uint8Array): Uint8Array {
    const info = `drydock mirror ${this.#name} ${this.epoch}`;
    return new Uint8Array(hkdfSync('sha256', key, this.#salt, info, KEY_BYTES));
  }
}

export class Seal {
  readonly #sending: Direction;
  readonly #receiving: Direction;
  #armed: Uint8Array | null = null;

  /** `salt`: of both sides together, the same on both. `calls`: this side opened the connection. */
  constructor(key: Uint8Array, salt: string, calls: boolean) {
    this.#sending = new Direction(key, salt, calls ? 'out' : 'in');
    this.#receiving = new Direction(key, salt, calls ? 'in' : 'out');
  }

  close(pieces: readonly Uint8Array[]): Uint8Array {
    const { key, epoch } = this.#sending;
    const cipher = createCipheriv('aes-256-gcm', key, this.#sending.nonce());
    const head = Buffer.alloc(EPOCH_BYTES);
    head.writeUInt32BE(epoch);
    const sealed = pieces.map((piece) => cipher.update(piece));
    cipher.final();
    return Buffer.concat([head, cipher.getAuthTag(), ...sealed]);
  }

  /** Throws when it is not the next frame of this connection. */
  open(bytes: Uint8Array): Uint8Array {
    if (bytes.length < EPOCH_BYTES + TAG_BYTES) throw new Error('a frame that is not sealed');
    const epoch = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (epoch === this.#receiving.epoch + 1 && this.#armed) {
      this.#receiving.next(this.#armed);
      this.#armed = null;
    }
    if (epoch !== this.#receiving.epoch) throw new Error('a frame under an unknown key');
    const { key } = this.#receiving;
    const decipher = createDecipheriv('aes-256-gcm', key, this.#receiving.nonce());
    decipher.setAuthTag(bytes.subarray(EPOCH_BYTES, EPOCH_BYTES + TAG_BYTES));
    const plain = decipher.update(bytes.subarray(EPOCH_BYTES + TAG_BYTES));
    decipher.final();
    return plain;
  }

  /** From now on the other side may change to this key. */
  arm(key: Uint8Array): void {
    this.#armed = key;
  }

  /** This side sends under the new key from the next frame on. */
  change(key: Uint8Array): void {
    this.#sending.next(key);
  }
}
