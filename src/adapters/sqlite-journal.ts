/**
 * The Journal port on node:sqlite: one table, one row an entry, one durable commit an append.
 *
 * The file is in WAL mode with synchronous=FULL, so a commit costs one fsync; a torn or damaged
 * tail of the log ends the record at the last whole commit. A new file is built beside its place
 * and linked into it, so whatever stands there is whole. Opening walks the whole chain: a record
 * that was damaged is refused with words, never read as a shorter or another one (a tail that was
 * cut off cleanly cannot be told without an anchor: src/audit/chain.ts).
 *
 * Other runners of this host are kept away by a lock of the operating system on a second file,
 * which falls with its process however that dies, and does not fall while it is only frozen.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Anchor, GENESIS, sealText, sha256 } from '../audit/chain.ts';
import { heldByAnother, journalCorrupt, journalFailed, journalFull } from '../audit/errors.ts';
import { DrydockError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal, NewEntry } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';

/** "dryd", so that another program's database is not taken for a record. */
const APPLICATION_ID = 0x64727964;
const BUSY_TIMEOUT_MS = 5_000;
/** Enough for the entries of a long run. */
const STRETCHED_BYTES = 2 * 1024 * 1024;
const SQLITE = { busy: 5, ioError: 10, corrupt: 11, full: 13, notADatabase: 26 };

export interface SqliteJournalOptions {
  file: string;
  clock: Pick<Clock, 'now'>;
  /** Login and host of the person, or the program. */
  who: string;
  /** An upper limit on the file, in database pages; a journal beyond it is full. */
  maxPages?: number;
}

interface Row {
  seq: number;
  run: string | null;
  text: string;
  hash: string;
}

