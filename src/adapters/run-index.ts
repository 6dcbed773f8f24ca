/**
 * The index by run, beside the record: which entries a run has, and what somebody stored of it. It
 * is made from the record and is no part of it: nobody verifies it, an older program does not know
 * it, and where it is gone, damaged, of another form or of another record it is made anew. Where it
 * cannot be written it is made in memory, for as long as the record is open.
 *
 *     runs: run │ number of its first entry │ [numbers of all] │ hash of the last │ head │ its seal
 *     reach: up to which entry, with its hash │ the first one before it that is not what was written
 *
 * It reaches as far as it says where that entry of the record has that hash: whatever stands before
 * is vouched for by the chain. What came since is looked at when somebody asks. Where an entry is
 * missing or was changed, also filed elsewhere than its text says, no list is handed out until the
 * record is whole again; then the index is made anew.
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Anchor, sha256 } from '../audit/chain.ts';
import { DrydockError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { IndexedRun, StoredHead } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { OWNER_ONLY } from './durable-file.ts';
import { BEGINNING, type Row, requireSound, SQLITE } from './journal-file.ts';

/** Of another one nothing is read. */
const FORM = 4;
const BUSY_TIMEOUT_MS = 2_000;
const PAGE = 1_000;

const TABLES = `
  CREATE TABLE runs (run TEXT PRIMARY KEY, first INTEGER NOT NULL, seqs TEXT NOT NULL,
    hash TEXT NOT NULL, head TEXT, sealed TEXT) STRICT, WITHOUT ROWID;
  CREATE INDEX runsInOrder ON runs (first);
  CREATE TABLE reach (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL,
    hash TEXT NOT NULL, damaged INTEGER) STRICT;
  PRAGMA user_version = ${FORM};`;

const OWN_TABLES =
  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";

interface RunRow {
  run: string;
  first: number;
  hash: string;
  head: string | null;
  sealed: string | null;
}

interface Index {
  /** Runs whose name holds the text, of those that begin behind entry `after`. */
  page(part: string, after: number): { runs: IndexedRun[]; next: number | null };
  /** Numbers of a run's entries in order, and the hash of the last; null: there is no such run. */
  placesOf(run: string): { seqs: number[]; last: string } | null;
  storeHeads(heads: readonly StoredHead[]): void;
  close(): void;
}

export interface RunIndex extends Index {
  /** It does not fit the record: from now on one that is made anew is asked. */
  renew(): void;
}

