/**
 * Written and verified data of a twin's mirrors. What was acknowledged is remembered here; a write
 * without an answer is counted and the next one goes on, as an application's would.
 */

import { type Served, verifyBlocks, writeBlocks } from '../cluster/mirror-io.ts';
import { problemOf } from '../cluster/pattern.ts';
import { WriteRecord } from '../cluster/write-record.ts';
import type { Wire } from '../ports/wire.ts';

const WRITE_TIMEOUT_MS = 30_000;

export interface Written {
  acknowledged: number;
  failed: number;
  /** Why the first write failed; null when none did. */
  why: string | null;
}

export class PatternedIo {
  readonly #wire: Wire;
  #records = new Map<string, WriteRecord>();
  #inFlight = new Map<string, number>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /**
   * Writes `count` blocks from block `first` on, on that server, one after the other. What is not
   * `durable` may be lost with the power of both servers, so it never counts as acknowledged.
   */
  async write(
    mirror: string,
    server: string,
    first: number,
    count: number,
    durable = true,
  ): Promise<Written> {
    const written: Written = { acknowledged: 0, failed: 0, why: null };
    for (let block = first; block < first + count; block++) {
      this.#inFlight.set(mirror, this.inFlight(mirror) + 1);
      try {
        await writeBlocks(this.#served(mirror, server), block, 1, WRITE_TIMEOUT_MS, durable);
        written.acknowledged++;
      } catch (error) {
        written.failed++;
        written.why ??= (error as Error).message;
      } finally {
        this.#inFlight.set(mirror, this.inFlight(mirror) - 1);
      }
    }
    return written;
  }

  /** Reads every block written so far on that server; the answer lists what is wrong. */
  async verify(mirror: string, server: string): Promise<string[]> {
    const wrong = await verifyBlocks(this.#served(mirror, server));
    return wrong.map(
      ({ block, expected, found }) =>
        `${mirror} block ${block}: expected ${expected}, found: ${found}`,
    );
  }

  /** What is wrong with a block as it was read, or null. */
  judge(mirror: string, block: number, bytes: Uint8Array): string | null {
    const expected = this.#records.get(mirror)?.blocks.get(block);
    const fault = expected ? problemOf(mirror, block, bytes, expected) : null;
    if (fault === null) return null;
    return `${mirror} block ${block}: expected ${fault.expected}, found: ${fault.found}`;
  }

  /** Writes that wait for their answer. */
  inFlight(mirror: string): number {
    return this.#inFlight.get(mirror) ?? 0;
  }

  /** The indices of blocks written so far. */
  written(mirror: string): number[] {
    return [...(this.#records.get(mirror)?.blocks.keys() ?? [])];
  }

  /** The operator gave data up (a forced recovery): what was acknowledged no longer counts. */
  forget(mirror: string): void {
    this.#records.get(mirror)?.blocks.clear();
  }

  #served(mirror: string, server: string): Served {
    const record = this.#records.get(mirror) ?? new WriteRecord();
    this.#records.set(mirror, record);
    return { wire: this.#wire, server, mirror, record };
  }
}
