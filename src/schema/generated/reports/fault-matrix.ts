/* Generated from src/schema/reports/fault-matrix.schema.json by `npm run types`. */

/**
 * What becomes of a plan when something goes wrong at its steps.
 */
export interface FaultMatrixReport {
  schema: 'drydock.fault-matrix/1';
  runbook: string;
  /**
   * Hash of the plan.
   */
  plan: string;
  cells: FaultOutcome[];
  exit: number;
}
/**
 * This interface was referenced by `FaultMatrixReport`'s JSON-Schema
 * via the `definition` "faultOutcome".
 */
export interface FaultOutcome {
  step: string;
  kind: 'kill' | 'cut-mirror' | 'fail-disk' | 'kill-server';
  /**
   * The server it strikes; null for the runner and the cables.
   */
  server: string | null;
  /**
   * waits: it has not ended within the limit; none: the fault had nothing to strike
   */
  outcome:
    | 'done'
    | 'failed'
    | 'parked'
    | 'stopped'
    | 'refused'
    | 'aborted'
    | 'rolledBack'
    | 'stuck'
    | 'waits'
    | 'none';
  exit: number | null;
  words: string;
  /**
   * What no history may show; empty when the cluster is sound.
   */
  violations: string[];
}
