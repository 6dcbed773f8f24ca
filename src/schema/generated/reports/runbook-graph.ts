/* Generated from src/schema/reports/runbook-graph.schema.json by `npm run types`. */

/**
 * A runbook drawn.
 */
export interface RunbookGraphReport {
  schema: 'drydock.runbook-graph/1';
  id: string;
  format: 'svg' | 'mermaid' | 'dot' | 'text';
  text: string;
}
