/** The record of this control host: one file under the state folder. */
import { join } from 'node:path';
import { openSqliteJournal, type SqliteJournal } from '../adapters/sqlite-journal.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Journal, RecordReader } from '../ports/journal.ts';
import type { Cli } from './context.ts';

export function journalFile(cli: Cli): string {
  return join(cli.home, 'journal.sqlite');
}

export function openJournal(cli: Cli): Journal & RecordReader {
  return openSqliteJournal({ file: journalFile(cli), clock: systemClock(), who: cli.who });
}
