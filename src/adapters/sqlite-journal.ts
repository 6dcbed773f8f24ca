/**
 * The Journal port on node:sqlite: one table, one row an entry, one durable commit an append.
 *
 * node:sqlite has no asynchronous calls: whatever is asked is done before the promise is handed
 * out, and this thread does nothing else for that long (half a millisecond a commit). So commits
 * stand in the order in which they were asked for, also where nobody waits in between.
 *
 * The file is in WAL mode with synchronous=FULL, so a commit costs one fsync; a torn or damaged
 * tail of the log ends the record at the last whole commit. What opening checks, and what reading:
 * journal-file.ts. A record that was damaged is refused with words where it is read, never read
 * as another one (a tail that was cut off cleanly cannot be seen without an anchor).
 */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type Anchor, sealText, sha256 } from '../audit/chain.ts';
import { journalCorrupt, journalReadOnly, requireLast } from '../audit/errors.ts';
import { DrydockError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal, LastEntries, NewEntry, SealedText, Stretch } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import {
  explain,
  type OpenedFile,
  openToRead,
  openToWrite,
  type Row,
  readRow,
} from './journal-file.ts';
import { openRunIndex, type RunIndex } from './run-index.ts';
import { holdFile } from './runner-lock.ts';

/** Enough for the entries of a long run. */
const STRETCHED_BYTES = 2 * 1024 * 1024;

export interface SqliteJournalOptions {
  file: string;
  clock: Pick<Clock, 'now'>;
  /** Login and host of the person, or the program. */
  who: string;
  /** An upper limit on the file, in database pages; a journal beyond it is full. */
  maxPages?: number;
  /** Where the file cannot be written, read it all the same; an append is then refused. */
  elseReadOnly?: boolean;
  /** Where one was before and is gone, another is begun; else that is refused. */
  isAnew?: boolean;
  /** All of it is to be looked at: opening refuses no entry. */
  toVerify?: boolean;
}

export interface SqliteJournal extends Journal {
  /** Why nothing can be appended; null when it can. */
  readonly readOnly: string | null;
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

function openFile({
  file,
  maxPages,
  elseReadOnly,
  isAnew,
  toVerify,
}: SqliteJournalOptions): OpenedFile {
  const opening = {
    attempted: `opening the record ${file}`,
    ...(maxPages !== undefined && { maxPages }),
    ...(isAnew !== undefined && { isAnew }),
    ...(toVerify !== undefined && { isToBeVerified: toVerify }),
  };
  try {
    return openToWrite(file, opening);
  } catch (error) {
    const isDamaged = error instanceof DrydockError && error.code === 'journal.corrupt';
    if (!elseReadOnly || isDamaged || !existsSync(file)) throw error;
    return openToRead(file, opening, (error as Error).message);
  }
}

/** What a number of a row can be. */
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** The first page is short: whoever looks back often wants no more than the last few. */
const FIRST_PAGE = 16;
const LONGEST_PAGE = 1_000;

/** Each page is read by a query of its own, so that nothing is kept open between two. */
function* pagesOf(
  database: DatabaseSync,
  { from, to, newestFirst = false }: Stretch = {},
): Iterable<SealedText[]> {
  const order = newestFirst ? 'DESC' : 'ASC';
  // Without bounds every row there is, whatever its number: one that nobody reads is no less false.
  const found = database.prepare(
    `SELECT * FROM entries WHERE seq BETWEEN ? AND ? ORDER BY seq ${order} LIMIT ?`,
  );
  found.setReadBigInts(true);
  let [least, most] = [BigInt(from ?? LEAST), BigInt(to ?? MOST)];
  for (let length = FIRST_PAGE; ; length = Math.min(LONGEST_PAGE, length * 4)) {
    const rows = found.all(least, most, length) as unknown as (Omit<Row, 'seq'> & {
      seq: bigint;
    })[];
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ seq, ...rest }) => ({ ...rest, seq: Number(seq) }));
    if (rows.length < length || last.seq === (newestFirst ? LEAST : MOST)) return;
    if (newestFirst) most = last.seq - 1n;
    else least = last.seq + 1n;
  }
}

