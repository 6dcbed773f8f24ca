/**
 * The walk over a record, entry by entry, from its first: is each what was written, does it follow
 * the one before, is any missing. The walk goes on after a problem, so that integrity and
 * completeness each name the first bad entry of their own.
 *
 * A line that is no entry, or not what was written, says nothing that could be believed, its
 * number included: it counts as one entry of unknown number.
 */
import type { SealedText } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { type Anchor, GENESIS, isCanonical } from './chain.ts';
import { CHECKPOINT_MADE, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { isHash, sha256 } from './digest.ts';
import type { Line } from './lines.ts';
import { MerkleTree } from './merkle.ts';

export interface Problem {
  /** The first bad entry: its number in the record. */
  entry: number;
  why: string;
}

export interface SeenCheckpoint extends SignedCheckpoint {
  /** The entry that holds it. */
  seq: number;
  /** Whether it names the entries that stand before it; null: not compared, behind a problem. */
  fits: boolean | null;
}

type Open = Omit<JournalEntry, 'hash'>;

const NAMES = ['at', 'body', 'previous', 'run', 'schema', 'seq', 'type', 'who'];
/** Processes of one host may differ by less than this without anyone having set the clock. */
const CLOCK_JUMP_MS = 1000;

/** What should be an entry without its hash; a text says why it is none. */
export function readOpen(value: unknown): Open | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not an entry';
  const names = Object.keys(value);
  const stray = names.find((name) => !NAMES.includes(name));
  if (stray !== undefined) return `has the unknown field ${JSON.stringify(stray)}`;
  const lacking = NAMES.find((name) => !names.includes(name));
  if (lacking !== undefined) return `lacks the field ${JSON.stringify(lacking)}`;
  const { schema, seq, at, run, type, who, body, previous } = value as Record<string, unknown>;
  if (schema !== 'drydock.journal-entry/1') {
    return `has the unknown schema ${JSON.stringify(schema)}`;
  }
  const isShaped =
    Number.isSafeInteger(seq) &&
    (seq as number) > 0 &&
    [at, type, who].every((word) => typeof word === 'string') &&
    (run === null || typeof run === 'string') &&
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    isHash(previous);
  if (!isShaped) return 'has a field of the wrong kind';
  return value as Open;
}

function readText(text: string): Open | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const open = readOpen(value);
  if (typeof open === 'string' || isCanonical(text, value)) return open;
  return 'is not canonical JSON, byte for byte';
}

/** What stands before the hash that an entry names; the last such words are the entry's own. */
const PREVIOUS = ',"previous":"';
const HASH = ',"hash":"';
const HASH_LENGTH = HASH.length + 64 + 1;

/** Takes the hash out of a line. In canonical JSON it stands just before `previous`. */
export function takeHash(line: string): { text: string; hash: string } | null {
  const after = line.lastIndexOf(PREVIOUS);
  const at = after - HASH_LENGTH;
  if (at < 0 || !line.startsWith(HASH, at) || line[after - 1] !== '"') return null;
  const hash = line.slice(at + HASH.length, after - 1);
  return isHash(hash) ? { text: line.slice(0, at) + line.slice(after), hash } : null;
}

/** The line of an entry: its text with the hash put in where canonical JSON has it. */
export function lineOf({ text, hash }: Pick<SealedText, 'text' | 'hash'>): string {
  const at = text.lastIndexOf(PREVIOUS);
  return `${text.slice(0, at)}${HASH}${hash}"${text.slice(at)}`;
}

export class Walk {
  entries = 0;
  integrity: Problem | null = null;
  completeness: Problem | null = null;
  readonly tree = new MerkleTree();
  readonly checkpoints: SeenCheckpoint[] = [];
  /** Hashes of those entries that somebody wants to compare. */
  readonly wanted: Map<number, string | null>;
  record: string | null = null;
  clockJumps: { entry: number; ms: number }[] = [];
  readonly unended = new Map<string, number>();
  /** Who reads the record in its last entry: whoever exported it, and could not have ended yet. */
  exporting: string | null = null;
  #last: (Anchor & { at: number }) | null = null;
  /** Lines since then that could not be believed. */
  #doubtful = 0;

  constructor(wanted: Iterable<number> = []) {
    this.wanted = new Map([...wanted].map((seq) => [seq, null]));
  }

  /** The last good entry. */
  get head(): Anchor | null {
    return this.#last ? { seq: this.#last.seq, hash: this.#last.hash } : null;
  }

