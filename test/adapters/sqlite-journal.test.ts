import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import { execaNode } from 'execa';
import { openToRead } from '../../src/adapters/journal-file.ts';
import { openSqliteJournal, type SqliteJournal } from '../../src/adapters/sqlite-journal.ts';
import { verifyChain } from '../../src/audit/chain.ts';
import { DrydockError } from '../../src/core/errors.ts';
import type { NewEntry, Stretch } from '../../src/ports/journal.ts';
import { allEntries, textsOf } from '../support/records.ts';

const clock = { now: () => 1_700_000_000_000 };

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'drydock-journal-'));
  t.teardown(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function open(file: string, maxPages?: number): SqliteJournal {
  return openSqliteJournal({ file, clock, who: 'ann@desk', ...(maxPages ? { maxPages } : {}) });
}

const entry = (n: number, run = 'r'): NewEntry => ({
  run,
  type: 'step.ended',
  body: { n, text: 'x'.repeat(300) },
});

test('entries are read back as they were appended, by run and as a whole chain', async (t) => {
  const file = join(folder(t), 'journal.db');
  const journal = open(file);
  await journal.append([entry(1), entry(2)]);
  await journal.append([entry(3, 'other')]);
  await journal.close();
  const again = open(file);
  t.deepEqual(
    (await again.entries('r')).map(({ body }) => (body as { n: number }).n),
    [1, 2],
  );
  t.true(verifyChain(await allEntries(again)).ok);
  await again.close();
});

test('the file and what stands beside it are readable by their owner alone', async (t) => {
  const file = join(folder(t), 'sub', 'journal.db');
  const journal = open(file);
  await journal.append([entry(1)]);
  const letGo = await journal.hold('c', 'me');
  for (const suffix of ['', '-wal', '-shm']) t.is(statSync(file + suffix).mode & 0o777, 0o600);
  await letGo();
  await journal.close();
});

test('holding a cluster makes the log long, and leaves nothing in the record', async (t) => {
  const file = join(folder(t), 'journal.db');
  const journal = open(file);
  const letGo = await journal.hold('c', 'me');
  const size = statSync(`${file}-wal`).size;
  t.true(size > 1024 * 1024);
  t.deepEqual(await allEntries(journal), []);
  await journal.append([entry(1)]);
  t.is(statSync(`${file}-wal`).size, size);
  await letGo();
  await journal.close();
  const again = open(file);
  t.like(verifyChain(await allEntries(again)), { ok: true, entries: 1 });
  await again.close();
});

test('a journal without room for a longer log holds a cluster all the same', async (t) => {
  const journal = open(join(folder(t), 'journal.db'), 8);
  const letGo = await journal.hold('c', 'me');
  await t.notThrowsAsync(async () => await journal.append([entry(1)]));
  await letGo();
  await journal.close();
});

test('two processes append to one chain', async (t) => {
  const file = join(folder(t), 'journal.db');
  const program = join(import.meta.dirname, '../support/append-entries.ts');
  await Promise.all(['a', 'b'].map((run) => execaNode(program, [file, run, '30'])));
  const journal = open(file);
  t.like(verifyChain(await allEntries(journal)), { ok: true, entries: 60 });
  t.is((await journal.entries('a')).length, 30);
  await journal.close();
});

test('a second runner is kept out, also from another journal object, until the first lets go', async (t) => {
  const file = join(folder(t), 'journal.db');
  const first = open(file);
  const second = open(file);
  const letGo = await first.hold('cluster-a', 'run one, ann@desk');
  const error = await t.throwsAsync(async () => second.hold('cluster-a', 'run two'));
  t.like(error, { code: 'runner.held', exit: 5 });
  t.regex(error.message, /run one, ann@desk, process \d+/);
  await (await second.hold('cluster-b', 'run two'))();
  await letGo();
  await (await second.hold('cluster-a', 'run two'))();
  await first.close();
  await second.close();
});

test('a runner lets go also where the words about it cannot be taken away', async (t) => {
  const made = folder(t);
  const journal = open(join(made, 'journal.db'));
  const letGo = await journal.hold('cluster-a', 'run one');
  const words = join(made, readdirSync(made).find((name) => name.endsWith('.txt'))!);
  rmSync(words);
  mkdirSync(words);
  await t.notThrowsAsync(letGo);
  await t.notThrowsAsync(async () => await (await journal.hold('cluster-a', 'run two'))());
  await journal.close();
});

test('a runner that is killed lets go by itself', async (t) => {
  const file = join(folder(t), 'journal.db');
  const program = join(import.meta.dirname, '../support/append-entries.ts');
  const child = execaNode(program, [file, 'a', 'hold'], { reject: false });
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  const journal = open(file);
  await t.throwsAsync(async () => journal.hold('cluster-a', 'me'), { message: /another runner/ });
  child.kill('SIGKILL');
  await child;
  await t.notThrowsAsync(async () => await (await journal.hold('cluster-a', 'me'))());
  await journal.close();
});

test('a full disk is one clear error, nothing is lost, and there is no half append', async (t) => {
  const file = join(folder(t), 'journal.db');
  const journal = open(file, 12);
  let kept = 0;
  const error = await t.throwsAsync(async () => {
    for (let n = 0; n < 1000; n += 1) {
      await journal.append([entry(n), entry(n)]);
      kept += 2;
    }
  });
  t.like(error, { code: 'journal.full', exit: 6 });
  t.true(kept > 0);
  t.is((await allEntries(journal)).length, kept);
  await journal.close();
  const roomier = open(file);
  await roomier.append([entry(1)]);
  t.like(verifyChain(await allEntries(roomier)), { ok: true, entries: kept + 1 });
  await roomier.close();
});

test('a file that is no record is refused, and left as it is', (t) => {
  const file = join(folder(t), 'journal.db');
  writeFileSync(file, "this is somebody else's file, and it is long enough to be looked at");
  const before = readFileSync(file);
  t.throws(() => open(file), { instanceOf: DrydockError, message: /damaged/ });
  t.deepEqual(readFileSync(file), before);
  writeFileSync(file, '');
  t.throws(() => open(file), { instanceOf: DrydockError, message: /not a record of drydock/ });
});

/** A record with part of it in the file and part in the log beside it, as after a power loss. */
async function brokenOff(t: ExecutionContext): Promise<{ at: string; whole: string[] }> {
  const made = folder(t);
  const file = join(made, 'journal.db');
  const first = open(file);
  for (let n = 0; n < 20; n += 1) await first.append([entry(n)]);
  await first.close();
  const journal = open(file);
  for (let n = 20; n < 40; n += 1) await journal.append([entry(n)]);
  const at = join(made, 'copy.db');
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, at + suffix);
  const whole = (await allEntries(journal)).map(({ hash }) => hash);
  await journal.close();
  return { at, whole };
}

