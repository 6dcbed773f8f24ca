/* Generated from src/schema/reports/lint.schema.json by `npm run types`. */

/**
 * What is wrong with runbooks, or with cluster configurations.
 */
export interface LintReport {
  schema: 'drydock.lint/1';
  findings: {
    code: string;
    message: string;
    remedy: string | null;
    place: Place | null;
  }[];
}
/**
 * Where in an input file an error is. Lines and columns count from 1.
 *
 * This interface was referenced by `LintReport`'s JSON-Schema
 * via the `definition` "place".
 */
export interface Place {
  file: string;
  line?: number;
  column?: number;
  field?: string;
}
