/**
 * SSH's binary encoding (RFC 4251, section 5), read strictly: every length is checked against what
 * is left before anything is taken, and nothing may be left over at the end. What is wrong is a
 * Problem, which becomes a verdict in index.ts; no input leads to anything else.
 */

/** Why a signature, a key or a line of signers cannot be used, in words for a person. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

export class WireReader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new Problem(`${this.#what} ends too early`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  uint32(): number {
    return this.take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  /** A string of printable ASCII: names of algorithms and curves. */
  word(): string {
    const bytes = this.string();
    if (bytes.some((byte) => byte < 0x21 || byte > 0x7e)) {
      throw new Problem(`${this.#what} holds a name that is none`);
    }
    return bytes.toString('latin1');
  }

  /** A positive integer without the sign byte; only its shortest form is taken. */
  mpint(): Buffer {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    const isPadded = first === 0 && second < 0x80;
    if (bytes.length === 0 || first >= 0x80 || isPadded) {
      throw new Problem(`${this.#what} holds a number that is not written in its only form`);
    }
    return first === 0 ? bytes.subarray(1) : bytes;
  }

  /** Nothing may follow what was read. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new Problem(`${this.#what} goes on after its end`);
  }
}

export function wireString(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Base64 in its one proper form: no blanks, no missing or wrong padding, no stray bits. */
export function base64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw new Problem(`${what} is not base64`);
  return bytes;
}