/** What a reader gets: the hashes, or the words of a refusal. */
async function readBack(at: string): Promise<string[] | DrydockError> {
  rmSync(`${at}-shm`, { force: true });
  try {
    const journal = open(at);
    const hashes = (await journal.entries('r')).map(({ hash }) => hash);
    await journal.append([entry(99)]);
    const isWhole = verifyChain(await journal.entries('r')).ok;
    await journal.close();
    return isWhole ? hashes : ['not a chain'];
  } catch (error) {
    if (error instanceof DrydockError) return error;
    throw error;
  }
}

for (const suffix of ['', '-wal']) {
  const name = suffix === '' ? 'file' : 'log beside it';
  test(`the ${name} cut or damaged anywhere gives the beginning of the record, or words`, async (t) => {
    const { at, whole } = await brokenOff(t);
    const kept = { '': readFileSync(at), '-wal': readFileSync(`${at}-wal`) };
    const harmed = kept[suffix as '' | '-wal'];
    let refused = 0;
    let prefixes = 0;
    for (let step = 0; step < 120; step += 1) {
      const offset = Math.floor((harmed.length * step) / 120) + (step % 7);
      const harms = [harmed.subarray(0, offset), Buffer.from(harmed)];
      harms[1]![offset] = harms[1]![offset]! ^ 0xff;
      for (const bytes of harms) {
        writeFileSync(at, kept['']);
        writeFileSync(`${at}-wal`, kept['-wal']);
        writeFileSync(at + suffix, bytes);
        const got = await readBack(at);
        if (got instanceof DrydockError) refused += 1;
        else {
          prefixes += 1;
          t.deepEqual(got, whole.slice(0, got.length));
        }
      }
    }
    t.true(prefixes > 0);
    t.true(suffix === '-wal' || refused > 0);
  });
}

