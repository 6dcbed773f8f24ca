import test from 'ava';
import stringWidth from '../../scripts/string-width.ts';

const widths: [string, string, number][] = [
  ['nothing', '', 0],
  ['plain words', 'drydock run ID', 14],
  ['colours take no columns', '\u001b[31mred\u001b[39m', 3],
  ['a letter and its accent are one', 'e\u0301', 1],
  ['a dash of the typesetter', 'on — off', 8],
  ['colours around what is not plain', '\u001b[1mÄrger\u001b[22m', 5],
];

for (const [title, text, columns] of widths) {
  test(`the columns of a text: ${title}`, (t) => {
    t.is(stringWidth(text), columns);
  });
}
