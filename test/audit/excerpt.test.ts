import test from 'ava';
import { canonical } from '../../src/audit/chain.ts';
import { checkpointOver, inclusionProofs, type Part } from '../../src/audit/excerpt.ts';
import { splitLines } from '../../src/audit/lines.ts';
import { provesInclusion } from '../../src/audit/merkle.ts';
import { verdictWords } from '../../src/audit/verdict.ts';
import type { VerifyOptions } from '../../src/audit/verify.ts';
import { isExcerpt, verifyExcerpt } from '../../src/audit/verify-excerpt.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { anchorsOf, linesOfPart, newJournal, sign, step, textOf } from '../support/records.ts';
import { testKey } from '../support/ssh-keys.ts';

const ann = testKey();
const trust = { signers: [`ann@example.org ${ann.publicLine}`], revoked: [] };

/** Run r2 is under window CHG-7; two checkpoints, the second signed and over all but itself. */
async function record() {
  const journal = newJournal();
  await journal.append([1, 2, 3].map(step));
  const older = await sign(journal, null);
  const under = { authority: { window: 'CHG-7' } };
  await journal.append([
    { run: 'r2', type: 'run.created', body: under },
    { run: null, type: 'step.ended', body: { said: 'CHG-7 in passing' } },
    { run: 'r2', type: 'run.ended', body: {} },
    { run: null, type: 'window.closed', body: { window: 'CHG-7' } },
  ]);
  const newer = await sign(journal, ann);
  return { journal, older, newer };
}

const { journal, older, newer } = await record();

function excerpt(part: Part): Promise<string[]> {
  return linesOfPart(journal, part);
}

function verify(lines: string[], options: VerifyOptions = {}) {
  return verifyExcerpt(splitLines([Buffer.from(textOf(lines))]), options);
}

const numbers = (lines: string[]) =>
  lines.slice(1).map((line) => (JSON.parse(line) as { entry: { seq: number } }).entry.seq);

test('a part of the record is what was asked for, and verifies without the rest', async (t) => {
  const parts: [Part, number[]][] = [
    [{ from: 2, to: 4 }, [2, 3, 4]],
    [{ from: 5, to: 5 }, [5]],
    [{ run: 'r2' }, [5, 7]],
    [{ window: 'CHG-7' }, [5, 7, 8]],
  ];
  for (const [part, seqs] of parts) {
    const lines = await excerpt(part);
    t.true(isExcerpt(lines[0]!));
    t.deepEqual(numbers(lines), seqs);
    t.is(verify(lines, { trust }).why, null);
  }
});

test('of a stretch it is said that nothing is missing, of a window what its checkpoint counts', async (t) => {
  const words = async (part: Part) =>
    verdictWords(verify(await excerpt(part), { trust, anchors: anchorsOf(older) }))
      .replace(/SHA256:[\w+/]+/g, 'KEY')
      .replace(/[0-9a-f]{64}/, 'HASH');
  t.is(
    await words({ from: 2, to: 4 }),
    `verifies: 3 entries, the last is 4 HASH
integrity     good     3 as sealed, each under the root of the checkpoint over 8
completeness  good     entries 2 to 4, none missing
anchoring     good     it agrees with anchors:1 on entry 3; its checkpoint over 8 entries is signed by ann@example.org (KEY) at 2026-03-01T08:00:01.000Z
`,
  );
  t.is(
    await words({ window: 'CHG-7' }),
    `verifies: 3 entries, the last is 8 HASH
integrity     good     3 as sealed, each under the root of the checkpoint over 8
completeness  good     all 3 entries of window CHG-7, as its checkpoint counts them
anchoring     good     it agrees with anchors:1 on entry 3; its checkpoint over 8 entries is signed by ann@example.org (KEY) at 2026-03-01T08:00:01.000Z
`,
  );
});

test('an anchor of any checkpoint serves, and one of another record does not', async (t) => {
  const lines = await excerpt({ from: 5, to: 5 });
  for (const one of [older, newer]) {
    t.is(verify(lines, { anchors: anchorsOf(one) }).anchoring.state, 'good');
  }
  const other = newJournal();
  await other.append([1, 2, 9].map(step));
  const foreign = anchorsOf(await sign(other, null));
  t.like(verify(lines, { anchors: foreign }), { ok: false, anchoring: { state: 'bad', entry: 3 } });
});