  /** Number of the last entry, as far as it is known. */
  get end(): number {
    return (this.#last?.seq ?? 0) + this.#doubtful;
  }

  get isWhole(): boolean {
    return this.integrity === null && this.completeness === null;
  }

  line({ text, isEnded, isText }: Line): void {
    if (!isEnded) {
      const entry = this.end + 1;
      this.completeness ??= { entry, why: `entry ${entry} is cut off within its line` };
      return;
    }
    const parts = isText ? takeHash(text) : null;
    if (parts) this.sealed(parts.text, parts.hash);
    else this.#doubt(isText ? whyNoEntry(text) : 'is not text: these bytes are no UTF-8');
  }

  /** `filed`: the number and run under which the store has it. */
  sealed(text: string, hash: string, filed?: Pick<SealedText, 'seq' | 'run'>): void {
    const open = readText(text);
    if (typeof open === 'string') this.#doubt(open);
    else if (filed && (filed.seq !== open.seq || filed.run !== open.run)) {
      this.#doubt('is filed under another run or number');
    } else if (sha256(text) === hash) this.#take(open, hash);
    else this.#doubt('was changed after it was written: its hash is another');
  }

  #take(open: Open, hash: string): void {
    this.entries += 1;
    this.#place(open, hash);
    this.#note(open, hash);
    this.#last = { seq: open.seq, hash, at: Date.parse(open.at) };
    this.#doubtful = 0;
  }

  #doubt(why: string): void {
    this.entries += 1;
    this.#doubtful += 1;
    this.integrity ??= { entry: this.end, why: `entry ${this.end} ${why}` };
  }

  /** Does it stand where it belongs? */
  #place({ seq, previous }: Open, hash: string): void {
    const after = this.#last?.seq ?? 0;
    const missing = seq - after - 1 - this.#doubtful;
    if (seq <= after) {
      const must = this.end + 1;
      const why = `entry ${seq} stands where ${must} must: put in, repeated or out of order`;
      this.completeness ??= { entry: must, why };
    } else if (missing > 0) {
      const first = after + 1;
      const said = missing === 1 && this.#doubtful === 0 ? `entry ${first} is` : null;
      const among = `of entries ${first} to ${seq - 1} ${missing} are`;
      const all = this.#doubtful === 0 ? `entries ${first} to ${seq - 1} are` : among;
      this.completeness ??= { entry: first, why: `${said ?? all} missing` };
    } else if (this.#doubtful === 0 && previous !== (this.#last?.hash ?? GENESIS)) {
      const why = `entry ${seq} does not follow the entry before it: one of the two was replaced`;
      this.integrity ??= { entry: seq, why };
    }
    if (this.isWhole) this.tree.add(hash);
  }

  #note({ seq, at, type, body }: Open, hash: string): void {
    if (seq === 1) this.record ??= hash;
    if (this.wanted.has(seq)) this.wanted.set(seq, hash);
    const ms = Date.parse(at);
    if (this.#last && ms < this.#last.at - CLOCK_JUMP_MS) {
      this.clockJumps.push({ entry: seq, ms: this.#last.at - ms });
    }
    const { recording } = body as { recording?: unknown };
    this.exporting = type === 'record.read' && typeof recording === 'string' ? recording : null;
    if (type === 'recording.started' && typeof recording === 'string') {
      this.unended.set(recording, seq);
    }
    if (type === 'recording.stopped' && typeof recording === 'string') {
      this.unended.delete(recording);
    }
    if (type === CHECKPOINT_MADE) this.#seeCheckpoint(seq, body);
  }

  #seeCheckpoint(seq: number, body: unknown): void {
    const found = readCheckpoint(body);
    if (!found) {
      this.integrity ??= { entry: seq, why: `entry ${seq} is a checkpoint of no known form` };
      return;
    }
    const { size, head, root, record } = found.checkpoint;
    // Beyond a problem there is no tree to compare with; the problem itself is said.
    const fits = !this.isWhole
      ? null
      : size < seq &&
        record === this.record &&
        this.tree.hasLeaf(size, head) &&
        this.tree.root(size) === root;
    this.checkpoints.push({ seq, fits, ...found });
    if (fits !== false) return;
    const why = `entry ${seq}, a checkpoint, names other entries than those that stand before it`;
    this.integrity = { entry: seq, why };
  }
}

function whyNoEntry(line: string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return line === '' ? 'is an empty line' : 'is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not an entry';
  if (!isHash((value as { hash?: unknown }).hash)) return 'lacks its hash';
  const { hash: _hash, ...open } = value as Record<string, unknown>;
  const reported = readOpen(open);
  return typeof reported === 'string' ? reported : 'is not canonical JSON, byte for byte';
}
