/**
 * Keeps other runners of this host away from a cluster: a lock of the operating system (SQLite's
 * own, on an empty file). It falls with its process however that dies, and does not fall while the
 * process is only frozen. The words beside it are for people.
 */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { heldByAnother } from '../audit/errors.ts';
import { explain, SQLITE } from './journal-file.ts';

/** Kept from the garbage collector: a database that is collected is closed, and its lock falls. */
const held = new Set<DatabaseSync>();

/** Whoever holds it may let go while they are read. */
function wordsIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

export function holdFile(file: string, cluster: string, about: string): () => void {
  const words = `${file}.txt`;
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
    chmodSync(file, 0o600);
  } catch (error) {
    database.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== SQLITE.busy) {
      throw explain(`taking the runner's lock ${file}`, error);
    }
    throw heldByAnother(cluster, wordsIn(words));
  }
  held.add(database);
  try {
    writeFileSync(words, `${about}, process ${process.pid}\n`, { mode: 0o600 });
  } catch {
    // A full disk has no room for words; the lock holds all the same.
  }
  return () => {
    if (!held.delete(database)) return;
    try {
      // While it is held: what lies there afterwards is of whoever holds it next.
      rmSync(words, { force: true });
    } catch {
      // A disk that can no longer be written keeps the words; nobody is held by them.
    }
    database.close();
  };
}
