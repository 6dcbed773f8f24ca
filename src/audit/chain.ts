/**
 * The record as a chain. An entry's `hash` is SHA-256 over the canonical JSON (RFC 8785) of the
 * entry without `hash`, and the next entry holds it as `previous`: nothing in the middle can be
 * changed, taken out or put in without every later hash being wrong.
 *
 * What a chain alone cannot show is a tail that was cut off, or a record that was written anew
 * from some entry on: for that a hash stored elsewhere (an anchor) is needed. The verdict says so.
 */
import canonicalize from 'canonicalize';
import { DrydockError } from '../core/errors.ts';
import type { NewEntry } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { sha256 } from './digest.ts';

export { sha256 };

/** What the first entry names as the hash before it. */
export const GENESIS = '0'.repeat(64);

/** A place in the record that was written down elsewhere. */
export interface Anchor {
  seq: number;
  hash: string;
}

export type ChainCheck =
  | {
      ok: true;
      entries: number;
      head: Anchor | null;
      /** The last entry that an anchor vouches for; null without one. */
      anchored: number | null;
      cannotKnow: string[];
    }
  | { ok: false; seq: number | null; index: number; why: string };

/**
 * Whether JSON.stringify writes what RFC 8785 wants: names in order at every depth, and nothing
 * that JSON cannot hold. It is several times as fast as sorting.
 */
function isOrdered(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  if ('toJSON' in value) return false;
  let before: string | null = null;
  for (const name of Object.keys(value)) {
    if (before !== null && name <= before) return false;
    if (!isOrdered((value as Record<string, unknown>)[name])) return false;
    before = name;
  }
  return true;
}

/** Half of a surrogate pair, which is not allowed, is written so; a backslash before "ud" too. */
const HALF_A_PAIR = '\\ud';

/** RFC 8785 text. Throws a defect for what JSON cannot hold. */
export function canonical(value: unknown): string {
  if (isOrdered(value)) {
    const quick = JSON.stringify(value);
    if (!quick.includes(HALF_A_PAIR)) return quick;
  }
  const text = canonicalize(value);
  if (text === undefined) {
    throw new DrydockError('defect: a value that JSON cannot hold was to be recorded', {
      code: 'defect',
      exit: 70,
    });
  }
  return text;
}

/**
 * Whether `text`, which was parsed to `value`, is the RFC 8785 text of it byte for byte. A name
 * given twice is not: the parser kept one of the two.
 */
export function isCanonical(text: string, value: unknown): boolean {
  try {
    const isQuick = !text.includes(HALF_A_PAIR) && JSON.stringify(value) === text;
    return (isQuick && isOrdered(value)) || canonicalize(value) === text;
  } catch {
    return false;
  }
}

export function hashOf(entry: Omit<JournalEntry, 'hash'>): string {
  const { at, body, previous, run, schema, seq, type, who } = entry;
  return sha256(canonical({ at, body, previous, run, schema, seq, type, who }));
}

/** The entry that follows `head`, and the canonical text that its hash is over. */
export function sealText(
  head: Anchor | null,
  entry: NewEntry,
  stamp: { at: number; who: string },
): { sealed: JournalEntry; text: string } {
  // In the order of canonical JSON, which saves sorting.
  const open: Omit<JournalEntry, 'hash'> = {
    at: new Date(stamp.at).toISOString(),
    body: entry.body,
    previous: head?.hash ?? GENESIS,
    run: entry.run,
    schema: 'drydock.journal-entry/1',
    seq: (head?.seq ?? 0) + 1,
    type: entry.type,
    who: stamp.who,
  };
  const text = canonical(open);
  return { sealed: { ...open, hash: sha256(text) }, text };
}

/** The entry that follows `head`. */
export function sealEntry(
  head: Anchor | null,
  entry: NewEntry,
  stamp: { at: number; who: string },
): JournalEntry {
  return sealText(head, entry, stamp).sealed;
}

const FIELDS = ['schema', 'seq', 'at', 'run', 'type', 'who', 'body', 'previous', 'hash'];

function problem(entry: JournalEntry, head: Anchor | null): string | null {
  if (typeof entry !== 'object' || entry === null) return 'is not an entry';
  const stray = Object.keys(entry).find((name) => !FIELDS.includes(name));
  // No hash covers it, so anyone could have added it, and a reader might believe it.
  if (stray !== undefined) return `has the unknown field ${JSON.stringify(stray)}`;
  if (entry.schema !== 'drydock.journal-entry/1') return `has the unknown schema ${entry.schema}`;
  const expected = (head?.seq ?? 0) + 1;
  if (entry.seq !== expected) {
    return `has the number ${entry.seq} where ${expected} must stand: entries are missing or put in`;
  }
  if (entry.previous !== (head?.hash ?? GENESIS)) {
    return 'does not follow the entry before it: one of the two was replaced';
  }
  if (hashOf(entry) !== entry.hash) return 'was changed after it was written: its hash is another';
  return null;
}

/** Walks the whole record from its first entry and names the first that is bad. */
export function verifyChain(entries: readonly JournalEntry[], anchors: Anchor[] = []): ChainCheck {
  const wanted = new Map(anchors.map((anchor) => [anchor.seq, anchor.hash]));
  let head: Anchor | null = null;
  for (const [index, entry] of entries.entries()) {
    const why = problem(entry, head);
    if (why !== null) {
      return { ok: false, seq: entry?.seq ?? null, index, why: `entry ${index + 1} ${why}` };
    }
    const stored = wanted.get(entry.seq);
    if (stored !== undefined && stored !== entry.hash) {
      const said = `entry ${index + 1} is not the one that the anchor names: written anew from there`;
      return { ok: false, seq: entry.seq, index, why: `${said}, or from before` };
    }
    head = { seq: entry.seq, hash: entry.hash };
  }
  const last = Math.max(0, ...anchors.map((anchor) => anchor.seq));
  if (last > entries.length) {
    const why = `the anchor names entry ${last}, the record ends at ${entries.length}: its tail is cut`;
    return { ok: false, seq: entries.length + 1, index: entries.length, why };
  }
  return {
    ok: true,
    entries: entries.length,
    head,
    anchored: anchors.length > 0 ? last : null,
    cannotKnow: blindSpots(entries.length, anchors.length > 0 ? last : null),
  };
}

function blindSpots(count: number, anchored: number | null): string[] {
  if (anchored === null) {
    return [
      'no anchor was given: entries cut off at the end, or a record written anew as a whole, ' +
        'cannot be seen',
    ];
  }
  return anchored < count
    ? [`entries ${anchored + 1} to ${count} are newer than the anchor: a cut there cannot be seen`]
    : ['entries written and cut off after the anchor was made cannot be seen'];
}

/** For `audit verify`: exit 7 with the first bad entry. */
export function requireChain(entries: readonly JournalEntry[], anchors: Anchor[] = []): ChainCheck {
  const verdict = verifyChain(entries, anchors);
  if (verdict.ok) return verdict;
  throw new DrydockError(`the record does not verify: ${verdict.why}`, {
    code: 'journal.tampered',
    exit: 7,
    remedy: 'keep the file as it is and compare it with an exported copy',
  });
}
