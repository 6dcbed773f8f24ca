/**
 * Reads the fields of a request's body. A body comes from a socket: whatever is not as the
 * protocol says is refused with `request.malformed`, and nothing was done.
 */
import type { Json, JsonObject } from '../core/json.ts';
import type { Caller } from '../core/part.ts';
import type { Authority } from '../ports/authority.ts';
import type { Answer } from '../ports/commands.ts';
import type { LeaseHeld } from '../ports/lease.ts';
import { refusal } from './turn.ts';

function malformed(body: JsonObject, key: string, want: string): never {
  throw refusal('request.malformed', `request ${String(body.do)}: ${key} is not ${want}`);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(body: Json): JsonObject {
  if (!isObject(body) || typeof body.do !== 'string') {
    throw refusal('request.malformed', 'a request is an object with a word under "do"');
  }
  return body;
}

export function text(body: JsonObject, key: string): string {
  const value = body[key];
  return typeof value === 'string' && value !== '' ? value : malformed(body, key, 'a text');
}

/** A text that may be empty. */
export function anyText(body: JsonObject, key: string): string {
  const value = body[key];
  return typeof value === 'string' ? value : malformed(body, key, 'a text');
}

export function word<W extends string>(body: JsonObject, key: string, words: readonly W[]): W {
  const value = body[key];
  return words.includes(value as W) ? (value as W) : malformed(body, key, words.join(' or '));
}

/** A whole number from `least` to 2^53. */
export function whole(body: JsonObject, key: string, least: number): number {
  const value = body[key];
  const fits = Number.isSafeInteger(value) && (value as number) >= least;
  return fits ? (value as number) : malformed(body, key, `a whole number from ${least}`);
}

export function flag(body: JsonObject, key: string): boolean {
  const value = body[key] ?? false;
  return typeof value === 'boolean' ? value : malformed(body, key, 'true or false');
}

export function texts(body: JsonObject, key: string): string[] {
  const value = body[key];
  const fits = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return fits ? (value as string[]) : malformed(body, key, 'a list of texts');
}

export function objects(body: JsonObject, key: string): JsonObject[] {
  const value = body[key];
  return Array.isArray(value) && value.every(isObject) ? value : malformed(body, key, 'a list');
}

/** Texts by name, e.g. the files of a medium. */
export function textMap(body: JsonObject, key: string): Record<string, string> {
  const value = body[key];
  if (!isObject(value) || Object.values(value).some((item) => typeof item !== 'string')) {
    return malformed(body, key, 'texts by name');
  }
  return value as Record<string, string>;
}

export function answers(body: JsonObject): Answer[] {
  return objects(body, 'answers').map((answer) => ({
    prompt: anyText(answer, 'prompt'),
    reply: anyText(answer, 'reply'),
    ...(answer.secret === undefined ? {} : { secret: flag(answer, 'secret') }),
  }));
}

export function lease(body: JsonObject): LeaseHeld | null {
  const value = body.lease ?? null;
  if (value === null) return null;
  if (!isObject(value)) return malformed(body, 'lease', 'a lease');
  return { holder: text(value, 'holder'), token: whole(value, 'token', 0) };
}

/** No login is that. */
export const NOBODY = 'nobody who is known';

/** Stored and sent as it came; what it is worth, the gate judges. */
const AUTHORITY_BYTES = 64 * 1024;

/** `who` is replaced by whom the wire knows the caller to be: nobody is believed who says so. */
export function authority(body: JsonObject, from: Caller): Authority | null {
  const value = body.authority ?? null;
  if (value === null) return null;
  const isSmall = Buffer.byteLength(JSON.stringify(value)) <= AUTHORITY_BYTES;
  if (!isObject(value) || !isSmall) return malformed(body, 'authority', 'an authority');
  text(value, 'who');
  for (const key of ['window', 'run']) if ((value[key] ?? null) !== null) text(value, key);
  const plan = value.plan ?? null;
  if (plan !== null && !isObject(plan)) return malformed(body, 'authority', 'an authority');
  const { backingOut: _unheard, ...claimed } = value;
  return { ...claimed, who: from.who ?? NOBODY } as unknown as Authority;
}
