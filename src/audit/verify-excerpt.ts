/**
 * Verifies an excerpt (excerpt.ts): every entry against the root of its checkpoint, the checkpoint
 * against signature and anchors. Whether the excerpt holds all that it should, only a stretch of
 * numbers can tell; of a run or a window only the whole record could.
 */
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import type { StoredAnchor } from './anchors.ts';
import { hashOf, isCanonical } from './chain.ts';
import { CHECKPOINT_MADE, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { isHash } from './digest.ts';
import { EXCERPT } from './excerpt.ts';
import type { Line } from './lines.ts';
import { provesConsistency, provesInclusion } from './merkle.ts';
import { bad, type Finding, good, type RecordVerdict, unknown, verdictOf } from './verdict.ts';
import { tornWords, type VerifyOptions } from './verify.ts';
import { readSigned } from './vouching.ts';
import { type Problem, readOpen } from './walk.ts';
import { digestOf, type Part, strangerIn } from './windows.ts';

interface Header {
  about: Part;
  entry: JournalEntry;
  signed: SignedCheckpoint;
  consistency: { size: number; root: string; path: string[] }[];
  count: number;
}

function parse(line: Line): Record<string, unknown> | null {
  try {
    const value = JSON.parse(line.text) as unknown;
    const isUsable = line.isText && line.isEnded && isCanonical(line.text, value);
    return isUsable && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Whether the text begins as an excerpt does. */
export function isExcerpt(firstLine: string): boolean {
  try {
    return (JSON.parse(firstLine) as { schema?: unknown }).schema === EXCERPT;
  } catch {
    return false;
  }
}

/** null: these are not an entry and its hash. */
function readEntry(value: unknown): JournalEntry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { hash, ...open } = value as Record<string, unknown>;
  const entry = value as JournalEntry;
  if (!isHash(hash) || typeof readOpen(open) === 'string' || hashOf(entry) !== hash) return null;
  return entry;
}

function readHashes(value: unknown): string[] | null {
  return Array.isArray(value) && value.every(isHash) ? value : null;
}

/** Nothing but the four words, each of its kind: whatever else it says would be passed over. */
function isPart(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, what]) => {
    if (name === 'from' || name === 'to') return Number.isSafeInteger(what);
    return (name === 'run' || name === 'window') && typeof what === 'string';
  });
}

function isWay(value: unknown): boolean {
  const { size, root, path, ...more } = (value ?? {}) as Record<string, unknown>;
  const isShaped = Number.isSafeInteger(size) && isHash(root) && readHashes(path) !== null;
  return isShaped && Object.keys(more).length === 0;
}

const NAMES = 'about,checkpoint,consistency,count,schema';

function readHeader(line: Line): Header | null {
  const value = parse(line);
  if (value?.schema !== EXCERPT || Object.keys(value).sort().join() !== NAMES) return null;
  if (!Array.isArray(value.consistency) || !value.consistency.every(isWay)) return null;
  const entry = readEntry(value.checkpoint);
  const signed = entry?.type === CHECKPOINT_MADE ? readCheckpoint(entry.body) : null;
  const isNamed = isPart(value.about);
  const isCounted = Number.isSafeInteger(value.count) && (value.count as number) > 0;
  if (!entry || !signed || !isCounted || !isNamed) return null;
  return {
    about: value.about as Part,
    entry,
    signed,
    consistency: value.consistency as Header['consistency'],
    count: value.count as number,
  };
}

interface Read {
  integrity: Problem | null;
  completeness: Problem | null;
  entries: JournalEntry[];
}

function readLineOf(header: Header, line: Line): JournalEntry | string {
  const value = parse(line);
  const entry = readEntry(value?.entry);
  const path = readHashes(value?.path);
  if (!entry || !path || Object.keys(value as object).length !== 2) {
    return 'is not an entry as it was sealed, with its way to the root';
  }
  const { size, root } = header.signed.checkpoint;
  const proof = { entryHash: entry.hash, index: entry.seq - 1, size, path, root };
  return provesInclusion(proof)
    ? entry
    : `is entry ${entry.seq}, and not under the checkpoint's root`;
}

