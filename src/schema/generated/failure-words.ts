/* Generated from src/schema/failure-words.schema.json by `npm run types`. */

/**
 * What a resource or a monitor says of its failure, with the code that stands before it. One row a failure.
 */
export type FailureWords = FailureRow[];

export interface FailureRow {
  /**
   * The name by which code raises it. A row without one is known and not raised yet.
   */
  key?: string;
  /**
   * Of which type of resource or monitor; of any when it is left out.
   */
  type?: string;
  /**
   * Left out where the tables name none, or say `others`; and of what an agent says within a message of its own.
   */
  code?: number;
  /**
   * %1 to %9 are filled in.
   */
  text: string;
}
