/**
 * Histories that part: a copy of all that goes on here, as it stands at this very moment, goes on
 * beside it. What the copy does is not seen here, apart from what it hands over at its end.
 *
 *     first  ──┬────────────┬───────────────►  fork() false, false …   collect()
 *              └─► copy 1   └─► copy 2          fork() true … end(found)
 */
import type { Json } from '../core/json.ts';

/** What came of the copy that was begun under that key. */
export interface Forked {
  key: number;
  /** What it handed over; null: it died before. */
  found: Json;
  /** Why there is nothing, for people. */
  why: string | null;
}

export interface Forks {
  /** False here, and true in the copy. Waits while as many copies as may run beside one another do. */
  fork(key: number): boolean;
  /** In a copy: hands over what it found, and is gone. */
  end(found: Json): never;
  /** Waits for every copy that was begun, in the order in which they were. */
  collect(): Forked[];
}
