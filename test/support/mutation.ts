/** A bug that somebody could have made: one small change to one file. */
export interface Mutation {
  name: string;
  /** What is wrong then, in a sentence. */
  what: string;
  file: string;
  /** Occurs exactly once in that file. */
  find: string;
  replace: string;
  /** The test file that is asked first, because it is likely to notice; all others follow. */
  test?: string;
}
