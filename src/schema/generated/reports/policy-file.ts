/* Generated from src/schema/reports/policy-file.schema.json by `npm run types`. */

/**
 * A policy written for people to edit.
 */
export interface PolicyFileReport {
  schema: 'drydock.policy-file/1';
  file: string;
  /**
   * What is left to do in it.
   */
  todo: string[];
}
