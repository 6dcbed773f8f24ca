/**
 * What a use case hands back. Whoever asked makes of it what they like: the command line words and
 * an exit code, `--json` the data as it is, an HTTP answer the same.
 */
export interface Report<Data extends { schema: string }> {
  /** As the table in README "Exit codes" has it. */
  exit: number;
  /** A document of a published schema (src/schema), which its `schema` field names. */
  data: Data;
}

export function reportOf<Data extends { schema: string }>(data: Data, exit = 0): Report<Data> {
  return { exit, data };
}
