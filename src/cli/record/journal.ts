/**
 * The record of this control host: one file under the state folder. A process that writes begins
 * with `recording.started` (who, from where, how called), in one commit with its first entry, and
 * ends with `recording.stopped`; one that was killed leaves the second out, and a verifier says so.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chunksOf } from '../../adapters/record-file.ts';
import { openSqliteJournal, type SqliteJournal } from '../../adapters/sqlite-journal.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { whereabouts } from '../../adapters/whereabouts.ts';
import { splitLines } from '../../audit/index.ts';
import { redactArgv } from '../../audit/redact-argv.ts';
import type { JsonObject } from '../../core/json.ts';
import type { NewEntry } from '../../ports/journal.ts';
import type { Recording, Records } from '../../service/records.ts';
import type { Cli } from '../context.ts';
import { programVersion } from '../version.ts';
import { readText } from '../words/reading.ts';

function journalFile(cli: Cli): string {
  return join(cli.home, 'journal.sqlite');
}

/** The recordings that this process has begun, by file. */
const begun = new Map<string, string>();

function started(cli: Cli, recording: string): NewEntry {
  const { real, effective, terminal } = cli.login;
  const body: JsonObject = {
    recording,
    ...whereabouts(),
    login: { real: { ...real }, effective: { ...effective }, terminal },
    version: programVersion,
    argv: redactArgv(process.argv.slice(2)),
  };
  return { run: null, type: 'recording.started', body };
}

/** However the verb ended. What cannot be recorded then is lost, and shows. */
function stopAtEnd(cli: Cli, file: string, recording: string): void {
  cli.atEnd(async (exit) => {
    try {
      const journal = openSqliteJournal({ file, clock: systemClock(), who: cli.who });
      const body = { recording, exit };
      await journal.append([{ run: null, type: 'recording.stopped', body }]);
      await journal.close();
    } catch (error) {
      cli.say(`the end of this program is not recorded: ${(error as Error).message}`);
    }
  });
}

interface How {
  elseReadOnly?: boolean;
  toVerify?: boolean;
  isAnew?: boolean;
}

async function open(cli: Cli, how: How): Promise<Recording> {
  const file = journalFile(cli);
  const clock = systemClock();
  const journal = openSqliteJournal({ file, clock, who: cli.who, ...how });
  const append: SqliteJournal['append'] = async (entries, after) => {
    if (begun.has(file)) return journal.append(entries, after);
    const recording = `${process.pid}.${clock.now()}`;
    // Before it is: what is appended meanwhile comes after it.
    begun.set(file, recording);
    try {
      const [, ...own] = await journal.append([started(cli, recording), ...entries], after);
      stopAtEnd(cli, file, recording);
      return own;
    } catch (error) {
      begun.delete(file);
      throw error;
    }
  };
  return {
    ...journal,
    append,
    begin: async () => {
      if (!begun.has(file)) await append([]);
      return begun.get(file) as string;
    },
  };
}

export function recordsOf(cli: Cli): Records {
  const file = journalFile(cli);
  return {
    file,
    isThere: () => existsSync(file),
    open: () => open(cli, {}),
    openToRead: () => open(cli, { elseReadOnly: true }),
    openToVerify: () => open(cli, { elseReadOnly: true, toVerify: true }),
    openAnew: () => open(cli, { isAnew: true }),
    exportedLines: (exported) => {
      if (!existsSync(exported)) readText(exported);
      return splitLines(chunksOf(exported));
    },
  };
}