function within<T>(database: DatabaseSync, act: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const done = act();
    database.exec('COMMIT');
    return done;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function make(database: DatabaseSync): DatabaseSync {
  within(database, () => {
    const { user_version: form } = database.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (form === FORM) return;
    for (const { name } of database.prepare(OWN_TABLES).all()) {
      database.exec(`DROP TABLE "${String(name).replaceAll('"', '""')}"`);
    }
    database.exec(TABLES);
  });
  return database;
}

function openFile(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', OWNER_ONLY));
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA synchronous = NORMAL');
    return make(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Reach extends Anchor {
  damaged: number | null;
}

/** Whose an entry is by its row or its text, and whether it is what was written behind `before`. */
function filed(row: Row, before: Anchor): { runs: Set<string | null>; isSound: boolean } {
  if (sha256(row.text) !== row.hash) return { runs: new Set([row.run]), isSound: false };
  const { seq, run, previous } = JSON.parse(row.text) as JournalEntry;
  const isNext = row.seq === before.seq + 1 && previous === before.hash;
  const isSound = isNext && seq === row.seq && run === row.run;
  return { runs: new Set([run, row.run]), isSound };
}

const READING = 'reading the record';

/** Brings an index up to the end of the record; the first entry that is damaged, null: none. */
function follower(index: DatabaseSync, record: DatabaseSync): () => number | null {
  const end = record.prepare('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1');
  const hashAt = record.prepare('SELECT hash FROM entries WHERE seq = ?');
  const since = record.prepare('SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?');
  const reached = index.prepare('SELECT seq, hash, damaged FROM reach');
  const setReach = index.prepare('INSERT OR REPLACE INTO reach VALUES (1, ?, ?, ?)');
  const grow = index.prepare(`
    INSERT INTO runs (run, first, seqs, hash) VALUES (?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET
      seqs = substr(seqs, 1, length(seqs) - 1) || ',' || substr(excluded.seqs, 2),
      hash = excluded.hash`);

  const NOWHERE: Reach = { ...BEGINNING, damaged: null };

  const isOfRecord = ({ seq, hash }: Anchor) =>
    seq === 0 || (hashAt.get(seq) as { hash: string } | undefined)?.hash === hash;

  const isMended = ({ damaged }: Reach) => {
    if (damaged === null) return false;
    try {
      requireSound(record, damaged, READING);
      return true;
    } catch {
      return false;
    }
  };

  /** A page further; null: there is none. */
  function takeIn(from: Reach): Reach | null {
    const rows = since.all(from.seq, PAGE) as unknown as Row[];
    const byRun = new Map<string, { seqs: number[]; hash: string }>();
    let reach = from;
    for (const row of rows) {
      const { runs, isSound } = filed(row, reach);
      const damaged = reach.damaged ?? (isSound ? null : reach.seq + 1);
      reach = { seq: row.seq, hash: row.hash, damaged };
      for (const run of runs) {
        if (run === null) continue;
        const taken = byRun.get(run) ?? { seqs: [], hash: '' };
        taken.seqs.push(row.seq);
        taken.hash = row.hash;
        byRun.set(run, taken);
      }
    }
    for (const [run, { seqs, hash }] of byRun) grow.run(run, seqs[0]!, JSON.stringify(seqs), hash);
    return rows.length > 0 ? reach : null;
  }

  return () => {
    const last = end.get() as Anchor | undefined;
    const known = reached.get() as Reach | undefined;
    const isAtEnd = last?.seq === known?.seq && last?.hash === known?.hash;
    if (isAtEnd && !(known && isMended(known))) return known?.damaged ?? null;
    return within(index, () => {
      let reach = (reached.get() as Reach | undefined) ?? NOWHERE;
      if (!isOfRecord(reach) || isMended(reach)) {
        index.exec('DELETE FROM runs; DELETE FROM reach');
        reach = NOWHERE;
      }
      for (let to = takeIn(reach); to !== null; to = takeIn(reach)) reach = to;
      if (reach.seq !== 0) setReach.run(reach.seq, reach.hash, reach.damaged);
      return reach.damaged;
    });
  };
}

/** A head is one of the entry that was the last, and as it was stored; else it is none. */
const sealOf = (last: string, head: string) => sha256(`${last} ${head}`);

function indexIn(database: DatabaseSync, record: DatabaseSync): Index {
  const follow = follower(database, record);
  const listed = database.prepare(`
    SELECT run, first, hash, head, sealed FROM runs
    WHERE first > ? AND instr(run, ?) > 0 ORDER BY first LIMIT ?`);
  const places = database.prepare('SELECT seqs, hash FROM runs WHERE run = ?');
  const store = database.prepare('UPDATE runs SET head = ?, sealed = ? WHERE run = ? AND hash = ?');
  return {
    page(part, after) {
      const damaged = follow();
      // Whose it was nobody knows: a list that may lack a run, or its end, is none.
      if (damaged !== null) requireSound(record, damaged, READING);
      const rows = listed.all(after, part, PAGE) as unknown as RunRow[];
      const runs = rows.map(({ run, hash, head, sealed }) => {
        const isOfLast = head !== null && sealed === sealOf(hash, head);
        return { run, last: hash, head: isOfLast ? (JSON.parse(head) as JsonObject) : null };
      });
      return { runs, next: rows.length < PAGE ? null : rows.at(-1)!.first };
    },
    placesOf(run) {
      follow();
      const found = places.get(run) as { seqs: string; hash: string } | undefined;
      return found ? { seqs: JSON.parse(found.seqs) as number[], last: found.hash } : null;
    },
    storeHeads(heads) {
      within(database, () => {
        for (const { run, last, head } of heads) {
          const text = JSON.stringify(head);
          store.run(text, sealOf(last, text), run, last);
        }
      });
    },
    close: () => database.isOpen && database.close(),
  };
}

/** Another process is at it, or there is no room: what lies there is none the worse for it. */
function isLeftAlone(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return [SQLITE.busy, SQLITE.full, SQLITE.ioError].includes((errcode ?? 0) & 0xff);
}

/** Opened when it is first asked; whatever goes wrong with the file, the answer is right. */
export function openRunIndex(file: string, record: DatabaseSync): RunIndex {
  const inMemory = () => indexIn(make(new DatabaseSync(':memory:')), record);
  let opened: Index | null = null;
  let isInFile = true;
  const giveUp = (isDamaged: boolean) => {
    opened?.close();
    opened = null;
    isInFile = false;
    if (!isDamaged) return;
    try {
      for (const suffix of ['', '-journal']) rmSync(`${file}${suffix}`, { force: true });
    } catch {
      // It lies where nothing can be written; nobody believes it.
    }
  };
  const asked = <T>(ask: (index: Index) => T): T => {
    try {
      opened ??= isInFile ? indexIn(openFile(file), record) : inMemory();
      return ask(opened);
    } catch (error) {
      // It is the record that is damaged.
      if (!isInFile || error instanceof DrydockError) throw error;
      giveUp(!isLeftAlone(error));
      return asked(ask);
    }
  };
  return {
    page: (part, after) => asked((index) => index.page(part, after)),
    placesOf: (run) => asked((index) => index.placesOf(run)),
    storeHeads: (heads) => asked((index) => index.storeHeads(heads)),
    renew: () => giveUp(true),
    close: () => opened?.close(),
  };
}
