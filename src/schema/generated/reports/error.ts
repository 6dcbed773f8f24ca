/* Generated from src/schema/reports/error.schema.json by `npm run types`. */

/**
 * Why a use case failed.
 */
export interface ErrorReport {
  schema: 'drydock.error/1';
  /**
   * Stable word.
   */
  code: string;
  message: string;
  remedy: string | null;
  place: Place | null;
  exit: number;
  closing?: Closing;
}
/**
 * Where in an input file an error is. Lines and columns count from 1.
 *
 * This interface was referenced by `ErrorReport`'s JSON-Schema
 * via the `definition` "place".
 */
export interface Place {
  file: string;
  line?: number;
  column?: number;
  field?: string;
}
/**
 * This interface was referenced by `ErrorReport`'s JSON-Schema
 * via the `definition` "closing".
 */
export interface Closing {
  exposed: string;
  inFlight: string;
  next: string;
  by: string;
}
