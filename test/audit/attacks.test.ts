/** Attacks on a record. What is said of each, word for word, stands in attacks.txt. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { StoredAnchor } from '../../src/audit/anchors.ts';
import { canonical } from '../../src/audit/chain.ts';
import { MerkleTree } from '../../src/audit/merkle.ts';
import { verdictWords } from '../../src/audit/verdict.ts';
import type { VerifyOptions } from '../../src/audit/verify.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';
import {
  anchorsOf,
  linesOf,
  newJournal,
  sign,
  step,
  textOf,
  verifyText,
  writtenAnew,
} from '../support/records.ts';
import { testKey } from '../support/ssh-keys.ts';

const ann = testKey();
const eve = testKey();
const trust = { signers: [`ann@example.org ${ann.publicLine}`], revoked: [] };

/** Six entries, a signed checkpoint, three more, another checkpoint: eleven. */
async function record(key = ann): Promise<{ lines: string[]; anchors: StoredAnchor[] }> {
  const journal = newJournal();
  await journal.append([1, 2, 3, 4, 5, 6].map(step));
  const older = await sign(journal, key);
  await journal.append([8, 9, 10].map(step));
  const newer = await sign(journal, key);
  return { lines: await linesOf(journal), anchors: anchorsOf(older, newer) };
}

const whole = await record();
const { lines, anchors } = whole;

const entryOf = (line: string) => JSON.parse(line) as JournalEntry;

/** By somebody who can write the record, seals as we do and has no key: checkpoints made to fit. */
function forged(from: number): string[] {
  const tree = new MerkleTree();
  let sealed = writtenAnew(lines, from, ({ seq, who }) => ({
    who: seq === from ? 'eve@desk' : who,
  }));
  sealed.forEach((line, index) => {
    const entry = entryOf(line);
    if (entry.type === 'checkpoint.made' && index + 1 > from) {
      const head = entryOf(sealed[index - 1]!).hash;
      const record = entryOf(sealed[0]!).hash;
      const edge = { root: tree.root(), frontier: tree.frontier(), signature: null };
      const body = { ...entry.body, head, record, ...edge };
      const anew = ({ seq }: JournalEntry) => (seq === entry.seq ? { body } : {});
      sealed = writtenAnew(sealed, entry.seq, anew);
    }
    tree.add(entryOf(sealed[index]!).hash);
  });
  return sealed;
}

const without = (from: number, count = 1) => lines.toSpliced(from - 1, count);
const changed = (at: number, change: (line: string) => string) =>
  lines.with(at - 1, change(lines[at - 1]!));

interface Attack {
  title: string;
  text: string;
  trust?: VerifyOptions['trust'];
}

