/**
 * What was written to a mirror and what of it was acknowledged. A write that was sent and never
 * acknowledged may be there or not; both are right. The lab keeps the same in a file.
 */
import type { Expected } from './pattern.ts';

export interface WriteLine {
  /** Block. */
  b: number;
  /** Sequence. */
  s: number;
  /** Acknowledged. */
  a?: 1;
}

export class WriteRecord {
  readonly blocks = new Map<number, Expected>();
  #last = 0;

  nextSequence(): number {
    this.#last += 1;
    return this.#last;
  }

  sent(blocks: readonly number[], sequence: number): void {
    this.keep(blocks.map((b) => ({ b, s: sequence })));
  }

  acknowledged(blocks: readonly number[], sequence: number): void {
    this.keep(blocks.map((b) => ({ b, s: sequence, a: 1 })));
  }

  protected keep(lines: readonly WriteLine[]): void {
    for (const { b, s, a } of lines) {
      this.#last = Math.max(this.#last, s);
      const known = this.blocks.get(b) ?? { acknowledged: 0, sent: [] };
      const newest = a ? Math.max(known.acknowledged, s) : known.acknowledged;
      const sent = a ? known.sent : [...known.sent, s];
      this.blocks.set(b, { acknowledged: newest, sent: sent.filter((one) => one > newest) });
    }
  }
}
