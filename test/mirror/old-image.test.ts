/**
 * Old bytes put back on the same disk, with nothing that tells of it but what the two copies
 * remember of their meetings: whatever was written in step since has to be copied again, however
 * often the two meet before somebody orders it.
 */
import test from 'ava';
import { activate, activeOn1, BLOCK, pattern, recovered, type World } from './harness.ts';

const met = (world: World) =>
  world.until(() => world.view('server1').connected === true, 'connected');

async function stop(world: World): Promise<void> {
  await world.run(world.at('server2').agent!.close());
  world.kill('server2');
}

/** Server2 bears again what it had when it was stopped in order, before a write in step. */
async function putBack(stopped: 'killed' | 'in order'): Promise<World> {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(1000, 1));
  await world.ask('server1', { do: 'deactivate' });
  await stop(world);
  const { cp, dp } = world.at('server2');
  const parts = [cp, dp].map((part) => [part, part.cache.slice()] as const);
  await world.start('server2');
  await met(world);
  await recovered(world);
  await world.ask('server1', activate);
  await world.write('server1', 5 * BLOCK, pattern(1000, 2));
  if (stopped === 'killed') world.kill('server2');
  else {
    await world.ask('server1', { do: 'deactivate' });
    await stop(world);
  }
  for (const [part, bytes] of parts) {
    part.cache.set(bytes);
    part.durable.set(bytes);
  }
  await world.start('server2');
  return world;
}

const FORCE = { do: 'force', latest: 'server1', victim: 'server2' };
for (const stopped of ['killed', 'in order'] as const) {
  for (const meetings of [1, 2, 4]) {
    test(`old bytes are found out at meeting ${meetings} of a side that was ${stopped}`, async (t) => {
      const world = await putBack(stopped);
      for (let meeting = 1; meeting < meetings; meeting++) {
        await met(world);
        t.not(world.colors(), 'GREEN GREEN');
        world.cutMirror();
        world.heal();
        await world.pass(100);
      }
      await met(world);
      t.is(world.colors(), stopped === 'killed' ? 'GREEN RED' : 'RED RED');
      const order = stopped === 'killed' ? { do: 'recover', full: false } : FORCE;
      await world.ask('server1', order);
      await recovered(world);
      t.true(world.areEqual());
      t.is(world.at('server2').dp.cache[5 * BLOCK], 2);
    });
  }
}
