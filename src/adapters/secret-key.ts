/**
 * The key with which this control host vouches for secrets in its record: 32 bytes from the
 * operating system, in a file of the state folder that its owner alone can read. It is made when
 * it is first needed, and never leaves the host: an exported record is of no use for guessing.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../core/errors.ts';
import { createDurablySync, OWNER_ONLY } from './durable-file.ts';

const KEY = /^[0-9a-f]{64}$/;

function readKey(file: string): string | null {
  let text: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0) {
      throw badInput(`${file} can be read by others than its owner`, {
        code: 'secret.key',
        place: { file },
        remedy: `chmod 600 ${file}; who may have read it can check guesses at the record's secrets`,
      });
    }
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (KEY.test(text)) return text;
  throw badInput(`${file} holds no key`, {
    code: 'secret.key',
    place: { file },
    remedy: 'put it back from a backup, or take it away: a new one is made',
  });
}

/** HMAC-SHA-256 of a text, behind what tells this key from another: `KEY:HASH`, in hex. */
export function secretVouch(folder: string): (text: string) => string {
  let known: { key: Buffer; name: string } | null = null;
  const keyOf = () => {
    const file = join(folder, 'secrets.key');
    // Of two that make it at once the first one's stays.
    const made = `${randomBytes(32).toString('hex')}\n`;
    if (readKey(file) === null) createDurablySync(file, made, { mode: OWNER_ONLY });
    const key = Buffer.from(readKey(file) ?? '', 'hex');
    return { key, name: createHash('sha256').update(key).digest('hex').slice(0, 16) };
  };
  return (text) => {
    known ??= keyOf();
    return `${known.name}:${createHmac('sha256', known.key).update(text).digest('hex')}`;
  };
}
