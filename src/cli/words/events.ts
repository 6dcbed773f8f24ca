/** What a use case tells while it works, in words on stderr. */
import type { ServiceEvent } from '../../service/events.ts';
import type { Cli } from '../context.ts';
import { recordWords } from './record-events.ts';
import { runWords } from './run-events.ts';
import { windowEventWords } from './window-events.ts';

/** By type of event: what says it. */
export type Words<Event extends ServiceEvent> = {
  [Type in Event['type']]: (event: Extract<Event, { type: Type }>) => void;
};

/** One for each request: a run that is followed has a line that moves. */
export function eventSayer(cli: Cli): (event: ServiceEvent) => void {
  const words: Words<ServiceEvent> = {
    ...recordWords(cli),
    ...runWords(cli),
    ...windowEventWords(cli),
  };
  return (event) => (words[event.type] as (event: ServiceEvent) => void)(event);
}
