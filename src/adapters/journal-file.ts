/**
 * The record's file: made, opened, and looked at as far as opening must. A new file is built
 * beside its place and linked into it, so whatever stands there is whole. A mark beside it stays when
 * the record goes: then none is begun in its place unless somebody asks for that.
 *
 * Opening looks at the end of the record only, however long it is: the last entries must be what
 * was written and follow one another, because the next one follows them. Everything else is
 * checked where it is read, and the whole of it by `audit verify`.
 */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type Anchor, GENESIS, sha256 } from '../audit/chain.ts';
import { journalCorrupt, journalFailed, journalFull, journalGone } from '../audit/errors.ts';
import { DrydockError } from '../core/errors.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import {
  createDurablySync,
  flushFolder,
  linkNew,
  makeFolder,
  nameBeside,
  OWNER_ONLY,
  sweepBeside,
} from './durable-file.ts';

/** "dryd", so that another program's database is not taken for a record. */
const APPLICATION_ID = 0x64727964;
const BUSY_TIMEOUT_MS = 5_000;
/** How many of the last entries opening checks. */
const CHECKED_ENTRIES = 64;
/** A file up to here has its structure checked as a whole; that takes a few milliseconds. */
const SMALL_FILE_BYTES = 2 * 1024 * 1024;
export const SQLITE = { busy: 5, ioError: 10, corrupt: 11, full: 13, notADatabase: 26 };

export interface Row {
  seq: number;
  run: string | null;
  text: string;
  hash: string;
}

export function explain(attempted: string, error: unknown): DrydockError {
  if (error instanceof DrydockError) return error;
  const code = (error as { errcode?: number }).errcode;
  const primary = code === undefined ? null : code & 0xff;
  if (primary === SQLITE.full || (error as NodeJS.ErrnoException).code === 'ENOSPC') {
    return journalFull(attempted, error);
  }
  if (primary === SQLITE.corrupt || primary === SQLITE.notADatabase) {
    return journalCorrupt(attempted, (error as Error).message, error);
  }
  if ((error as NodeJS.ErrnoException).code === 'ERR_OUT_OF_RANGE') {
    return journalCorrupt(attempted, 'an entry has a number that none can have', error);
  }
  return journalFailed(attempted, error);
}

/** A new, empty record: built aside, linked into place; whoever comes second keeps the first's. */
function createFile(file: string): void {
  makeFolder(dirname(file), 0o700);
  sweepBeside(file);
  const aside = nameBeside(file);
  try {
    closeSync(openSync(aside, 'wx', OWNER_ONLY));
    const database = new DatabaseSync(aside);
    try {
      database.exec(`
        PRAGMA application_id = ${APPLICATION_ID};
        PRAGMA synchronous = FULL;
        ${TABLE};
        PRAGMA journal_mode = WAL;`);
    } finally {
      database.close();
    }
    linkNew(aside, file);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal'])
      rmSync(`${aside}${suffix}`, { force: true });
  }
  flushFolder(dirname(file));
}

const MARK_WORDS =
  'A record of drydock was begun beside this file. Should it be gone, this tells.\n';

const markOf = (file: string) => `${file}.begun`;

/** Once the record is there; one of before gets its mark when it is next opened. */
function leaveMark(file: string): void {
  try {
    if (!existsSync(markOf(file))) {
      createDurablySync(markOf(file), MARK_WORDS, { mode: OWNER_ONLY });
    }
  } catch {
    // A disk that is full keeps nobody from the record; the next one who opens it leaves the mark.
  }
}

/** What tells that there was a record where there is none: its mark, its log, a runner's lock. */
function signOfRecord(file: string): string | null {
  const name = basename(file);
  const isSign = (one: string) =>
    one === `${name}.begun` || one === `${name}-wal` || one.startsWith(`${name}.hold-`);
  try {
    return readdirSync(dirname(file)).sort().find(isSign) ?? null;
  } catch {
    return null;
  }
}

