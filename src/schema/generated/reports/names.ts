/* Generated from src/schema/reports/names.schema.json by `npm run types`. */

/**
 * Names of one kind of object that are configured, as clpmdstat --list shows them, or of elements of its file (clpcfget -e).
 */
export interface NamesShown {
  schema: 'drydock.names/1';
  /**
   * what they are
   */
  kind: 'mirror' | 'element';
  names: string[];
}