function explain(attempted: string, error: unknown): DrydockError {
  if (error instanceof DrydockError) return error;
  const code = (error as { errcode?: number }).errcode;
  const primary = code === undefined ? null : code & 0xff;
  if (primary === SQLITE.full) return journalFull(attempted, error);
  if (primary === SQLITE.corrupt || primary === SQLITE.notADatabase) {
    return journalCorrupt(attempted, (error as Error).message, error);
  }
  return journalFailed(attempted, error);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** A new, empty record: built aside, linked into place; whoever comes second keeps the first's. */
function createFile(file: string, aside: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(aside, 'wx', 0o600));
  const database = new DatabaseSync(aside);
  try {
    database.exec(`
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA synchronous = FULL;
      CREATE TABLE entries (
        seq INTEGER PRIMARY KEY, run TEXT, text TEXT NOT NULL, hash TEXT NOT NULL
      ) STRICT;
      PRAGMA journal_mode = WAL;`);
  } finally {
    database.close();
  }
  try {
    linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${aside}${suffix}`, { force: true });
  }
  syncFolder(dirname(file));
}

/** Walks the record from its first entry; throws where it is not what was written. */
function inspect(database: DatabaseSync, attempted: string): void {
  const { application_id: id } = database.prepare('PRAGMA application_id').get() as {
    application_id: number;
  };
  if (id !== APPLICATION_ID) throw journalCorrupt(attempted, 'the file is not a record of drydock');
  const [first] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
  if (first?.quick_check !== 'ok') {
    throw journalCorrupt(attempted, first?.quick_check ?? 'the check of the file gave no answer');
  }
  let head: Anchor = { seq: 0, hash: GENESIS };
  for (const row of database.prepare('SELECT * FROM entries ORDER BY seq').iterate()) {
    const { seq, run, text, hash } = row as unknown as Row;
    if (seq !== head.seq + 1) {
      throw journalCorrupt(attempted, `entry ${head.seq + 1} is missing`);
    }
    if (sha256(text) !== hash) throw journalCorrupt(attempted, `entry ${seq} was changed`);
    if (!text.includes(`"previous":"${head.hash}"`)) {
      throw journalCorrupt(attempted, `entry ${seq} does not follow the one before it`);
    }
    if (!isFiledRight({ seq, run, text })) {
      throw journalCorrupt(attempted, `entry ${seq} is filed under another run or number`);
    }
    head = { seq, hash };
  }
}

/**
 * What entries are looked up by is covered by their hash too. Canonical JSON has its names in
 * order, so the fields stand side by side.
 */
function isFiledRight({ seq, run, text }: Pick<Row, 'seq' | 'run' | 'text'>): boolean {
  const name = JSON.stringify(run);
  return text.includes(`","run":${name},"schema":"drydock.journal-entry/1","seq":${seq},`);
}

function readRow(row: Row): JournalEntry {
  if (sha256(row.text) !== row.hash || !isFiledRight(row)) {
    throw journalCorrupt('reading the record', `entry ${row.seq} was changed`);
  }
  return { ...(JSON.parse(row.text) as Omit<JournalEntry, 'hash'>), hash: row.hash };
}

function open(options: SqliteJournalOptions): DatabaseSync {
  const attempted = `opening the record ${options.file}`;
  let database: DatabaseSync | null = null;
  try {
    if (!existsSync(options.file)) createFile(options.file, `${options.file}.${process.pid}.new`);
    chmodSync(options.file, 0o600);
    database = new DatabaseSync(options.file, { timeout: BUSY_TIMEOUT_MS });
    database.exec('PRAGMA synchronous = FULL');
    if (options.maxPages) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    inspect(database, attempted);
    return database;
  } catch (error) {
    try {
      database?.close();
    } catch {
      // A damaged file may not even close; the error that matters is the first one.
    }
    throw explain(attempted, error);
  }
}

/**
 * Makes the log file long before it is written to. A commit that overwrites costs about half of
 * one that lengthens the file, and does not wait for what others do on the same file system. The
 * pages of a transaction that outgrows its cache and is rolled back stay in the file, as nothing.
 */
function stretchLog(database: DatabaseSync): void {
  try {
    database.exec(`
      PRAGMA cache_size = 8;
      BEGIN IMMEDIATE;
      INSERT INTO entries VALUES (0, NULL, printf('%.*c', ${STRETCHED_BYTES}, ' '), '');`);
  } catch {
    // Only speed is lost; a disk that is full says so when an entry is to be kept.
  }
  if (database.isTransaction) database.exec('ROLLBACK');
  database.exec('PRAGMA cache_size = -2000');
}

export function openSqliteJournal(options: SqliteJournalOptions): Journal {
  const database = open(options);
  const last = database.prepare('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1');
  const insert = database.prepare('INSERT INTO entries (seq, run, text, hash) VALUES (?, ?, ?, ?)');
  // IMMEDIATE: nobody else may append between reading the head and following it.
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const all = database.prepare('SELECT * FROM entries ORDER BY seq');
  const ofRun = database.prepare('SELECT * FROM entries WHERE run = ? ORDER BY seq');

  function write(entries: NewEntry[]): JournalEntry[] {
    let head = (last.get() as Anchor | undefined) ?? null;
    return entries.map((entry) => {
      const stamp = { at: options.clock.now(), who: options.who };
      const { sealed, text } = sealText(head, entry, stamp);
      insert.run(sealed.seq, sealed.run, text, sealed.hash);
      head = sealed;
      return sealed;
    });
  }

  return {
    append(entries) {
      try {
        begin.run();
        const sealed = write(entries);
        commit.run();
        return sealed;
      } catch (error) {
        if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
        throw explain(`recording ${entries.map((entry) => entry.type).join(', ')}`, error);
      }
    },
    entries(run) {
      try {
        const rows = run === undefined ? all.all() : ofRun.all(run);
        return rows.map((row) => readRow(row as unknown as Row));
      } catch (error) {
        throw explain('reading the record', error);
      }
    },
    hold(cluster, about) {
      const file = `${options.file}.hold-${sha256(cluster).slice(0, 16)}`;
      const letGo = holdFile(file, cluster, about);
      stretchLog(database);
      return letGo;
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}

/** Kept from the garbage collector: a database that is collected is closed, and its lock falls. */
const held = new Set<DatabaseSync>();

/** The lock is SQLite's own on an empty file; the words beside it are for people only. */
function holdFile(file: string, cluster: string, about: string): () => void {
  const words = `${file}.txt`;
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== SQLITE.busy) {
      throw explain(`taking the runner's lock ${file}`, error);
    }
    throw heldByAnother(
      cluster,
      existsSync(words) ? readFileSync(words, 'utf8').trim() : 'unknown',
    );
  }
  chmodSync(file, 0o600);
  writeFileSync(words, `${about}, process ${process.pid}\n`, { mode: 0o600 });
  held.add(database);
  return () => {
    if (!held.delete(database)) return;
    rmSync(words, { force: true });
    database.exec('ROLLBACK');
    database.close();
  };
}
