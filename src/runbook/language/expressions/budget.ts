/**
 * What one evaluation may cost. A loop over 100 servers inside four others would not end in a
 * lifetime, and texts can double with every call; so turns of loops and calls are counted, and
 * texts and lists have a greatest length.
 *
 * Once nothing is left every loop ends at its next turn, and the evaluation as a whole is an
 * error: an error value alone could be absorbed by `||`.
 */

/** Turns of loops and calls of functions, of one evaluation: well below a second. */
export const MOST_TURNS = 200_000;
/** Characters of a text, items of a list. */
export const MOST_LENGTH = 100_000;
/** Loops inside one another; MOST_TURNS allows about sixty items in each of three. */
export const MOST_LOOPS = 3;
/** Turns that lint gives to a part which is written down and nothing else. */
export const MOST_LINT_TURNS = 10_000;

let left = 0;
let isSpent = false;

/** Evaluation is synchronous and never nested. */
export function beginBudget(turns = MOST_TURNS): void {
  left = turns;
  isSpent = false;
}

/** One more turn, or as many as something long is worth; false when none is left. */
export function spend(turns = 1): boolean {
  left -= turns;
  if (left < 0) isSpent = true;
  return !isSpent;
}

export function isBudgetSpent(): boolean {
  return isSpent;
}
