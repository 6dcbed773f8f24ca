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
    const { release, wait } = this.ask(from, to);
    if (wait) await wait;
    return release;
  }

  /** As `take`; `wait` is null when the range is free at once, as it mostly is. */
  ask(from: number, to: number): { release: () => void; wait: Promise<void> | null } {
    const mine: Held = { from, to, go: null };
    this.#held.push(mine);
    const release = () => this.#release(mine);
    if (!this.#isBlocked(mine)) return { release, wait: null };
    const wait = new Promise<void>((go) => {
      mine.go = go;
    });
    return { release, wait };
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
    this.#held.splice(this.#held.indexOf(mine), 1);
    if (!this.#held.some(({ go }) => go)) return;
    for (const held of [...this.#held]) {
      if (held.go && !this.#isBlocked(held)) {
        const { go } = held;
        held.go = null;
        go();
      }
    }
  }
}