/** Appends within a transaction that somebody else begins and commits. */
function writer(database: DatabaseSync, { clock, who }: SqliteJournalOptions) {
  const last = database.prepare('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1');
  const insert = database.prepare('INSERT INTO entries (seq, run, text, hash) VALUES (?, ?, ?, ?)');
  // Looks at what came since only, however long the record is.
  const since = database.prepare('SELECT max(seq) AS seq FROM entries WHERE seq >= ? AND run = ?');
  return (entries: readonly NewEntry[], after: LastEntries): JournalEntry[] => {
    for (const [run, seq] of Object.entries(after)) {
      requireLast(run, seq, (since.get(seq, run) as { seq: number | null }).seq ?? 0);
    }
    let head = (last.get() as Anchor | undefined) ?? null;
    return entries.map((entry) => {
      const { sealed, text } = sealText(head, entry, { at: clock.now(), who });
      insert.run(sealed.seq, sealed.run, text, sealed.hash);
      head = sealed;
      return sealed;
    });
  };
}

const READING = 'reading the record';

/**
 * The entries of a run, found by the index and checked one by one. An index that names others than
 * the run's is made anew; an entry that it names and the record lacks is missing there.
 */
function runReader(database: DatabaseSync, index: RunIndex) {
  const named = database.prepare(
    'SELECT * FROM entries WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq',
  );
  const end = database.prepare('SELECT max(seq) AS seq FROM entries');
  const read = (run: string): JournalEntry[] | null => {
    const { seqs, last } = index.placesOf(run) ?? { seqs: [], last: undefined };
    const rows = named.all(JSON.stringify(seqs)) as unknown as Row[];
    const there = new Set(rows.map(({ seq }) => seq));
    const lacking = seqs.find((seq) => !there.has(seq));
    if (lacking !== undefined && lacking <= ((end.get() as { seq: number | null }).seq ?? 0)) {
      throw journalCorrupt(READING, `entry ${lacking} is missing`);
    }
    const entries = rows.map((row) => readRow(row, READING));
    // As many as are named: one that is named twice stands for another.
    const isSound = entries.length === seqs.length && entries.every((entry) => entry.run === run);
    return isSound && entries.at(-1)?.hash === last ? entries : null;
  };
  return (run: string): JournalEntry[] => {
    const found = read(run);
    if (found) return found;
    index.renew();
    return read(run) ?? [];
  };
}

export function openSqliteJournal(options: SqliteJournalOptions): SqliteJournal {
  const { database, readOnly, close } = openFile(options);
  const write = writer(database, options);
  // IMMEDIATE: nobody else may append between reading the head and following it.
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const index = openRunIndex(`${options.file}.runs`, database);
  const readRun = runReader(database, index);

  return {
    readOnly,
    async append(entries, after = {}) {
      const recording = `recording ${entries.map((entry) => entry.type).join(', ')}`;
      if (readOnly !== null) throw journalReadOnly(recording, readOnly);
      try {
        begin.run();
        const sealed = write(entries, after);
        commit.run();
        return sealed;
      } catch (error) {
        if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
        throw explain(recording, error);
      }
    },
    async entries(run) {
      try {
        return readRun(run);
      } catch (error) {
        throw explain(READING, error);
      }
    },
    async *runs(part = '') {
      try {
        for (let after: number | null = 0; after !== null; ) {
          const page = index.page(part, after);
          if (page.runs.length > 0) yield page.runs;
          after = page.next;
        }
      } catch (error) {
        throw explain(READING, error);
      }
    },
    async storeHeads(heads) {
      index.storeHeads(heads);
    },
    async *pages(stretch) {
      try {
        yield* pagesOf(database, stretch);
      } catch (error) {
        throw explain(READING, error);
      }
    },
    async hold(cluster, about) {
      const file = `${options.file}.hold-${sha256(cluster).slice(0, 16)}`;
      const letGo = holdFile(file, cluster, about);
      stretchLog(database);
      return async () => letGo();
    },
    async close() {
      index.close();
      close();
    },
  };
}
