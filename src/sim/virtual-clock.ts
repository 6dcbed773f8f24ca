/**
 * Virtual time: a heap of timers that fire in order of (time, order of arming), so that one seed
 * gives one history. Nothing passes unless somebody fires the next timer.
 *
 * `stirred` is the twin's economy: it says that asynchronous work may have been set going since
 * the last look, so that the pump (src/sim/pump.ts) must let promises settle before time moves.
 * Timers of parts that react synchronously are armed by `atQuietly` and stir nothing by themselves.
 *
 * `now()` is whole milliseconds, as a real clock's; between them events keep their finer order.
 */
import type { Clock } from '../ports/clock.ts';

interface Timer {
  at: number;
  order: number;
  fn: (() => void) | null;
  quiet: boolean;
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #heap: Timer[] = [];
  #live = 0;
  stirred = false;
  /** True while somebody awaits an answer: then even a quiet timer may settle a promise. */
  isAwaited: () => boolean = () => false;
  /** Timers fired so far; for measuring. */
  fired = 0;

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return Math.floor(this.#now);
  }

  /** The finer time, for what is scheduled between two milliseconds. */
  exact(): number {
    return this.#now;
  }

  /** How many timers are armed. */
  get pending(): number {
    return this.#live;
  }

  at(at: number, fn: () => void): () => void {
    return this.#arm(at, fn, false);
  }

  /** As `at`, for a callback that finishes its work synchronously. */
  atQuietly(at: number, fn: () => void): () => void {
    return this.#arm(at, fn, true);
  }

  stir(): void {
    this.stirred = true;
  }

  /** When the next timer fires, or null when none is armed. */
  next(): number | null {
    this.#dropCancelled();
    return this.#heap[0]?.at ?? null;
  }

  /** Moves to the next timer and fires it. False when none is armed. */
  fireNext(): boolean {
    this.#dropCancelled();
    const timer = this.#pop();
    if (!timer?.fn) return false;
    const { fn } = timer;
    timer.fn = null;
    this.#live--;
    this.fired++;
    if (timer.at > this.#now) this.#now = timer.at;
    if (!timer.quiet || this.isAwaited()) this.stirred = true;
    fn();
    return true;
  }

  /** Fires everything up to and including `at`, synchronously, and ends there. */
  advanceTo(at: number): void {
    for (let next = this.next(); next !== null && next <= at; next = this.next()) this.fireNext();
    this.skipTo(at);
  }

  /** Moves time without firing; only where nothing is due before. */
  skipTo(at: number): void {
    if (at > this.#now) this.#now = at;
  }

  #arm(at: number, fn: () => void, quiet: boolean): () => void {
    const timer: Timer = { at: Math.max(at, this.#now), order: this.#order++, fn, quiet };
    this.#push(timer);
    this.#live++;
    return () => {
      if (timer.fn === null) return;
      timer.fn = null;
      this.#live--;
    };
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]!.fn === null) this.#pop();
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let hole = heap.push(timer) - 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
    return top;
  }
}
