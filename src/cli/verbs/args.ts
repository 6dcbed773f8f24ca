/** What a verb is, and what it is handed. */
import type { Argv } from 'yargs';
import type { Cli } from '../context.ts';

/** What yargs hands over; each verb reads its own options and checks them. */
export type Args = Record<string, unknown>;

export interface Verb {
  command: string;
  describe: string;
  builder: (parser: Argv) => Argv;
  handler: (cli: Cli, args: Args) => Promise<number>;
}
