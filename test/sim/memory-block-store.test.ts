import test from 'ava';
import fc from 'fast-check';
import type { DeviceError } from '../../src/ports/devices.ts';
import { MemoryDisk } from '../../src/sim/memory-block-store.ts';
import { MemoryDevices, type ResolvedDevice } from '../../src/sim/memory-devices.ts';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import { SimProcess } from '../../src/sim/sim-process.ts';
import { VirtualClock } from '../../src/sim/virtual-clock.ts';

const SIZE = 10_000;

const operation = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    offset: fc.nat(SIZE - 1),
    data: fc.uint8Array({ maxLength: 3000 }),
  }),
  fc.record({ do: fc.constant('flush' as const), offset: fc.nat(SIZE), length: fc.nat(SIZE) }),
);

test('reads see every write; after power loss exactly what was flushed is left', (t) => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const disk = new MemoryDisk('D1', SIZE);
      const cached = new Uint8Array(SIZE);
      const durable = new Uint8Array(SIZE);
      for (const step of operations) {
        if (step.do === 'write') {
          const data = step.data.subarray(0, SIZE - step.offset);
          disk.write(step.offset, data);
          cached.set(data, step.offset);
        } else {
          disk.flush();
          durable.set(cached);
        }
        t.deepEqual(disk.read(0, SIZE), cached);
      }
      disk.powerLoss('drop', new SeededRandom(1));
      t.deepEqual(disk.read(0, SIZE), durable);
    }),
  );
});

test('a reordering power loss leaves, in every sector, something that was written there', (t) => {
  const disk = new MemoryDisk('D1', SIZE);
  disk.write(0, new Uint8Array(4096).fill(1));
  disk.flush();
  disk.write(0, new Uint8Array(4096).fill(2));
  disk.write(0, new Uint8Array(4096).fill(3));
  disk.powerLoss('reorder', new SeededRandom('shuffle'));
  const left = new Set<number>();
  for (let sector = 0; sector < 8; sector++) {
    const bytes = disk.read(sector * 512, 512);
    t.is(new Set(bytes).size, 1);
    left.add(bytes[0]!);
  }
  t.true(left.size > 1, 'some sectors kept the old bytes and some the new');
  for (const value of left) t.true([1, 2, 3].includes(value));
});

test('a flush of one partition leaves the other one to be lost', (t) => {
  const disk = new MemoryDisk('D1', SIZE);
  disk.write(100, new Uint8Array([1]));
  disk.write(5000, new Uint8Array([2]));
  disk.flush(0, 4096);
  t.is(disk.unflushedBytes, 1);
  disk.powerLoss('drop', new SeededRandom(1));
  t.is(disk.read(100, 1)[0], 1);
  t.is(disk.read(5000, 1)[0], 0);
});

function devices() {
  const clock = new VirtualClock(0);
  const process = new SimProcess(clock, 'server1', 'agent');
  const server = new MemoryDevices(0);
  server.createDisk('D1', SIZE);
  const where: ResolvedDevice = { serial: 'D1', offset: 4096, sizeBytes: 4096, failed: null };
  server.resolve = (path) => (path === '/dev/sdb1' ? where : null);
  return { server, where, process, ports: server.forProcess(process) };
}

test('a partition is a window on its disk', async (t) => {
  const { server, ports } = devices();
  const store = await ports.open('/dev/sdb1');
  await store.write(10, new Uint8Array([9, 8]));
  await store.flush();
  t.deepEqual([...(await store.read(10, 2))], [9, 8]);
  t.deepEqual([...server.disks.get('D1')!.read(4106, 2)], [9, 8]);
  await t.throwsAsync(store.write(4095, new Uint8Array(2)), { code: 'EIO' } as never);
});

test('a failed, swapped, read-only or missing disk answers with its own code', async (t) => {
  const { server, where, ports } = devices();
  const store = await ports.open('/dev/sdb1');
  const codeOf = async (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'done',
      (error: DeviceError) => error.code,
    );
  t.is(await codeOf(ports.open('/dev/sdc1')), 'ENODEV');
  where.failed = 'write';
  t.deepEqual(
    [await codeOf(store.write(0, new Uint8Array(1))), await codeOf(store.read(0, 1))],
    ['EIO', 'done'],
  );
  where.failed = 'all';
  t.is(await codeOf(store.read(0, 1)), 'EIO');
  where.failed = null;
  where.readOnly = true;
  t.is(await codeOf(store.write(0, new Uint8Array(1))), 'EROFS');
  where.readOnly = false;
  where.serial = 'D2';
  server.createDisk('D2', SIZE);
  t.is(await codeOf(store.read(0, 1)), 'EIO', 'the open store belonged to the old disk');
});

test('a killed process hears nothing more, a frozen one only after the thaw', async (t) => {
  const { process, ports } = devices();
  const store = await ports.open('/dev/sdb1');
  const heard: string[] = [];
  process.freeze();
  const reading = store.read(0, 1).then(() => heard.push('read'));
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(heard, []);
  process.thaw();
  await reading;
  process.kill();
  void store.read(0, 1).then(() => heard.push('after death'));
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(heard, ['read']);
});
