/**
 * What brings the two copies into step, or shows that they are: the recovery and the verify that
 * run. The only writer of either; a recovery that begins ends a verify without a word.
 */
import type { Recovery } from './recovery.ts';
import type { Verification } from './verify.ts';

/** What a recovery may have in hand. */
export interface CopyLimits {
  /** Ranges. */
  lanes: number;
  /** Blocks that were sent and not flushed. */
  flushBlocks: number;
}

/** 512 blocks are 32 MiB. */
const STANDARD: Readonly<CopyLimits> = { lanes: 4, flushBlocks: 512 };

export class Recoveries {
  readonly #changed: () => void;
  #current: Recovery | null = null;
  #verification: Verification | null = null;
  #limits: Readonly<CopyLimits> = STANDARD;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get current(): Recovery | null {
    return this.#current;
  }

  get verification(): Verification | null {
    return this.#verification;
  }

  get limits(): Readonly<CopyLimits> {
    return this.#limits;
  }

  /** Less than the standard, for whoever wants to see what is left of a recovery. */
  limit({ lanes, flushBlocks }: CopyLimits): void {
    this.#limits = {
      lanes: Math.min(STANDARD.lanes, lanes),
      flushBlocks: Math.min(STANDARD.flushBlocks, flushBlocks),
    };
  }

  begin(recovery: Recovery): void {
    this.#verification = null;
    this.#current = recovery;
    this.#changed();
  }

  /** Does nothing when another one runs by now. */
  end(recovery: Recovery): void {
    if (this.#current === recovery) this.#current = null;
    this.#changed();
  }

  beginVerify(verification: Verification): void {
    this.#verification = verification;
  }

  /** A verify that runs looks at the blocks `[first, end)` again. */
  wroteAlone(first: number, end: number): void {
    const touched = this.#verification?.touched;
    if (touched) for (let block = first; block < end; block++) touched.add(block);
  }

  endVerify(verification: Verification): void {
    if (this.#verification === verification) this.#verification = null;
  }
}
