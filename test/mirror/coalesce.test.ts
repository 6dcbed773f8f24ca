/** Group commit, gates and byte ranges: what waits for what. */
import test from 'ava';
import fc from 'fast-check';
import { Coalesced, Gate } from '../../src/mirror/coalesce.ts';
import { Ranges } from '../../src/mirror/writes/ranges.ts';
import { settle } from './virtual-clock.ts';

test('calls during a round share the next one, and each is answered by a round begun after it', async (t) => {
  const rounds: (() => void)[] = [];
  const job = new Coalesced(() => new Promise((resolve) => rounds.push(resolve)));
  const ended: string[] = [];
  void job.run().then(() => ended.push('first'));
  await settle();
  void job.run().then(() => ended.push('second'));
  void job.run().then(() => ended.push('third'));
  await settle();
  t.is(rounds.length, 1);
  rounds[0]!();
  await settle();
  t.deepEqual(ended, ['first']);
  t.is(rounds.length, 2);
  rounds[1]!();
  await settle();
  t.deepEqual(ended, ['first', 'second', 'third']);
});

test('a round that fails fails its callers only', async (t) => {
  let fails = true;
  const job = new Coalesced(async () => {
    if (fails) throw new Error('EIO');
  });
  await t.throwsAsync(job.run());
  fails = false;
  await t.notThrowsAsync(job.run());
});

test('a gate lets nobody pass while it is shut, and turns waiters away when told', async (t) => {
  const gate = new Gate();
  gate.shut();
  const words: string[] = [];
  gate.pass().then(
    () => words.push('passed'),
    () => words.push('away'),
  );
  await settle();
  gate.turnAway(new Error('no'));
  await settle();
  void gate.pass().then(() => words.push('passed'));
  gate.open();
  await settle();
  t.deepEqual(words, ['away', 'passed']);
});

test('overlapping ranges are never held together, go in order, and all are served', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 8 })), { maxLength: 20 }),
      async (wanted) => {
        const ranges = new Ranges();
        const held = new Set<[number, number]>();
        let served = 0;
        const work = wanted.map(async ([from, length]) => {
          const release = await ranges.take(from, from + length);
          const mine: [number, number] = [from, from + length];
          for (const [a, b] of held) t.false(a < mine[1] && mine[0] < b);
          held.add(mine);
          await settle();
          held.delete(mine);
          served++;
          release();
        });
        await Promise.all(work);
        t.is(served, wanted.length);
        t.is(ranges.size, 0);
      },
    ),
    { numRuns: 50 },
  );
});
