/**
 * The catalogue of messages: what the product writes to its alert log, syslog and mail, as data.
 *
 *     v3.json, x5.json   one for each generation: module, id, level, template, destinations
 *     driver.json        lines of the mirror driver; they are known of v3, and said by both
 *     own.json           Drydock's own, the same in both: what an operator can do next, and the hosts'
 *     failures.json      the words of a failed resource or monitor with their codes
 *     unraised.json      why the rows that no code raises are never raised here, each under one reason
 *
 * A row that code raises has a `key`, the same in both generations. `npm run types` gathers these,
 * with the types of what each is given. To raise one: give the row its key, run that, and
 *
 *     messageOf(generation, 'groupStarted', group)   → { module, level, id, text }
 *     failureOf('exec.exited', code)                 → { code, text }
 *
 * The engine says the first by `say(turn, 'groupStarted', group)`. No template stands in code: a
 * style test looks for them.
 */
import {
  FAILURES,
  type FailureArguments,
  type FailureTemplate,
  MESSAGES,
  type MessageArguments,
  type MessageTemplate,
  type Said,
} from '../schema/generated/raised-messages.ts';

export type { Said };
export type Generation = keyof MessageArguments;
/** Raised by name; of `Generation`, what both have. */
export type MessageKey<G extends Generation = Generation> = keyof MessageArguments[G];
/** What a message that both generations have is given. */
export type ArgumentsOf<K extends MessageKey> = MessageArguments[Generation][K];
export type FailureKey = keyof FailureArguments;

function filled(template: string, args: readonly Said[]): string {
  return template.replace(/%(\d)/g, (_, nth: string) => String(args[Number(nth) - 1]));
}

/** What stands in a text for %1, %2 … of its template, in their order there; null: it is of another. */
export function readMessage(template: string, text: string): string[] | null {
  const shape = template
    .split(/(%\d)/)
    .map((part) => (/^%\d$/.test(part) ? '(.*?)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${shape}$`, 's').exec(text)?.slice(1) ?? null;
}

export function messageOf<G extends Generation, K extends MessageKey<G>>(
  generation: G,
  key: K,
  ...args: MessageArguments[G][K] & Said[]
): MessageTemplate {
  const template: MessageTemplate = MESSAGES[generation][key];
  return { ...template, text: filled(template.text, args) };
}

/** Null: that generation has no such message. */
export function messageIfKnown(
  generation: Generation,
  key: MessageKey<'x5'>,
  args: readonly Said[],
): MessageTemplate | null {
  const rows: Partial<Record<string, MessageTemplate>> = MESSAGES[generation];
  const template = rows[key];
  return template === undefined ? null : { ...template, text: filled(template.text, args) };
}

/** What was wrong, as resources and monitors say it: `(code: text)`. */
export function failureOf<K extends FailureKey>(
  key: K,
  ...args: FailureArguments[K]
): FailureTemplate {
  const { code, text } = FAILURES[key];
  return { code, text: filled(text, args) };
}
