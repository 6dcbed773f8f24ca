/* Generated from src/schema/reports/amendment.schema.json by `npm run types`. */

/**
 * What became of the wish to plan anew what is left of a run.
 */
export interface AmendmentReport {
  schema: 'drydock.amendment/1';
  run: string;
  outcome: 'doomed' | 'rehearsed' | 'waiting' | 'amended';
  exit: number;
  /**
   * For what it waits.
   */
  waits: string | null;
  /**
   * Hash of the plan before.
   */
  from: string;
  /**
   * Hash of the plan after.
   */
  to: string;
  /**
   * Number of the step from which on the plan is another.
   */
  at: number;
  changes: string[];
  transcript: string;
}
