/* Generated from src/schema/reports/adoption.schema.json by `npm run types`. */

/**
 * Why a procedure that was begun by hand is not taken over.
 */
export interface AdoptionReport {
  schema: 'drydock.adoption/1';
  runbook: string;
  at: string | null;
  steps: AdoptedStep[];
  why: string;
  exit: number;
}
/**
 * This interface was referenced by `AdoptionReport`'s JSON-Schema
 * via the `definition` "adoptedStep".
 */
export interface AdoptedStep {
  id: string;
  title: string;
  verdict: 'done' | 'skipped' | 'not done' | 'not known' | 'needs a word';
  why: string;
  /**
   * True where it is a person's word.
   */
  byWord: boolean;
  option: string | null;
}
