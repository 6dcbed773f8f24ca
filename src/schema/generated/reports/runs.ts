/* Generated from src/schema/reports/runs.schema.json by `npm run types`. */

/**
 * This interface was referenced by `RunsReport`'s JSON-Schema
 * via the `definition` "runPhase".
 */
export type RunPhase =
  | 'created'
  | 'ready'
  | 'intended'
  | 'settling'
  | 'parked'
  | 'stopped'
  | 'failed'
  | 'doubt'
  | 'finishing'
  | 'done'
  | 'aborted'
  | 'refused'
  | 'undoing'
  | 'rolledBack'
  | 'stuck';

/**
 * Every run of the record, the newest last.
 */
export interface RunsReport {
  schema: 'drydock.runs/1';
  runs: RunSummary[];
}
/**
 * This interface was referenced by `RunsReport`'s JSON-Schema
 * via the `definition` "runSummary".
 */
export interface RunSummary {
  run: string;
  runbook: string;
  cluster: string;
  startedAt: string;
  who: string;
  phase: RunPhase | 'damaged';
  /**
   * The run that it undoes.
   */
  undoes: string | null;
  step: string | null;
  why: string | null;
}