function readEntries(header: Header, lines: Iterable<Line>): Read {
  const read: Read = { integrity: null, completeness: null, entries: [] };
  const { from, to, run, window } = header.about;
  let expected = from ?? 1;
  let number = 1;
  for (const line of lines) {
    number += 1;
    const entry = readLineOf(header, line);
    if (typeof entry === 'string') {
      read.integrity ??= { entry: expected, why: `line ${number} ${entry}` };
      expected += 1;
      continue;
    }
    const { seq } = entry;
    const before = read.entries.at(-1)?.seq ?? 0;
    const isStretch = run === undefined && window === undefined;
    if (seq <= before || (isStretch && seq !== expected)) {
      const why = `line ${number} is entry ${seq} where ${Math.max(expected, before + 1)} must stand`;
      read.completeness ??= { entry: expected, why };
    }
    expected = seq + 1;
    read.entries.push(entry);
  }
  const count = number - 1;
  if (count !== header.count) {
    const why = `${count} of its ${header.count} entries are there`;
    read.completeness ??= { entry: expected, why };
  } else if (to !== undefined && run === undefined && window === undefined && expected !== to + 1) {
    read.completeness ??= { entry: expected, why: `entries ${expected} to ${to} are missing` };
  }
  return read;
}

/** What an anchor says of the checkpoint: it fits, it does not, or it cannot be compared. */
function compare(anchor: StoredAnchor, header: Header, entries: JournalEntry[]): boolean | null {
  const { size, root, head, record } = header.signed.checkpoint;
  if (anchor.seq === header.entry.seq) return anchor.hash === header.entry.hash;
  const own = entries.find(({ seq }) => seq === anchor.seq);
  if (own && own.hash !== anchor.hash) return false;
  if (anchor.seq === size && anchor.hash !== head) return false;
  if (!anchor.signed) return own || anchor.seq === size ? true : null;
  const named = anchor.signed.checkpoint;
  if (named.record !== record) return false;
  if (named.size === size) return named.root === root;
  const way = header.consistency.find((one) => one.size === named.size);
  if (!way || !readHashes(way.path)) return null;
  const roots = { fromRoot: named.root, toRoot: root };
  return provesConsistency({ from: named.size, to: size, path: way.path, ...roots });
}

interface Anchored {
  finding: Finding;
  upTo: number | null;
  cannotKnow: string[];
}

function anchoredBy(header: Header, entries: JournalEntry[], options: VerifyOptions): Anchored {
  const { anchors = [], trust = null } = options;
  const { size } = header.signed.checkpoint;
  const said: string[] = [];
  const cannotKnow: string[] = [];
  let upTo: number | null = null;
  for (const anchor of anchors) {
    const fits = compare(anchor, header, entries);
    const own = anchor.signed ? readSigned(anchor.signed, trust) : null;
    const why =
      own?.kind === 'fails'
        ? `${anchor.place}: ${own.why}`
        : `${anchor.place} names another record: this one was written anew before entry ${anchor.seq}`;
    if (fits === false || own?.kind === 'fails') {
      return { finding: bad({ entry: anchor.seq, why }), upTo: null, cannotKnow };
    }
    if (fits === null) {
      cannotKnow.push(
        `${anchor.place} names entry ${anchor.seq}, of which the excerpt says nothing`,
      );
    } else {
      upTo = Math.max(upTo ?? 0, anchor.seq);
      said.push(`it agrees with ${anchor.place} on entry ${anchor.seq}`);
    }
  }
  const signature = readSigned(header.signed, trust);
  if (signature.kind === 'fails') {
    const { seq } = header.entry;
    const why = `entry ${seq}, the checkpoint: ${signature.why}`;
    return { finding: bad({ entry: seq, why }), upTo, cannotKnow };
  }
  if (signature.kind === 'holds') {
    upTo = size;
    said.push(`its checkpoint over ${size} entries is ${signature.words}`);
  }
  if (signature.kind === 'unread') {
    cannotKnow.push('its checkpoint is signed; without allowed signers it is not known by whom');
  }
  if (said.length > 0) return { finding: good(said.join('; ')), upTo, cannotKnow };
  cannotKnow.unshift(
    'nothing that was given vouches for the checkpoint: all of it could be made up',
  );
  return { finding: unknown('nothing that could be compared vouches for it'), upTo, cannotKnow };
}

