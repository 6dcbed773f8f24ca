/** The entries of a window in an excerpt: those that its checkpoint counts, and no others. */
import test from 'ava';
import { canonical, sealEntry } from '../../src/audit/chain.ts';
import { readCheckpoint } from '../../src/audit/checkpoint.ts';
import { countsWindow } from '../../src/audit/excerpt.ts';
import { splitLines } from '../../src/audit/lines.ts';
import { verifyAny } from '../../src/audit/verify-any.ts';
import { digestOf } from '../../src/audit/windows.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';
import { linesOfPart, newJournal, sign, step, textOf } from '../support/records.ts';
import { testKey } from '../support/ssh-keys.ts';

const ann = testKey();
const trust = { signers: [`ann@example.org ${ann.publicLine}`], revoked: [] };

/** Windows W and V, a run under each; eleven entries, four of W. */
async function record(): Promise<Journal> {
  const journal = newJournal();
  const of = (window: string, run: string) => [
    { run: null, type: 'window.opened', body: { window } },
    { run, type: 'run.created', body: {} },
    { run, type: 'run.started', body: { authority: { window } } },
    { run, type: 'run.finished', body: {} },
  ];
  await journal.append([step(1), ...of('W', 'a'), step(2), ...of('V', 'b'), step(3)]);
  return journal;
}

function verdictOf(lines: string[], options = { trust }) {
  return verifyAny(splitLines([Buffer.from(textOf(lines))]), options);
}

const withHeader = (lines: string[], change: (header: Record<string, unknown>) => object) => {
  const header = JSON.parse(lines[0]!) as Record<string, unknown>;
  return [canonical({ ...header, ...change(header) }), ...lines.slice(1)];
};

test('an excerpt that holds what its checkpoint counts is complete', async (t) => {
  const journal = await record();
  await sign(journal, ann);
  const verdict = verdictOf(await linesOfPart(journal, { window: 'W' }));
  t.like(verdict, { ok: true, completeness: { state: 'good' } });
  t.is(verdict.completeness.words, 'all 4 entries of window W, as its checkpoint counts them');
});

test('whatever is left out, put in or said of another window is found', async (t) => {
  const journal = await record();
  await sign(journal, ann);
  const lines = await linesOfPart(journal, { window: 'W' });
  const others = await linesOfPart(journal, { window: 'V' });
  for (let at = 1; at < lines.length; at += 1) {
    const fewer = withHeader(lines.toSpliced(at, 1), () => ({ count: 3 }));
    const verdict = verdictOf(fewer);
    t.false(verdict.ok, `without line ${at}`);
    t.regex(
      verdict.completeness.words,
      /^(of the 4 entries of window W that its checkpoint counts, 3 are there|entry \d+ is none of window W)/,
    );
    const swapped = [...lines.toSpliced(at, 1), others[1]!];
    t.regex(verdictOf(swapped).completeness.words, /^entry \d+ is none of window W/);
  }
  const more = withHeader([...lines, ...others.slice(1)], () => ({ count: 8 }));
  t.regex(verdictOf(more).completeness.words, /^entry 7 is none of window W/);
  const abouts: [object, RegExp][] = [
    [{ window: 'V' }, /^entry 2 is none of window V/],
    [{ window: 'X' }, /^entry 2 is none of window X/],
    [{ run: 'a' }, /^entry 2 is none of run a/],
    [{ from: 2, to: 6 }, /^entries 6 to 6 are missing/],
    [{}, /^line 2 is entry 2 where 1 must stand/],
  ];
  for (const [about, why] of abouts) {
    const verdict = verdictOf(withHeader(lines, () => ({ about })));
    t.false(verdict.ok, JSON.stringify(about));
    t.regex(verdict.completeness.words, why);
  }
  for (const about of [{ window: 'W', windows: 1 }, { window: 7 }, null, ['W']]) {
    t.false(verdictOf(withHeader(lines, () => ({ about }))).ok, JSON.stringify(about));
  }
  // The checkpoint itself is sealed: what it counts cannot be put right.
  const mended = withHeader(lines.toSpliced(4, 1), (header) => {
    const checkpoint = structuredClone(header.checkpoint) as JournalEntry;
    const { windows } = checkpoint.body as { windows: { window: string; entries: number }[] };
    const told = windows.find(({ window }) => window === 'W')!;
    const left = lines
      .slice(1, 4)
      .map((line) => (JSON.parse(line) as { entry: JournalEntry }).entry);
    Object.assign(told, { entries: 3, digest: digestOf(left) });
    const { hash: _, ...open } = checkpoint;
    const before = { seq: checkpoint.seq - 1, hash: checkpoint.previous };
    const stamp = { at: Date.parse(open.at), who: open.who };
    return { count: 3, checkpoint: sealEntry(before, open, stamp) };
  });
  const forged = verdictOf(mended);
  t.is(forged.completeness.words, 'all 3 entries of window W, as its checkpoint counts them');
  t.false(forged.ok);
  t.regex(forged.why!, /the signature of ann@example.org does not hold/);
});

test('a checkpoint counts the windows that were named since the one before, and one on request', async (t) => {
  const journal = await record();
  const windowsOf = (entry: JournalEntry) =>
    readCheckpoint(entry.body)!.checkpoint.windows!.map(({ window, entries }) => [window, entries]);
  const first = await sign(journal, ann);
  t.deepEqual(windowsOf(first), [
    ['V', 4],
    ['W', 4],
  ]);
  t.true(await countsWindow(journal, first, 'W'));
  await journal.append([{ run: null, type: 'window.reviewed', body: { window: 'W' } }, step(4)]);
  t.false(await countsWindow(journal, first, 'W'), 'one has come since');
  const second = await sign(journal, ann);
  t.deepEqual(windowsOf(second), [['W', 5]]);
  const third = await sign(journal, ann, 'ann@example.org', 'V');
  t.deepEqual(windowsOf(third), [['V', 4]]);
  // The newest checkpoint is the one an excerpt is made under: of W it says nothing.
  const verdict = verdictOf(await linesOfPart(journal, { window: 'W' }));
  t.like(verdict, { ok: true, completeness: { state: 'unknown' } });
  t.regex(verdict.completeness.words, /is not known: its checkpoint does not count them$/);
});
