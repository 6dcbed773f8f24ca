/** The cluster partition: what it keeps, and what a power loss leaves of it. */
import test from 'ava';
import fc from 'fast-check';
import { BlockMap } from '../../src/mirror/copy/block-map.ts';
import {
  ClusterPartition,
  formatConstructed,
  partitionBytes,
} from '../../src/mirror/copy/cluster-partition.ts';
import { DeviceError } from '../../src/ports/devices.ts';
import { BLOCK, MemoryPartition, seeded } from './harness.ts';

const SIZE = 5000 * BLOCK;

async function opened(
  disk: MemoryPartition,
  mirror = 'md1',
  size = SIZE,
): Promise<ClusterPartition> {
  const partition = new ClusterPartition(disk.open(), mirror, size);
  await partition.load();
  return partition;
}

test('a record and its maps are read back as they were saved', async (t) => {
  const disk = new MemoryPartition(partitionBytes(SIZE));
  await formatConstructed(disk.open(), 'md1', SIZE, 'g0');
  const first = await opened(disk);
  t.is(first.record.generation, 'g0');
  await first.save({ active: true, breakTime: 12345 });
  await first.outOfSync.set(4030, 4040);
  disk.powerLoss(seeded(3));
  const second = await opened(disk);
  t.true(second.record.active);
  t.is(second.record.breakTime, 12345);
  t.is(second.outOfSync.count, 10);
  t.is(second.outOfSync.next(0), 4030);
  t.is(second.outOfSync.next(4040), -1);
});

test('a blank partition is unknown, and so is one of another mirror or size', async (t) => {
  const disk = new MemoryPartition(partitionBytes(SIZE + BLOCK));
  const blank = await opened(disk);
  t.is(blank.record.state, 'unknown');
  t.false(blank.damaged);
  await formatConstructed(disk.open(), 'md2', SIZE, 'g0');
  t.true((await opened(disk)).damaged);
  await formatConstructed(disk.open(), 'md1', SIZE + BLOCK, 'g0');
  t.is((await opened(disk)).record.state, 'unknown');
});

test('a partition that is too small is refused in words', (t) => {
  const disk = new MemoryPartition(1024);
  t.throws(() => new ClusterPartition(disk.open(), 'md1', SIZE), { message: /needs \d+/ });
});

test('one torn slot leaves the other one; both torn is damage, and garbage never passes', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.boolean(), async (seed, both) => {
      const random = seeded(seed);
      const disk = new MemoryPartition(partitionBytes(SIZE));
      await formatConstructed(disk.open(), 'md1', SIZE, 'g0');
      const partition = await opened(disk);
      await partition.save({ breakTime: 1 });
      await partition.save({ breakTime: 2 });
      const at = Math.floor(random() * 200) + 41;
      disk.cache[at] = (disk.cache[at] ?? 0) ^ 0xff;
      if (both) disk.cache[16384 + at] = (disk.cache[16384 + at] ?? 0) ^ 0xff;
      const again = await opened(disk);
      if (both) t.is(again.record.state, 'unknown');
      else t.true([1, 2].includes(again.record.breakTime ?? 0));
    }),
    { numRuns: 60 },
  );
});

test('a change whose save was refused did not happen, and no later save brings it', async (t) => {
  for (const at of ['write', 'flush']) {
    const disk = new MemoryPartition(partitionBytes(SIZE));
    await formatConstructed(disk.open(), 'md1', SIZE, 'g0');
    const partition = await opened(disk);
    await partition.save({ breakTime: 1 });
    let operations = 0;
    disk.onOperation = () => {
      operations += 1;
      if (operations === (at === 'write' ? 1 : 2)) throw new DeviceError('EIO', 'write failed');
    };
    await t.throwsAsync(partition.save({ latest: true, generation: 'g1', breakTime: 2 }));
    t.like(partition.record, { latest: false, generation: 'g0', breakTime: 1 });
    await partition.save({ diskError: true });
    const expected = { latest: false, generation: 'g0', breakTime: 1, diskError: true };
    t.like(partition.record, expected);
    t.like((await opened(disk)).record, expected);
  }
});

