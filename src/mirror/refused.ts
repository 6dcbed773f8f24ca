/** How the mirror's room refuses, and how it looks at what others sent. */
import type { Json, JsonObject } from '../core/json.ts';
import { RemoteError } from '../ports/wire.ts';

export function refused(why: string, code = 'mirror.refused'): RemoteError {
  return new RemoteError(code, why);
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a hybrid disk: another server of the group has the copy open. */
export const NOT_CURRENT = 'mirror.notCurrent';
