/**
 * Chance from a seed: the generator sfc32 (Doty-Humphrey's "small fast counting", 128 bits of
 * state), seeded by an FNV-1a hash of a text. `fork` gives every part its own stream, so that one
 * part asking more often does not change what another one draws.
 */
import type { Random } from '../ports/random.ts';

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

export class SeededRandom implements Random {
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    this.#a = fnv1a(`a${this.#seed}`);
    this.#b = fnv1a(`b${this.#seed}`);
    this.#c = fnv1a(`c${this.#seed}`);
    for (let i = 0; i < 12; i++) this.#word();
  }

  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.#seed}/${label}`);
  }

  next(): number {
    return this.#word() / 0x1_0000_0000;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  id(): string {
    const half = () => this.#word().toString(16).padStart(8, '0');
    return half() + half();
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }
}
