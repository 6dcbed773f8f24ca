/** The index beside the record is made from it, and nothing that stands in it is believed over it. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import { openSqliteJournal } from '../../src/adapters/sqlite-journal.ts';
import { verifyRecord } from '../../src/audit/index.ts';
import type { IndexedRun, Journal, NewEntry } from '../../src/ports/journal.ts';

const clock = { now: () => 1_700_000_000_000 };

const open = (file: string) => openSqliteJournal({ file, clock, who: 'ann@desk' });

const entry = (run: string | null, n = 0): NewEntry => ({ run, type: 'x', body: { n } });

async function runsOf(journal: Journal): Promise<IndexedRun[]> {
  const runs: IndexedRun[] = [];
  for await (const page of journal.runs()) runs.push(...page);
  return runs;
}

/** Three runs, between one another, each with a head; closed. */
async function record(t: ExecutionContext): Promise<string> {
  const made = mkdtempSync(join(tmpdir(), 'drydock-index-'));
  t.teardown(() => {
    chmodSync(made, 0o700);
    rmSync(made, { recursive: true, force: true });
  });
  const file = join(made, 'journal.sqlite');
  const journal = open(file);
  for (let n = 0; n < 40; n += 1) await journal.append([entry(`r${n % 3}`, n), entry(null)]);
  await journal.storeHeads((await runsOf(journal)).map((one) => ({ ...one, head: { told: 1 } })));
  await journal.close();
  return file;
}

interface Seen {
  runs: Omit<IndexedRun, 'head'>[];
  entries: unknown[];
}

async function seen(journal: Journal): Promise<Seen> {
  const runs = (await runsOf(journal)).map(({ run, last }) => ({ run, last }));
  const entries: unknown[] = [];
  for (const { run } of runs) entries.push(await journal.entries(run));
  return { runs, entries };
}

/** The same from the pages of the record. */
async function truth(journal: Journal): Promise<Seen> {
  const byRun = new Map<string, { hash: string }[]>();
  for await (const page of journal.pages()) {
    for (const { run, text, hash } of page) {
      if (run === null) continue;
      const found = { ...(JSON.parse(text) as object), hash };
      byRun.set(run, [...(byRun.get(run) ?? []), found]);
    }
  }
  const runs = [...byRun].map(([run, all]) => ({ run, last: all.at(-1)!.hash }));
  return { runs, entries: [...byRun.values()] };
}

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

test('it lies beside the record, for its owner alone, and is no part of what is verified', async (t) => {
  const file = await record(t);
  t.is(statSync(`${file}.runs`).mode & 0o777, 0o600);
  const journal = open(file);
  t.deepEqual(
    (await runsOf(journal)).map(({ head }) => head),
    [{ told: 1 }, { told: 1 }, { told: 1 }],
  );
  const verdict = await verifyRecord(journal);
  await journal.close();
  rmSync(`${file}.runs`);
  const without = open(file);
  t.deepEqual(await verifyRecord(without), verdict);
  t.false(existsSync(`${file}.runs`), 'to verify asks for none');
  await without.close();
});

/** As a single bit may do it: a number becomes the one before it. */
const SWAPPED = "UPDATE runs SET seqs = replace(seqs, ',9,', ',3,') WHERE run = 'r1'";

const HARMS: [string, (file: string) => void][] = [
  ['gone', (file) => rmSync(file)],
  ['empty', (file) => truncateSync(file)],
  ['cut off', (file) => truncateSync(file, 3_000)],
  ['no database', (file) => writeFileSync(file, 'a text that somebody left here, and no database')],
  ['overwritten within', (file) => writeFileSync(file, readFileSync(file).fill(7, 5_000))],
  ['of another form', (file) => change(file, 'DROP TABLE runs; PRAGMA user_version = 9')],
  ['without its table', (file) => change(file, 'DROP TABLE runs')],
  ['of another record', (file) => change(file, "UPDATE reach SET hash = 'another'")],
  ['further than the record', (file) => change(file, 'UPDATE reach SET seq = 1000')],
  ['behind', (file) => change(file, 'DELETE FROM runs; DELETE FROM reach')],
  ['naming entries of another run', (file) => change(file, "UPDATE runs SET seqs = '[1,3,5]'")],
  ['naming entries that are none', (file) => change(file, "UPDATE runs SET seqs = '[1,999]'")],
  ['with numbers that are none', (file) => change(file, "UPDATE runs SET seqs = '[1,'")],
  ['naming an entry twice, and another not', (file) => change(file, SWAPPED)],
  [
    'short of the last entry',
    (file) => change(file, "UPDATE runs SET seqs = '[1]' WHERE run = 'r0'"),
  ],
  ['longer than it was', (file) => appendFileSync(file, 'and more')],
];

