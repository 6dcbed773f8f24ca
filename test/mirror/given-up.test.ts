/**
 * A copy that an operator gave up while its server was away (v3 11.10.6): whatever path is left when
 * it comes back, it is not the newest again; and a copy that nobody gave up counts again as soon as
 * somebody can tell.
 */
import test from 'ava';
import { mirrorPassedPath } from '../../src/core/paths.ts';
import { activate, activeOn1, codeOf, pattern, type World } from './harness.ts';

const force2 = { do: 'force', latest: 'server2', victim: 'server1' };
const force1 = { do: 'force', latest: 'server1', victim: 'server2' };

/** server1 went on alone and died; the copy of server2 was forced, serves and was written to. */
async function givenUp(fencing = false): Promise<World> {
  const world = await activeOn1({ fencing });
  await world.write('server1', 0, pattern(100, 1));
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 2));
  world.powerOff('server1');
  await world.pass(3000);
  await world.ask('server2', force2);
  await world.ask('server2', activate);
  await world.write('server2', 0, pattern(100, 3));
  return world;
}

/** What is done before server1 starts. Whoever is left to tell, tells that it was given up. */
const RETURNS: Record<string, (world: World) => void> = {
  'the mirror connect cut': () => {},
  'every cable cut': (world) => {
    world.lan = 'cut';
  },
  'the cables whole': (world) => world.heal(),
  'the other agent not running': (world) => world.kill('server2'),
  'the other server off': (world) => world.powerOff('server2'),
  'the other agent hanging': (world) => {
    world.at('server2').handler = () => new Promise(() => {});
  },
};

for (const fencing of [false, true]) {
  for (const [how, act] of Object.entries(RETURNS)) {
    test(`given up while away, started with ${how}, ${fencing ? 'with' : 'without'} forced stop: it serves nothing`, async (t) => {
      const world = await givenUp(fencing);
      act(world);
      await world.start('server1');
      const by = ['notice', 'operatingSystem', 'fence'] as const;
      for (const evidence of [null, ...by.map((one) => ({ by: one, from: 'server2', at: 1 }))]) {
        const code = await codeOf(world.ask('server1', { ...activate, evidence }));
        t.true(['mirror.notLatest', 'mirror.peerActive'].includes(code), code);
        t.not(world.view('server1').color, 'GREEN');
        t.not(world.view('server1').latest, true);
        await world.pass(700);
      }
      t.is(typeof (world.view('server1').apartSince ?? 0), 'number');
    });
  }
}

test('it is GREEN again, and may serve, as soon as somebody tells that the other copy is older', async (t) => {
  const world = await activeOn1();
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 2));
  for (const name of ['server1', 'server2']) world.powerOff(name);
  await world.start('server1');
  await world.pass(3000);
  t.is(world.view('server1').color, 'RED');
  t.is(world.view('server1').latest, null);
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  await world.start('server2');
  await world.pass(3000);
  t.is(world.colors(), 'GREEN RED');
  t.false(world.view('server1').connected);
  await world.ask('server1', activate);
  t.deepEqual(await world.read('server1', 0, 100), pattern(100, 2));
});

test('a copy that was forced counts again after a restart, beside the one that was given up', async (t) => {
  for (const act of [() => {}, (world: World) => world.kill('server1')]) {
    const world = await givenUp();
    await world.start('server1');
    await world.pass(2000);
    act(world);
    world.powerOff('server2');
    await world.start('server2');
    await world.pass(2000);
    t.is(world.view('server2').latest, true);
    await world.ask('server2', activate);
    t.deepEqual(await world.read('server2', 0, 100), pattern(100, 3));
  }
});

test('an agent that runs, and one that hangs, learn of a force that gave their copy up', async (t) => {
  for (const hangs of [false, true]) {
    const world = await activeOn1();
    world.cutMirror();
    await world.write('server1', 0, pattern(100, 2));
    await world.ask('server1', { do: 'deactivate' });
    const { handler } = world.at('server1');
    if (hangs) world.at('server1').handler = () => new Promise(() => {});
    await world.ask('server2', force2);
    t.true(world.at('server1').files.has(mirrorPassedPath('md1')));
    world.at('server1').handler = handler;
    world.lan = 'cut';
    t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
    t.is(world.colors(), 'RED GREEN');
  }
});

test('a copy is not forced beside one that is active within reach', async (t) => {
  const world = await activeOn1();
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 2));
  t.is(await codeOf(world.ask('server2', force2)), 'mirror.refused');
  t.is(world.colors(), 'GREEN RED');
});

test('forced in turn, each while the other one was off: neither counts until an operator decides again', async (t) => {
  const world = await givenUp();
  world.powerOff('server2');
  await world.start('server1');
  await world.ask('server1', force1);
  await world.ask('server1', activate);
  await world.write('server1', 0, pattern(100, 4));
  world.powerOff('server1');
  world.heal();
  for (const name of ['server1', 'server2']) await world.start(name);
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED RED');
  for (const name of ['server1', 'server2']) {
    t.is(await codeOf(world.ask(name, activate)), 'mirror.notLatest');
    t.is(await codeOf(world.ask(name, { do: 'recover', full: true })), 'mirror.refused');
  }
  await world.ask('server2', force2);
  await world.until(() => world.colors() === 'GREEN GREEN', 'both GREEN');
  t.true(world.areEqual());
  t.is(world.at('server1').dp.cache[0], 3);
});

test('an agent that ends while it tells of its break ends in order', async (t) => {
  const world = await activeOn1();
  world.at('server2').handler = () => new Promise(() => {});
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 2));
  const { agent } = world.at('server1');
  await agent!.close();
  // What was being told runs into its time limit only now.
  await t.notThrowsAsync(world.pass(3000));
  t.false(agent!.disks[0]!.copy.isOpen);
});
