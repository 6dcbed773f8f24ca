/**
 * Power lost at every disk operation of the active side, while its activity log has room for one
 * extent and nothing is flushed: whatever differs between the copies then has to be known.
 */
import test from 'ava';
import { BLOCK, MIRROR, pattern, recovered, started, type World } from './harness.ts';

const BLOCKS = 8;
const activate = { do: 'activate', mount: false, force: false, evidence: null };

/** Two rounds over the blocks, acknowledged and not durable; how often is a flush? `every`. */
async function work(world: World, every: number): Promise<void> {
  const { agent } = world.at('server1');
  for (let at = 0; at < 2 * BLOCKS; at++) {
    await agent!.write(MIRROR, (at % BLOCKS) * BLOCK + 4096, pattern(1000, at + 1), false);
    if (at % every === every - 1) await agent!.flush(MIRROR);
  }
}

/** Power goes at operation `count` of either partition; false when there were fewer. */
async function loseAt(count: number, every: number, alone: boolean): Promise<[World, boolean]> {
  const world = await started({ dataBytes: BLOCKS * BLOCK, seed: count + 1 });
  await world.ask('server1', activate);
  for (const disk of world.at('server1').agent!.disks) disk.activityExtents = 1;
  if (alone) world.cutMirror();
  const { cp, dp } = world.at('server1');
  let left = count;
  const strike = (): void => {
    if (left-- === 0) world.powerOff('server1');
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

for (const [every, alone] of [
  [3, false],
  [100, false],
  [4, true],
] as const) {
  const words = `${alone ? 'alone' : 'in step'}, a flush every ${every} writes`;
  test(`what a power loss leaves different is known: ${words}`, async (t) => {
    let struck = true;
    let count = 0;
    for (; struck; count++) {
      const [world, was] = await loseAt(count, every, alone);
      struck = was;
      world.heal();
      if (!world.at('server1').agent) await world.start('server1');
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
