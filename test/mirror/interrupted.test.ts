/**
 * Recoveries that end early: what was ordered or written by then is not forgotten. A full copy goes
 * on as a full copy; what both sides took and nobody flushed is known to differ, perhaps.
 */
import test from 'ava';
import { sleep } from '../../src/ports/clock.ts';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import { activeOn1, BLOCK, MIRROR, pattern, recovered, type World } from './harness.ts';

const met = (world: World) =>
  world.until(() => world.view('server1').connected === true, 'connected');

/** Server1 active and ahead by a few blocks, connected, nothing under way. */
async function behind(seed: number, blocks: number, dirty: number[]): Promise<World> {
  const world = await activeOn1({ dataBytes: blocks * BLOCK, seed });
  await world.write('server1', 0, pattern(12 * BLOCK, 1));
  world.cutMirror();
  for (const block of dirty) await world.write('server1', block * BLOCK, pattern(2000, block));
  world.heal();
  await met(world);
  return world;
}

/** Does something at operation `count` on the disks of a server; false when there were fewer. */
function strikeAt(world: World, name: string, count: number, act: () => void): () => boolean {
  let left = count;
  const { cp, dp } = world.at(name);
  for (const part of [cp, dp]) {
    part.onOperation = () => {
      if (left-- === 0) act();
    };
  }
  return () => {
    for (const part of [cp, dp]) part.onOperation = () => {};
    return left < 0;
  };
}

async function bringIntoStep(world: World): Promise<void> {
  for (const name of ['server1', 'server2']) if (!world.at(name).agent) await world.start(name);
  await met(world);
  await world.pass(100);
  if (world.colors() === 'GREEN GREEN') return;
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
}

for (const how of ['kill', 'powerOff'] as const) {
  test(`a full copy whose source is gone (${how}) at any operation is no difference copy afterwards`, async (t) => {
    let begun = 0;
    for (let count = 0; ; count++) {
      const world = await behind(count + 1, 12, [2, 3, 6]);
      // Bytes that no map knows of, as a disk may have them on a bad day: why a full copy is ordered.
      for (const bytes of [world.at('server2').dp.cache, world.at('server2').dp.durable]) {
        bytes.fill(99, 9 * BLOCK, 9 * BLOCK + 4000);
      }
      // A side that was active knows by its activity map what to look at; this one is at rest.
      await world.ask('server1', { do: 'deactivate' });
      const wasStruck = strikeAt(world, 'server1', count, () => world[how]('server1'));
      await world.orDead('server1', () => world.ask('server1', { do: 'recover', full: true }));
      await world.until(
        () => world.at('server1').agent === null || world.colors() === 'GREEN GREEN',
        'struck or recovered',
      );
      const isEnded = !wasStruck();
      const isBegun = world.at('server2').agent!.disks[0]!.copy.record.unfinished !== null;
      await bringIntoStep(world);
      if (isBegun) begun++;
      if (isBegun || isEnded) t.true(world.areEqual(), `operation ${count}`);
      if (isEnded) break;
    }
    t.true(begun > 3, `${begun}`);
  });
}

test('what a cancelled recovery wrote to both sides and nobody flushed may be lost on one of them', async (t) => {
  let cancelled = 0;
  for (let count = 0; ; count++) {
    // More than is copied at once, so that some of it is still to come.
    const dirty = Array.from({ length: 40 }, (_, at) => at);
    const world = await behind(count + 1, 64, dirty);
    world.latencyMs = 1;
    const cancel = () => {
      void world.ask('server1', { do: 'cancel' }).then(
        () => cancelled++,
        () => {},
      );
    };
    const wasStruck = strikeAt(world, 'server2', count, cancel);
    await world.ask('server1', { do: 'recover', full: false }).catch(() => {});
    const { agent } = world.at('server1');
    const writes = [39, 45, 50, 63].map((block) =>
      agent!.write(MIRROR, block * BLOCK + 30_000, pattern(3000, 50 + count), false),
    );
    await world.run(Promise.all(writes));
    await world.pass(200);
    const isEnded = !wasStruck();
    // Of this side alone, where the recovery was cancelled.
    await world.run(agent!.flush(MIRROR));
    world.powerOff('server2');
    await bringIntoStep(world);
    t.true(world.areEqual(), `operation ${count}`);
    if (isEnded) break;
  }
  t.true(cancelled > 3, `${cancelled}`);
});

/** Writes of any length over what is being copied, little of it at once; the target may lose its power. */
async function writeOver(world: World, random: SeededRandom): Promise<void> {
  const { agent } = world.at('server1');
  const writes: Promise<unknown>[] = [];
  const dies = random.below(2) === 0 ? random.below(40) : -1;
  for (let at = 0; at < 40; at++) {
    const length = 1 + random.below(2 * BLOCK);
    const offset = random.below(32 * BLOCK - length);
    const durable = random.below(2) === 0;
    writes.push(agent!.write(MIRROR, offset, pattern(length, at + 2), durable).catch(() => {}));
    if (random.below(3) === 0) await world.pass(1);
    if (at === dies) world.powerOff('server2');
  }
  await world.run(Promise.all(writes));
}

test('writes over what is copied, is being copied and is still to come all arrive', async (t) => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new SeededRandom(seed);
    const dirty = Array.from({ length: 32 }, (_, at) => at);
    const world = await behind(seed, 32, dirty);
    world.latencyMs = 1;
    world.at('server1').agent!.disks[0]!.recovery.limit({
      lanes: 1 + random.below(2),
      flushBlocks: [1, 4, 512][random.below(3)]!,
    });
    // A flush covers what was written before it began, whatever comes while it takes its time.
    if (seed % 2 === 0) world.at('server2').dp.flushing = () => sleep(world.clock, 2);
    await world.ask('server1', { do: 'recover', full: false });
    await writeOver(world, random);
    await bringIntoStep(world);
    await world.run(world.at('server1').agent!.flush(MIRROR));
    t.true(world.areEqual(), `seed ${seed}`);
  }
});
