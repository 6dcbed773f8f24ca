import test from 'ava';
import fc from 'fast-check';
import { anchorLine, parseAnchors } from '../../src/audit/anchors.ts';
import { verdictWords } from '../../src/audit/verdict.ts';
import { verifyRecord } from '../../src/audit/verify.ts';
import type { JsonObject } from '../../src/core/json.ts';
import {
  anchorsOf,
  linesOf,
  newJournal,
  sign,
  step,
  tenEntries,
  textOf,
  verifyText,
} from '../support/records.ts';
import { testKey } from '../support/ssh-keys.ts';

const ann = testKey();
const trust = { signers: [`ann@example.org ${ann.publicLine}`], revoked: [] };

test('an untouched record verifies, and it is said what nobody can know without an anchor', async (t) => {
  const { lines } = await tenEntries(null);
  const verdict = verifyText(textOf(lines));
  t.true(verdict.ok);
  t.is(
    verdictWords(verdict).replace(verdict.head!.hash, 'HASH'),
    `verifies: 10 entries, the last is 10 HASH
integrity     good     10 entries, each as it was sealed and after the one before
completeness  unknown  entries 1 to 10, none missing among them; whether more followed is not known
anchoring     unknown  nothing that could be compared vouches for it
not known: no anchor was given: entries cut off at the end, or a record written anew as a whole put in its place, cannot be seen
noted: one checkpoint is unsigned
`,
  );
});

test('with an anchor and a signature it is said who vouches for how much', async (t) => {
  const { lines, checkpoint } = await tenEntries(ann);
  const verdict = verifyText(textOf(lines), { anchors: anchorsOf(checkpoint), trust });
  t.is(
    verdictWords(verdict)
      .replace(verdict.head!.hash, 'HASH')
      .replace(/SHA256:[^)]+/g, 'KEY'),
    `verifies: 10 entries, the last is 10 HASH
integrity     good     10 entries, each as it was sealed and after the one before
completeness  good     entries 1 to 10, none missing, and none cut off up to entry 6
anchoring     good     entry 6 is the one that anchors:1 names, signed by ann@example.org (KEY) at 2026-03-01T08:00:01.000Z; entries 1 to 6 are signed by ann@example.org (KEY) at 2026-03-01T08:00:01.000Z
not known: entries 7 to 10 are newer than the anchor: a cut there cannot be seen
not known: no anchor or signature covers what follows entry 6: whoever can write the record could write that anew
`,
  );
});

test('a signature without allowed signers vouches for nothing, and that is said', async (t) => {
  const { lines } = await tenEntries(ann);
  const verdict = verifyText(textOf(lines));
  t.is(verdict.anchoring.state, 'unknown');
  t.regex(verdict.cannotKnow.join('\n'), /one checkpoint is signed; without allowed signers/);
});

test('no record at all is no fault, unless an anchor says that there was one', async (t) => {
  const { checkpoint } = await tenEntries(null);
  t.like(verifyText(''), { ok: true, entries: 0, completeness: { state: 'unknown' } });
  const verdict = verifyText('', { anchors: anchorsOf(checkpoint) });
  t.like(verdict, { ok: false, completeness: { state: 'bad', entry: 1 } });
  t.is(verdict.completeness.words, 'entries 1 to 6 are cut off: an anchor names entry 6');
});

test('a bare number and hash, a line of a syslog and a checkpoint all serve as anchors', async (t) => {
  const { lines, checkpoint } = await tenEntries(ann);
  const { seq, hash } = checkpoint;
  const [line] = anchorsOf(checkpoint).map(({ signed }) =>
    JSON.stringify({ ...signed!.checkpoint, signature: signed!.signature }),
  );
  const syslog = `<110>1 2026-03-01T08:00:09Z desk drydock 7 checkpoint - ${line}`;
  for (const text of [JSON.stringify({ seq, hash }), syslog, line!, lines[8]!]) {
    const { anchors } = parseAnchors(text, 'a.txt');
    t.like(verifyText(textOf(lines), { anchors, trust }), {
      ok: true,
      anchoring: { state: 'good' },
    });
  }
  t.throws(() => parseAnchors('what is this', 'a.txt'), { message: /an anchor is a checkpoint/ });
  t.throws(() => parseAnchors('\n', 'a.txt'), { message: /no anchor in it/ });
});

