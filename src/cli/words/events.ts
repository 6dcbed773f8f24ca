/** What a use case tells while it works, in words on stderr. */
import type { ServiceEvent } from '../../service/events.ts';
import type { Cli } from '../context.ts';

type Words = {
  [Type in ServiceEvent['type']]: (cli: Cli, event: Extract<ServiceEvent, { type: Type }>) => void;
};

const WORDS: Words = {
  'record.unwritten': (cli, { what, why }) =>
    cli.say(cli.paint('yellow', `${what} is not recorded: ${why}`)),
  'notes.recorded': (cli, { count }) =>
    cli.say(`recorded: ${count} typed on the servers since they were last asked`),
  'lease.unasked': (cli, { why }) =>
    cli.say(`the cluster cannot be asked to let the lease go: ${why}`),
};

export function sayEvent(cli: Cli, event: ServiceEvent): void {
  (WORDS[event.type] as (cli: Cli, event: ServiceEvent) => void)(cli, event);
}
