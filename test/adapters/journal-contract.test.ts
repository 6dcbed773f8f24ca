/** What src/ports/journal.ts promises, asked of every adapter in the same words. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openSqliteJournal } from '../../src/adapters/sqlite-journal.ts';
import { verifyChain } from '../../src/audit/chain.ts';
import type { IndexedRun, Journal, NewEntry, Stretch } from '../../src/ports/journal.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { powerLossJournal } from '../support/power-loss-journal.ts';
import { textsOf } from '../support/records.ts';

const clock = { now: () => 1_700_000_000_000 };
const who = 'ann@desk';

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'drydock-journal-'));
  t.teardown(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

type Adapter = (t: ExecutionContext) => Journal;

const ADAPTERS: Record<string, Adapter> = {
  memory: () => memoryJournal({ clock, who }),
  'power loss': () => powerLossJournal({ durable: Buffer.alloc(0), appends: 0 }, clock, null),
  sqlite: (t) => openSqliteJournal({ file: join(folder(t), 'journal.sqlite'), clock, who }),
  'sqlite, its index in memory': (t) => {
    const file = join(folder(t), 'journal.sqlite');
    mkdirSync(join(`${file}.runs`, 'in', 'the', 'way'), { recursive: true });
    return openSqliteJournal({ file, clock, who });
  },
};

const entry = (run: string | null, n = 0, type = 'x'): NewEntry => ({ run, type, body: { n } });

async function runsOf(journal: Journal, part?: string): Promise<IndexedRun[]> {
  const runs: IndexedRun[] = [];
  for await (const page of journal.runs(part)) runs.push(...page);
  return runs;
}

const seqs = (entries: readonly { seq: number }[]) => entries.map(({ seq }) => seq);

for (const [name, make] of Object.entries(ADAPTERS)) {
  test(`${name}: entries are sealed into one chain, and read back by run`, async (t) => {
    const journal = make(t);
    const first = await journal.append([entry('a', 1), entry(null, 2)]);
    const second = await journal.append([entry('b', 3), entry('a', 4)]);
    const all = [...first, ...second];
    t.deepEqual(seqs(all), [1, 2, 3, 4]);
    t.like(verifyChain(all), { ok: true, entries: 4 });
    t.deepEqual(await journal.entries('a'), [all[0]!, all[3]!]);
    t.deepEqual(await journal.entries('never'), []);
    t.like(all[0], { at: new Date(clock.now()).toISOString(), who });
    await journal.close();
  });

  test(`${name}: what is handed in and out is nobody's to change`, async (t) => {
    const journal = make(t);
    const given = entry('a', 1);
    const [sealed] = await journal.append([given]);
    given.body.n = 2;
    (sealed!.body as { n: number }).n = 3;
    const [read] = await journal.entries('a');
    (read!.body as { n: number }).n = 4;
    t.deepEqual((await journal.entries('a'))[0]!.body, { n: 1 });
    await journal.close();
  });

  test(`${name}: an append on another last entry than was seen appends nothing`, async (t) => {
    const journal = make(t);
    await journal.append([entry('a')], { a: 0 });
    await journal.append([entry(null), entry('b')], { b: 0 });
    const moved = { code: 'run.moved', exit: 5 };
    for (const after of [{ a: 0 }, { a: 3 }, { a: 1, b: 2 }]) {
      t.like(await t.throwsAsync(journal.append([entry('a')], after)), moved);
    }
    t.is((await textsOf(journal)).length, 3);
    await journal.append([entry('a'), entry('b')], { a: 1, b: 3 });
    t.like(await t.throwsAsync(journal.append([entry('a')], { a: 1 })), moved);
    t.deepEqual(seqs(await journal.entries('a')), [1, 4]);
    await journal.close();
  });

  test(`${name}: of many that append after the same entry at once one comes first`, async (t) => {
    const journal = make(t);
    const tries = Array.from({ length: 8 }, (_, n) => journal.append([entry('a', n)], { a: 0 }));
    const ended = await Promise.allSettled(tries);
    t.is(ended.filter(({ status }) => status === 'fulfilled').length, 1);
    t.is((await journal.entries('a')).length, 1);
    await journal.close();
  });

  test(`${name}: commits stand in the order in which they were asked for`, async (t) => {
    const journal = make(t);
    await Promise.all([1, 2, 3, 4].map((n) => journal.append([entry('a', n), entry('a', -n)])));
    const numbers = (await journal.entries('a')).map(({ body }) => (body as { n: number }).n);
    t.deepEqual(numbers, [1, -1, 2, -2, 3, -3, 4, -4]);
    await journal.close();
  });

  test(`${name}: pages are bounded, and hold the stretch that was asked for`, async (t) => {
    const journal = make(t);
    await journal.append(Array.from({ length: 2_500 }, (_, n) => entry(`r${n % 3}`, n)));
    const asked: [Stretch, number, number][] = [
      [{}, 1, 2500],
      [{ from: 17 }, 17, 2500],
      [{ from: 16, to: 17 }, 16, 17],
      [{ newestFirst: true }, 2500, 1],
      [{ from: 2, to: 1_300, newestFirst: true }, 1_300, 2],
      [{ from: 2_501 }, 1, 0],
    ];
    for (const [stretch, first, last] of asked) {
      const found: number[] = [];
      for await (const page of journal.pages(stretch)) {
        t.true(page.length > 0 && page.length <= 1_000);
        found.push(...seqs(page));
      }
      const step = first > last ? -1 : 1;
      const length = last === 0 ? 0 : Math.abs(first - last) + 1;
      const wanted = Array.from({ length }, (_, n) => first + n * step);
      t.deepEqual(found, wanted);
    }
    await journal.close();
  });

  test(`${name}: runs are listed in the order of their beginnings, with their last entries`, async (t) => {
    const journal = make(t);
    t.deepEqual(await runsOf(journal), []);
    await journal.append([entry('late-1'), entry(null), entry('a%b'), entry('late-1')]);
    const last = async (run: string) => (await journal.entries(run)).at(-1)!.hash;
    const listed = async (run: string) => ({ run, last: await last(run), head: null });
    t.deepEqual(await runsOf(journal), [await listed('late-1'), await listed('a%b')]);
    t.deepEqual(await runsOf(journal, 'late'), [await listed('late-1')]);
    t.deepEqual(await runsOf(journal, '%'), [await listed('a%b')]);
    await journal.append([entry('a%b')]);
    t.deepEqual(await runsOf(journal, 'b'), [await listed('a%b')]);
    await journal.append(Array.from({ length: 1_100 }, (_, n) => entry(`many${n}`)));
    let count = 0;
    for await (const page of journal.runs('many')) {
      t.true(page.length > 0 && page.length <= 1_000);
      count += page.length;
    }
    t.is(count, 1_100);
    await journal.close();
  });

  test(`${name}: a head is there as long as the run's last entry is the same`, async (t) => {
    const journal = make(t);
    await journal.append([entry('a'), entry('b')]);
    const [a, b] = await runsOf(journal);
    const head = { phase: 'done' };
    await journal.storeHeads([
      { run: 'a', last: a!.last, head },
      { run: 'b', last: a!.last, head: { phase: 'of another' } },
      { run: 'c', last: b!.last, head: { phase: 'of none' } },
    ]);
    t.deepEqual(await runsOf(journal), [{ ...a!, head }, b!]);
    await journal.append([entry('a')]);
    t.deepEqual(
      (await runsOf(journal)).map((one) => one.head),
      [null, null],
    );
    await journal.storeHeads([{ run: 'a', last: a!.last, head }]);
    t.is((await runsOf(journal))[0]!.head, null, 'it went on before that was stored');
    await journal.close();
  });

  if (name !== 'power loss') {
    test(`${name}: who holds a cluster keeps others away until it lets go`, async (t) => {
      const journal = make(t);
      const letGo = await journal.hold('c', 'run one, ann@desk');
      const error = await t.throwsAsync(journal.hold('c', 'run two'));
      t.like(error, { code: 'runner.held', exit: 5 });
      t.regex(error.message, /run one, ann@desk/);
      await (await journal.hold('d', 'run two'))();
      await letGo();
      const next = await journal.hold('c', 'run two');
      await letGo();
      await t.throwsAsync(journal.hold('c', 'run three'), { message: /run two/ });
      await next();
      await journal.close();
    });
  }
}

test('all adapters answer alike, whatever is appended and asked', async (t) => {
  const runs = fc.constantFrom(null, 'a', 'b', 'ab');
  const act = fc.oneof(
    fc.record({ append: fc.array(runs, { minLength: 1, maxLength: 4 }) }),
    fc.record({ after: fc.constantFrom('a', 'b', 'ab'), seq: fc.nat(6) }),
    fc.record({ head: fc.constantFrom('a', 'b', 'ab') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      const seen: unknown[] = [];
      for (const make of Object.values(ADAPTERS)) {
        const journal = make(t);
        const told: unknown[] = [];
        for (const [n, one] of acts.entries()) {
          if ('append' in one) await journal.append(one.append.map((run) => entry(run, n)));
          if ('after' in one) {
            const { after, seq } = one;
            await journal
              .append([entry(after, n)], { [after]: seq })
              .then(() => told.push('taken'))
              .catch((error: { code?: string }) => told.push(error.code));
          }
          if ('head' in one) {
            const found = (await runsOf(journal)).find(({ run }) => run === one.head);
            if (found) await journal.storeHeads([{ ...found, head: { n } }]);
          }
          told.push(await runsOf(journal, 'a'), await journal.entries('ab'));
        }
        told.push(await runsOf(journal), await textsOf(journal));
        seen.push(told);
        await journal.close();
      }
      for (const told of seen) t.deepEqual(told, seen[0]);
    }),
    { numRuns: 40 },
  );
});
