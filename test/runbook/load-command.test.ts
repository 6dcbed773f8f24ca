import test from 'ava';
import fc from 'fast-check';
import { DrydockError } from '../../src/core/errors.ts';
import type { Scope } from '../../src/runbook/language/expressions/expressions.ts';
import { splitCommand } from '../../src/runbook/language/load-command.ts';
import { fillTemplate } from '../../src/runbook/language/template.ts';
import { handMadeStatus } from './hand-made-status.ts';

const table: [text: string, argv: string[]][] = [
  ['clpcl -t -a', ['clpcl', '-t', '-a']],
  ['  clpmdctrl   --recovery\t{md} ', ['clpmdctrl', '--recovery', '{md}']],
  ['echo \'two words\' "and {md} more"', ['echo', 'two words', 'and {md} more']],
  ['echo a\\ b "c \\" d" \'e " f\'', ['echo', 'a b', 'c " d', 'e " f']],
  [
    "mount -o {fs == 'ext2' ? 'ro' : 'ro,noload'} x",
    ['mount', '-o', "{fs == 'ext2' ? 'ro' : 'ro,noload'}", 'x'],
  ],
  ['echo {{literal}}', ['echo', '{{literal}}']],
  ['echo \'\' ""', ['echo', '', '']],
  ['/dev/{md}x{md}', ['/dev/{md}x{md}']],
];

for (const [text, argv] of table) {
  test(`splitting ${JSON.stringify(text)}`, (t) => {
    t.deepEqual(splitCommand(text), argv);
  });
}

for (const text of ['', '   ', "echo 'x", 'echo "x', 'echo {md', 'echo x\\']) {
  test(`refusing ${JSON.stringify(text)} as no command`, (t) => {
    t.throws(() => splitCommand(text), { instanceOf: DrydockError, code: 'command.malformed' });
  });
}

for (const text of [
  'a | b',
  'a && b',
  'a > f',
  'a; b',
  'echo $HOME',
  'echo `id`',
  'ls *',
  'a (b)',
]) {
  test(`refusing ${JSON.stringify(text)}, which needs a shell`, (t) => {
    t.throws(() => splitCommand(text), { message: /needs a shell, and there is none/ });
  });
}

const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[{}\0]/.test(text));

test('quoted words come out as they went in, one argument each', (t) => {
  const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const command = ['run', ...words.map(quote)].join(' ');
      t.deepEqual(splitCommand(command), ['run', ...words]);
    }),
  );
  t.pass();
});

test('an operator’s value is always one whole argument, whatever it holds', (t) => {
  const status = handMadeStatus();
  const value = fc.string({ unit: 'binary', maxLength: 40 });
  const shape = fc.constantFrom('{x}', 'a{x}', '"{x} {x}"', "'{x}'", '{x}{x}', '--name={x}');
  fc.assert(
    fc.property(fc.array(shape, { minLength: 1, maxLength: 5 }), value, (shapes, given) => {
      const scope: Scope = { status, names: { x: given }, before: {}, chosen: {} };
      const argv = splitCommand(`run ${shapes.join(' ')}`).map((arg) => fillTemplate(arg, scope));
      const expected = shapes.map((one) => {
        return one.replaceAll(/["']/g, '').replaceAll('{x}', () => given);
      });
      t.deepEqual(argv, ['run', ...expected]);
    }),
  );
  t.pass();
});

test('any text either splits or is refused with words', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      try {
        t.true(splitCommand(text).length > 0);
      } catch (error) {
        t.true(error instanceof DrydockError);
      }
    }),
  );
  t.pass();
});
