/** What an edit does not touch stays, byte for byte, however the file is laid out. */
import test from 'ava';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';
import { writeXml } from '../../src/config/write-xml.ts';
import { at, elementsOf, ensure, parseXml, removeAt, setText } from '../../src/config/xml.ts';
import { bytesOfText, textOfBytes } from '../../src/core/byte-text.ts';
import { V3_TEXT, X5_TEXT } from '../cluster/fake-servers.ts';

const COMMENTS: Record<string, string> = {
  'EUC-JP': '基幹系の予行演習',
  Shift_JIS: '表示 ソフト ｶﾅ 能力',
  GB2312: '生产集群',
  'UTF-8': '訓練 Übung 生产',
};

/** Other layouts of the same file: each is one that some program writes, or a person. */
const LAYOUTS: [name: string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
  ['tabs', (text) => text.replaceAll('  ', '\t')],
  ['all on one line', (text) => text.replaceAll(/>\s+</g, '><')],
  ['a line for each element', (text) => text.replaceAll('><', '>\n<')],
  ['blank lines and trailing blanks', (text) => text.replaceAll('>\n', '> \n\n')],
  ['white space within tags', (text) => text.replaceAll('/>', '  />').replaceAll('">', '" >')],
  ['no line end at the end', (text) => text.trimEnd()],
  [
    'an unknown section',
    (text) =>
      text.replace(
        '</root>',
        `<pm odd='"1"' b="it's"><![CDATA[a < b]]><!-- c - d --><?keep me?>&#65;x</pm ></root>\n<!-- e -->`,
      ),
  ],
];

/** The two fixtures in every layout and character set, as bytes that are read as a text. */
const files = LAYOUTS.flatMap(([name, lay]) =>
  Object.entries(COMMENTS).flatMap(([charset, comment]) =>
    [V3_TEXT, X5_TEXT].map((source) => {
      const text = lay(source.replaceAll('UTF-8', charset)).replace(
        /(<cluster>[\s\S]*?<comment>)[^<]*/,
        `$1${comment}`,
      );
      return { what: `${name}, ${charset}`, text: textOfBytes(iconv.encode(text, charset)) };
    }),
  ),
);

test('a file written back unchanged is the same file, in every layout and character set', (t) => {
  for (const { what, text } of files) {
    const config = parseClusterConfiguration(text, 'clp.conf');
    t.is(writeClusterConfiguration(config, text), text, what);
  }
});

test('a changed value is the only place that differs', (t) => {
  for (const { what, text } of files) {
    const config = parseClusterConfiguration(text, 'clp.conf');
    const heartbeat = { ...config.heartbeat, timeoutMs: 7654 };
    const written = writeClusterConfiguration({ ...config, heartbeat }, text);
    const expected = text.replace(
      /(<timeout>\s*)(\d+)(?=\s*<\/timeout>\s*<\/heartbeat>)/,
      '$17654',
    );
    t.not(expected, text);
    t.is(written, expected, what);
  }
});

/** Every element of a document, the root first. */
function allOf(text: string) {
  const document = parseXml(text, 'clp.conf');
  const found = [document.root];
  for (const element of found) found.push(...elementsOf(element));
  return { document, found };
}

/** What differs, as the two middles between what is the same at both ends. */
function difference(before: string, after: string): [string, string] {
  let from = 0;
  while (from < before.length && before[from] === after[from]) from += 1;
  let to = 0;
  const most = Math.min(before.length, after.length) - from;
  while (to < most && before.at(-1 - to) === after.at(-1 - to)) to += 1;
  return [before.slice(from, before.length - to), after.slice(from, after.length - to)];
}

test('an element that is added changes nothing else, and one that is taken out again leaves no trace', (t) => {
  const edits = fc.tuple(fc.nat(files.length - 1), fc.nat(), fc.string({ maxLength: 8 }));
  fc.assert(
    fc.property(edits, ([which, nth, raw]) => {
      const { text, what } = files[which] as { text: string; what: string };
      const { document, found } = allOf(text);
      const parent = found[nth % found.length];
      if (parent === undefined || (parent.children.length > 0 && !elementsOf(parent)[0])) return;
      const value = `v${raw.replaceAll(/[^\x20-\x7e]/g, '')}`.trim();
      setText(ensure(parent, 'drydock-new@one/deep/value'), value);
      const added = writeXml(document);
      const again = parseXml(added, 'clp.conf');
      const path = `${parent.path.replace(/^root\/?/, '')}/drydock-new@one`.replace(/^\//, '');
      t.is(at(again.root, `${path}/deep/value`)?.children.length, 1, what);
      const [gone, put] = difference(text, added);
      // Where an element had nothing within, its tags are written anew.
      t.regex(gone, /^\s*\/?$/, what);
      t.true(put.includes('drydock-new'), what);
      removeAt(again.root, path);
      const back = writeXml(again);
      if (parent.children.length > 1) t.is(back, text, what);
    }),
    { numRuns: 300 },
  );
});

test('a value that is set to what it is changes nothing, however it is written', (t) => {
  for (const raw of ['&#65;&amp;B', '<![CDATA[A&B]]>', ' A&amp;B ']) {
    const text = V3_TEXT.replace(/<comment>Rehearsal[^<]*/, `<comment>${raw}`);
    const document = parseXml(text, 'clp.conf');
    setText(ensure(document.root, 'cluster/comment'), 'A&B');
    t.is(writeXml(document), text);
  }
});

test('what stands in a set that lacks it is an error, and bytes that are no character stay', (t) => {
  const odd = iconv.encode(V3_TEXT.replaceAll('UTF-8', 'EUC-JP'), 'EUC-JP');
  const marked = Buffer.concat([odd, Buffer.from('<!-- '), Buffer.from([0x8f, 0xa1, 0x20])]);
  const text = textOfBytes(Buffer.concat([marked, Buffer.from(' -->\n')]));
  const config = parseClusterConfiguration(text, 'clp.conf');
  const written = writeClusterConfiguration({ ...config, comment: '訓練' }, text);
  t.true(Buffer.from(bytesOfText(written)).includes(Buffer.from([0x8f, 0xa1, 0x20])));
});
