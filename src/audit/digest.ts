/** SHA-256, in one call where this Node has it: a third of the time of an object for each hash. */
import * as crypto from 'node:crypto';

const isOneCall = typeof crypto.hash === 'function';

/** As 64 hex digits. */
export function sha256(data: string | Uint8Array): string {
  if (isOneCall) return crypto.hash('sha256', data, 'hex');
  return crypto.createHash('sha256').update(data).digest('hex');
}

export function sha256Bytes(data: Uint8Array): Uint8Array {
  if (isOneCall) return crypto.hash('sha256', data, 'buffer');
  return crypto.createHash('sha256').update(data).digest();
}

const HASH = /^[0-9a-f]{64}$/;

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value);
}
