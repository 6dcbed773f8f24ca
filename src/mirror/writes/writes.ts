/**
 * Writes that are under way, and the only writer of what is known of them: which ranges are taken,
 * which gates are shut, which blocks the two copies may differ in because nobody knows yet that both
 * have them durably.
 *
 *     range ─► entry ─► gate ─► under way ─► acknowledged on both ─► flushed on both
 *                                  └──────── unconfirmed ────────┘
 */
import { Coalesced, Gate } from '../coalesce.ts';
import type { BlockMap } from '../copy/block-map.ts';
import type { Life } from '../life.ts';
import type { Session } from '../link/session.ts';
import { MOST_EXTENTS } from './activity.ts';
import { SendQueue } from './queue.ts';
import { Ranges } from './ranges.ts';

export class Writes {
  readonly ranges = new Ranges();
  readonly queue: SendQueue;
  /** Flushes of both copies; calls made meanwhile share the next round. */
  readonly flushRounds: Coalesced;
  /** Shut while a break is made durable, and until it may be acted on: the chart says when. */
  readonly #gate = new Gate();
  /** Shut while a recovery ends: writes under way end, no other begins. */
  readonly #entry = new Gate();
  readonly #life: Life;
  /** Blocks of writes that are under way and not acknowledged. */
  readonly #inFlight = new Map<number, [number, number]>();
  /** Blocks acknowledged on both copies and not flushed on both since; of the flush under way. */
  #unflushed = new Set<number>();
  #flushing = new Set<number>();
  /** Writes of the other side that are being applied here. */
  readonly #incoming = new Set<Promise<void>>();
  #idleWaiters: (() => void)[] = [];
  #sequence = 0;
  /** The session whose waiting writes are being watched. */
  #watched: Session | null = null;
  /** Extents that may be hot at once (activity.ts). */
  #mostExtents = MOST_EXTENTS;

  constructor(life: Life, flushRound: () => Promise<void>, changed: () => void) {
    this.queue = new SendQueue(changed);
    this.#life = life;
    this.flushRounds = new Coalesced(flushRound);
  }

  get mostExtents(): number {
    return this.#mostExtents;
  }

  /** Fewer extents than the standard, for whoever wants to see them let go. */
  limitExtents(most: number): void {
    this.#mostExtents = most;
  }

  get isFrozen(): boolean {
    return this.#gate.isShut;
  }

  /** The chart says so after every move. */
  freeze(isFrozen: boolean): void {
    if (isFrozen || this.#life.isOver) this.#gate.shut();
    else if (this.#gate.isShut) this.#gate.open();
  }

  async thawed(): Promise<void> {
    await this.#gate.pass();
  }

  /** Whoever waits while writes are frozen is refused; they stay so. */
  turnAway(error: Error): void {
    this.#gate.turnAway(error);
  }

  /** A write may begin at once. */
  get areOpen(): boolean {
    return !this.#entry.isShut && !this.#gate.isShut;
  }

  /** Resolves when a write may begin. */
  async admitted(): Promise<void> {
    while (!this.areOpen) {
      await this.#entry.pass();
      await this.#gate.pass();
    }
  }

  /** No write begins until `resume`. */
  stop(): void {
    this.#entry.shut();
  }

  get areStopped(): boolean {
    return this.#entry.isShut;
  }

  resume(): void {
    this.#entry.open();
  }

  /** As killed: nobody waits any more, and nothing begins. */
  end(error: Error): void {
    this.#gate.shut();
    for (const gate of [this.#gate, this.#entry]) gate.turnAway(error);
  }

  /** A write of the blocks `[first, end)` begins; answers its id. */
  begin(first: number, end: number): number {
    const id = ++this.#sequence;
    this.#inFlight.set(id, [first, end]);
    return id;
  }

  /** `unflushed`: acknowledged by both, and a flush on both is still due. */
  ended(id: number, unflushed: boolean): void {
    const [first, end] = this.#inFlight.get(id) ?? [0, 0];
    if (unflushed) for (let block = first; block < end; block++) this.#unflushed.add(block);
    this.#inFlight.delete(id);
    if (this.#inFlight.size === 0) for (const go of this.#idleWaiters.splice(0)) go();
  }

  /** Nobody writes any more. Must not be awaited within the loop. */
  async drained(): Promise<void> {
    while (this.#inFlight.size > 0 && !this.#life.isOver) {
      await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    }
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Writes of the other side that are being applied here. */
  get incoming(): number {
    return this.#incoming.size;
  }

  get unflushed(): number {
    return this.#unflushed.size;
  }

  /** Blocks that are under way, or not known to be durable on both copies. */
  unconfirmed(): Set<number> {
    const blocks = new Set<number>([...this.#unflushed, ...this.#flushing]);
    for (const [from, to] of this.#inFlight.values()) {
      for (let block = from; block < to; block++) blocks.add(block);
    }
    return blocks;
  }

  /** Blocks of unacknowledged and of unflushed writes may differ between the copies from now on. */
  async noteUnconfirmed(outOfSync: BlockMap): Promise<void> {
    for (const [first, end] of this.#inFlight.values()) outOfSync.note(first, end);
    for (const block of [...this.#unflushed, ...this.#flushing]) outOfSync.note(block, block + 1);
    this.#unflushed.clear();
    await outOfSync.commit();
  }

  /** A flush of both copies begins; answers the blocks that it covers. */
  flushBegan(): ReadonlySet<number> {
    this.#flushing = this.#unflushed;
    this.#unflushed = new Set();
    return this.#flushing;
  }

  /** It failed, when `wasDone` is false: its blocks wait for the next one. */
  flushEnded(wasDone: boolean): void {
    if (!wasDone) for (const block of this.#flushing) this.#unflushed.add(block);
    this.#flushing = new Set();
  }

  /** Both copies have everything. */
  allFlushed(): void {
    this.#unflushed.clear();
  }

  /** A write of the other side is being applied here. */
  apply(write: Promise<void>): void {
    const ended = (): void => {
      this.#incoming.delete(applied);
    };
    const applied = write.then(ended, ended);
    this.#incoming.add(applied);
  }

  /** What the other side sent before is here. */
  async applied(): Promise<void> {
    await Promise.all(this.#incoming);
  }

  /** True: nobody watches the waiting writes of that session yet, and the caller does from now on. */
  watch(session: Session): boolean {
    if (this.#watched === session) return false;
    this.#watched = session;
    return true;
  }

  watchEnded(): void {
    this.#watched = null;
  }
}
