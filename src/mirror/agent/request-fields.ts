/** Fields of a request. What is missing or wrong is refused with `request.malformed`. */
import type { Json, JsonObject } from '../../core/json.ts';
import { RemoteError } from '../../ports/wire.ts';
import type { MirrorDisk } from '../disk.ts';

export type Order = (disk: MirrorDisk, body: JsonObject) => Promise<Json>;

export function malformed(body: JsonObject, key: string): RemoteError {
  return new RemoteError(
    'request.malformed',
    `request ${String(body.do)}: ${key} is missing or wrong`,
  );
}

export function text(body: JsonObject, key: string): string {
  const value = body[key];
  if (typeof value !== 'string' || value === '') throw malformed(body, key);
  return value;
}

export function number(body: JsonObject, key: string): number {
  const value = body[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed(body, key);
  return value;
}

export function word<W extends string>(body: JsonObject, key: string, words: readonly W[]): W {
  const value = body[key];
  if (!words.includes(value as W)) throw malformed(body, key);
  return value as W;
}
