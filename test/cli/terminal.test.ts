import test from 'ava';
import fc from 'fast-check';
import { table } from '../../src/cli/context.ts';
import { painted, shown, widthOf } from '../../src/cli/words/terminal.ts';
import { makePlace, type Place } from './support.ts';

let place: Place;
test.before(async () => {
  place = await makePlace();
});
test.after.always(() => place?.remove());

test('our own colours come through, around a text that cannot colour itself', (t) => {
  const mine = painted('red', 'mean \u001b[32mgreen\u001b[0m \u202etext');
  t.is(shown(`a ${mine} b`), 'a \u001b[31mmean \\u001b[32mgreen\\u001b[0m \\u202etext\u001b[39m b');
  t.is(widthOf(painted('bold', 'four')), 4);
});

test('a text from outside never makes a colour, whatever it holds', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, other) => {
      const marks = `${text}\ufdd0${other}31\ufdd1`;
      t.false(/[\p{Cc}\p{Cn}]/u.test(shown(marks).replace(/[\n\t]/g, '')));
      const [head = '', tail = ''] = shown(`${text}${painted('red', '|')}`).split('\u001b[31m|');
      t.false(head.includes('\u001b'));
      t.is(tail, '\u001b[39m');
    }),
  );
});

test('a cell is one line, and columns stand below one another in spite of colours', (t) => {
  t.is(
    shown(
      table([
        ['a\nfake row', 'x'],
        [painted('red', 'b'), 'y'],
      ]),
    ),
    'a\\u000afake row  x\n\u001b[31mb\u001b[39m                y\n',
  );
});

const MEAN = 'Say \\u001b[2J\\u0085\\u202eyas\\u200b\\r\\n  2 of 2 approved \\ud83d\\ude42';
const AS_SHOWN = 'Say \\u001b[2J\\u0085\\u202eyas\\u200b\\u000d\\u000a  2 of 2 approved 🙂';

const RUNBOOK = `id: x5-2.99
title: "${MEAN.replace('\\ud83d\\ude42', '🙂')}"
source: { manual: x5, section: '2.99' }
editions: [X]
kind: procedure
summary: nothing
steps:
  - id: look
    title: Look
    source: ["1"]
    on: server1
    run: [hostname]
    probe: "false"
    expect: "true"
    undo: none
    safe: true
`;

test.serial('the title of a runbook, in words and in JSON', async (t) => {
  const file = place.file('mean.runbook.yaml', RUNBOOK);
  const words = await place.run('show', file);
  t.is(words.exit, 0, words.err);
  t.is(words.out.split('\n')[0], `x5-2.99  ${AS_SHOWN}`);
  const json = await place.run('show', file, '--json');
  t.false(/[\p{Cc}\p{Cf}]/u.test(json.out.trimEnd()));
  t.is(JSON.parse(json.out).title, JSON.parse(`"${MEAN}"`));
});

test.serial('an error that repeats what was typed', async (t) => {
  const { exit, err } = await place.run('show', 'v3\u009b\u202e\r\nok');
  t.is(exit, 2);
  t.regex(err, /^drydock: there is no runbook 'v3\\u009b\\u202e\\u000d\\u000aok'/);
  t.is(err.trimEnd().split('\n').length, 1, err);
});