const TAMPERED: [string, string, RegExp][] = [
  ['moved to another run', "UPDATE entries SET run = 'other' WHERE seq = 2", /entry 2 is filed/],
  ['taken out of its run', 'UPDATE entries SET run = NULL WHERE seq = 2', /entry 2 is filed/],
  ['changed', "UPDATE entries SET text = replace(text, 'ann', 'eve')", /entry 1 was changed/],
  ['taken out', 'DELETE FROM entries WHERE seq = 2', /entry 2 is missing/],
];

for (const [title, sql, words] of TAMPERED) {
  test(`a record in which an entry was ${title} is refused with exit 7`, async (t) => {
    const file = join(folder(t), 'journal.db');
    const journal = open(file);
    for (let n = 0; n < 4; n += 1) await journal.append([entry(n)]);
    await journal.close();
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    t.like(
      t.throws(() => open(file), { message: words }),
      { code: 'journal.corrupt', exit: 7 },
    );
  });
}

test('an entry that is moved to another run while the record is open is not read there', async (t) => {
  const file = join(folder(t), 'journal.db');
  const journal = open(file);
  await journal.append([entry(1)]);
  const database = new DatabaseSync(file);
  database.exec("UPDATE entries SET run = 'other'");
  database.close();
  await t.throwsAsync(async () => await journal.entries('other'), {
    message: /entry 1 is filed under another/,
  });
  await journal.close();
});

async function readRuns(journal: SqliteJournal): Promise<void> {
  for await (const page of journal.runs()) {
    for (const { run } of page) await journal.entries(run);
  }
}

const FAR_BACK: [string, string, RegExp][] = [
  ['changed', "UPDATE entries SET text = replace(text, 'ann', 'eve') WHERE seq = 3", /entry 3 was/],
  ['taken out', 'DELETE FROM entries WHERE seq = 3', /entry 3 is missing/],
  ['taken out at the beginning', 'DELETE FROM entries WHERE seq = 1', /entry 1 is missing/],
];

for (const [title, sql, message] of FAR_BACK) {
  test(`an entry far back that was ${title} is refused where it is read, and the rest goes on`, async (t) => {
    const file = join(folder(t), 'journal.db');
    const journal = open(file);
    await journal.append(Array.from({ length: 100 }, (_, n) => entry(n, n < 50 ? 'old' : 'new')));
    await journal.close();
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    const again = open(file);
    t.is((await again.entries('new')).length, 50);
    await t.notThrowsAsync(async () => await again.append([entry(100, 'new')]));
    t.like(await t.throwsAsync(readRuns(again), { message }), {
      code: 'journal.corrupt',
      exit: 7,
    });
    await again.close();
  });
}

test('the texts of the record are handed out in parts, in order or the newest first', async (t) => {
  const journal = open(join(folder(t), 'journal.db'));
  const sealed = await journal.append([1, 2, 3, 4, 5].map((n) => entry(n)));
  const numbers = async (stretch: Stretch) =>
    (await textsOf(journal, stretch)).map(({ seq }) => seq);
  t.deepEqual(await numbers({}), [1, 2, 3, 4, 5]);
  t.deepEqual(await numbers({ from: 2, to: 4 }), [2, 3, 4]);
  t.deepEqual(await numbers({ to: 3, newestFirst: true }), [3, 2, 1]);
  for (const { seq, hash } of await textsOf(journal)) t.is(hash, sealed[seq - 1]!.hash);
  await journal.close();
});

