import test from 'ava';
import fc from 'fast-check';
import { inOneLine, visible } from '../../src/core/visible.ts';

/** Told apart by number, not by the properties that the program asks for. */
const MEAN: [number, number, string][] = [
  [0x00, 0x08, 'controls'],
  [0x0b, 0x1f, 'controls, carriage return and escape'],
  [0x7f, 0x9f, 'delete and C1'],
  [0xad, 0xad, 'soft hyphen'],
  [0x34f, 0x34f, 'grapheme joiner'],
  [0x61c, 0x61c, 'Arabic letter mark'],
  [0x115f, 0x1160, 'fillers'],
  [0x180b, 0x180f, 'selectors'],
  [0x200b, 0x200f, 'zero widths and marks of direction'],
  [0x2028, 0x202e, 'separators, embeddings and overrides'],
  [0x2060, 0x206f, 'joiners and isolates'],
  [0x3164, 0x3164, 'filler'],
  [0xd800, 0xdfff, 'halves'],
  [0xe000, 0xf8ff, 'private'],
  [0xfe00, 0xfe0f, 'selectors'],
  [0xfeff, 0xfeff, 'byte-order mark'],
  [0xfff9, 0xfffb, 'annotations'],
  [0xe0000, 0xe0fff, 'tags and selectors'],
];

const isMean = (code: number) => MEAN.some(([first, last]) => code >= first && code <= last);

test('of all of Unicode nothing comes through that a terminal obeys or nobody sees', (t) => {
  const raw: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const shown = visible(String.fromCodePoint(code));
    const isShown = /^(\\u[0-9a-f]{4}){1,2}$/.test(shown);
    if (isMean(code) && !isShown) raw.push(code.toString(16));
    if (!isShown && shown !== String.fromCodePoint(code)) raw.push(`changed ${code.toString(16)}`);
  }
  t.deepEqual(raw, []);
});

test('what people write stays as it is', (t) => {
  const texts = [
    'server1: md1 37%\n\tdone, "so" it says: <ok> \\ {x}',
    'Größe, señor, naïve, Ελληνικά, кириллица',
    '日本語の設定、サーバー１；漢字かな交じり文',
    '서버 하나, 中文（简体）',
    'a\u00a0b €1,50 — “quotes” … ✓ → 🙂',
    'e\u0301 combining',
  ];
  for (const text of texts) t.is(visible(text), text);
});

test('a JSON document stays the same document', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = JSON.stringify(value);
      const shown = visible(text);
      t.is(JSON.stringify(JSON.parse(shown)), text);
      t.notRegex(shown, /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/);
    }),
  );
});

test('made visible once or twice is the same', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      t.is(visible(visible(text)), visible(text));
      t.false(inOneLine(text).includes('\n'));
    }),
  );
});
