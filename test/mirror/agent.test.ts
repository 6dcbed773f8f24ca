/** Two agents: what a write means, and what is left of the pair when a connection or a side ends. */
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

test('two constructed copies meet GREEN, and a write is on both before it is acknowledged', async (t) => {
  const world = await activeOn1();
  t.is(world.colors(), 'GREEN GREEN');
  await world.write('server1', 5 * BLOCK + 100, pattern(4096, 7));
  t.true(world.areEqual());
  t.is(world.at('server2').dp.durable[5 * BLOCK + 100], 7);
  t.deepEqual(await world.read('server1', 5 * BLOCK + 100, 4096), pattern(4096, 7));
});

test('only one side is active', async (t) => {
  const world = await activeOn1();
  t.is(await codeOf(world.ask('server2', activate)), 'mirror.peerActive');
  t.is(
    await codeOf(world.ask('server2', { do: 'write', offset: 0, data: 'AAAA' })),
    'mirror.notActive',
  );
  await world.ask('server1', { do: 'deactivate' });
  await world.ask('server2', activate);
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.peerActive');
});

for (const how of ['closed', 'silent'] as const) {
  test(`a ${how} link breaks the mirror: GREEN goes on, RED stays, the difference alone is sent back`, async (t) => {
    const world = await activeOn1();
    await world.write('server1', 0, pattern(BLOCK, 1));
    world.cutMirror(how);
    await world.write('server1', 3 * BLOCK, pattern(4096, 2));
    await world.write('server1', 9 * BLOCK - 10, pattern(20, 3));
    await world.until(() => world.view('server2').connected === false, 'standby noticed');
    t.is(world.colors(), 'GREEN RED');
    t.is(world.view('server1').dirtyBytes, 3 * BLOCK);
    t.false(world.areEqual());
    world.heal();
    await world.until(() => world.view('server1').connected === true, 'connected');
    t.is(world.colors(), 'GREEN RED');
    const { recovery } = await world.ask('server2', { do: 'recover', full: false });
    t.is(typeof recovery, 'string');
    await recovered(world);
    t.true(world.areEqual());
    t.is(world.view('server1').dirtyBytes, 0);
    t.is(world.view('server1').generation, world.view('server2').generation);
  });
}

test('both sides stopped in order meet GREEN again', async (t) => {
  const world = await started();
  for (const name of ['server1', 'server2']) {
    await world.run(world.at(name).agent!.close());
    world.at(name).agent = null;
  }
  await world.start('server2');
  await world.start('server1');
  await recovered(world);
  t.pass();
});

test('a crash of the active side while connected sends what may have been in flight', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 2 * BLOCK, pattern(BLOCK, 1));
  const write = world.at('server1').agent!.write(MIRROR, 2 * BLOCK, pattern(BLOCK, 2));
  write.catch(() => {});
  world.at('server2').dp.onOperation = () => world.powerOff('server1');
  await world.until(() => world.at('server1').agent === null, 'crashed');
  world.at('server2').dp.onOperation = () => {};
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'GREEN RED');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

for (const active of [true, false]) {
  test(`a disk that fails while its ${active ? 'active' : 'standby'} agent stops keeps nobody from stopping`, async (t) => {
    const world = await (active ? activeOn1() : started());
    world.at('server1').dp.failing = 'write';
    world.at('server1').cp.failing = 'write';
    await world.run(world.at('server1').agent!.close());
    t.deepEqual(world.at('server1').diskErrors, [], 'a server that stops is not reset');
    await world.until(() => world.view('server2').connected === false, 'gone');
    const words = world.at('server1').log.map(({ text }) => text);
    t.true(
      words.some((text) => text.includes('disk I/O error')),
      words.join(),
    );
  });
}

test('a copy that has everything stays the latest beside one that cannot be read any more', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(BLOCK, 1));
  world.at('server1').dp.failing = 'all';
  world.at('server1').cp.failing = 'all';
  await t.throwsAsync(world.write('server1', BLOCK, pattern(BLOCK, 2)));
  await world.until(
    () => world.at('server1').diskErrors.length > 0,
    'the driver resets the server',
  );
  world.powerOff('server1');
  await world.start('server1');
  await world.until(() => world.view('server2').connected === true, 'met again');
  t.is(world.colors(), 'GRAY GREEN');
  await world.ask('server2', activate);
  t.deepEqual(await world.read('server2', 0, BLOCK), pattern(BLOCK, 1));
});

for (const server of ['server1', 'server2']) {
  test(`${server} is activated between two calls: the two meet first, and neither breaks the mirror`, async (t) => {
    const world = await started();
    for (const name of ['server2', 'server1']) await world.at(name).agent!.close();
    await world.start('server1');
    await world.pass(7000);
    await world.start('server2');
    t.is(world.view('server1').connected, false, 'server1 pauses between two calls');
    await world.ask(server, activate);
    t.is(world.colors(), 'GREEN GREEN');
    t.true(world.view(server).connected);
  });
}

test('a blank copy is active as soon as its construction has begun, and not without', async (t) => {
  const world = new World({ constructed: false });
  for (const name of ['server1', 'server2']) {
    await world.start(name);
    await world.ask(name, { do: 'create', mode: 'force' });
    world.powerOff(name);
  }
  await world.start('server1');
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  const activated = world.ask('server1', activate);
  await world.start('server2');
  await activated;
  t.true(world.view('server1').active);
  await world.until(() => world.colors() === 'GREEN GREEN', 'constructed');
});
