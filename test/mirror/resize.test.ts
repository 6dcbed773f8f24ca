/** Resize, and disks that were used for another mirror before. */
import test from 'ava';
import {
  ClusterPartition,
  formatConstructed,
  partitionBytes,
} from '../../src/mirror/copy/cluster-partition.ts';
import {
  activeOn1,
  BLOCK,
  codeOf,
  MemoryPartition,
  MIRROR,
  pattern,
  recovered,
  seeded,
  started,
  World,
} from './harness.ts';
import { settle } from './virtual-clock.ts';

const OLD = 16 * BLOCK;
const NEW = 40 * BLOCK;
const order = (sizeBytes: number, force = false) => ({ do: 'resize', sizeBytes, force });

async function small(): Promise<World> {
  const world = await activeOn1({ dataBytes: NEW, mirrorBytes: OLD });
  world.at('server2').dp.cache.fill(7, OLD);
  world.at('server2').dp.durable.fill(7, OLD);
  await world.write('server1', OLD - 100, pattern(100, 3));
  return world;
}

test('a mirror smaller than its partition ends where it ends', async (t) => {
  const world = await small();
  t.is(await codeOf(world.write('server1', OLD, pattern(10, 1))), 'mirror.range');
  t.is(world.view('server1').sizeBytes, OLD);
});

test('extended on the standby first, then where it is active: nothing breaks, nothing is copied', async (t) => {
  const world = await small();
  await world.ask('server2', order(NEW));
  t.is(world.colors(), 'GREEN GREEN');
  await world.write('server1', 0, pattern(100, 4));
  await world.ask('server1', order(NEW));
  t.is(world.colors(), 'GREEN GREEN');
  await world.write('server1', NEW - 100, pattern(100, 5));
  t.true(world.areEqual());
  t.like(await world.ask('server1', { do: 'verify' }), { differingBlocks: 0, blocks: 40 });
  world.cutMirror();
  await world.write('server1', 30 * BLOCK, pattern(100, 6));
  world.heal();
  for (const name of ['server1', 'server2']) {
    world.powerOff(name);
    await world.start(name);
  }
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.view('server1').sizeBytes, NEW);
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('extended where it is active first, the mirror breaks; the other one then only by force', async (t) => {
  const world = await small();
  await world.ask('server1', order(NEW));
  t.is(world.colors(), 'GREEN RED');
  await world.write('server1', NEW - 100, pattern(100, 5));
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: false })), 'mirror.refused');
  t.is(await codeOf(world.ask('server2', order(NEW))), 'mirror.refused');
  await world.ask('server2', order(NEW, true));
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('a data partition that was extended meanwhile is taken as large as it is now', async (t) => {
  const world = await activeOn1({ dataBytes: OLD });
  await world.write('server1', OLD - 100, pattern(100, 3));
  t.is(await codeOf(world.ask('server2', order(NEW))), 'mirror.room');
  for (const name of ['server2', 'server1']) {
    world.at(name).dp.extend(NEW);
    await world.ask(name, order(NEW));
  }
  t.is(world.colors(), 'GREEN GREEN');
  await world.write('server1', NEW - 100, pattern(100, 5));
  t.true(world.areEqual());
  t.is(world.view('server2').sizeBytes, NEW);
});

test('forced on the side that is behind, the next recovery sends every block, too', async (t) => {
  const world = await small();
  await world.ask('server1', order(NEW));
  await world.ask('server2', order(NEW, true));
  await world.until(() => world.view('server1').dirtyBytes === NEW, 'all of it is due');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('forced out of step, the next recovery sends every block', async (t) => {
  const world = await small();
  world.cutMirror();
  await world.write('server1', 0, pattern(10, 2));
  t.is(await codeOf(world.ask('server1', order(NEW))), 'mirror.refused');
  await world.ask('server1', order(NEW, true));
  await world.ask('server2', order(NEW, true));
  t.is(world.view('server1').dirtyBytes, NEW);
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('no shrinking, no more than the partition has, no half sectors', async (t) => {
  const world = await small();
  for (const size of [OLD - BLOCK, OLD + 100]) {
    t.is(await codeOf(world.ask('server2', order(size))), 'mirror.size');
  }
  t.is(await codeOf(world.ask('server2', order(NEW + BLOCK))), 'mirror.room');
  await world.ask('server2', order(OLD));
  t.is(world.colors(), 'GREEN GREEN');
});

test('a power loss at any point of a resize leaves the old size or the new one, and every bit', async (t) => {
  const [from, to] = [3 * BLOCK, 5000 * BLOCK];
  let old = 0;
  for (let seed = 1; seed < 120; seed++) {
    const disk = new MemoryPartition(partitionBytes(to));
    await formatConstructed(disk.open(), MIRROR, from, 'g0');
    const part = new ClusterPartition(disk.open(), MIRROR, to);
    await part.load();
    await part.outOfSync.set(1, 2);
    let left = seed % 40;
    disk.onOperation = () => {
      if (left-- > 0) return;
      disk.life++;
      disk.powerLoss(seeded(seed));
      disk.onOperation = () => {};
    };
    void part.resize(to, false);
    for (let turn = 0; turn < 60; turn++) await settle();
    disk.onOperation = () => {};
    const again = new ClusterPartition(disk.open(), MIRROR, to);
    await again.load();
    const { sizeBytes, generation, state } = again.record;
    t.is(`${state} ${generation}`, 'constructed g0');
    t.true([from, to].includes(sizeBytes));
    t.true(again.outOfSync.has(1));
    if (sizeBytes === to) t.is(again.outOfSync.count, 1);
    else old++;
  }
  t.true(old > 10 && old < 118, `${old} kept the old size`);
});

test('a disk of another mirror is not taken until it was cleared, or initialised by force', async (t) => {
  const world = new World({ constructed: false });
  const { cp } = world.at('server1');
  await formatConstructed(cp.open(), 'md7', OLD, 'other');
  void world.up().catch(() => {});
  await world.pass(3000);
  t.is(world.view('server1').color, 'GRAY');
  const error = await t.throwsAsync(world.ask('server1', { do: 'create', mode: 'normal' }));
  t.true(error?.message.includes('md7'));
  await world.ask('server1', { do: 'create', mode: 'force' });
  t.is(world.view('server1').color, 'RED');
  const cleared = await started({ constructed: false });
  cleared.at('server1').cp.cache.fill(0);
  await cleared.ask('server1', { do: 'create', mode: 'normal' });
  t.is(cleared.view('server1').color, 'RED');
});
