/**
 * Writes of every size, on top of one another and at depth, to whichever server of a lab serves
 * the mirror, and what its copies have to hold afterwards: test/mirror/proof's record, over real
 * processes. The area lies behind the blocks that `keepWriting` writes.
 */
import type { Lab } from '../src/lab/lab.ts';
import type { AgentView } from '../src/ports/views.ts';
import type { SeededRandom } from '../src/sim/seeded-random.ts';
import { Record, SECTOR } from '../test/mirror/proof/record.ts';
import { MIRROR, SERVERS } from './faults.ts';

const AREA_AT = 1024 * 1024;
const AREA_BYTES = 2 * 1024 * 1024;
const DEPTH = 8;
const WRITE_MS = 2000;
const LOOK_MS = 500;
const PAUSE_MS = 5;
const COUNTS = [1, 1, 2, 8, 8, 9, 31, 128, 259];

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class Overlapping {
  readonly record = new Record(AREA_BYTES);
  readonly #lab: Lab;
  readonly #random: SeededRandom;
  #isOver = false;
  #lanes: Promise<void>[] = [];
  #serving: string | null = null;

  constructor(lab: Lab, random: SeededRandom) {
    this.#lab = lab;
    this.#random = random;
  }

  start(): void {
    this.#isOver = false;
    this.#lanes = Array.from({ length: DEPTH }, () => this.#lane());
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
  }

  /** Words for what is wrong with the copy on that server, or null. */
  async judge(server: string): Promise<string | null> {
    const bytes = await this.#copy(server);
    const wrong = [...this.record.torn(bytes), ...this.record.judge(server, 0, bytes)];
    return wrong.length === 0 ? null : JSON.stringify(wrong);
  }

  /** Both copies hold what was acknowledged; what they hold of the rest is so from now on. */
  async settle(): Promise<void> {
    for (const server of SERVERS) {
      const wrong = await this.judge(server);
      if (wrong) throw new Error(`${server} lost what was acknowledged: ${wrong}`);
    }
    this.record.settle(await this.#copy(SERVERS[0]!), new Set());
  }

  async #copy(server: string): Promise<Uint8Array> {
    const store = await this.#lab.io.openCopy(MIRROR, server);
    return await store.read(AREA_AT, AREA_BYTES).finally(() => store.close());
  }

  async #lane(): Promise<void> {
    while (!this.#isOver) {
      this.#serving ??= await this.#look();
      if (this.#serving) await this.#write(this.#serving);
      await sleep(PAUSE_MS);
    }
  }

  async #write(server: string): Promise<void> {
    const count = COUNTS[this.#random.below(COUNTS.length)]!;
    const edge = this.#random.below(this.record.sectors / 128) * 128 - this.#random.below(10);
    const first = Math.max(0, Math.min(edge, this.record.sectors - count));
    const write = this.record.begin(server, first, count, true);
    const data = Buffer.from(this.record.bytesOf(write)).toString('base64');
    const body = { do: 'write', mirror: MIRROR, offset: AREA_AT + first * SECTOR, data };
    const to = { server, part: 'agent' as const };
    await this.#lab
      .wire()
      .request(to, body, WRITE_MS)
      .then(
        () => this.record.acknowledge(write),
        () => {
          this.#serving = null;
        },
      );
  }

  async #look(): Promise<string | null> {
    for (const server of SERVERS) {
      const to = { server, part: 'agent' as const };
      const look = this.#lab.wire().request(to, { do: 'status' }, LOOK_MS);
      const view = (await look.catch(() => null)) as AgentView | null;
      if (view?.mirrors[MIRROR]?.active) return server;
    }
    return null;
  }
}
