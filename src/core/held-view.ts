/**
 * What a part of a server last answered to `status`, as long as others may hold it for its view:
 *
 *     answered ──► held ──── before anything goes out, where the view is another one ────► past
 *                   │                                                                       ▲
 *                   └── at once, where the view changes with time alone ────────────────────┘
 *
 * A view passes before anything that its change leads to leaves the part (an answer, a message, a
 * line of a log). So whoever has seen an effect of it, or an effect of an effect on another server,
 * finds a new edition. What nobody holds, or held too long ago, costs nothing: nothing is compared.
 */
import type { Edition } from '../ports/edition.ts';

/**
 * A part that hangs has no new edition, and its process looks as if it could run: so much longer it
 * may pass for sound. A choice: no longer than a person notices, and a sixth of the shortest
 * heartbeat timeout that the manuals' examples have. Whoever holds a view goes by it no longer.
 */
export const HELD_MS = 250;

export interface HeldViewOptions<V> {
  /** The part's clock, which is that of the views. */
  now: () => number;
  /** The view as it is now. */
  view: () => V;
  /** Whether nothing in it changes by time alone; `now` apart, which is whoever's who shows it. */
  lasts: (view: V) => boolean;
  edition: Edition;
}

/** What is the same object says the same: nobody changes a view, nor what it is made of. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function saysTheSame<V extends { now: number }>(one: V, other: V): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof V>;
  keys.delete('now');
  return [...keys].every((key) => isSame(one[key], other[key]));
}

export class HeldView<V extends { now: number }> {
  readonly #options: HeldViewOptions<V>;
  /** null: what was answered last is past. */
  #held: V | null = null;

  constructor(options: HeldViewOptions<V>) {
    this.#options = options;
  }

  /** The view, as it is answered now. */
  answer(): V {
    const view = this.#options.view();
    this.answered(view);
    return view;
  }

  /** This view, which is that of now, is on its way to somebody. */
  answered(view: V): void {
    this.#held = view;
    if (!this.#options.lasts(view)) this.pass();
  }

  /** Before something goes out. */
  check(): void {
    if (this.#held === null) return;
    const isOver = this.#options.now() - this.#held.now > HELD_MS;
    if (isOver || !saysTheSame(this.#held, this.#options.view())) this.pass();
  }

  /** As `check`, without looking: where looking would cost more than to be asked again. */
  pass(): void {
    if (this.#held === null) return;
    this.#options.edition.next();
    this.#held = null;
  }
}
