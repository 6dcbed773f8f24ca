/**
 * Anchors: places of the record written down elsewhere. An anchor is a checkpoint's text with its
 * signature, on one line of canonical JSON; a line of a syslog with such text in it serves as
 * well, and so does a bare `{"seq": N, "hash": "…"}`. All of it is read as untrusted text.
 */
import { badInput } from '../core/errors.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { canonical } from './chain.ts';
import { readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { isHash } from './digest.ts';

export interface KeptAnchor {
  /** Which entry it names: the last that it stands for. */
  seq: number;
  hash: string;
  /** Where it was kept: `FILE:LINE`. */
  place: string;
  /** null: a bare number and hash. */
  signed: SignedCheckpoint | null;
}

/** The line to keep elsewhere of an entry `checkpoint.made`. */
export function anchorLine(entry: JournalEntry): string {
  const found = readCheckpoint(entry.body);
  if (!found) {
    throw badInput(`entry ${entry.seq} is no checkpoint`, {
      code: 'checkpoint.malformed',
      remedy: 'make one with `drydock audit checkpoint`',
    });
  }
  return canonical({ ...found.checkpoint, signature: found.signature });
}

function jsonIn(line: string): unknown {
  const [from, to] = [line.indexOf('{'), line.lastIndexOf('}')];
  try {
    return from < 0 ? undefined : JSON.parse(line.slice(from, to + 1));
  } catch {
    return undefined;
  }
}

function readAnchor(line: string, place: string): KeptAnchor | null {
  const value = jsonIn(line);
  const signed = readCheckpoint(value);
  if (signed) {
    const { size, head } = signed.checkpoint;
    return { seq: size, hash: head, place, signed };
  }
  const { seq, hash } = (value ?? {}) as { seq?: unknown; hash?: unknown };
  if (!Number.isSafeInteger(seq) || (seq as number) < 1 || !isHash(hash)) return null;
  return { seq: seq as number, hash, place, signed: null };
}

/** Every line must be an anchor: one that is not understood might be the one that matters. */
export function parseAnchors(text: string, file: string): KeptAnchor[] {
  const anchors = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const anchor = readAnchor(line, `${file}:${index + 1}`);
    if (anchor) return [anchor];
    throw badInput('an anchor is a checkpoint, or has a seq and a hash', {
      code: 'anchor.malformed',
      place: { file, line: index + 1 },
      remedy: 'give the lines that `drydock audit anchor` wrote, or {"seq": N, "hash": "…"}',
    });
  });
  if (anchors.length > 0) return anchors;
  throw badInput('there is no anchor in it', {
    code: 'anchor.missing',
    place: { file },
    remedy: 'give the lines that `drydock audit anchor` wrote; without them leave --anchor out',
  });
}
