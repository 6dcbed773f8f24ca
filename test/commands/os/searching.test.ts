/**
 * grep, find and cp beside the machine's own: the same words on the same tree end alike, print the
 * same, and leave the same files. And scp, as far as another server's files go.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { nodeFiles } from '../../../src/adapters/node-files.ts';
import type { Environment } from '../../../src/commands/environment.ts';
import { commands } from '../../../src/commands/index.ts';
import { WireError } from '../../../src/ports/wire.ts';
import { testWith } from '../../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-search-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

let trees = 0;

/** A tree with a log, a key of 32 bytes, and a folder of folders. */
function aTree(): string {
  trees += 1;
  const root = join(folder, String(trees));
  mkdirSync(join(root, 'log', 'deep'), { recursive: true });
  writeFileSync(join(root, 'messages'), 'one (99 : slow)\nTwo\n\nlast without an end');
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, 'key'), Buffer.from(Array.from({ length: 32 }, (_, at) => at * 8)));
  writeFileSync(join(root, 'log', 'a'), 'a');
  writeFileSync(join(root, 'log', 'deep', 'b'), 'bb');
  return root;
}

const filesOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort()
      .map((path) => [path.slice(root.length), readFileSync(path, 'latin1')]),
  );

async function ours(words: string[]) {
  const root = aTree();
  const [name = '', ...args] = words;
  const files = nodeFiles(root);
  const env = { server: 'server1', files } as unknown as Environment;
  const { code, stdout } = await commands.get(name)!.run(env, args);
  return { code, stdout: stdout.split('\n').sort(), files: filesOf(root) };
}

async function real(words: string[]) {
  const root = aTree();
  const [name = '', ...args] = words.map((word) => (word.startsWith('/') ? root + word : word));
  const ended = await execa(name, args, { reject: false, stripFinalNewline: false });
  const stdout = String(ended.stdout).replaceAll(root, '').split('\n').sort();
  return { code: ended.exitCode, stdout, files: filesOf(root) };
}

const LINES = [
  'grep -E o /messages',
  'grep -E nothing /messages',
  'grep -F (99 /messages',
  'grep -hE one|Two /messages /empty',
  'grep -E one|Two /messages /empty',
  'grep -cE o /messages',
  'grep -ciE two /messages',
  'grep -qE o /messages',
  'grep -hE o /messages /none',
  'grep -qE o /messages /none',
  'grep -E o /none',
  'grep -E ^$ /messages',
  'grep -E x* /empty',
  'grep -E \\([0-9]+_:_ /messages',
  'find /log',
  'find /log -mindepth 1',
  'find /log/ -mindepth 1 -delete',
  'find /none -mindepth 1 -delete',
  'find /key -size 32c',
  'find /messages -size 32c',
  'cp -p /key /key.before',
  'cp /key /log',
  'cp /none /key',
  'cp /log /other',
  'cp -p /key /key',
];
for (const line of LINES) {
  const words = line.split(' ').map((word) => word.replaceAll('_', ' '));
  testWith([words[0] as string], `beside the real one: ${line}`, async (t) => {
    t.deepEqual(await ours(words), await real(words));
  });
}

for (const line of ['grep -P o /messages', 'grep o /messages', 'grep -E (a+)+ /messages']) {
  test(`refused, because it means more than is provided: ${line}`, async (t) => {
    t.is((await ours(line.split(' '))).code, 2);
  });
}

async function fetching(line: string, answer: () => unknown) {
  const root = aTree();
  const env = {
    server: 'server1',
    files: nodeFiles(root),
    request: async (to: unknown, body: unknown) => {
      asked.push([to, body]);
      return answer();
    },
  } as unknown as Environment;
  const asked: unknown[] = [];
  const [name = '', ...args] = line.split(' ');
  const { code, stderr } = await commands.get(name)!.run(env, args);
  return { code, stderr, asked, files: filesOf(root) };
}

test('scp fetches a file of another server, byte for byte', async (t) => {
  const got = await fetching('scp -B -p server2:/root/new /key', () => ({ text: 'new key' }));
  t.is(got.code, 0);
  t.is(got.files['/key'], 'new key');
  t.deepEqual(got.asked, [
    [
      { server: 'server2', part: 'host' },
      { do: 'files', op: 'read', path: '/root/new' },
    ],
  ]);
});

test('scp leaves what is there where the other server has no such file, or does not answer', async (t) => {
  const before = filesOf(aTree())['/key'];
  const missing = await fetching('scp -B server2:/none /key', () => ({ text: null }));
  t.deepEqual([missing.code, missing.files['/key']], [1, before]);
  const silent = await fetching('scp -B server2:/root/new /key', () => {
    throw new WireError('timeout', 'server2 does not answer');
  });
  t.deepEqual([silent.code, silent.files['/key']], [255, before]);
  t.regex(silent.stderr, /server2 does not answer/);
});
