/** Orders of an operator: force, break, construction, a replaced disk. */
import test from 'ava';
import {
  activate,
  activeOn1,
  BLOCK,
  codeOf,
  MIRROR,
  pattern,
  recovered,
  started,
  World,
} from './harness.ts';

test('both changed: refused until an operator names the victim, whose copy then dies', async (t) => {
  const world = await activeOn1();
  world.lan = 'cut';
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 1));
  await world.ask('server2', { ...activate, force: true });
  await world.write('server2', 0, pattern(100, 2));
  await world.ask('server2', { do: 'deactivate' });
  await world.ask('server1', { do: 'deactivate' });
  world.kill('server2');
  world.heal();
  await world.start('server2');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: false })), 'mirror.held');
  const wrong = { do: 'force', latest: 'server1', victim: 'server1' };
  t.is(await codeOf(world.ask('server1', wrong)), 'mirror.refused');
  const right = { do: 'force', latest: 'server1', victim: 'server2' };
  const { recovery } = await world.ask('server2', right);
  t.is(typeof recovery, 'string');
  await recovered(world);
  t.true(world.areEqual());
  t.is(world.at('server2').dp.cache[0], 1);
});

test('forced on one server alone: it serves, and recovery stays held until a full one is ordered', async (t) => {
  const world = await activeOn1({ autoRecovery: true });
  await world.write('server1', 0, pattern(100, 1));
  world.powerOff('server1');
  await world.until(() => world.view('server2').color === 'RED', 'RED');
  const order = { do: 'force', latest: 'server2', victim: 'server1' };
  t.deepEqual(await world.ask('server2', order), { recovery: null });
  await world.ask('server2', activate);
  await world.write('server2', 0, pattern(100, 2));
  await world.start('server1');
  await world.until(() => world.view('server2').connected === true, 'connected');
  await world.pass(5000);
  t.is(world.colors(), 'RED GREEN');
  t.true(world.view('server2').autoRecoveryHeld);
  await world.ask('server1', { do: 'recover', full: true });
  await recovered(world);
  t.true(world.areEqual());
  t.false(world.view('server2').autoRecoveryHeld);
});

test('a replaced standby disk is initialised and gets a full copy', async (t) => {
  const world = await activeOn1();
  await world.write('server1', BLOCK, pattern(BLOCK, 7));
  world.at('server2').dp.failing = 'all';
  world.at('server2').cp.failing = 'all';
  await world.write('server1', 2 * BLOCK, pattern(BLOCK, 8));
  t.deepEqual(world.at('server2').diskErrors, [MIRROR]);
  await world.until(() => world.view('server2').color !== 'GREEN', 'not GREEN');
  t.is(world.view('server1').color, 'GREEN');
  t.true(world.view('server2').diskError);
  world.powerOff('server2');
  for (const part of [world.at('server2').dp, world.at('server2').cp]) {
    part.failing = null;
    part.cache.fill(0);
    part.durable.fill(0);
  }
  await world.start('server2');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'GREEN GRAY');
  t.is(await codeOf(world.ask('server2', { do: 'recover', full: false })), 'mirror.refused');
  await world.ask('server2', { do: 'change-disk', device: '/dev/sdb' });
  await world.until(() => world.view('server1').connected === true, 'connected again');
  t.is(world.colors(), 'GREEN RED');
  world.latencyMs = 1;
  await world.ask('server2', { do: 'recover', full: false });
  t.is(world.view('server1').recovery?.kind, 'full');
  await recovered(world);
  t.true(world.areEqual());
  t.false(world.view('server2').diskError);
});

test('break by order, then recovery of what was written since', async (t) => {
  const world = await activeOn1({ autoRecovery: true });
  await world.ask('server2', { do: 'break' });
  t.is(world.colors(), 'GREEN RED');
  await world.write('server1', 5 * BLOCK, pattern(10, 5));
  await world.pass(5000);
  t.is(world.colors(), 'GREEN RED');
  t.is(await codeOf(world.ask('server2', { do: 'break' })), 'mirror.refused');
  await world.ask('server2', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('initial construction copies everything, quick compares and sends what differs', async (t) => {
  for (const mode of ['normal', 'quick']) {
    const world = new World({ constructed: false });
    world.at('server1').dp.cache.fill(9, 3 * BLOCK, 4 * BLOCK);
    await world.start('server1');
    await world.start('server2');
    t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
    await world.ask('server1', { do: 'create', mode });
    await world.ask('server2', { do: 'create', mode });
    await recovered(world);
    t.true(world.areEqual());
    t.is(await codeOf(world.ask('server1', { do: 'create', mode })), 'mirror.refused');
    await world.ask('server1', activate);
    await world.write('server1', 0, pattern(10, 1));
    t.true(world.areEqual());
  }
});

test('a force beside a copy that cannot be read stands, and a full copy follows when it can', async (t) => {
  const world = await started();
  world.kill('server1');
  world.at('server1').cp.failing = 'all';
  await world.start('server1');
  await world.until(() => world.view('server2').connected === true, 'connected');
  t.is(world.colors(), 'GRAY RED');
  const answer = await world.ask('server2', { do: 'force', latest: 'server2', victim: 'server1' });
  t.deepEqual(answer, { recovery: null });
  t.is(world.colors(), 'GRAY GREEN');
  world.at('server1').cp.failing = null;
  await world.ask('server1', { do: 'change-disk', device: '/dev/sdb' });
  await world.until(() => world.view('server2').connected === true, 'connected again');
  await world.ask('server2', { do: 'recover', full: true });
  await recovered(world);
  t.true(world.areEqual());
});
