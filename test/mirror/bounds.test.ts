/** What grows in the record of a copy, which has a place of fixed size, reaches its bound and fits. */
import test from 'ava';
import { blankRecord, ClusterPartition } from '../../src/mirror/copy/cluster-partition.ts';
import {
  BASES_LIMIT,
  type Copy,
  constructed,
  HISTORY_LIMIT,
  judge,
  sourceOf,
  targetOf,
  unknownCopy,
  wentAlone,
} from '../../src/mirror/copy/generations.ts';
import { BLOCK, KIB, MemoryPartition } from './harness.ts';

const id = (number: number): string => number.toString(16).padStart(16, '0');

test('a thousand interrupted recoveries leave a record that is saved, read and judged', async (t) => {
  const store = new MemoryPartition(256 * KIB).open();
  const partition = new ClusterPartition(store, 'md1', 4 * BLOCK);
  const first = constructed(unknownCopy(), 'g0');
  await partition.format({ ...first, contact: { confirmed: 'c', proposed: null } });
  await partition.save(wentAlone(partition.record, 'g1', true));
  let target: Copy = { ...first, contact: { confirmed: 'c', proposed: null } };
  const begin = { ...target };
  for (let number = 0; number < 1000; number++) {
    await partition.save(sourceOf(partition.record, id(number)));
    target = targetOf(target, id(number));
    const { verdict, full } = judge(partition.record, target);
    t.deepEqual([verdict, full], ['sourceMe', false]);
  }
  t.is(partition.record.bases.length, BASES_LIMIT);
  t.is(judge(partition.record, begin).full, false, 'the oldest base is kept');
  const forgotten = judge(partition.record, targetOf(begin, id(5)));
  t.deepEqual([forgotten.verdict, forgotten.full], ['sourceMe', true]);
  const again = new ClusterPartition(store, 'md1', 4 * BLOCK);
  await again.load();
  t.deepEqual(again.record.bases, partition.record.bases);
});

test('a record with every list and word at its bound fits its slot', async (t) => {
  const store = new MemoryPartition(256 * KIB).open();
  const partition = new ClusterPartition(store, 'md1', 4 * BLOCK);
  const ids = (count: number) => Array.from({ length: count }, (_, at) => id(at));
  const long = 'x'.repeat(100);
  await partition.format({
    ...blankRecord('md1', 4 * BLOCK),
    state: 'constructed',
    generation: id(1),
    bases: ids(BASES_LIMIT),
    history: ids(HISTORY_LIMIT),
    contact: { confirmed: long, proposed: long },
    passedBy: long,
    unfinished: long,
    restored: long,
    autoRecoveryHeld: '"'.repeat(200),
    victimKeeps: '"'.repeat(1000),
    keep: '"'.repeat(1000),
  });
  const again = new ClusterPartition(store, 'md1', 4 * BLOCK);
  await again.load();
  t.deepEqual(again.record, partition.record);
});

test('a record of an older version with more bases than now are kept is read, and shrinks', async (t) => {
  const store = new MemoryPartition(256 * KIB).open();
  const partition = new ClusterPartition(store, 'md1', 4 * BLOCK);
  const bases = Array.from({ length: 500 }, (_, at) => id(at));
  await partition.format({ ...constructed(unknownCopy(), 'g0'), bases });
  const again = new ClusterPartition(store, 'md1', 4 * BLOCK);
  await again.load();
  t.is(again.record.bases.length, 500);
  await again.save(sourceOf(again.record, 'new'));
  t.deepEqual([again.record.bases.length, again.record.bases.at(-1)], [BASES_LIMIT, 'new']);
});
