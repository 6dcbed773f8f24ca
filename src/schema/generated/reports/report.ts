/* Generated from src/schema/reports/report.schema.json by `npm run types`. */

/**
 * What a command on a server printed and how it ended.
 */
export interface CommandReport {
  schema: 'drydock.report/1';
  /**
   * its name
   */
  command: string;
  server: string;
  /**
   * its exit code; 70: it was ended by a signal
   */
  code: number;
  /**
   * what it shows or did, as a document of the schema that it names; null: it has nothing to say but its words, or they did not come
   */
  data: {
    schema: string;
    [k: string]: unknown;
  } | null;
  stdout: string;
  stderr: string;
}
