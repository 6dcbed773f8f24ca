/**
 * A secret is a reference from the plan to the spawn. Wherever a command is written down its text
 * holds a mask, `{secret:pin}`; that a mask stands for a secret, and is no text that somebody
 * wrote, is said beside it by a place:
 *
 *   argv     ["login", "--pin={secret:pin}", "{secret:pin}"]      the second is a text like another
 *   places   [{ in: "argv", index: 1, offset: 6, name: "pin" }]
 *
 * The values travel in a field of their own, once, to the server that runs the command, and are
 * put in where the arguments are handed to the program.
 */
import type { Answer } from '../ports/commands.ts';
import { badInput } from './errors.ts';

export interface SecretPlace {
  in: 'argv' | 'answers';
  /** Which argument, or which answer's reply. */
  index: number;
  /** Where in that text the mask begins, in UTF-16 units. */
  offset: number;
  name: string;
}

/** Name → value. Held in memory only. */
export type Secrets = ReadonlyMap<string, string>;

/** What an order to run a command says of its secrets; in memory and on the wire only. */
export interface Sealed {
  places: SecretPlace[];
  values: Record<string, string>;
}

export function maskOf(name: string): string {
  return `{secret:${name}}`;
}

interface Texts {
  argv: string[];
  answers: Answer[];
}

function notAsSaid({ in: list, index, name }: SecretPlace): never {
  throw badInput(`${list} ${index} does not hold the secret '${name}' where it is said to`, {
    code: 'secret.place',
    remedy: 'plan the run anew',
  });
}

/** One text with its secrets put in; the places in it may come in any order. */
function revealed(text: string, places: readonly SecretPlace[], sealed: Sealed): string {
  let made = text;
  for (const place of [...places].sort((a, b) => b.offset - a.offset)) {
    const { name, offset } = place;
    const value = Object.hasOwn(sealed.values, name) ? sealed.values[name] : undefined;
    const mask = maskOf(name);
    if (value === undefined || !made.startsWith(mask, offset)) notAsSaid(place);
    made = made.slice(0, offset) + value + made.slice(offset + mask.length);
  }
  return made;
}

/**
 * Arguments and answers as the program gets them. Throws `secret.place` where a mask or a value
 * is missing, and `parameter.option` where a value would turn an argument into an option.
 */
export function reveal(texts: Texts, sealed: Sealed | null | undefined): Texts {
  if (!sealed) return texts;
  const of = (list: SecretPlace['in'], index: number) =>
    sealed.places.filter((place) => place.in === list && place.index === index);
  for (const place of sealed.places) {
    if (texts[place.in][place.index] === undefined) notAsSaid(place);
    // Which program runs is no secret.
    if (place.in === 'argv' && place.index === 0) notAsSaid(place);
    const atHead = place.in === 'argv' && place.offset === 0;
    if (atHead && sealed.values[place.name]?.startsWith('-')) refuseOption(place.name);
  }
  return {
    argv: texts.argv.map((text, index) => revealed(text, of('argv', index), sealed)),
    answers: texts.answers.map((answer, index) => ({
      ...answer,
      reply: revealed(answer.reply, of('answers', index), sealed),
    })),
  };
}

export function refuseOption(name: string): never {
  throw badInput(`the secret '${name}' would be read as an option`, {
    code: 'parameter.option',
    remedy: 'give a value that does not begin with -',
  });
}
