/* Generated from src/schema/message-explanations.schema.json by `npm run types`. */

/**
 * What messages mean and what to do about them, in Drydock's own words. Messages that mean the same share a row.
 */
export interface MessageExplanations {
  /**
   * Messages with an id. Each is explained once.
   */
  events: EventExplanation[];
  driver: AlikeExplanation[];
  failures: AlikeExplanation[];
}
export interface EventExplanation {
  /**
   * `MODULE ID`, or `MODULE FIRST-LAST`.
   *
   * @minItems 1
   */
  of: [string, ...string[]];
  means: string;
  /**
   * null: nothing needs to be done.
   */
  remedy: string | null;
}
/**
 * This interface was referenced by `MessageExplanations`'s JSON-Schema
 * via the `definition` "alike".
 */
export interface AlikeExplanation {
  /**
   * A regular expression over templates. Of several that fit the first one counts.
   */
  like: string;
  means: string;
  /**
   * null: nothing needs to be done.
   */
  remedy: string | null;
}
