/** The judge: its table by cases, and by a model that knows which writes each copy holds. */
import test from 'ava';
import fc from 'fast-check';
import {
  adopted,
  blankCopy,
  type Copy,
  completed,
  constructed,
  crashed,
  finishing,
  forced,
  judge,
  sourceOf,
  targetOf,
  unknownCopy,
  wentAlone,
} from '../../src/mirror/copy/generations.ts';

const copyAt = (generation: string, more: Partial<Copy> = {}): Copy => ({
  ...constructed(blankCopy(), generation),
  contact: { confirmed: 'c', proposed: null },
  ...more,
});
const g = copyAt('g');
const behind = copyAt('g', { latest: false });
const alone = wentAlone(g, 'h', true);
const blank = blankCopy();

const CASES: [string, Copy, Copy, string][] = [
  ['in step', g, g, 'same'],
  ['one went on alone', alone, behind, 'sourceMe difference'],
  ['went on alone twice', wentAlone(alone, 'i', false), behind, 'sourceMe difference'],
  ['both went on alone', alone, wentAlone(behind, 'i', true), 'bothChanged'],
  ['the active side crashed', crashed(behind, true), behind, 'sourceMe difference'],
  [
    'the crashed side was taken over',
    wentAlone(behind, 'i', true),
    crashed(behind, true),
    'sourceMe difference',
  ],
  [
    'the other side held its writes and was taken over',
    wentAlone(behind, 'i', true),
    { ...alone, latest: false, unserved: true },
    'sourceMe difference',
  ],
  [
    'the other side held its writes and nobody went on',
    { ...alone, latest: false, unserved: true },
    behind,
    'sourceMe difference',
  ],
  [
    'the other side served alone before it held its writes',
    wentAlone(behind, 'i', true),
    { ...wentAlone(alone, 'k', true), latest: false, unserved: true },
    'bothChanged',
  ],
  ['the standby is known to be the latest', g, crashed(behind, true), 'sourceMe difference'],
  ['a replaced disk', g, blank, 'sourceMe full'],
  ['a replaced disk, and the other not the latest', behind, blank, 'bothChanged'],
  ['nothing constructed', blank, blank, 'unconstructed'],
  ['never initialised', g, unknownCopy(), 'unconstructed'],
  [
    'an old image, older generation',
    alone,
    copyAt('g', { contact: { confirmed: 'b', proposed: null } }),
    'sourceMe full',
  ],
  [
    'an old image, same generation',
    g,
    copyAt('g', { contact: { confirmed: 'b', proposed: null } }),
    'bothChanged',
  ],
  ['an ancestor', adopted(g, wentAlone(alone, 'i', true)), copyAt('h'), 'sourceMe full'],
  ['another mirror', g, copyAt('x'), 'unrelated'],
  [
    'a recovery was interrupted',
    sourceOf(alone, 'R'),
    targetOf(behind, 'R'),
    'sourceMe difference',
  ],
  ['an unfinished target of something else', alone, targetOf(behind, 'Q'), 'sourceMe full'],
  ['both unfinished', targetOf(g, 'R'), targetOf(g, 'Q'), 'bothChanged'],
  [
    'interrupted while finishing',
    finishing(sourceOf(alone, 'R')),
    adopted(behind, alone),
    'sourceMe difference',
  ],
  ['forced over a copy that had not changed', forced(behind, 'f'), behind, 'sourceMe full'],
  ['forced over a copy that had changed', forced(behind, 'f'), alone, 'bothChanged'],
  ['the other disk had an error', g, copyAt('g', { diskError: true }), 'sourceMe full'],
  ['one disk failed behind', alone, { ...behind, diskError: true }, 'sourceMe full'],
  ['recovered', completed(alone), adopted(behind, alone), 'same'],
];

const MIRRORED: Record<string, string> = { sourceMe: 'sourcePeer', sourcePeer: 'sourceMe' };

function shown(mine: Copy, theirs: Copy): string {
  const { verdict, full } = judge(mine, theirs);
  return verdict.startsWith('source') ? `${verdict} ${full ? 'full' : 'difference'}` : verdict;
}

for (const [title, mine, theirs, expected] of CASES) {
  test(`judge: ${title}`, (t) => {
    t.is(shown(mine, theirs), expected);
    const [verdict = '', ...rest] = expected.split(' ');
    t.is(shown(theirs, mine), [MIRRORED[verdict] ?? verdict, ...rest].join(' '));
  });
}