for (const [what, harm] of HARMS) {
  test(`an index that is ${what} changes nothing of what is read`, async (t) => {
    const file = await record(t);
    harm(`${file}.runs`);
    for (let time = 1; time <= 2; time += 1) {
      const journal = open(file);
      t.deepEqual(await seen(journal), await truth(journal), `time ${time}`);
      await journal.append([entry('r1', 99), entry(`new${time}`)]);
      t.deepEqual(await seen(journal), await truth(journal), `time ${time}, gone on`);
      await journal.close();
    }
  });
}

for (const [what, sql] of [
  ['changed', "UPDATE runs SET head = replace(head, '1', '2')"],
  ['of another run', "UPDATE runs SET head = (SELECT head FROM runs WHERE run = 'r1')"],
  ['no head', "UPDATE runs SET head = 'null'"],
] as const) {
  test(`a stored head that is ${what} is none`, async (t) => {
    const file = await record(t);
    const journal = open(file);
    const heads = (await runsOf(journal)).map((one) => ({ ...one, head: { of: one.run, n: 1 } }));
    await journal.storeHeads(heads);
    t.deepEqual(await runsOf(journal), heads);
    change(`${file}.runs`, sql);
    const found = (await runsOf(journal)).map(({ head }) => head);
    t.deepEqual(found, [null, what === 'of another run' ? heads[1]!.head : null, null]);
    await journal.close();
  });
}

test('what a program that knows no index appends is seen by one that does, and the other way', async (t) => {
  const file = await record(t);
  const journal = open(file);
  const before = (await runsOf(journal)).length;
  const other = openSqliteJournal({ file, clock, who: 'bob@desk' });
  await other.append([entry('theirs'), entry('r0', 7)]);
  t.deepEqual(await seen(journal), await truth(journal));
  t.is((await runsOf(journal)).length, before + 1);
  t.is((await runsOf(journal))[0]!.head, null, 'it went on');
  await journal.append([entry('ours')]);
  t.deepEqual(await seen(other), await truth(other));
  await journal.close();
  await other.close();
});

test('another record under the same name has runs of its own', async (t) => {
  const file = await record(t);
  for (const suffix of ['', '.begun']) rmSync(`${file}${suffix}`);
  const journal = open(file);
  t.deepEqual(await runsOf(journal), []);
  await journal.append([entry('r0', 1)]);
  t.deepEqual(await seen(journal), await truth(journal));
  t.is((await runsOf(journal))[0]!.head, null);
  await journal.close();
});

test('an entry that the index names and the record lacks is missing', async (t) => {
  const file = await record(t);
  change(file, 'DELETE FROM entries WHERE seq = 3');
  const journal = openSqliteJournal({ file, clock, who: 'ann@desk', toVerify: true });
  await t.throwsAsync(journal.entries('r1'), {
    code: 'journal.corrupt',
    message: /entry 3 is missing/,
  });
  await journal.close();
});

const DAMAGES: [string, string, RegExp][] = [
  ['taken out of its run', 'UPDATE entries SET run = NULL WHERE seq = 3', /entry 3 is filed under/],
  ['moved to another run', "UPDATE entries SET run = 'x' WHERE seq = 3", /entry 3 is filed under/],
  ['changed', "UPDATE entries SET text = replace(text, 'ann', 'eve') WHERE seq = 3", /entry 3 was/],
  ['taken out', 'DELETE FROM entries WHERE seq = 3', /entry 3 is missing/],
  [
    'changed and taken out of its run',
    "UPDATE entries SET run = NULL, text = replace(text, 'ann', 'eve') WHERE seq = 3",
    /entry 3 was changed/,
  ],
];

for (const [what, sql, message] of DAMAGES) {
  test(`an index made after an entry was ${what} hides that from nobody, and goes with it`, async (t) => {
    const file = await record(t);
    rmSync(`${file}.runs`);
    copyFileSync(file, `${file}.copy`);
    change(file, sql);
    const damaged = open(file);
    for (let time = 1; time <= 2; time += 1) {
      await t.throwsAsync(runsOf(damaged), { code: 'journal.corrupt', message }, `time ${time}`);
    }
    t.is((await damaged.entries('r2')).length, 13, 'a run that it is not of is read all the same');
    await damaged.close();

    copyFileSync(`${file}.copy`, file);
    const whole = open(file);
    t.deepEqual(await seen(whole), await truth(whole));
    await whole.close();
  });
}

test('while another process is at the index the record is asked without it', async (t) => {
  const file = await record(t);
  const busy = new DatabaseSync(`${file}.runs`);
  busy.exec('BEGIN EXCLUSIVE');
  const journal = open(file);
  await journal.append([entry('r1', 99)]);
  t.deepEqual(await seen(journal), await truth(journal));
  await journal.close();
  busy.exec('ROLLBACK');
  t.like(
    busy.prepare('SELECT count(*) AS count FROM runs').get(),
    { count: 3 },
    'it is left alone',
  );
  busy.close();
});
