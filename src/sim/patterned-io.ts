/**
 * Written and verified data of a mirror, through requests to its agents as an application's blocks
 * would go. Each block names its mirror, place and sequence, so that a block that is old, torn or
 * in the wrong place is told from the right one. What was acknowledged is remembered here; a write
 * without an answer may or may not be there.
 */
import type { JsonObject } from '../core/json.ts';
import type { Wire } from '../ports/wire.ts';

export const BLOCK_BYTES = 4096;

export interface Written {
  acknowledged: number;
  failed: number;
  /** Why the first write failed; null when none did. */
  why: string | null;
}

interface Block {
  acknowledged: number;
  /** Sequences sent without an answer since. */
  maybe: number[];
}

/** The content of one block: its own description, repeated to the end. */
export function patternOf(mirror: string, index: number, sequence: number): Uint8Array {
  const line = `${mirror} block ${index} sequence ${sequence}\n`;
  return new Uint8Array(Buffer.alloc(BLOCK_BYTES, line));
}

export class PatternedIo {
  readonly #wire: Wire;
  #sequence = 0;
  #blocks = new Map<string, Map<number, Block>>();
  #inFlight = new Map<string, number>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Writes `count` blocks from block `first` on, on that server, one after the other. */
  async write(mirror: string, server: string, first: number, count: number): Promise<Written> {
    const written: Written = { acknowledged: 0, failed: 0, why: null };
    for (let index = first; index < first + count; index++) {
      const sequence = ++this.#sequence;
      const block = this.#block(mirror, index);
      block.maybe.push(sequence);
      const data = Buffer.from(patternOf(mirror, index, sequence)).toString('base64');
      const body = { do: 'write', mirror, offset: index * BLOCK_BYTES, data };
      this.#inFlight.set(mirror, this.inFlight(mirror) + 1);
      try {
        await this.#wire.request({ server, part: 'agent' }, body, 30_000);
        block.acknowledged = sequence;
        block.maybe = [];
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
    const wrong: string[] = [];
    for (const index of this.#blocks.get(mirror)?.keys() ?? []) {
      const body = { do: 'read', mirror, offset: index * BLOCK_BYTES, length: BLOCK_BYTES };
      const answer = await this.#wire.request({ server, part: 'agent' }, body, 30_000);
      const { data } = answer as JsonObject & { data: string };
      const words = this.judge(mirror, index, Buffer.from(data, 'base64'));
      if (words) wrong.push(words);
    }
    return wrong;
  }

  /** What is wrong with a block as it was read, or null. */
  judge(mirror: string, index: number, bytes: Uint8Array): string | null {
    const block = this.#blocks.get(mirror)?.get(index);
    if (!block) return null;
    const allowed = [block.acknowledged, ...block.maybe];
    const isRight = allowed.some((sequence) => {
      const expected =
        sequence === 0 ? new Uint8Array(BLOCK_BYTES) : patternOf(mirror, index, sequence);
      return Buffer.compare(bytes, expected) === 0;
    });
    if (isRight) return null;
    const found = Buffer.from(bytes).toString('latin1').split('\n')[0]?.slice(0, 60) ?? '';
    const words = /^[ -~]+$/.test(found) ? found : 'nothing of ours';
    return `${mirror} block ${index}: expected sequence ${allowed.join(' or ')}, found: ${words}`;
  }

  /** Writes that wait for their answer. */
  inFlight(mirror: string): number {
    return this.#inFlight.get(mirror) ?? 0;
  }

  /** The indices of blocks written so far. */
  written(mirror: string): number[] {
    return [...(this.#blocks.get(mirror)?.keys() ?? [])];
  }

  /** The operator gave data up (a forced recovery): what was acknowledged no longer counts. */
  forget(mirror: string): void {
    this.#blocks.delete(mirror);
  }

  #block(mirror: string, index: number): Block {
    const blocks = this.#blocks.get(mirror) ?? new Map<number, Block>();
    this.#blocks.set(mirror, blocks);
    const block = blocks.get(index) ?? { acknowledged: 0, maybe: [] };
    blocks.set(index, block);
    return block;
  }
}
