/** A bug that somebody could have made: one small change to one file. */
export interface Mutation {
  name: string;
  /** What is wrong then, in a sentence. */
  what: string;
  file: string;
  /** Occurs exactly once in that file. */
  find: string;
  replace: string;
}
