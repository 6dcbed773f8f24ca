/** A clp.conf in the character set of its time: what is not edited stays, byte for byte. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import iconv from 'iconv-lite';
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';
import { bytesOfText, textOfBytes } from '../../src/core/byte-text.ts';
import { describeError } from '../../src/core/errors.ts';

const V3 = readFileSync(new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url), 'utf8');
const parse = (text: string) => parseClusterConfiguration(text, 'clp.conf');

/** The fixture with a comment, as a builder of that character set saves it. */
function saved(name: string, comment: string, encoding = name): Buffer {
  const text = V3.replaceAll('UTF-8', name).replace(
    'Rehearsal cluster with a mirror disk',
    comment,
  );
  return iconv.encode(text, encoding);
}

const SETS: [name: string, comment: string][] = [
  ['EUC-JP', '基幹系の予行演習'],
  ['SJIS', '表示 ソフト ｶﾅ'],
  ['Shift_JIS', '能力十分'],
  ['GB2312', '生产集群'],
  ['ISO-8859-1', 'Übung für später'],
];

for (const [name, comment] of SETS) {
  test(`${name} is read, and an edit of something else keeps every byte`, (t) => {
    const bytes = saved(name, comment);
    const text = textOfBytes(bytes);
    t.deepEqual(Buffer.from(bytesOfText(text)), bytes);
    const config = parse(text);
    t.is(config.comment, comment);
    const written = writeClusterConfiguration({ ...config, startupWaitMs: 7000 }, text);
    const as = iconv.decode(Buffer.from(bytesOfText(written)), name);
    t.true(as.includes(`<comment>${comment}</comment>`));
    t.true(as.includes('<startupwait>7</startupwait>'));
    t.true(as.includes(`encoding="${name}"`));
    t.true(Buffer.from(bytesOfText(written)).includes(iconv.encode(comment, name)));
    t.deepEqual(parse(written), { ...config, startupWaitMs: 7000 });
  });
}

test('an edit is written in the set of the file', (t) => {
  const text = textOfBytes(saved('EUC-JP', 'x'));
  const written = writeClusterConfiguration({ ...parse(text), comment: '訓練' }, text);
  t.true(Buffer.from(bytesOfText(written)).includes(Buffer.from([0xb7, 0xb1, 0xce, 0xfd])));
  t.is(parse(written).comment, '訓練');
});

const LACKING: [name: string, comment: string, expected: RegExp][] = [
  ['EUC-JP', '訓練 😀', /^clp\.conf: .*set EUC-JP of this file lacks 😀 \(U\+1F600\); write it/],
  ['SJIS', 'Übung', /set SJIS of this file lacks Ü \(U\+00DC\)/],
  ['ISO-8859-1', '訓練', /set ISO-8859-1 of this file lacks 訓 \(U\+8A13\)/],
  ['ASCII', 'é', /set ascii of this file lacks é \(U\+00E9\)/],
];

for (const [name, comment, expected] of LACKING) {
  test(`an edit is refused with the character that ${name} lacks`, (t) => {
    const text = textOfBytes(saved(name, 'x', name === 'ASCII' ? 'utf8' : name));
    const error = t.throws(() => writeClusterConfiguration({ ...parse(text), comment }, text));
    t.regex(describeError(error), expected);
  });
}

test('bytes that are no character, or that a writer would choose otherwise, stay', (t) => {
  // No second byte follows 0x8f there, and NEC’s row 13 has the same sign as another row of SJIS.
  const table: [string, number[]][] = [
    ['EUC-JP', [0xa4, 0xb3, 0x8f, 0x20, 0xa4, 0xb3]],
    ['SJIS', [0x82, 0xb1, 0x87, 0x90, 0x81, 0xe0, 0x82, 0xb1]],
    ['GB2312', [0xc9, 0xfa, 0xff, 0xc9, 0xfa]],
    ['GB2312', [0x87, 0x20, 0xac, 0xd7, 0x3f, 0xb3, 0xd2]],
  ];
  for (const [name, odd] of table) {
    const [before = '', after = ''] = V3.replaceAll('UTF-8', name).split(
      'Rehearsal cluster with a mirror disk',
    );
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from(odd), Buffer.from(after)]);
    const text = textOfBytes(bytes);
    const written = writeClusterConfiguration({ ...parse(text), startupWaitMs: 7000 }, text);
    t.true(Buffer.from(bytesOfText(written)).includes(Buffer.from(odd)), name);
  }
});

test('UTF-8 that an earlier version wrote below another declaration is read as UTF-8', (t) => {
  const text = V3.replaceAll('UTF-8', 'EUC-JP').replace(
    'Rehearsal cluster with a mirror disk',
    'あいう',
  );
  t.is(parse(text).comment, 'あいう');
  const written = writeClusterConfiguration({ ...parse(text), startupWaitMs: 7000 }, text);
  t.true(written.includes('<comment>あいう</comment>'));
});

test('references to characters survive an edit, and say what they stand for', (t) => {
  const raw = '&#x8a13;&#32244; &amp; R&#38;D &#0; "&lt;"';
  const text = V3.replace('Rehearsal cluster with a mirror disk', raw).replace(
    '</root>',
    '<pm odd="&#65;&amp;&quot;">&#66;</pm><cd><![CDATA[a & <b>]]></cd></root>',
  );
  t.is(parse(text).comment, '訓練 & R&D &#0; "<"');
  const written = writeClusterConfiguration({ ...parse(text), startupWaitMs: 7000 }, text);
  t.true(written.includes(`<comment>${raw}</comment>`));
  t.true(written.includes('<pm odd="&#65;&amp;&quot;">&#66;</pm>'));
  t.true(written.includes('<cd><![CDATA[a & <b>]]></cd>'));
  t.true(written.includes('<startupwait>7</startupwait>'));
});

test('a byte order mark stays where it was', (t) => {
  const text = `\ufeff${V3}`;
  const written = writeClusterConfiguration({ ...parse(text), startupWaitMs: 7000 }, text);
  t.true(written.startsWith('\ufeff<?xml'));
});

test('a set that a file in ASCII cannot be in is not believed', (t) => {
  for (const name of ['UTF-16', 'UTF-32', 'UTF-7', 'hex', 'base64', 'ucs2']) {
    const text = V3.replaceAll('UTF-8', name).replace(
      'Rehearsal cluster with a mirror disk',
      'a + b 基幹系',
    );
    t.is(parse(text).comment, 'a + b 基幹系', name);
    const written = writeClusterConfiguration({ ...parse(text), startupWaitMs: 7000 }, text);
    t.true(written.includes('<comment>a + b 基幹系</comment>'), name);
  }
});
