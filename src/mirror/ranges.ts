/**
 * Exclusive locks on byte ranges, in the order they are asked for. Writes that overlap go one
 * after the other on both copies; a recovery takes the blocks it copies, so a write there waits
 * for that region only.
 */
interface Held {
  from: number;
  to: number;
  go: (() => void) | null;
}

export class Ranges {
  #held: Held[] = [];

  /** `[from, to)` in bytes. Answers the release. */
  async take(from: number, to: number): Promise<() => void> {
    const mine: Held = { from, to, go: null };
    this.#held.push(mine);
    if (this.#isBlocked(mine)) {
      await new Promise<void>((go) => {
        mine.go = go;
      });
    }
    return () => this.#release(mine);
  }

  /** Number of ranges that are held or waited for. */
  get size(): number {
    return this.#held.length;
  }

  #isBlocked(mine: Held): boolean {
    for (const other of this.#held) {
      if (other === mine) return false;
      if (other.from < mine.to && mine.from < other.to) return true;
    }
    return false;
  }

  #release(mine: Held): void {
    this.#held = this.#held.filter((held) => held !== mine);
    for (const held of [...this.#held]) {
      if (held.go && !this.#isBlocked(held)) {
        const { go } = held;
        held.go = null;
        go();
      }
    }
  }
}
