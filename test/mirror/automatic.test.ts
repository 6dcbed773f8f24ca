/**
 * v3 11.10.1 on two agents: an automatic recovery needs its four conditions and none of its three
 * prohibitions. In each test one of them is not as it must be, and nothing is recovered; then it is
 * put right, and the recovery starts without an order.
 */
import test from 'ava';
import { activate, activeOn1, BLOCK, codeOf, pattern, recovered, type World } from './harness.ts';

const QUIET_MS = 10_000;

async function broken(): Promise<World> {
  const world = await activeOn1({ autoRecovery: true });
  world.cutMirror();
  await world.write('server1', 0, pattern(BLOCK, 7));
  await world.until(() => world.colors() === 'GREEN RED', 'broken');
  return world;
}

function isRecovering(world: World): boolean {
  const agents = ['server1', 'server2'].filter((name) => world.at(name).agent !== null);
  return agents.some((name) => world.view(name).recovery !== null);
}

/** Lets time pass; true when no recovery was seen in it. */
async function isQuiet(world: World, ms = QUIET_MS): Promise<boolean> {
  const limit = world.clock.now() + ms;
  let seen = false;
  world.clock.at(limit, () => {});
  await world.until(() => {
    seen ||= isRecovering(world);
    return world.clock.now() >= limit;
  }, 'time');
  return !seen;
}

test('condition 1: the mirror is active', async (t) => {
  const world = await broken();
  await world.ask('server1', { do: 'deactivate' });
  world.heal();
  t.true(await isQuiet(world));
  t.is(world.colors(), 'GREEN RED');
  await world.ask('server1', activate);
  await recovered(world);
  t.true(world.areEqual());
});

test('condition 2: the side that is active holds the latest data', async (t) => {
  const world = await broken();
  await world.ask('server1', { do: 'deactivate' });
  const latest = world.at('server1').dp.cache.slice();
  // An operator makes the older copy active by force, and it is written to.
  await world.ask('server2', { ...activate, force: true });
  await world.write('server2', BLOCK, pattern(10, 8));
  world.heal();
  t.true(await isQuiet(world));
  t.false(world.areEqual());
  t.deepEqual(world.at('server1').dp.cache, latest, 'the newer data is still there');
});

test('condition 3, prohibition 2: the status of the other side can be confirmed', async (t) => {
  const world = await broken();
  t.true(await isQuiet(world));
  t.is(world.colors(), 'GREEN RED');
  world.heal();
  await recovered(world);
  t.true(world.areEqual());
});

test('condition 3: a copy whose disk has failed is not in order', async (t) => {
  const world = await broken();
  world.at('server2').dp.failing = 'write';
  world.heal();
  await world.until(() => world.at('server2').diskErrors.length > 0, 'the failure is noticed');
  await world.until(() => !isRecovering(world), 'the attempt ends');
  t.true(await isQuiet(world), 'and it is not tried again and again');
  t.is(world.colors(), 'GREEN RED');
});

test('condition 4: there is a difference', async (t) => {
  const world = await activeOn1({ autoRecovery: true });
  await world.write('server1', 0, pattern(BLOCK, 7));
  t.is(world.colors(), 'GREEN GREEN');
  t.true(await isQuiet(world));
});

test('prohibition 1: every server is started', async (t) => {
  const world = await broken();
  world.kill('server2');
  world.heal();
  t.true(await isQuiet(world));
  t.is(world.view('server1').color, 'GREEN');
  await world.start('server2');
  await recovered(world);
  t.true(world.areEqual());
});

test('prohibition 3: with no side in order nothing is judged the newest', async (t) => {
  const world = await broken();
  await world.ask('server1', { do: 'deactivate' });
  // The only copy in order is initialised anew; the other one may be old.
  await world.ask('server1', { do: 'create', mode: 'force' });
  world.heal();
  await world.until(() => world.view('server2').connected === true, 'met');
  t.is(world.colors(), 'RED RED');
  t.true(await isQuiet(world));
  t.is(world.colors(), 'RED RED');
  t.is(await codeOf(world.ask('server2', { do: 'recover', full: true })), 'mirror.refused');
});
