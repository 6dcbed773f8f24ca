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

export interface StoredAnchor {
  /** Which entry it names: the last that it stands for. */
  seq: number;
  hash: string;
  /** Where it was stored: `FILE:LINE`. */
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

function readAnchor(line: string, place: string): StoredAnchor | null {
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

export interface Anchors {
  anchors: StoredAnchor[];
  /** Places of lines that were cut off: an anchor was being written there. */
  torn: string[];
}

/**
 * A whole one ends with a brace. What stands before a whole anchor on its line is what was torn
 * when the anchor was written right behind it.
 */
function readLine(line: string, place: string): { anchor: StoredAnchor | null; isTorn: boolean } {
  const anchor = readAnchor(line, place);
  if (anchor) return { anchor, isTorn: false };
  const begins = line.indexOf('{');
  if (begins < 0) return { anchor: null, isTorn: /^\0+$/.test(line) };
  const last = line.lastIndexOf('{"');
  const behind = last > begins ? readAnchor(line.slice(last), place) : null;
  if (behind) return { anchor: behind, isTorn: true };
  return { anchor: null, isTorn: !line.trimEnd().endsWith('}') };
}

/**
 * Every line must be an anchor: one that is not understood might be the one that matters. A line
 * that was cut off while it was written is reported, and the others count.
 */
export function parseAnchors(text: string, file: string): Anchors {
  const torn: string[] = [];
  const anchors = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${file}:${index + 1}`;
    const { anchor, isTorn } = readLine(line, place);
    if (isTorn) torn.push(place);
    if (anchor) return [anchor];
    if (isTorn) return [];
    throw badInput('an anchor is a checkpoint, or has a seq and a hash', {
      code: 'anchor.malformed',
      place: { file, line: index + 1 },
      remedy: 'give the lines that `drydock audit anchor` wrote, or {"seq": N, "hash": "…"}',
    });
  });
  if (anchors.length > 0) return { anchors, torn };
  const [cut] = torn;
  throw badInput(
    cut ? `there is no whole anchor in it: ${cut} is cut off` : 'there is no anchor in it',
    {
      code: 'anchor.missing',
      place: { file },
      remedy: 'give the lines that `drydock audit anchor` wrote; without them leave --anchor out',
    },
  );
}

/** What several places keep, as one. */
export function allAnchors(found: readonly Anchors[]): Anchors {
  return {
    anchors: found.flatMap(({ anchors }) => anchors),
    torn: found.flatMap(({ torn }) => torn),
  };
}