const arbitraryCopy: fc.Arbitrary<Copy> = fc.record({
  state: fc.constantFrom('unknown' as const, 'blank' as const, 'constructed' as const),
  generation: fc.constantFrom('a', 'b', 'c', null),
  bases: fc.subarray(['a', 'b', 'c', 'R']),
  history: fc.subarray(['a', 'b', 'c', 'd']),
  contact: fc.record({
    confirmed: fc.constantFrom('x', 'y', null),
    proposed: fc.constantFrom('x', 'y', null),
  }),
  unfinished: fc.constantFrom(null, 'R', 'Q'),
  latest: fc.boolean(),
  diskError: fc.boolean(),
  unserved: fc.boolean(),
});

test('the judgement is the same from either side, and an unfinished or blank copy is no source', (t) => {
  fc.assert(
    fc.property(arbitraryCopy, arbitraryCopy, (mine, theirs) => {
      const here = judge(mine, theirs);
      const there = judge(theirs, mine);
      t.is(there.verdict, (MIRRORED[here.verdict] ?? here.verdict) as never);
      t.is(there.full, here.full);
      if (here.verdict !== 'sourceMe') return;
      t.is(mine.state, 'constructed');
      t.is(mine.unfinished, null);
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

/** A copy with the acknowledged writes it holds, as numbers. */
interface Modelled {
  copy: Copy;
  has: Set<number>;
}

const steps = fc.array(
  fc.record({
    side: fc.constantFrom(0, 1),
    what: fc.constantFrom('write', 'break', 'crash', 'meet', 'finish', 'abort', 'replace'),
  }),
  { minLength: 10, maxLength: 60, size: 'max' },
);

test('the source holds every acknowledged write, whatever happened to the pair', (t) => {
  let recoveries = 0;
  fc.assert(
    fc.property(steps, (moves) => {
      let ids = 0;
      const mint = (): string => `m${++ids}`;
      const sides: [Modelled, Modelled] = [
        { copy: g, has: new Set() },
        { copy: g, has: new Set() },
      ];
      let mode: 'inStep' | 'apart' | 'recovering' = 'inStep';
      let active: 0 | 1 | null = 0;
      let run: { from: 0 | 1; id: string } | null = null;
      const acknowledged = new Set<number>();
      for (const { side, what } of moves) {
        const other = side === 0 ? 1 : 0;
        if (what === 'write' && active !== null) {
          const write = ++ids;
          acknowledged.add(write);
          sides[active]!.has.add(write);
          if (mode === 'inStep') sides[active === 0 ? 1 : 0]!.has.add(write);
        } else if (what === 'break' && mode === 'inStep' && active !== null) {
          const passive = active === 0 ? 1 : 0;
          sides[active].copy = wentAlone(sides[active].copy, mint(), true);
          sides[passive].copy = { ...sides[passive].copy, latest: false };
          mode = 'apart';
        } else if (what === 'crash' && active === side && mode === 'inStep') {
          sides[side]!.copy = { ...crashed(sides[side]!.copy, true), latest: false };
          // The other side is fenced in: it takes over with what both had.
          sides[other]!.copy = wentAlone(sides[other]!.copy, mint(), true);
          active = other;
          mode = 'apart';
        } else if (what === 'replace' && mode === 'apart' && active !== side) {
          sides[side]!.copy = blankCopy();
          sides[side]!.has = new Set();
        } else if (what === 'meet' && mode === 'apart') {
          const { verdict } = judge(sides[0].copy, sides[1].copy);
          t.true(verdict === 'sourceMe' || verdict === 'sourcePeer', verdict);
          const from = verdict === 'sourceMe' ? 0 : 1;
          for (const write of acknowledged) t.true(sides[from]!.has.has(write));
          run = { from, id: mint() };
          sides[from]!.copy = sourceOf(sides[from]!.copy, run.id);
          const to = from === 0 ? 1 : 0;
          sides[to]!.copy = targetOf(sides[to]!.copy, run.id);
          mode = 'recovering';
        } else if (what === 'abort' && mode === 'recovering') {
          mode = 'apart';
        } else if (what === 'finish' && mode === 'recovering' && run) {
          const to = run.from === 0 ? 1 : 0;
          sides[run.from].copy = finishing(sides[run.from].copy);
          sides[to].copy = { ...adopted(sides[to].copy, sides[run.from].copy), contact: g.contact };
          sides[to].has = new Set(sides[run.from].has);
          sides[run.from].copy = completed(sides[run.from].copy);
          mode = 'inStep';
          recoveries++;
        }
      }
    }),
    { numRuns: 500 },
  );
  t.true(recoveries > 100);
});
