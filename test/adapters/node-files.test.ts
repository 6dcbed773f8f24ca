import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { nodeFiles } from '../../src/adapters/node-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-files-'));
const root = join(folder, 'root');
mkdirSync(root);
writeFileSync(join(folder, 'outside'), 'secret');
const files = nodeFiles(root);
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('a file is written whole, with its folders, for its owner alone', async (t) => {
  await files.write('/opt/a/b.conf', 'text');
  t.is(await files.read('/opt/a/b.conf'), 'text');
  t.is(statSync(join(root, 'opt/a/b.conf')).mode & 0o777, 0o600);
  await files.write('/opt/a/b.conf', 'other');
  t.is(await files.read('opt/a/b.conf'), 'other');
  t.deepEqual(await files.list('/opt/a'), ['b.conf']);
  await files.remove('/opt/a/b.conf');
  t.is(await files.read('/opt/a/b.conf'), null);
  t.deepEqual(await files.list('/no/such'), []);
  t.is(await files.read('/no/such/file'), null);
});

test('a file that is no UTF-8 is read and written again byte for byte', async (t) => {
  const bytes = Buffer.from([0x61, 0xb7, 0xb1, 0xce, 0xfd, 0xe3, 0x81, 0x82, 0x0a]);
  writeFileSync(join(root, 'old'), bytes);
  await files.write('/new', (await files.read('/old')) ?? '');
  t.deepEqual(readFileSync(join(root, 'new')), bytes);
  t.is(await files.append('/new', (await files.read('/old')) ?? ''), 2 * bytes.length);
  t.deepEqual(readFileSync(join(root, 'new')), Buffer.concat([bytes, bytes]));
});

/** So long ago that the file may be remembered; by the kernel's own clock, which nobody can set. */
async function ripened(path: string): Promise<void> {
  const isYoung = () => Date.now() - statSync(path).ctimeMs < 150;
  while (isYoung()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const CHANGES: [how: string, act: (path: string) => void, text: string | null][] = [
  ['nothing', () => {}, 'one\n'],
  ['written in place', (path) => writeFileSync(path, 'two\n'), 'two\n'],
  [
    'written in place, and its time set back',
    (path) => {
      const { atime, mtime } = statSync(path);
      writeFileSync(path, 'two\n');
      utimesSync(path, atime, mtime);
    },
    'two\n',
  ],
  [
    'another one moved over it',
    (path) => {
      writeFileSync(`${path}.new`, 'two\n');
      renameSync(`${path}.new`, path);
    },
    'two\n',
  ],
  ['removed', (path) => rmSync(path), null],
];
for (const [how, act, text] of CHANGES) {
  test(`a file that was read before is what it is now: ${how}`, async (t) => {
    const name = `read-${how.replaceAll(/\W/g, '-')}`;
    const path = join(root, name);
    writeFileSync(path, 'one\n');
    await ripened(path);
    t.is(await files.read(name), 'one\n');
    act(path);
    t.is(await files.read(name), text);
    t.is(await files.read(name), text);
  });
}

test('a file that was written twice within a tick of the kernel’s clock is read as it is', async (t) => {
  const path = join(root, 'restless');
  for (let round = 0; round < 200; round += 1) {
    writeFileSync(path, String(round % 10));
    t.is(await files.read('/restless'), String(round % 10));
  }
});

test('two dots end at the root', async (t) => {
  t.is(await files.read('/../outside'), null);
  t.is(await files.read('/a/../../../outside'), null);
  await files.write('/../../up', 'inside');
  t.is(readFileSync(join(root, 'up'), 'utf8'), 'inside');
});

test('symbolic links are refused wherever they are', async (t) => {
  symlinkSync(join(folder, 'outside'), join(root, 'link'));
  symlinkSync(folder, join(root, 'way'));
  for (const path of ['/link', '/way/outside', '/way/root/up']) {
    await t.throwsAsync(files.read(path), { message: /symbolic link/ });
    await t.throwsAsync(files.write(path, 'x'), { message: /symbolic link/ });
    await t.throwsAsync(files.remove(path), { message: /symbolic link/ });
  }
  await t.throwsAsync(files.list('/way'), { message: /symbolic link/ });
  t.is(readFileSync(join(folder, 'outside'), 'utf8'), 'secret');
});

test('folders, zero bytes and the root itself are refused as files', async (t) => {
  await t.throwsAsync(files.read('/'));
  await t.throwsAsync(files.read('/a\0b'), { message: /zero byte/ });
  await t.throwsAsync(files.remove('/'), { message: /root/ });
  await t.throwsAsync(files.remove('/x/..'), { message: /root/ });
});

test('no path writes outside the root', async (t) => {
  const segment = fc.constantFrom('..', '.', '', 'a', 'b', 'root', 'outside', '...');
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 6 }), async (names) => {
      await files.write(`/${names.join('/')}/file`, 'x').catch(() => undefined);
      t.is(readFileSync(join(folder, 'outside'), 'utf8'), 'secret');
      t.throws(() => statSync(join(folder, 'file')));
    }),
    { numRuns: 40 },
  );
});
