/* Generated from src/schema/reports/runbooks.schema.json by `npm run types`. */

/**
 * The runbooks that ship.
 */
export interface RunbooksReport {
  schema: 'drydock.runbooks/1';
  runbooks: {
    id: string;
    title: string;
    manual: 'v3' | 'x5';
    section: string;
    editions: string[];
    kind: string;
    steps: number;
  }[];
}