/** The log of the one that is gone would be taken for the new one's; it gets another name. */
function putLogAside(file: string): void {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (log) renameSync(`${file}-wal`, `${file}.gone-${Math.floor(log.mtimeMs)}-wal`);
  rmSync(`${file}-shm`, { force: true });
}

/** A new record, where none ever was or `isAnew` says that another one is wanted. */
function beginFile(file: string, { attempted, isAnew }: Opening): void {
  const sign = signOfRecord(file);
  if (sign !== null && !isAnew) throw journalGone(attempted, join(dirname(file), sign));
  if (sign !== null) putLogAside(file);
  createFile(file);
}

/** A row as an entry; throws where it is not what was written, or filed where it does not belong. */
export function readRow(row: Row, attempted: string): JournalEntry {
  if (sha256(row.text) !== row.hash) {
    throw journalCorrupt(attempted, `entry ${row.seq} was changed`);
  }
  const open = JSON.parse(row.text) as Omit<JournalEntry, 'hash'>;
  if (open.seq !== row.seq || open.run !== row.run) {
    throw journalCorrupt(attempted, `entry ${row.seq} is filed under another run or number`);
  }
  return { ...open, hash: row.hash };
}

/** Entries that stand side by side; `before` is what the first of them follows, null: not known. */
function readChain(rows: Iterable<Row>, before: Anchor | null, attempted: string): JournalEntry[] {
  const entries: JournalEntry[] = [];
  let head = before;
  for (const row of rows) {
    if (head !== null && row.seq !== head.seq + 1) {
      throw journalCorrupt(attempted, `entry ${head.seq + 1} is missing`);
    }
    const entry = readRow(row, attempted);
    if (head !== null && entry.previous !== head.hash) {
      throw journalCorrupt(attempted, `entry ${row.seq} does not follow the one before it`);
    }
    entries.push(entry);
    head = { seq: row.seq, hash: row.hash };
  }
  return entries;
}

export const BEGINNING: Anchor = { seq: 0, hash: GENESIS };

/** Throws where an entry is not what was written, or does not follow the one before it. */
export function requireSound(database: DatabaseSync, seq: number, attempted: string): void {
  const both = 'SELECT * FROM entries WHERE seq IN (?, ?) ORDER BY seq';
  const rows = database.prepare(both).all(seq - 1, seq) as unknown as Row[];
  const [last] = readChain(rows, seq === 1 ? BEGINNING : null, attempted).slice(-1);
  if (last?.seq !== seq) throw journalCorrupt(attempted, `entry ${seq} is missing`);
}

function numberOf(database: DatabaseSync, pragma: string): number {
  const row = database.prepare(`PRAGMA ${pragma}`).get() as Record<string, number>;
  return row[pragma] as number;
}

const TABLE = `CREATE TABLE entries (
  seq INTEGER PRIMARY KEY, run TEXT, text TEXT NOT NULL, hash TEXT NOT NULL
) STRICT`;

const inOneLine = (sql: unknown) => String(sql).replace(/\s+/g, ' ').trim();

/**
 * The one table as it was made, and nothing beside it: a view in its place, or a trigger, would
 * have the record say whatever its maker likes. What SQLite keeps for itself is no matter.
 */
function requireShape(database: DatabaseSync, attempted: string): void {
  const found = database.prepare('SELECT type, name, sql FROM sqlite_schema').all() as {
    type: string;
    name: string;
    sql: string | null;
  }[];
  const entries = found.find(({ name }) => name === 'entries');
  if (!entries) throw journalCorrupt(attempted, 'the table of its entries is missing');
  if (entries.type !== 'table' || inOneLine(entries.sql) !== inOneLine(TABLE)) {
    throw journalCorrupt(attempted, `its entries are a ${entries.type} of another form`);
  }
  const stray = found.find(({ name }) => name !== 'entries' && !name.startsWith('sqlite_'));
  if (stray) throw journalCorrupt(attempted, `there is a ${stray.type} '${stray.name}' in it`);
}