test('where nothing can be written the record is read all the same, with or without a log', async (t) => {
  const file = join(folder(t), 'journal.db');
  const writer = open(file);
  await writer.append([entry(1)]);
  const read = () => {
    const opened = openToRead(file, { attempted: 'opening' }, 'the disk is read-only');
    const rows = opened.database.prepare('SELECT seq FROM entries').all();
    t.is(opened.readOnly, 'the disk is read-only');
    opened.close();
    return rows.length;
  };
  t.true(statSync(`${file}-wal`).size > 0);
  t.is(read(), 1);
  await writer.close();
  t.is(read(), 1);
  t.deepEqual(readdirSync(dirname(file)).sort(), ['journal.db', 'journal.db.begun']);
});

test('an append that follows another last entry than was seen appends nothing', async (t) => {
  const file = join(folder(t), 'journal.db');
  const [one, other] = [open(file), open(file)];
  const entry = (run: string | null): NewEntry => ({ run, type: 'x', body: {} });
  await one.append([entry('r1')], { r1: 0 });
  await other.append([entry(null), entry('r2')], { r2: 0 });
  const moved = { code: 'run.moved', exit: 5 };
  t.like(await t.throwsAsync(async () => other.append([entry('r1')], { r1: 0 })), moved);
  t.like(await t.throwsAsync(async () => other.append([entry('r1')], { r1: 3 })), moved);
  t.like(await t.throwsAsync(async () => other.append([entry('r1')], { r1: 1, r2: 2 })), moved);
  t.is((await allEntries(one)).length, 3);
  await other.append([entry('r1'), entry('r2')], { r1: 1, r2: 3 });
  t.like(await t.throwsAsync(async () => one.append([entry('r1')], { r1: 1 })), moved);
  t.deepEqual(
    (await one.entries('r1')).map(({ seq }) => seq),
    [1, 4],
  );
  await one.close();
  await other.close();
});

for (const [what, isSign] of [
  ['its mark', (name: string) => name.endsWith('.begun')],
  ['its log', (name: string) => name.endsWith('-wal')],
  ["a runner's lock", (name: string) => /\.hold-[0-9a-f]+$/.test(name)],
] as const) {
  test(`a record that is gone is not begun anew in silence: ${what} tells`, async (t) => {
    const home = folder(t);
    const file = join(home, 'journal.db');
    const journal = open(file);
    await journal.append([entry(1)]);
    await (await journal.hold('c', 'me'))();
    copyFileSync(`${file}-wal`, join(home, 'kept'));
    await journal.close();
    copyFileSync(join(home, 'kept'), `${file}-wal`);
    for (const name of readdirSync(home)) if (!isSign(name)) rmSync(join(home, name));
    t.is(readdirSync(home).length, 1);
    for (const how of [{}, { elseReadOnly: true }]) {
      const gone = t.throws(() => openSqliteJournal({ file, clock, who: 'ann@desk', ...how }), {
        instanceOf: DrydockError,
        code: 'journal.gone',
      });
      t.is(gone?.exit, 7);
    }
    t.is(readdirSync(home).length, 1, 'nothing was made');
    const anew = openSqliteJournal({ file, clock, who: 'ann@desk', isAnew: true });
    t.deepEqual(await allEntries(anew), []);
    t.is((await anew.append([entry(1)]))[0]?.seq, 1);
    await anew.close();
    const again = open(file);
    t.is((await allEntries(again)).length, 1);
    await again.close();
  });
}

test('a record of before, without a mark, gets one when it is opened', async (t) => {
  const file = join(folder(t), 'journal.db');
  await open(file).close();
  rmSync(`${file}.begun`);
  await open(file).close();
  rmSync(file);
  t.throws(() => open(file), { code: 'journal.gone' });
});
