/**
 * The active side loses the other one while writes are being noted, and dies a little later, with a
 * cluster partition that takes its time to flush: whoever takes over by evidence has what was acknowledged until then.
 */
import test from 'ava';
import { sleep } from '../../src/ports/clock.ts';
import { activate, activeOn1, BLOCK, MIRROR, pattern, type World } from './harness.ts';

const BLOCKS = 8;
const CUTS = 20;
const FLUSH_MS = 4;
const LAST_MS = 18;

/** Writes to one block after the other, two at once; which of them were acknowledged. */
function writing(world: World): Set<number> {
  const { agent } = world.at('server1');
  const acknowledged = new Set<number>();
  const lane = async (from: number): Promise<void> => {
    for (let block = from; block < BLOCKS; block += 2) {
      await agent!.write(MIRROR, block * BLOCK, pattern(1000, block + 1));
      if (world.at('server1').agent === agent) acknowledged.add(block);
    }
  };
  for (const from of [0, 1]) void lane(from).catch(() => {});
  return acknowledged;
}

/** Cut at operation `cut` of either partition, killed `laterMs` afterwards. */
async function loseAndDie(cut: number, laterMs: number): Promise<[World, Set<number>]> {
  const world = await activeOn1({ dataBytes: BLOCKS * BLOCK });
  const { agent, cp, dp } = world.at('server1');
  agent!.disks[0]!.writes.limitExtents(1);
  let count = 0;
  const strike = (): void => {
    if (count++ !== cut) return;
    world.cutMirror();
    world.clock.at(world.clock.now() + laterMs, () => world.kill('server1'));
  };
  cp.flushing = () => sleep(world.clock, FLUSH_MS);
  cp.onOperation = strike;
  dp.onOperation = strike;
  const acknowledged = writing(world);
  await world.pass(100);
  world.kill('server1');
  return [world, acknowledged];
}

test('whoever takes over from a side that lost the other one and died has every acknowledged write', async (t) => {
  let takeovers = 0;
  let written = 0;
  for (let cut = 0; cut < CUTS; cut++) {
    for (let laterMs = 1; laterMs <= LAST_MS; laterMs++) {
      const [world, acknowledged] = await loseAndDie(cut, laterMs);
      const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
      const order = world.ask('server2', { ...activate, evidence });
      const isDone = await order.then(
        () => true,
        () => false,
      );
      if (!isDone) continue;
      takeovers++;
      for (const block of acknowledged) {
        const [found] = await world.read('server2', block * BLOCK, 1);
        t.is(found, block + 1, `cut at ${cut}, killed ${laterMs} ms later: block ${block}`);
        written++;
      }
    }
  }
  t.true(takeovers > 20 && written > 50, `${takeovers} ${written}`);
});
