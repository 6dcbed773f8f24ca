import type { Edition } from '../ports/edition.ts';

/** Counts in memory what a process of the lab counts in a file. */
export class MemoryEdition implements Edition {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  next(): void {
    this.#count += 1;
  }
}
