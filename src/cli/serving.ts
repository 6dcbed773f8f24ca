/**
 * The command line as one that takes requests: what a use case (src/service) is handed, and how its
 * report is printed. Composition: here ports meet their real adapters.
 */
import type { Context } from '../service/context.ts';
import type { Report } from '../service/report.ts';
import { openCluster } from './cluster/cluster.ts';
import { type Cli, print } from './context.ts';
import { recordsOf } from './record/journal.ts';
import type { Args } from './verbs/args.ts';
import { sayEvent } from './words/events.ts';

export function contextOf(cli: Cli, args: Args): Context {
  return {
    who: cli.who,
    login: cli.login,
    records: recordsOf(cli),
    openCluster: () => openCluster(cli, args),
    tell: (event) => sayEvent(cli, event),
  };
}

/** Prints what a use case hands back, its data or the words for it; the answer is the exit code. */
export function show<Data extends { schema: string }>(
  cli: Cli,
  { data, exit }: Report<Data>,
  words: (data: Data) => string,
): number {
  print(cli, data, () => words(data));
  return exit;
}
