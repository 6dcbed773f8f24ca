import test from 'ava';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import {
  type Anchor,
  canonical,
  isCanonical,
  requireChain,
  sealEntry,
  verifyChain,
} from '../../src/audit/chain.ts';
import type { NewEntry } from '../../src/ports/journal.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';

function chainOf(count: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (let n = 0; n < count; n += 1) {
    const entry: NewEntry = { run: 'r', type: 'step.ended', body: { n, z: [1, 'é'], a: null } };
    entries.push(sealEntry(entries.at(-1) ?? null, entry, { at: 1e12 + n, who: 'ann@desk' }));
  }
  return entries;
}

function anchorOf(entry: JournalEntry): Anchor {
  return { seq: entry.seq, hash: entry.hash };
}

test('a whole record verifies, and says what it cannot know', (t) => {
  const verdict = verifyChain(chainOf(3));
  t.like(verdict, { ok: true, entries: 3, anchored: null });
  t.regex(verdict.ok ? verdict.cannotKnow.join() : '', /no anchor was given/);
});

test('the hash does not depend on the order of keys', (t) => {
  const [entry] = chainOf(1);
  const turned = Object.fromEntries(Object.entries(entry!).reverse()) as unknown as JournalEntry;
  t.true(verifyChain([turned]).ok);
});

const HARM: [string, (entries: JournalEntry[]) => JournalEntry[], number | null, RegExp][] = [
  ['a changed body', (e) => e.with(1, { ...e[1]!, body: { n: 9 } }), 2, /changed after/],
  ['a changed person', (e) => e.with(2, { ...e[2]!, who: 'bob' }), 3, /changed after/],
  [
    'an added field',
    (e) => e.with(1, { ...e[1]!, note: 'ok' } as never),
    2,
    /unknown field "note"/,
  ],
  ['a field left out', (e) => e.with(1, { ...e[1]!, who: undefined } as never), 2, /changed|lacks/],
  ['no entry at all', (e) => e.with(1, null as never), null, /is not an entry/],
  ['a list for an entry', (e) => e.with(1, [] as never), null, /schema/],
  ['an entry taken out', (e) => e.toSpliced(1, 1), 3, /missing or put in/],
  ['an entry put in', (e) => e.toSpliced(1, 0, e[0]!), 1, /missing or put in/],
  ['two entries swapped', (e) => [e[0]!, e[2]!, e[1]!, e[3]!], 3, /missing or put in/],
  [
    'a foreign entry',
    (e) => e.with(1, chainOf(9)[1]!).with(0, { ...e[0]!, hash: 'x' }),
    1,
    /changed/,
  ],
];

for (const [title, harm, seq, why] of HARM) {
  test(`${title} is found, and the first bad entry is named`, (t) => {
    const verdict = verifyChain(harm(chainOf(4)));
    t.like(verdict, { ok: false, seq });
    t.regex(verdict.ok ? '' : verdict.why, why);
  });
}

test('any one character changed anywhere is found', (t) => {
  const text = JSON.stringify(chainOf(3));
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'a', 'Z', ' '), (at, mark) => {
      const harmed = text.slice(0, at) + mark + text.slice(at + 1);
      if (harmed === text) return;
      let entries: JournalEntry[];
      try {
        entries = JSON.parse(harmed) as JournalEntry[];
      } catch {
        return;
      }
      if (JSON.stringify(entries) === text) return;
      t.false(verifyChain(entries).ok);
    }),
    { numRuns: 300 },
  );
});

test('a cut tail is not seen without an anchor, and is with one', (t) => {
  const entries = chainOf(4);
  const cut = entries.slice(0, 2);
  t.true(verifyChain(cut).ok);
  const verdict = verifyChain(cut, [anchorOf(entries[3]!)]);
  t.like(verdict, { ok: false });
  t.regex(verdict.ok ? '' : verdict.why, /its tail is cut/);
});

test('a record written anew does not fit its anchor', (t) => {
  const anchor = anchorOf(chainOf(2)[1]!);
  const anew = [sealEntry(null, { run: null, type: 'x', body: {} }, { at: 0, who: 'eve' })];
  anew.push(sealEntry(anew[0]!, { run: null, type: 'x', body: {} }, { at: 0, who: 'eve' }));
  t.like(verifyChain(anew, [anchor]), { ok: false, seq: 2 });
  const error = t.throws(() => requireChain(anew, [anchor]));
  t.like(error, { code: 'journal.tampered', exit: 7 });
});

test('with an anchor the part after it is said to be unanchored', (t) => {
  const entries = chainOf(4);
  const verdict = verifyChain(entries, [anchorOf(entries[1]!)]);
  t.like(verdict, { ok: true, anchored: 2 });
  t.deepEqual(verdict.ok ? verdict.cannotKnow : [], [
    'entries 3 to 4 are newer than the anchor: a cut there cannot be seen',
  ]);
});

test('the quick way to canonical JSON is the same as the library for whatever JSON holds', (t) => {
  const names = fc.string({ unit: 'grapheme', maxLength: 3 });
  const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 1e21, 1e-7));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      names,
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const attempt = (write: (json: unknown) => string | undefined, json: unknown) => {
    try {
      return write(json);
    } catch {
      return 'refused';
    }
  };
  fc.assert(
    fc.property(value, (json) => {
      t.is(attempt(canonical, json), attempt(canonicalize, json));
      const text = JSON.stringify(json);
      const read = JSON.parse(text) as unknown;
      t.is(isCanonical(text, read), attempt(canonicalize, read) === text);
    }),
    { numRuns: 1000 },
  );
});

const NOT_CANONICAL = [
  '{"a":1,"a":1}',
  '{"b":1,"a":2}',
  '{"a": 1}',
  '1.0',
  '"\\ud800"',
  '1e999',
  '"\\u0041"',
];

for (const text of NOT_CANONICAL) {
  test(`${text} is not canonical`, (t) => t.false(isCanonical(text, JSON.parse(text))));
}

test('a backslash before "ud" is canonical, and names like numbers are in the order of their text', (t) => {
  for (const text of ['"\\\\ud800"', '{"10":1,"9":2}', '{"__proto__":1}']) {
    t.true(isCanonical(text, JSON.parse(text)), text);
  }
});
