/**
 * The survivor starts again while the other server is off: with forced stop its management controller
 * proves that it was not on since; without one, off says nothing of what it did before.
 */
import test from 'ava';
import type { JsonObject } from '../../src/core/json.ts';
import { activate, activeOn1, codeOf, pattern, started, type World } from './harness.ts';

const force = (latest: string, victim: string) => ({ do: 'force', latest, victim });

async function startedAgain(world: World, name: string): Promise<void> {
  world.powerOff(name);
  await world.start(name);
  await world.pass(3000);
}

async function goDown(world: World, name: string): Promise<void> {
  const server = world.at(name);
  server.goingDown = true;
  await server.agent!.close();
  server.agent = null;
  await world.pass(100);
}

/** server2 died, server1 went on alone and was written to. */
async function alone(fencing = true): Promise<World> {
  const world = await activeOn1({ fencing });
  world.powerOff('server2');
  await world.write('server1', 0, pattern(100, 2));
  await world.pass(3000);
  return world;
}

test('alone since the other server went off, it starts again and serves what it wrote', async (t) => {
  const world = await alone();
  await startedAgain(world, 'server1');
  t.is(world.view('server1').color, 'GREEN');
  t.is(world.view('server1').latest, true);
  await world.ask('server1', activate);
  t.deepEqual(await world.read('server1', 0, 100), pattern(100, 2));
});

/** Each leaves server2 off, or unreachable, when server1 starts again. */
const NOT_PROVED: Record<string, (world: World) => Promise<void>> = {
  'it was on in between': async (world) => {
    await world.start('server2');
    await world.pass(100);
    world.powerOff('server2');
  },
  'its copy was forced in between': async (world) => {
    await world.start('server2');
    await world.ask('server2', force('server2', 'server1'));
    await world.ask('server2', activate);
    await world.write('server2', 0, pattern(100, 3));
    world.powerOff('server2');
  },
  'its controller does not answer': async (world) => {
    world.bmc = 'cut';
  },
  'it is on and says nothing': async (world) => {
    world.at('server2').power = 'on';
    world.lan = 'cut';
  },
};

for (const [how, act] of Object.entries(NOT_PROVED)) {
  test(`the other server is not proved to have been off: ${how}`, async (t) => {
    const world = await alone();
    world.powerOff('server1');
    world.mdc = 'cut';
    await act(world);
    await world.start('server1');
    await world.pass(3000);
    t.is(world.view('server1').color, 'RED');
    t.is(world.view('server1').latest, null);
    for (const by of ['fence', 'notice', 'operatingSystem']) {
      const evidence = { by, from: 'server2', at: 1 };
      t.is(await codeOf(world.ask('server1', { ...activate, evidence })), 'mirror.notLatest');
    }
  });
}

test('without forced stop no controller is asked', async (t) => {
  const world = await alone(false);
  await startedAgain(world, 'server1');
  t.is(world.view('server1').latest, null);
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
});

test('seen off only by an agent that is not the latest proves nothing', async (t) => {
  const world = await activeOn1({ fencing: true });
  await world.write('server1', 0, pattern(100, 2));
  world.powerOff('server1');
  await world.pass(3000);
  t.is(world.view('server2').latest, false);
  t.is(world.at('server2').agent!.disks[0]!.copy.record.peerEnded ?? null, null);
});

test('both go down in order: whoever was last starts alone, the first one waits for it', async (t) => {
  for (const [first, last] of [
    ['server1', 'server2'],
    ['server2', 'server1'],
  ] as const) {
    const world = await started({ fencing: true });
    await goDown(world, first);
    await goDown(world, last);
    for (const name of [first, last]) world.powerOff(name);
    await world.start(last);
    await world.pass(3000);
    t.is(world.view(last).color, 'GREEN');
    world.powerOff(last);
    await world.start(first);
    await world.pass(3000);
    t.is(world.view(first).color, 'RED');
    t.is(await codeOf(world.ask(first, activate)), 'mirror.notLatest');
    await world.start(last);
    await world.until(() => world.colors() === 'GREEN GREEN', 'both GREEN');
  }
});

test('beside an agent that ended in order writes are not held until its power is off', async (t) => {
  for (const how of ['in order', 'killed']) {
    const world = await activeOn1({ fencing: true });
    if (how === 'in order') await world.at('server2').agent!.close();
    world.lan = 'cut';
    world.bmc = 'cut';
    world.kill('server2');
    await world.pass(100);
    t.is(world.view('server1').latest, how === 'in order', how);
  }
});

test('an agent that stops while its system stays up may run again, so it proves nothing', async (t) => {
  const world = await started({ fencing: true });
  const stop = async (name: string) => {
    await world.at(name).agent!.close();
    world.at(name).agent = null;
  };
  await stop('server2');
  await stop('server1');
  world.powerOff('server1');
  // In the same boot, before its power goes off.
  await world.start('server2');
  await world.ask('server2', force('server2', 'server1'));
  world.powerOff('server2');
  await world.start('server1');
  await world.pass(3000);
  t.is(world.view('server1').latest, null);
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
});

test('nothing is forced or activated by an agent that is stopping', async (t) => {
  const world = await activeOn1();
  world.powerOff('server1');
  await world.pass(3000);
  const { agent } = world.at('server2');
  agent!.disks[0]!.life.beginEnding();
  for (const order of [force('server2', 'server1'), { ...activate, force: true }]) {
    t.is(await codeOf(world.ask('server2', order as JsonObject)), 'mirror.refused');
  }
  t.false(world.view('server2').active);
});

test('whoever forced a copy and died before it told so tells it when it starts again', async (t) => {
  const world = await activeOn1();
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 2));
  await world.ask('server1', { do: 'deactivate' });
  world.lan = 'cut';
  await world.ask('server2', force('server2', 'server1'));
  t.is(world.colors(), 'GREEN GREEN');
  world.kill('server2');
  world.lan = 'up';
  await world.start('server2');
  await world.pass(3000);
  t.is(world.colors(), 'RED GREEN');
});
