/**
 * What one evaluation may cost. A loop over 100 servers inside four others would not end in a
 * lifetime, and texts can double with every call; so steps of loops and calls are counted, and
 * texts and lists have a greatest length.
 *
 * Once nothing is left every loop ends at its next step, and the evaluation as a whole is an
 * error: an error value alone could be absorbed by `||`.
 */

/** Cost: steps of loops and calls of functions, of one evaluation: well below a second. */
export const MOST_COST = 200_000;
/** Characters of a text, items of a list. */
export const MOST_LENGTH = 100_000;
/** Loops inside one another; MOST_COST allows about sixty items in each of three. */
export const MOST_LOOPS = 3;
/** The cost that lint allows to a part which is written down and nothing else. */
export const MOST_LINT_COST = 10_000;

let left = 0;
let isSpent = false;

/** Evaluation is synchronous and never nested. */
export function beginBudget(cost = MOST_COST): void {
  left = cost;
  isSpent = false;
}

/** Counts one more step, or the cost of something long; false when nothing is left. */
export function spend(cost = 1): boolean {
  left -= cost;
  if (left < 0) isSpent = true;
  return !isSpent;
}

export function isBudgetSpent(): boolean {
  return isSpent;
}