/** What the checkpoint says of the window's entries, which whoever made the excerpt cannot change. */
function countedOf(header: Header, entries: JournalEntry[], window: string): Finding {
  const { schema, size, windows } = header.signed.checkpoint;
  const stranger = strangerIn(entries, window);
  if (stranger) {
    const { seq } = stranger;
    return bad({ entry: seq, why: `entry ${seq} is none of window ${window}` });
  }
  const reported = windows?.find((one) => one.window === window);
  const all = `all ${header.count} entries that it names are there`;
  if (!reported) {
    const why =
      schema === 'drydock.checkpoint/1'
        ? 'its checkpoint is of a form that counts no window’s entries'
        : 'its checkpoint does not count them';
    return unknown(`${all}; whether they are all of window ${window} is not known: ${why}`);
  }
  const own = entries.filter(({ seq }) => seq <= size);
  const there = `of the ${reported.entries} entries of window ${window} that its checkpoint counts`;
  const entry = own[0]?.seq ?? 1;
  if (own.length !== reported.entries)
    return bad({ entry, why: `${there}, ${own.length} are there` });
  if (digestOf(own) !== reported.digest) return bad({ entry, why: `${there}, not all are these` });
  return good(`all ${reported.entries} entries of window ${window}, as its checkpoint counts them`);
}

function completenessOf(header: Header, read: Read): Finding {
  if (read.completeness) return bad(read.completeness);
  const { window, run, from, to } = header.about;
  const isPart = run !== undefined || from !== undefined || to !== undefined;
  if (window !== undefined && !isPart) return countedOf(header, read.entries, window);
  const other = run === undefined ? undefined : read.entries.find((entry) => entry.run !== run);
  if (other) return bad({ entry: other.seq, why: `entry ${other.seq} is none of run ${run}` });
  const named = window ? `window ${window}` : run ? `run ${run}` : null;
  if (named === null) {
    const [first, last] = [read.entries[0]?.seq, read.entries.at(-1)?.seq];
    return good(first === last ? `entry ${first}` : `entries ${first} to ${last}, none missing`);
  }
  const all = `all ${header.count} entries that it names are there`;
  return unknown(`${all}; whether they are all of ${named} only the whole record tells`);
}

export function verifyExcerpt(lines: Iterable<Line>, options: VerifyOptions = {}): RecordVerdict {
  const [first, ...rest] = lines;
  const header = first ? readHeader(first) : null;
  const none = { entries: 0, head: null, anchored: null, cannotKnow: [], noted: [] };
  if (!header) {
    const why = 'line 1 does not name a checkpoint as an excerpt must';
    const unread = unknown('not looked at');
    const findings = { completeness: unread, anchoring: unread };
    return verdictOf({ integrity: bad({ entry: 1, why }), ...findings }, none);
  }
  const read = readEntries(header, rest);
  const { finding, upTo, cannotKnow } = anchoredBy(header, read.entries, options);
  const { size } = header.signed.checkpoint;
  const whole = `${read.entries.length} as sealed, each under the root of the checkpoint over ${size}`;
  const last = read.entries.at(-1);
  return verdictOf(
    {
      integrity: read.integrity ? bad(read.integrity) : good(whole),
      completeness: completenessOf(header, read),
      anchoring: finding,
    },
    {
      entries: read.entries.length,
      head: last ? { seq: last.seq, hash: last.hash } : null,
      anchored: upTo,
      cannotKnow: [...cannotKnow, ...tornWords(options.torn ?? [])],
      noted: [],
    },
  );
}
