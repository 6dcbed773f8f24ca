/**
 * Which edition of its view a part of a server is at. Its host reads that without waking it: as
 * long as the edition is the same, what the part last answered to `status` is what it would answer
 * now (src/core/held-view.ts says when a new one begins).
 */
export interface Edition {
  /** What was answered before is past. The host finds that out from when this returns. */
  next(): void;
}
