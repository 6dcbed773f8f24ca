import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { type EditionReader, editionFile, editionReader } from '../../src/adapters/edition-file.ts';

const TRIES = 500;

function place(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-edition-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'part.edition');
}

/** The kernel tells of a signal when the process has come to it. */
async function becomes(reader: EditionReader, isSo: (edition: string | null) => boolean) {
  for (let tries = 0; tries < TRIES && !isSo(reader.read()); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return isSo(reader.read());
}

test('What is held passes with the next edition, and each is another one', (t) => {
  const path = place(t);
  const reader = editionReader(path, process.pid);
  t.is(reader.read(), null, 'it has said none yet');
  const edition = editionFile(path);
  const seen = [reader.read(), reader.read()];
  t.is(seen[0], seen[1]);
  for (let count = 0; count < 20; count += 1) {
    edition.next();
    seen.push(reader.read());
  }
  t.is(new Set(seen).size, 21);
  t.false(seen.includes(null));
  reader.close();
  t.is(reader.read(), null);
});

test('What an earlier process left, and a file cut short, are nobody’s edition', (t) => {
  const path = place(t);
  editionFile(path);
  const own = readFileSync(path, 'latin1');
  const reader = editionReader(path, process.pid);
  writeFileSync(path, own.replace(`${process.pid}`, `${process.pid}0`));
  t.is(reader.read(), null);
  writeFileSync(path, own.slice(0, -1));
  t.is(reader.read(), null);
  writeFileSync(path, '');
  t.is(reader.read(), null);
  reader.close();
});

test('A process that is stopped or gone is at no edition', async (t) => {
  const path = place(t);
  const wait = 'setInterval(() => {}, 1000)';
  const child = execa(process.execPath, ['-e', wait], { reject: false, stdio: 'ignore' });
  t.teardown(() => void child.kill('SIGKILL'));
  writeFileSync(path, `${child.pid} 0000000000000007\n`);
  const reader = editionReader(path, child.pid);
  t.is(reader.read(), readFileSync(path, 'latin1'));
  child.kill('SIGSTOP');
  t.true(await becomes(reader, (edition) => edition === null));
  child.kill('SIGCONT');
  t.true(await becomes(reader, (edition) => edition !== null));
  child.kill('SIGKILL');
  t.true(await becomes(reader, (edition) => edition === null));
  await child;
  t.is(reader.read(), null);
  reader.close();
});

test('Of a process that was not started nothing is read', (t) => {
  t.is(editionReader(place(t), undefined).read(), null);
});
