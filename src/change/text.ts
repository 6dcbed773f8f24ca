/** The texts that are signed and hashed. Who only compares hashes loads no schema for it. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { invariant } from '../core/errors.ts';

/** RFC 8785 text: what is hashed and signed. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  invariant(text !== undefined, 'a value that JSON cannot hold was to be signed');
  return text;
}

/** SHA-256, hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
