/**
 * The catalogue of messages: what the product writes to its alert log, syslog and mail, as data.
 *
 *     v3.json, x5.json   one for each generation: module, id, level, template, destinations
 *     own.json           Drydock's own, the same in both: what an operator can do next, and the hosts'
 *     failures.json      the words of a failed resource or monitor with their codes
 *
 * A row that code raises has a `key`, the same in both generations; `npm run types` makes the types
 * of what each is given. To raise one: give the row its key, run that, and
 *
 *     messageOf(generation, 'groupStarted', group)   → { module, level, id, text }
 *     failureOf('exec.exited', code)                 → { code, text }
 *
 * The engine says the first by `say(turn, 'groupStarted', group)`. No template stands in code: a
 * style test looks for them.
 */
import type { FailureWords } from '../schema/generated/failure-words.ts';
import type {
  FailureArguments,
  MessageArguments,
  Said,
} from '../schema/generated/message-arguments.ts';
import type { MessageCatalogue, MessageRow } from '../schema/generated/message-catalogue.ts';
import failures from './failures.json' with { type: 'json' };
import own from './own.json' with { type: 'json' };
import v3 from './v3.json' with { type: 'json' };
import x5 from './x5.json' with { type: 'json' };

export type Generation = keyof MessageArguments;
/** Raised by name; of `Generation`, what both have. */
export type MessageKey<G extends Generation = Generation> = keyof MessageArguments[G];
/** What a message that both generations have is given. */
export type ArgumentsOf<K extends MessageKey> = MessageArguments[Generation][K];
export type FailureKey = keyof FailureArguments;

export interface Message {
  module: string;
  level: MessageRow['level'];
  /** 0 for a line of the mirror driver, which has none. */
  id: number;
  text: string;
}

/** What was wrong, as resources and monitors say it: `(code: text)`. */
export interface Failure {
  code: number;
  text: string;
}

function byKey<R extends { key?: string }>(rows: readonly R[]): Map<string, R> {
  return new Map(rows.flatMap((row) => (row.key === undefined ? [] : [[row.key, row]])));
}

const raised: Record<Generation, Map<string, MessageRow>> = {
  v3: byKey([...v3, ...own] as MessageCatalogue),
  x5: byKey([...x5, ...own] as MessageCatalogue),
};
const failed = byKey(failures as FailureWords);

function filled(template: string, args: readonly Said[]): string {
  return template.replace(/%(\d)/g, (_, nth: string) => String(args[Number(nth) - 1]));
}

export function messageOf<G extends Generation, K extends MessageKey<G>>(
  generation: G,
  key: K,
  ...args: MessageArguments[G][K] & Said[]
): Message {
  const { module, level, id = 0, text } = raised[generation].get(String(key))!;
  return { module, level, id, text: filled(text, args) };
}

export function failureOf<K extends FailureKey>(key: K, ...args: FailureArguments[K]): Failure {
  const { code, text } = failed.get(key)!;
  return { code: code!, text: filled(text, args) };
}