/** Throws where the end of the record is not what was written. */
function inspect(database: DatabaseSync, { attempted, isToBeVerified }: Opening): void {
  if (numberOf(database, 'application_id') !== APPLICATION_ID) {
    throw journalCorrupt(attempted, 'the file is not a record of drydock');
  }
  requireShape(database, attempted);
  if (isToBeVerified) return;
  const bytes = numberOf(database, 'page_count') * numberOf(database, 'page_size');
  if (bytes <= SMALL_FILE_BYTES) {
    const [first] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
    if (first?.quick_check !== 'ok') {
      throw journalCorrupt(attempted, first?.quick_check ?? 'the check of the file had no answer');
    }
  }
  const last = 'SELECT * FROM entries ORDER BY seq DESC LIMIT ?';
  const rows = (database.prepare(last).all(CHECKED_ENTRIES) as unknown as Row[]).reverse();
  const isWhole = rows.length < CHECKED_ENTRIES || rows[0]?.seq === 1;
  readChain(rows, isWhole ? BEGINNING : null, attempted);
}

export interface Opening {
  /** For the words of an error. */
  attempted: string;
  /** Whoever opens it will look at all of it, and has better words for what is wrong. */
  isToBeVerified?: boolean;
  /** An upper limit on the file, in database pages. */
  maxPages?: number;
  /** A record that is gone is wanted no more: another one is begun. */
  isAnew?: boolean;
}

export interface OpenedFile {
  database: DatabaseSync;
  /** Why it can be read only; null where it can be written. */
  readOnly: string | null;
  close(): void;
}

function closeQuietly(database: DatabaseSync | null): void {
  try {
    database?.close();
  } catch {
    // A damaged file may not even close; the error that matters is the first one.
  }
}

export function openToWrite(file: string, opening: Opening): OpenedFile {
  const { attempted, maxPages } = opening;
  let database: DatabaseSync | null = null;
  try {
    if (!existsSync(file)) {
      // To verify is to look; an empty record made for that would hide that one is gone.
      if (opening.isToBeVerified) throw journalCorrupt(attempted, 'there is no such file');
      beginFile(file, opening);
    }
    leaveMark(file);
    chmodSync(file, 0o600);
    const opened = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    database = opened;
    database.exec('PRAGMA synchronous = FULL');
    if (maxPages) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    inspect(database, opening);
    return { database, readOnly: null, close: () => opened.isOpen && opened.close() };
  } catch (error) {
    closeQuietly(database);
    throw explain(attempted, error);
  }
}

/**
 * For a disk that is full or cannot be written. SQLite wants to write beside the file while a log
 * lies there; then file and log are copied to where that is possible.
 */
export function openToRead(file: string, opening: Opening, why: string): OpenedFile {
  const log = `${file}-wal`;
  const hasLog = existsSync(log) && statSync(log).size > 0;
  const folder = hasLog ? mkdtempSync(join(tmpdir(), 'drydock-record-')) : null;
  let database: DatabaseSync | null = null;
  const close = () => {
    closeQuietly(database?.isOpen ? database : null);
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (folder) {
      const copy = join(folder, 'record.sqlite');
      copyFileSync(file, copy);
      copyFileSync(log, `${copy}-wal`);
      chmodSync(copy, 0o600);
      chmodSync(`${copy}-wal`, 0o600);
      database = new DatabaseSync(copy);
    } else {
      const url = pathToFileURL(file);
      // Nothing else writes where nothing can be written.
      url.search = 'immutable=1';
      database = new DatabaseSync(url, { readOnly: true });
    }
    inspect(database, opening);
    return { database, readOnly: why, close };
  } catch (error) {
    close();
    throw explain(opening.attempted, error);
  }
}
