/** What must not be lost is written whole, or the writer says no and nothing is spoilt. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import {
  appendDurablySync,
  type Content,
  createDurablySync,
  isPart,
  nameBeside,
  type WriteSome,
  writeDurably,
  writeDurablySync,
} from '../../src/adapters/durable-file.ts';
import { openSqliteJournal } from '../../src/adapters/sqlite-journal.ts';
import { allEntries } from '../support/records.ts';
import { testAsRoot, testWith } from '../support/tools.ts';

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'drydock-durable-'));
  t.teardown(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Takes a few bytes a time, and `room` in all; then it takes nothing, or throws. */
function shortWrite(room: number, end: 'throws' | 'takes nothing'): WriteSome {
  let left = room;
  return (file, bytes, from) => {
    const taken = Math.min(left, 7, bytes.length - from);
    if (taken === 0 && end === 'takes nothing') return 0;
    if (taken === 0) throw Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' });
    left -= taken;
    appendTo(file, bytes.subarray(from, from + taken));
    return taken;
  };
}

/** To an open file, by its number. */
function appendTo(file: number, bytes: Uint8Array): void {
  writeFileSync(file, bytes);
}

const WHOLE = 'two lines that are\nlong enough to be cut\n';
const WRITERS: Record<string, (path: string, content: Content, write: WriteSome) => unknown> = {
  writeDurably: (path, content, write) => writeDurably(path, content, { write }),
  writeDurablySync: (path, content, write) => writeDurablySync(path, content, { write }),
  createDurablySync: (path, content, write) => createDurablySync(path, content, { write }),
  appendDurablySync: (path, content, write) =>
    appendDurablySync(path, String(content).trimEnd(), { write }),
};

for (const [name, writer] of Object.entries(WRITERS)) {
  test(`${name}: what the system takes in pieces is whole`, async (t) => {
    const path = join(folder(t), 'file');
    await writer(path, WHOLE, shortWrite(1000, 'throws'));
    t.is(readFileSync(path, 'utf8'), WHOLE);
  });

  for (const end of ['throws', 'takes nothing'] as const) {
    test(`${name}: where only a part fits and the system ${end}, it stays as it was`, async (t) => {
      const made = folder(t);
      const path = join(made, 'file');
      for (const before of name === 'createDurablySync' ? [null] : [null, 'as it was\n']) {
        for (const room of [0, 1, 20, WHOLE.length - 1]) {
          rmSync(path, { force: true });
          if (before !== null) writeFileSync(path, before);
          const act = async () => writer(path, WHOLE, shortWrite(room, end));
          t.like(await t.throwsAsync(act), { code: 'ENOSPC' });
          const empty = name === 'appendDurablySync' ? '' : null;
          t.is(existsSync(path) ? readFileSync(path, 'utf8') : null, before ?? empty);
          t.deepEqual(readdirSync(made).filter(isPart), []);
        }
      }
    });
  }
}

test('lines are written as lines, however many', (t) => {
  const path = join(folder(t), 'file');
  const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n}`);
  t.true(createDurablySync(path, lines));
  t.is(readFileSync(path, 'utf8'), lines.map((line) => `${line}\n`).join(''));
  t.false(createDurablySync(path, 'another'));
  t.is(readFileSync(path, 'utf8').split('\n').length, 20_001);
});

test('a line that somebody left without its end gets one before the next', (t) => {
  const path = join(folder(t), 'file');
  writeFileSync(path, 'whole\nhal');
  appendDurablySync(path, 'next');
  t.is(readFileSync(path, 'utf8'), 'whole\nhal\nnext\n');
});

test('writes of one file end in the order they were asked for', async (t) => {
  const path = join(folder(t), 'file');
  await Promise.all(Array.from({ length: 30 }, (_, n) => writeDurably(path, `${n}`)));
  t.is(readFileSync(path, 'utf8'), '29');
});

test('a link stays a link, and what it names is replaced', (t) => {
  const made = folder(t);
  writeFileSync(join(made, 'file'), 'old');
  symlinkSync('file', join(made, 'link'));
  writeDurablySync(join(made, 'link'), 'new');
  t.is(readFileSync(join(made, 'file'), 'utf8'), 'new');
  t.deepEqual(readdirSync(made).sort(), ['file', 'link']);
});

test('what a killed process left beside a file is ignored, and removed a day later', (t) => {
  const made = folder(t);
  const path = join(made, 'file');
  const [fresh, stale, other] = [nameBeside(path), nameBeside(path), nameBeside(join(made, 'x'))];
  for (const one of [fresh, stale, other]) writeFileSync(one, 'half');
  for (const one of [stale, other]) utimesSync(one, 1, 1);
  writeDurablySync(path, 'whole');
  const left = readdirSync(made).map((name) => join(made, name));
  t.deepEqual(left.sort(), [fresh, other, path].sort());
});

test('a record opens whatever an earlier process left beside it', async (t) => {
  const made = folder(t);
  const file = join(made, 'journal.sqlite');
  // As earlier versions named it, and a folder for good measure.
  writeFileSync(`${file}.${process.pid}.new`, 'half');
  mkdirSync(`${file}.${process.pid}.new-wal`);
  for (let n = 0; n < 3; n += 1) writeFileSync(nameBeside(file), 'half');
  const journal = openSqliteJournal({ file, clock: { now: () => 1 }, who: 'ann' });
  await journal.append([{ run: null, type: 'x', body: {} }]);
  t.is((await allEntries(journal)).length, 1);
  await journal.close();
});

const child = fileURLToPath(new URL('../support/full-disk.ts', import.meta.url));

interface Told {
  name: string;
  pages: number;
  said: string;
  stands: string;
  left: string[];
}

/** Whatever was said is so, nothing is cut, and both kinds came up for every writer. */
function check(t: ExecutionContext, out: string, kinds: string[]): void {
  const told = JSON.parse(out) as Told[];
  for (const { name, pages, said, stands, left } of told) {
    t.is(stands, said, `${name} with ${pages} pages left`);
    t.deepEqual(left, [], `${name} with ${pages} pages left`);
  }
  for (const name of new Set(told.map((one) => one.name))) {
    const said = told.filter((one) => one.name === name).map((one) => one.said);
    t.deepEqual([...new Set(said)].sort(), kinds, name);
  }
}

testAsRoot(
  ['unshare', 'mount'],
  'on a file system that is nearly full all of it is there, or it is said',
  async (t) => {
    const made = folder(t);
    const mount = 'mount -t tmpfs -o size=128k none "$1" && exec "$2" "$3" "$1" disk';
    const words = ['--mount', 'sh', '-c', mount, 'sh', made, process.execPath, child];
    const { stdout } = await execa('unshare', words);
    check(t, stdout, ['done', 'no']);
  },
);

testWith(
  ['bash'],
  'a file that may grow no further is left as it was, and it is said',
  async (t) => {
    const made = folder(t);
    // The system takes what fits below the limit, and fails from there on.
    const limited = 'trap "" XFSZ; ulimit -f 4; exec "$1" "$2" "$3" file';
    const words = ['-c', limited, 'bash', process.execPath, child, made];
    const { stdout } = await execa('bash', words, { env: { NODE_COMPILE_CACHE: '' } });
    check(t, stdout, ['no']);
  },
);
