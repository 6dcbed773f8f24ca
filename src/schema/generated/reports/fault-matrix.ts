/* Generated from src/schema/reports/fault-matrix.schema.json by `npm run types`. */

/**
 * This interface was referenced by `FaultMatrixReport`'s JSON-Schema
 * via the `definition` "end".
 */
export type End = 'completed' | 'resumed' | 'parked' | 'rolledBack' | 'stuck' | 'waits' | 'nothing';

/**
 * What becomes of a plan when something goes wrong at its steps: a cell for each fault at each step.
 */
export interface FaultMatrixReport {
  schema: 'drydock.fault-matrix/2';
  runbook: string;
  title: string;
  /**
   * Hash of the plan.
   */
  plan: string;
  /**
   * One sentence.
   */
  verdict: string;
  /**
   * No cell breaks an invariant.
   */
  safe: boolean;
  /**
   * The ends that occur, how often, and what each means.
   */
  ends: CountedEnd[];
  cells: FaultOutcome[];
  exit: number;
}
/**
 * This interface was referenced by `FaultMatrixReport`'s JSON-Schema
 * via the `definition` "countedEnd".
 */
export interface CountedEnd {
  end: End;
  count: number;
  meaning: string;
}
/**
 * This interface was referenced by `FaultMatrixReport`'s JSON-Schema
 * via the `definition` "faultOutcome".
 */
export interface FaultOutcome {
  step: string;
  kind:
    | 'kill-before'
    | 'kill-during'
    | 'kill-after'
    | 'command-fails'
    | 'command-hangs'
    | 'command-half'
    | 'crash'
    | 'reboot'
    | 'cut'
    | 'fail-disk'
    | 'says-no'
    | 'goes-home';
  /**
   * The server or the net it strikes; null for the runner, the command and the person.
   */
  target: string | null;
  end: End;
  /**
   * Of the run, as `run` would tell it; null where nothing was struck.
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
    | null;
  exit: number | null;
  /**
   * Why it ended so.
   */
  words: string;
  /**
   * What a person does next, RUN for the name of the run; null where nothing is left to do.
   */
  next: string | null;
  /**
   * What no history may show; empty when the cluster is sound.
   */
  violations: string[];
}
