/* Generated from src/schema/reports/demo.schema.json by `npm run types`. */

/**
 * The scenes of the demo.
 */
export interface DemoReport {
  schema: 'drydock.demo/1';
  scenes: {
    title: string;
    ms: number;
  }[];
  ms: number;
}
