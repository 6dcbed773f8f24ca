/** Recovery: what is sent, when it starts of its own accord, and how it can end. */
import test from 'ava';
import { activate, activeOn1, BLOCK, codeOf, MIRROR, pattern, recovered } from './harness.ts';

test('a difference recovery sends the dirty blocks only, and asking again answers the same id', async (t) => {
  const world = await activeOn1({ dataBytes: 64 * BLOCK });
  world.cutMirror();
  for (const block of [1, 2, 40])
    await world.write('server1', block * BLOCK, pattern(BLOCK, block));
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  const { disks } = world.at('server1').agent!;
  world.latencyMs = 1;
  const first = await world.ask('server1', { do: 'recover', full: false });
  const recovery = disks[0]!.recovery.current;
  t.is(recovery?.start.id, first.recovery as string);
  t.deepEqual(await world.ask('server2', { do: 'recover', full: false }), first);
  t.is(world.colors(), 'YELLOW YELLOW');
  await recovered(world);
  t.is(recovery?.bytesSent, 3 * BLOCK);
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: false })), 'mirror.inSync');
  const again = world.ask('server1', { do: 'recover', full: false });
  await t.throwsAsync(again, { message: 'md1 has no difference' });
});

test('automatic recovery runs only where the mirror is active, and not while it is held', async (t) => {
  const world = await activeOn1({ autoRecovery: true });
  world.cutMirror();
  await world.write('server1', 0, pattern(10, 9));
  await world.ask('server1', { do: 'hold-auto-recovery', hold: true, why: 'test' });
  world.heal();
  await world.pass(5000);
  t.is(world.colors(), 'GREEN RED');
  await world.ask('server1', { do: 'deactivate' });
  await world.ask('server1', { do: 'hold-auto-recovery', hold: false, why: '' });
  await world.pass(5000);
  t.is(world.colors(), 'GREEN RED');
  await world.ask('server1', activate);
  await recovered(world);
  t.true(world.areEqual());
});

test('writes go on during a recovery, and both copies end equal', async (t) => {
  const world = await activeOn1({ dataBytes: 64 * BLOCK });
  world.cutMirror();
  await world.write('server1', 0, pattern(BLOCK, 4));
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  world.latencyMs = 1;
  await world.ask('server1', { do: 'recover', full: true });
  const { agent } = world.at('server1');
  const writes = Array.from({ length: 50 }, (_, index) =>
    agent!.write(MIRROR, ((index * 37) % 64) * BLOCK + index, pattern(600, index + 1)),
  );
  await world.run(Promise.all(writes));
  await recovered(world);
  t.true(world.areEqual());
});

test('a target whose disk fails ends the recovery in a clear state, the difference is kept', async (t) => {
  const world = await activeOn1();
  world.cutMirror();
  for (let block = 0; block < 12; block++) {
    await world.write('server1', block * BLOCK, pattern(BLOCK, 3));
  }
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  world.at('server2').dp.failing = 'write';
  await world.ask('server1', { do: 'recover', full: false });
  await world.until(() => world.view('server1').recovery === null, 'ended');
  t.is(world.colors(), 'GREEN RED');
  t.is(world.view('server1').dirtyBytes, 12 * BLOCK);
  t.deepEqual(world.at('server2').diskErrors, [MIRROR]);
  const words = world.at('server1').log.map(({ id }) => id);
  t.true(words.includes(5));
});

test('cancel, and a cut in the middle, leave GREEN RED and the rest of the difference', async (t) => {
  const world = await activeOn1({ dataBytes: 256 * BLOCK });
  world.latencyMs = 1;
  for (const how of ['cancel', 'cut'] as const) {
    await world.until(() => world.view('server1').connected === true, 'connected');
    if (world.colors() === 'GREEN GREEN') await world.ask('server1', { do: 'break' });
    await world.ask('server2', { do: 'recover', full: true });
    t.is(world.colors(), 'YELLOW YELLOW');
    if (how === 'cancel') await world.ask('server2', { do: 'cancel' });
    else world.cutMirror();
    await world.until(() => world.colors() === 'GREEN RED', 'GREEN RED');
    t.true((world.view('server1').dirtyBytes ?? 0) > 0);
    world.heal();
  }
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('when a recovered copy was last updated outlives its agent', async (t) => {
  const world = await activeOn1();
  world.kill('server2');
  await world.write('server1', 0, pattern(100, 1));
  await world.start('server2');
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  const { lastUpdate } = world.view('server2');
  t.is(lastUpdate, world.view('server1').lastUpdate);
  world.cutMirror();
  world.kill('server2');
  await world.start('server2');
  t.is(world.view('server2').lastUpdate, lastUpdate);
});
