/**
 * The record: what a durable entry costs, how fast it is verified, how fast it opens, and that a
 * million entries change none of it. Entries are like those of a run, with a checkpoint for every
 * thousand; the filling goes through the same append, many entries a commit.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteJournal, type SqliteJournal } from '../src/adapters/sqlite-journal.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { anchorLine, makeCheckpoint, parseAnchors, verifyRecord } from '../src/audit/index.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { NewEntry } from '../src/ports/journal.ts';
import { type Benchmark, type Figure, median, timed } from './figures.ts';
import { runsOfMany } from './runs.ts';

const FEW = 50_000;
const MANY = 1_000_000;
const BATCH = 1_000;
const APPENDS = 400;
const OPENINGS = 15;

function entry(n: number): NewEntry {
  const body: JsonObject = {
    answered: [],
    changes: [{ from: 'Online', key: `group.failover${n % 4}.state`, to: 'Offline' }],
    exitCode: 0,
    outcome: 'done',
    step: `s${n % 20}`,
    stderr: '',
    stdout: 'Command succeeded.\n'.repeat(1 + (n % 5)),
    took: n % 977,
  };
  return { run: `v3-11.10.4-${Math.floor(n / 40)}`, type: 'step.ended', body };
}

interface Filled {
  file: string;
  open(): SqliteJournal;
}

/** `count` entries, checkpoints among them. */
async function fill(folder: string, name: string, count: number): Promise<Filled> {
  const file = join(folder, name);
  const open = () => openSqliteJournal({ file, clock: systemClock(), who: 'bench' });
  const journal = open();
  for (let done = 0; done < count; done += BATCH) {
    await journal.append(Array.from({ length: BATCH - 1 }, (_, n) => entry(done + n)));
    await makeCheckpoint(journal, { clock: systemClock(), why: 'bench', signing: null });
  }
  await journal.close();
  return { file, open };
}

/** Milliseconds of each durable append, of one journal and the other by turns. */
async function appends(both: Filled[]): Promise<number[][]> {
  const journals = both.map(({ open }) => open());
  const letGo = await Promise.all(journals.map((journal) => journal.hold('bench', 'bench')));
  const took: number[][] = both.map(() => []);
  for (let n = 0; n < APPENDS; n += 1) {
    for (const [index, journal] of journals.entries()) {
      const at = n;
      took[index]!.push(await timed(async () => await journal.append([entry(at)])));
    }
  }
  for (const free of letGo) await free();
  for (const journal of journals) await journal.close();
  return took;
}

/** Microseconds an entry, of the whole walk with an anchor. */
async function verified({ open }: Filled, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const journal = open();
    const made = await makeCheckpoint(journal, { clock: systemClock(), why: 'b', signing: null });
    const { anchors } = parseAnchors(anchorLine(made), 'anchor');
    let entries = 0;
    const ms = await timed(async () => {
      const verdict = await verifyRecord(journal, { anchors });
      if (!verdict.ok) throw new Error(`the record does not verify: ${verdict.why}`);
      entries = verdict.entries;
    });
    await journal.close();
    took.push((ms * 1000) / entries);
  }
  return took;
}

async function opened({ open }: Filled): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < OPENINGS; n += 1) took.push(await timed(async () => open().close()));
  return median(took);
}

function figure(name: string, value: number, unit: string, goal: number | null, note = ''): Figure {
  return { name, value, unit, goal, peer: null, ...(note && { note }) };
}

export const record: Benchmark = {
  name: 'record',
  run: async (say) => {
    const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
    try {
      const few = await fill(folder, 'few.sqlite', FEW);
      say(`filling a record with ${MANY} entries`);
      const many = await fill(folder, 'many.sqlite', MANY);
      const [short, long] = (await appends([few, many])).map(median) as [number, number];
      const small = median(await verified(few, 7));
      const large = median(await verified(many, 3));
      const rate = (micros: number) => `${Math.round(1e6 / micros)} entries/s`;
      return [
        figure('record, a durable append', short, 'ms', 0.6, 'median'),
        figure('record, the same on a million entries', long / short, 'times', 1.1),
        figure('record, verify an entry', small, 'µs', 1e6 / 60_000, rate(small)),
        figure('record, the same on a million entries', large / small, 'times', 1.1, rate(large)),
        figure('record, open one of a million entries', await opened(many), 'ms', null),
        ...(await runsOfMany(folder)),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