test('a save that shares its round with another takes back its own change only', async (t) => {
  const disk = new MemoryPartition(partitionBytes(SIZE));
  await formatConstructed(disk.open(), 'md1', SIZE, 'g0');
  const partition = await opened(disk);
  disk.failing = 'write';
  const lost = [partition.save({ breakTime: 1 }), partition.save({ breakTime: 2, victim: 'two' })];
  for (const one of lost) await t.throwsAsync(one);
  t.like(partition.record, { breakTime: null, victim: null, generation: 'g0' });
});

test('what is saved after a save that failed spares the slot that is sound', async (t) => {
  const disk = new MemoryPartition(partitionBytes(SIZE));
  await formatConstructed(disk.open(), 'md1', SIZE, 'g0');
  const partition = await opened(disk);
  await partition.save({ breakTime: 1 });
  const sound = disk.cache.slice();
  disk.failing = 'write';
  await t.throwsAsync(partition.save({ breakTime: 2 }));
  disk.failing = null;
  await partition.save({ breakTime: 3 });
  const slots = [0, 1].filter((slot) => {
    const of = (bytes: Uint8Array) => bytes.subarray(slot * 16384, (slot + 1) * 16384).toString();
    return of(sound) === of(disk.cache);
  });
  t.is(slots.length, 1);
  // The slot with the record of before is the one that was spared.
  disk.cache.fill(0xff, (1 - slots[0]!) * 16384, (2 - slots[0]!) * 16384);
  t.is((await opened(disk)).record.breakTime, 1);
});

test('a power loss keeps the last saved record or the one being saved, never a mixture', async (t) => {
  for (let seed = 1; seed < 200; seed++) {
    const disk = new MemoryPartition(partitionBytes(SIZE));
    await formatConstructed(disk.open(), 'md1', SIZE, 'g0');
    const partition = await opened(disk);
    await partition.save({ generation: 'g1', bases: ['g0'] });
    let operations = 0;
    const limit = seed % 3;
    disk.onOperation = () => {
      if (operations++ === limit) {
        disk.life++;
        disk.powerLoss(seeded(seed));
      }
    };
    void partition.save({ generation: 'g2', bases: ['g0', 'g1'] });
    await new Promise((resolve) => setImmediate(resolve));
    disk.onOperation = () => {};
    const { generation, bases } = (await opened(disk)).record;
    t.true(['g1 g0', 'g2 g0,g1'].includes(`${generation} ${bases.join(',')}`));
  }
});

test('a bit that was set durably survives any power loss; clearing may be lost, never invented', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 4999 })), { maxLength: 40 }),
      async (seed, moves) => {
        const disk = new MemoryPartition(2048);
        const map = new BlockMap(disk.open(), 0, SIZE);
        await map.format();
        const wanted = new Set<number>();
        const pending: Promise<void>[] = [];
        for (const [on, block] of moves) {
          if (on) pending.push(map.set(block, block + 1));
          else map.clear(block, block + 1);
          if (on) wanted.add(block);
          else wanted.delete(block);
        }
        await Promise.all(pending);
        disk.powerLoss(seeded(seed));
        const again = new BlockMap(disk.open(), 0, SIZE);
        await again.load();
        for (const block of wanted) t.true(again.has(block));
      },
    ),
    { numRuns: 200 },
  );
  t.pass();
});

test('a sector of the map that is not whole counts as all set', async (t) => {
  const disk = new MemoryPartition(2048);
  const map = new BlockMap(disk.open(), 0, SIZE);
  await map.format();
  disk.cache[100] = 1;
  const again = new BlockMap(disk.open(), 0, SIZE);
  await again.load();
  t.is(again.count, 4032);
});

test('a bit set again while its clearing is being written is durable when set resolves', async (t) => {
  const disk = new MemoryPartition(2048);
  const map = new BlockMap(disk.open(), 0, SIZE);
  await map.format();
  await map.set(7, 8);
  let go = (): void => {};
  disk.slow = new Promise((resolve) => {
    go = resolve;
  });
  map.clear(7, 8);
  const clearing = map.commit();
  await new Promise((resolve) => setImmediate(resolve));
  let isSet = false;
  const setting = map.set(7, 8).then(() => {
    isSet = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  t.false(isSet);
  go();
  await Promise.all([clearing, setting]);
  disk.powerLoss(seeded(5));
  const again = new BlockMap(disk.open(), 0, SIZE);
  await again.load();
  t.true(again.has(7));
});