const HARM: [string, (lines: string[]) => string[], RegExp][] = [
  [
    'a changed entry',
    (l) => l.with(2, l[2]!.replace('"n":3', '"n":4')),
    /line 3 is not an entry as/,
  ],
  [
    'a changed way',
    (l) => l.with(2, l[2]!.replace(/"path":\["../, '"path":["00')),
    /line 3 is entry 3/,
  ],
  ['an entry left out', (l) => l.toSpliced(2, 1), /line 3 is entry 4 where 3 must stand/],
  ['the last left out', (l) => l.slice(0, -1), /2 of its 3 entries are there/],
  ['an entry repeated', (l) => l.toSpliced(2, 0, l[1]!), /line 3 is entry 2 where 3 must stand/],
  ['two swapped', (l) => l.with(1, l[2]!).with(2, l[1]!), /line 2 is entry 3 where 2 must stand/],
  ['another count', (l) => l.with(0, l[0]!.replace('"count":3', '"count":4')), /3 of its 4/],
  [
    'a changed root',
    (l) => l.with(0, l[0]!.replace(/"root":"../, '"root":"00')),
    /line 1 does not/,
  ],
  ['not canonical', (l) => l.with(1, l[1]!.replace(',', ', ')), /line 2 is not an entry as/],
  ['no header', (l) => l.slice(1), /line 1 does not name a checkpoint/],
];

for (const [title, harm, why] of HARM) {
  test(`an excerpt with ${title} does not verify`, async (t) => {
    const verdict = verify(harm(await excerpt({ from: 2, to: 4 })), { trust });
    t.false(verdict.ok);
    t.regex(verdict.why!, why);
  });
}

test('a checkpoint signed with another key is found in an excerpt too', async (t) => {
  const others = { signers: [`ann@example.org ${testKey().publicLine}`], revoked: [] };
  const verdict = verify(await excerpt({ from: 5, to: 5 }), { trust: others });
  t.regex(verdict.why!, /^entry 9, the checkpoint: the signature of ann@example.org does not hold/);
});

test('without a checkpoint over the last entry there is no excerpt, and the remedy is told', async (t) => {
  await journal.append([step(10)]);
  await t.throwsAsync(excerpt({ from: 10, to: 10 }), {
    message: /no checkpoint stands for entry 10/,
  });
  await t.throwsAsync(excerpt({ window: 'CHG-0' }), {
    message: /no entry of what is to be exported/,
  });
  t.is(await checkpointOver(journal, 10), null);
});

test('single entries are proved under the newest checkpoint', async (t) => {
  for (const { entry, checkpoint, path } of await inclusionProofs(journal, [1, 5, 8])) {
    const { size, root } = checkpoint.body as { size: number; root: string };
    t.true(provesInclusion({ entryHash: entry.hash, index: entry.seq - 1, size, path, root }));
  }
});

test('a first line of another form does not verify, with and without anchors', async (t) => {
  const [first, ...rest] = await excerpt({ run: 'r2' });
  const header = JSON.parse(first!) as Record<string, unknown>;
  const [way] = header.consistency as [Record<string, unknown>];
  const forms: Record<string, unknown>[] = [
    { consistency: [null] },
    { consistency: [way, 7] },
    { consistency: [{ ...way, path: {} }] },
    { consistency: [{ ...way, path: ['no hash'] }] },
    { consistency: [{ ...way, size: '4' }] },
    { consistency: [{ ...way, root: null }] },
    { consistency: [{ ...way, note: 'nothing was left out' }] },
    { note: 'nothing was left out' },
  ];
  t.is(verify([canonical(header as JsonObject), ...rest]).why, null);
  for (const form of forms) {
    const lines = [canonical({ ...header, ...form } as JsonObject), ...rest];
    for (const options of [{}, { trust, anchors: anchorsOf(older, newer) }]) {
      const verdict = verify(lines, options);
      t.false(verdict.ok, JSON.stringify(form));
      t.is(verdict.integrity.words, 'line 1 does not name a checkpoint as an excerpt must');
    }
  }
});
