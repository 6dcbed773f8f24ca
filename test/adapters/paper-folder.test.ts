/** The folder of documents: what lies there is read or named, and never replaced. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  documentPath,
  putDocument,
  readDocumentFile,
  readDocumentFolder,
} from '../../src/adapters/document-folder.ts';
import { policyPaper, REQUEST, windowPaper } from '../support/window-papers.ts';

const request = windowPaper('request', 'rosa@example.com', 0, REQUEST);
const review = windowPaper('review', 'ana', 9, { of: 'c'.repeat(64), notes: 'fine' });

function newFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-papers-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('papers lie under the name of what they are, and are read again', (t) => {
  const folder = newFolder(t);
  const hash = request.name.split('/')[2]!.slice(0, 8);
  t.deepEqual(putDocument(folder, request), {
    file: `CHG-1/request-rosa@example.com-${hash}.json`,
    isNew: true,
  });
  t.is(putDocument(folder, policyPaper(3)).file, 'policy/v3-uuid-1-pia.json');
  putDocument(folder, review);
  const { papers, odd } = readDocumentFolder(folder);
  t.deepEqual(odd, []);
  t.deepEqual(
    new Set(papers.map(({ paper }) => paper)),
    new Set([request, review, policyPaper(3)]),
  );
  t.is(statSync(join(folder, documentPath(request))).mode & 0o777 & ~0o644, 0);
});

test('the same paper again changes nothing; another signature is put beside it', (t) => {
  const folder = newFolder(t);
  putDocument(folder, request);
  t.false(putDocument(folder, request).isNew);
  const other = { ...request, signature: 'another' };
  t.is(putDocument(folder, other).file, documentPath(request, 2));
  t.false(putDocument(folder, other).isNew);
  const there = readDocumentFolder(folder).papers.map(({ paper }) => paper.signature);
  t.deepEqual(there.sort(), ['a signature', 'another']);
});

test('a name that is taken by something else is never written over', (t) => {
  const folder = newFolder(t);
  const path = join(folder, documentPath(request));
  mkdirSync(join(folder, 'CHG-1'));
  writeFileSync(path, 'mine');
  t.is(putDocument(folder, request).file, documentPath(request, 2));
  t.is(readFileSync(path, 'utf8'), 'mine');
  t.deepEqual(
    readdirSync(join(folder, 'CHG-1')).filter((name) => name.startsWith('.')),
    [],
  );
});

const ODD: [string, (file: string, folder: string) => void, RegExp][] = [
  [
    'a word file',
    (_file, folder) => writeFileSync(join(folder, 'notes.txt'), 'x'),
    /not a signed document/,
  ],
  ['a paper cut off', (file) => truncateSync(file, 40), /is not JSON/],
  ['an empty file', (file) => truncateSync(file, 0), /is not JSON/],
  [
    'a changed text',
    (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('to see', 'to sea')),
    /belongs to window/,
  ],
  [
    'a field too many',
    (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{"x": 1,')),
    /additional/,
  ],
  [
    'a link',
    (file, folder) => symlinkSync(file, join(folder, 'CHG-1', 'link.json')),
    /not a plain file/,
  ],
];

for (const [what, spoil, expected] of ODD) {
  test(`${what} is named with what is wrong, and the rest is read`, (t) => {
    const folder = newFolder(t);
    putDocument(folder, review);
    const { file } = putDocument(folder, request);
    spoil(join(folder, file), folder);
    const { papers, odd } = readDocumentFolder(folder);
    t.is(odd.length, 1);
    t.regex(odd[0]?.why ?? '', expected);
    t.true(papers.some(({ paper }) => paper.name === review.name));
  });
}

test('a folder that is not there is empty; a file that cannot be read says what to do', (t) => {
  t.deepEqual(readDocumentFolder('/nonexistent/papers'), { papers: [], odd: [] });
  t.throws(() => readDocumentFile('/nonexistent/paper.json'), {
    message: /cannot read documents from .*paper.json/,
  });
});

test('one file may hold many papers, as they are sent by mail', (t) => {
  const folder = newFolder(t);
  const file = join(folder, 'mail.json');
  writeFileSync(file, JSON.stringify({ schema: 'drydock.papers/1', papers: [request, review] }));
  t.deepEqual(readDocumentFile(file), [request, review]);
  t.is(readDocumentFolder(folder).papers.length, 2);
});
