/**
 * What a side has shown the other one of its copy, as digests, and not changed since. Only when
 * every block is among it may a verify put the two in step: whoever says that they are equal is
 * not taken at their word.
 */
export class Shown {
  #marks = new Uint8Array(0);
  #count = 0;

  add(first: number, end: number): void {
    if (end > this.#marks.length) {
      const marks = new Uint8Array(Math.max(end, this.#marks.length * 2));
      marks.set(this.#marks);
      this.#marks = marks;
    }
    for (let block = first; block < end; block++) {
      this.#count += 1 - (this.#marks[block] ?? 0);
      this.#marks[block] = 1;
    }
  }

  /** They were written here. */
  forget(first: number, end: number): void {
    for (let block = first; block < Math.min(end, this.#marks.length); block++) {
      this.#count -= this.#marks[block] ?? 0;
      this.#marks[block] = 0;
    }
  }

  forgetAll(): void {
    this.#marks = new Uint8Array(0);
    this.#count = 0;
  }

  isWhole(blocks: number): boolean {
    return this.#count === blocks;
  }
}