const eves = await record(eve);
const ATTACKS: Attack[] = [
  { title: 'nothing at all', text: textOf(lines) },
  {
    title: 'a bit of entry 4 turned',
    text: textOf(changed(4, (l) => l.replace('"n":4', '"n":5'))),
  },
  {
    title: 'a bit of a hash turned',
    text: textOf(changed(4, (l) => l.replace(/"hash":"./, '"hash":"_'))),
  },
  { title: 'entry 4 taken out', text: textOf(without(4)) },
  { title: 'entries 1 to 3 taken out', text: textOf(without(1, 3)) },
  {
    title: 'an entry put in after entry 4',
    text: textOf(lines.toSpliced(4, 0, writtenAnew(lines, 5, () => ({ who: 'eve' }))[4]!)),
  },
  { title: 'entries 4 and 5 swapped', text: textOf(lines.with(3, lines[4]!).with(4, lines[3]!)) },
  { title: 'entry 4 repeated', text: textOf(lines.toSpliced(3, 0, lines[3]!)) },
  { title: 'the end cut off after entry 8', text: textOf(lines.slice(0, 8)) },
  {
    title: 'the end cut off within entry 8',
    text: textOf(lines).slice(0, textOf(lines.slice(0, 8)).length - 40),
  },
  { title: 'the last newline cut off', text: textOf(lines).slice(0, -1) },
  {
    title: 'rolled back to entry 8 and gone on from there',
    text: textOf(writtenAnew(lines, 9, () => ({ type: 'step.ended', body: { n: 0 } }))),
  },
  { title: 'written anew from entry 4', text: textOf(forged(4)) },
  { title: 'written anew from entry 1', text: textOf(forged(1)) },
  {
    title: 'written anew from entry 4, the checkpoints kept',
    text: textOf(writtenAnew(lines, 4, ({ seq, who }) => ({ who: seq === 4 ? 'eve' : who }))),
  },
  { title: 'checkpoints signed with the key of somebody else', text: textOf(eves.lines) },
  {
    title: 'checkpoints signed with a key that had expired',
    text: textOf(lines),
    trust: { signers: [`ann@example.org valid-before="20260201Z" ${ann.publicLine}`], revoked: [] },
  },
  {
    title: 'checkpoints signed with a key that was revoked',
    text: textOf(lines),
    trust: { ...trust, revoked: [ann.publicLine] },
  },
  { title: 'the file emptied', text: '' },
  {
    title: 'a space put between two names',
    text: textOf(changed(4, (l) => l.replace(',"', ', "'))),
  },
  {
    title: 'a name given twice',
    text: textOf(changed(4, (l) => l.replace('"n":4', '"n":9,"n":4'))),
  },
  {
    title: 'names out of order',
    text: textOf(
      changed(4, (l) => JSON.stringify(Object.fromEntries(Object.entries(entryOf(l)).reverse()))),
    ),
  },
  {
    title: 'a number written otherwise',
    text: textOf(changed(4, (l) => l.replace('"n":4', '"n":4.0'))),
  },
  { title: 'a mark of byte order put before it', text: `\ufeff${textOf(lines)}` },
  { title: 'lines ended as on another system', text: textOf(lines).replaceAll('\n', '\r\n') },
  {
    title: 'a clock that was set back, sealed so',
    text: textOf(
      writtenAnew(lines.slice(0, 6), 4, ({ at }) => ({ at: at.replace('2026', '2025') })),
    ),
  },
];

function told(text: string, options: VerifyOptions): string {
  const words = verdictWords(verifyText(text, options));
  return words
    .replace(/, the last is (\d+) [0-9a-f]{64}/, ', the last is $1')
    .replace(/SHA256:[\w+/]+/g, 'KEY');
}

const expected = join(import.meta.dirname, 'attacks.txt');

function report(): string {
  return ATTACKS.map(({ title, text, trust: own = trust }) =>
    [
      `=== ${title}\n`,
      `--- alone\n${told(text, {})}`,
      `--- with signers\n${told(text, { trust: own })}`,
      `--- with signers and anchors\n${told(text, { trust: own, anchors })}`,
    ].join(''),
  ).join('\n');
}

test('what is said of every attack, with and without signers and anchors', (t) => {
  const said = report();
  // Written where it is missing; then a person reads it.
  if (process.env.DRYDOCK_WRITE_EXPECTED) writeFileSync(expected, said);
  t.is(said, readFileSync(expected, 'utf8'));
});

test('with an anchor of the whole every attack is found, and the untouched record is not accused', (t) => {
  for (const { title, text, trust: own = trust } of ATTACKS.slice(1)) {
    t.false(verifyText(text, { trust: own, anchors }).ok, title);
  }
  t.true(verifyText(textOf(lines), { trust, anchors }).ok);
});

test('every bit of every byte of a small record, turned, is found', (t) => {
  const bytes = Buffer.from(textOf(lines.slice(0, 7)));
  for (let at = 0; at < bytes.length; at += 1) {
    const harmed = Buffer.from(bytes);
    harmed[at] = harmed[at]! ^ (1 << (at % 8));
    const verdict = verifyText(harmed);
    if (verdict.ok) t.fail(`byte ${at} ${verdictWords(verdict)}`);
  }
  t.true(verifyText(bytes).ok);
});

test('whatever is done to the lines of a longer record, an anchor of it finds it', async (t) => {
  const journal = newJournal();
  await journal.append(Array.from({ length: 60 }, (_, n) => step(n + 1)));
  const kept = anchorsOf(await sign(journal, null));
  const all = (await linesOf(journal)).slice(0, 60);
  const place = fc.nat(59);
  const harm = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), a: place, b: place }),
    fc.record({ kind: fc.constant('repeat' as const), a: place, b: place }),
    fc.record({ kind: fc.constant('swap' as const), a: place, b: place }),
    fc.record({ kind: fc.constant('anew' as const), a: place, b: place }),
    fc.record({ kind: fc.constant('byte' as const), a: place, b: fc.nat(200) }),
    fc.record({ kind: fc.constant('end' as const), a: place, b: place }),
  );
  const apply = (had: string[], { kind, a, b }: { kind: string; a: number; b: number }) => {
    const line = had[a % had.length];
    if (line === undefined) return had;
    const at = a % had.length;
    if (kind === 'cut') return had.toSpliced(at, 1 + (b % 3));
    if (kind === 'repeat') return had.toSpliced(b % had.length, 0, line);
    if (kind === 'swap') return had.with(at, had[b % had.length]!).with(b % had.length, line);
    if (kind === 'end') return had.slice(0, at);
    if (kind === 'byte') {
      const spot = b % line.length;
      const other = line[spot] === '0' ? '1' : '0';
      return had.with(at, line.slice(0, spot) + other + line.slice(spot + 1));
    }
    try {
      return writtenAnew(had, at + 1, (entry) => ({ who: `${entry.who}!` }));
    } catch {
      return had;
    }
  };
  fc.assert(
    fc.property(fc.array(harm, { minLength: 1, maxLength: 3 }), (harms) => {
      const harmed = harms.reduce(apply, all);
      const isSame = harmed.length === 60 && harmed.every((line, n) => line === all[n]);
      t.is(verifyText(textOf(harmed), { anchors: kept }).ok, isSame);
    }),
    { numRuns: 400 },
  );
});

test('an anchor that contradicts itself is not believed', (t) => {
  const [older] = anchors;
  const { checkpoint } = older!.signed!;
  const root = 'a'.repeat(64);
  const wrong = { ...older!, signed: { checkpoint: { ...checkpoint, root }, signature: null } };
  const verdict = verifyText(textOf(lines), { anchors: [wrong] });
  t.is(verdict.why, 'anchors:1 contradicts itself: its root is not that of entry 6');
});

test('a signature of one checkpoint does not do for another', (t) => {
  const [older, newer] = anchors;
  const signature = older!.signed!.signature;
  const moved = { ...newer!, signed: { checkpoint: newer!.signed!.checkpoint, signature } };
  const verdict = verifyText(textOf(lines), { anchors: [moved], trust });
  t.regex(verdict.why!, /^anchors:2: the signature of ann@example.org does not hold/);
  t.is(canonical(verdict.anchoring.state), '"bad"');
});
