import test from 'ava';
import fc from 'fast-check';
import { DrydockError, describeError } from '../../src/core/errors.ts';
import { loadRunbook } from '../../src/runbook/language/load.ts';
import { RunbookErrors } from '../../src/runbook/language/types.ts';

const GOOD = `id: v3-5.1
title: A title
source: { manual: v3, section: "5.1" }
editions: [LE]
kind: procedure
steps:
  - id: stop
    title: Stop it
    source: [u1]
    on: server1
    run: clpcl -t -a
    expect: "true"
    undo: { run: clpcl -s -a }
`;

function complaints(text: string): string[] {
  try {
    loadRunbook(text, 'x.yaml');
  } catch (error) {
    if (error instanceof RunbookErrors) return error.errors.map((one) => describeError(one));
    if (error instanceof DrydockError) return [describeError(error)];
    throw error;
  }
  return [];
}

test('a good runbook has its commands split and its verbs named', (t) => {
  const [step] = loadRunbook(GOOD, 'x.yaml').runbook.steps;
  t.is(step?.verb, 'run');
  t.deepEqual(step?.argv, ['clpcl', '-t', '-a']);
  t.deepEqual(step?.undoArgv, ['clpcl', '-s', '-a']);
});

test('comments and layout do not change the hash, content does', (t) => {
  const hash = loadRunbook(GOOD, 'a').hash;
  t.is(loadRunbook(`# a comment\n${GOOD}`, 'b').hash, hash);
  t.not(loadRunbook(GOOD.replace('-t -a', '-t'), 'c').hash, hash);
});

test('a field’s place is its line and column, and characters within it', (t) => {
  const loaded = loadRunbook(GOOD, 'x.yaml');
  const expected = { file: 'x.yaml', line: 11, column: 10, field: 'steps[0].run' };
  t.deepEqual(loaded.placeOf(['steps', 0, 'run']), expected);
  t.is(loaded.placeOf(['steps', 0, 'expect'], 2).column, 16);
  t.is(loaded.placeOf(['steps', 0, 'danger']).line, 7);
});

const table: [name: string, change: (text: string) => string, words: RegExp][] = [
  [
    'an unknown field',
    (s) => s.replace('expect:', 'expects:'),
    /^x.yaml:12:\d+: steps\[0\].expects: unknown field 'expects'; did you mean 'expect'/,
  ],
  ['a missing field', (s) => s.replace('title: A title\n', ''), /lacks the field 'title'/],
  [
    'a wrong word',
    (s) => s.replace('kind: procedure', 'kind: recipe'),
    /^x.yaml:5:7: kind: .*procedure \| diagnosis/,
  ],
  ['no verb', (s) => s.replace('    run: clpcl -t -a\n', ''), /step 'stop' has no verb/],
  [
    'two verbs',
    (s) => s.replace('    run:', '    check: "true"\n    run:'),
    /several verbs: run, check/,
  ],
  [
    'a malformed command',
    (s) => s.replace('clpcl -t -a', 'clpcl -t | tee log'),
    /^x.yaml:11:10: steps\[0\].run: .*needs a shell/,
  ],
  ['a malformed undo', (s) => s.replace('{ run: clpcl -s -a }', 'maybe'), /undo: none, or undo:/],
  [
    'a malformed duration',
    (s) => s.replace('    on:', '    timeout: 5 minutes\n    on:'),
    /^x.yaml:10:14: steps\[0\].timeout/,
  ],
  ['two steps of one name', (s) => s + s.slice(s.indexOf('  - id')), /two steps 'stop'/],
  ['a key given twice', (s) => s.replace('kind:', 'id: again\nkind:'), /keys must be unique/i],
  ['two documents', (s) => `${s}---\n${s}`, /multiple documents/i],
  ['a tag', (s) => s.replace('A title', '!!js/function "x"'), /tag/i],
  [
    'an alias',
    (s) => s.replace('A title', '&t A title').replace('Stop it', '*t'),
    /anchor &t|alias/,
  ],
  [
    'a broken line',
    (s) => s.replace('{ manual:', '{ manual: [v3'),
    /not YAML as a runbook needs it/,
  ],
  ['no runbook at all', () => 'just words', /must be object/],
  ['an empty file', () => '', /must be object/],
  [
    'a prototype',
    (s) =>
      s.replace('steps:', 'parameters: { __proto__: { type: string, description: x } }\nsteps:'),
    /'__proto__' is no name/,
  ],
];

for (const [name, change, words] of table) {
  test(`refusing ${name}`, (t) => {
    t.regex(complaints(change(GOOD)).join('\n'), words);
  });
}

test('everything wrong is told at once, the first as the message', (t) => {
  const text = GOOD.replace('kind: procedure', 'kind: x').replace('expect:', 'expects:');
  t.is(complaints(text).length, 2);
  const error = t.throws(() => loadRunbook(text, 'x.yaml'), { instanceOf: RunbookErrors });
  t.regex(error?.message ?? '', /and 1 more/);
  t.is(error?.exit, 2);
});

test('a bomb of aliases and a file too large are refused before they cost anything', (t) => {
  const bomb = `a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n`;
  t.regex(complaints(bomb).join('\n'), /alias|anchor/);
  t.regex(complaints(`title: ${'x'.repeat(1024 * 1024)}`).join('\n'), /larger than/);
});

test('truncated anywhere, a runbook is refused with a place or still is one', (t) => {
  for (let length = 0; length < GOOD.length; length++) {
    for (const line of complaints(GOOD.slice(0, length))) t.regex(line, /^x\.yaml/);
  }
  t.pass();
});

test('hostile text never does anything but be refused', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      t.true(complaints(text).length > 0);
    }),
  );
  fc.assert(
    fc.property(fc.nat(GOOD.length), fc.string({ unit: 'binary', maxLength: 5 }), (at, noise) => {
      for (const line of complaints(GOOD.slice(0, at) + noise + GOOD.slice(at))) {
        t.true(line.startsWith('x.yaml'));
      }
    }),
  );
  t.pass();
});
