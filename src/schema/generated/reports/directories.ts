/* Generated from src/schema/reports/directories.schema.json by `npm run types`. */

/**
 * The directories of the product on a server.
 */
export interface DirectoriesReport {
  schema: 'drydock.directories/1';
  directories: Directory[];
}
/**
 * This interface was referenced by `DirectoriesReport`'s JSON-Schema
 * via the `definition` "directory".
 */
export interface Directory {
  path: string;
  /**
   * Where the manuals list it (v3 chapter 7, x5 2.1); null: that generation has none.
   */
  numbers: {
    v3: number | null;
    x5: number | null;
  };
  holds: string;
}