test('a line that was cut off as it was written is named, and the other anchors count', async (t) => {
  const { lines, checkpoint } = await tenEntries(ann);
  const line = anchorLine(checkpoint);
  const kept = [
    { text: `${line}\n${line.slice(0, 200)}`, torn: ['a.txt:2'] },
    { text: `${line.slice(0, 9)}\n${line}\n`, torn: ['a.txt:1'] },
    { text: `${line.slice(0, 200)}${line}\n`, torn: ['a.txt:1'] },
    { text: `${line}\n${'\0'.repeat(40)}`, torn: ['a.txt:2'] },
  ];
  for (const { text, torn } of kept) {
    const found = parseAnchors(text, 'a.txt');
    t.deepEqual(found.torn, torn);
    const verdict = verifyText(textOf(lines), { ...found, trust });
    t.like(verdict, { ok: true, anchored: 6 });
    const words = `${torn[0]}: cut off as it was written; what was anchored there is not known`;
    t.true(verdict.cannotKnow.includes(words), verdict.cannotKnow.join('\n'));
    t.false(verifyText(textOf(lines.slice(0, 4)), { ...found, trust }).ok);
  }
  t.throws(() => parseAnchors(line.slice(0, 200), 'a.txt'), {
    message: /no whole anchor in it: a.txt:1/,
  });
  // Changed, not cut off: it might be the one that matters.
  t.throws(() => parseAnchors(`${line}\n${line.replace(':', ';')}`, 'a.txt'), {
    message: /an anchor is a checkpoint/,
  });
});

test('whatever was recorded, it verifies untouched, as lines and where it lies', async (t) => {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 });
  const value = fc.jsonValue({ maxDepth: 2 }).map((json) => json as JsonObject);
  const entry = fc.record({
    run: fc.option(text),
    type: text,
    body: fc.dictionary(text, value) as fc.Arbitrary<JsonObject>,
  });
  const acts = fc.array(fc.oneof({ weight: 4, arbitrary: entry }, fc.constant(null)), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(acts, async (given) => {
      const journal = newJournal();
      await journal.append([step(1)]);
      const made = [];
      for (const act of given) {
        if (act === null) made.push(await sign(journal, ann));
        else if (act.type !== 'checkpoint.made') await journal.append([act]);
      }
      const anchors = made.length > 0 ? anchorsOf(...made) : [];
      const whole = textOf(await linesOf(journal));
      for (const verdict of [
        verifyText(whole, { anchors, trust }),
        verifyText(whole),
        await verifyRecord(journal, { anchors, trust }),
      ]) {
        t.is(verdict.why, null);
        t.true(verdict.ok);
      }
    }),
    { numRuns: 150 },
  );
});

test('a clock that was set back is told, and is no fault', async (t) => {
  let now = Date.parse('2026-03-01T09:00:00Z');
  const journal = newJournal({ now: () => now });
  await journal.append([step(1)]);
  now -= 3_600_000;
  await journal.append([step(2)]);
  now += 86_400_000;
  await journal.append([step(3)]);
  const verdict = verifyText(textOf(await linesOf(journal)));
  t.true(verdict.ok);
  t.deepEqual(verdict.noted, ['the clock went back one time, first at entry 2 by 3600000 ms']);
});

test('a program that never said that it ended is told', async (t) => {
  const journal = newJournal();
  const told = (type: string, recording: string) => ({ run: null, type, body: { recording } });
  await journal.append([told('recording.started', 'a'), told('recording.started', 'b')]);
  await journal.append([told('recording.stopped', 'a')]);
  t.deepEqual(verifyText(textOf(await linesOf(journal))).noted, [
    'one program has not recorded an end (killed, or still at work), the first began at entry 2',
  ]);
});

// Words that every object answers to: no form of a checkpoint has such a name.
for (const schema of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
  test(`a checkpoint of the form "${schema}" is one of no known form, and no defect`, async (t) => {
    const { journal, checkpoint } = await tenEntries(null);
    const body = { ...checkpoint.body, schema };
    await journal.append([{ run: null, type: 'checkpoint.made', body }]);
    const { integrity, ok } = verifyText(textOf(await linesOf(journal)));
    t.false(ok);
    t.is(integrity.words, 'entry 11 is a checkpoint of no known form');
    t.throws(() => parseAnchors(JSON.stringify(body), 'anchors'), { code: 'anchor.malformed' });
  });
}
