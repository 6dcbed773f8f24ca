/* Generated from src/schema/reports/anchored.schema.json by `npm run types`. */

/**
 * A checkpoint that is kept elsewhere.
 */
export interface AnchoredReport {
  schema: 'drydock.anchored/1';
  /**
   * Number of its entry.
   */
  checkpoint: number;
  /**
   * How many entries it stands for.
   */
  size: number;
  place: string;
}
