/**
 * Power lost at every disk operation of the active side, while its activity log has room for one
 * extent and nothing is flushed, or a flush takes its time: whatever differs between the copies then
 * has to be known.
 */
import test from 'ava';
import { sleep } from '../../src/ports/clock.ts';
import { BLOCK, MIRROR, pattern, recovered, started, type World } from './harness.ts';

const BLOCKS = 8;
const activate = { do: 'activate', mount: false, force: false, evidence: null };

/** Two rounds over the blocks, three writes each at once, not durable; flushed after `every`. */
async function work(world: World, every: number): Promise<void> {
  const { agent } = world.at('server1');
  for (let at = 0; at < 2 * BLOCKS; at++) {
    const places = [0, 8192, 40_000].map((place) => (at % BLOCKS) * BLOCK + place);
    const bytes = pattern(1000, at + 1);
    await Promise.all(places.map((place) => agent!.write(MIRROR, place, bytes, false)));
    if (at % every === every - 1) await agent!.flush(MIRROR);
  }
}

interface Case {
  every: number;
  alone: boolean;
  /** Both servers lose their power at once. */
  both: boolean;
  /** Flushes of the data partition end later than what is written meanwhile elsewhere. */
  slow?: boolean;
}

/** Power goes at operation `count` of either partition; false when there were fewer. */
async function loseAt(
  count: number,
  { every, alone, both, slow }: Case,
): Promise<[World, boolean]> {
  const world = await started({ dataBytes: BLOCKS * BLOCK, seed: count + 1 });
  await world.ask('server1', activate);
  for (const disk of world.at('server1').agent!.disks) disk.writes.limitExtents(1);
  if (alone) world.cutMirror();
  const { cp, dp } = world.at('server1');
  if (slow) dp.flushing = () => sleep(world.clock, 1);
  let left = count;
  const strike = (): void => {
    if (left-- !== 0) return;
    world.powerOff('server1');
    if (both) world.powerOff('server2');
  };
  cp.onOperation = strike;
  dp.onOperation = strike;
  let ended = false;
  void work(world, every).then(
    () => {
      ended = true;
    },
    () => {},
  );
  await world.until(() => ended || left < 0, 'struck or ended');
  cp.onOperation = () => {};
  dp.onOperation = () => {};
  return [world, left < 0];
}

const cases: Case[] = [
  { every: 3, alone: false, both: false },
  { every: 100, alone: false, both: false },
  { every: 100, alone: false, both: true },
  { every: 4, alone: true, both: false },
  { every: 100, alone: false, both: false, slow: true },
];
for (const one of cases) {
  const where = one.alone ? 'alone' : 'in step';
  const who = one.both ? 'both sides' : 'the active side';
  const how = one.slow ? ', slowly' : '';
  test(`what differs after ${who} lost power is known: ${where}, flushed every ${one.every}${how}`, async (t) => {
    let struck = true;
    let count = 0;
    for (; struck; count++) {
      const [world, was] = await loseAt(count, one);
      struck = was;
      world.heal();
      for (const name of ['server1', 'server2']) {
        if (!world.at(name).agent) await world.start(name);
      }
      await world.until(() => world.view('server1').connected === true, 'connected');
      await world.pass(200);
      if (world.colors() !== 'GREEN GREEN') {
        await world.ask('server1', { do: 'recover', full: false });
        await recovered(world);
      }
      t.true(world.areEqual(), `operation ${count}`);
    }
    t.true(count > 20, `${count}`);
  });
}
