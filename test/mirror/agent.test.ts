/** Scenarios of two agents: break, recovery, force, replaced disks, evidence. */
import test from 'ava';
import { BLOCK, codeOf, MIRROR, pattern, World } from './harness.ts';

const started = async (options = {}): Promise<World> => {
  const world = new World(options);
  await world.up();
  return world;
};

const activeOn1 = async (options = {}): Promise<World> => {
  const world = await started(options);
  await world.ask('server1', { do: 'activate', mount: false, force: false, evidence: null });
  return world;
};

const activate = { do: 'activate', mount: false, force: false, evidence: null };

async function recovered(world: World): Promise<void> {
  await world.until(() => world.colors() === 'GREEN GREEN', 'both GREEN');
}

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
  const { recovery } = disks[0]!;
  t.is(recovery?.id, first.recovery as string);
  t.deepEqual(await world.ask('server2', { do: 'recover', full: false }), first);
  t.is(world.colors(), 'YELLOW YELLOW');
  await recovered(world);
  t.is(recovery?.bytesSent, 3 * BLOCK);
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: false })), 'mirror.inSync');
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

test('a standby that lost the active side is not activated, unless evidence is valid', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(100, 5));
  world.kill('server1');
  await world.until(() => world.view('server2').color === 'RED', 'RED');
  t.is(await codeOf(world.ask('server2', activate)), 'mirror.notLatest');
  const fence = { by: 'fence', from: 'server1', at: 1 };
  t.is(await codeOf(world.ask('server2', { ...activate, evidence: fence })), 'mirror.notLatest');
  const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
  await world.ask('server2', { ...activate, evidence });
  t.is(world.view('server2').color, 'GREEN');
  t.deepEqual(await world.read('server2', 0, 100), pattern(100, 5));
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('evidence of a dead agent is refused when that side had gone on alone', async (t) => {
  const world = await activeOn1();
  world.lan = 'cut';
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 6));
  world.kill('server1');
  world.heal();
  const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
  const refused = world.ask('server2', { ...activate, evidence });
  const error = await t.throwsAsync(refused);
  t.true(error?.message.startsWith(`The local server has not the latest data.(${MIRROR})`));
});

test('with fencing a break is held until the other side is off or knows of it', async (t) => {
  const world = await activeOn1({ fencing: true });
  world.lan = 'cut';
  world.cutMirror();
  let acknowledged = false;
  const write = world.at('server1').agent!.write(MIRROR, 0, pattern(100, 6));
  void write.then(() => {
    acknowledged = true;
  });
  await world.pass(10_000);
  t.false(acknowledged);
  world.powerOff('server2');
  await world.run(write);
  t.is(world.colors(), 'GREEN off');
});

test('with fencing a fenced active side is taken over at once, with every acknowledged write', async (t) => {
  const world = await activeOn1({ fencing: true });
  await world.write('server1', 70_000, pattern(100, 8));
  world.cutMirror('silent');
  world.lan = 'cut';
  const lost = world.at('server1').agent!.write(MIRROR, 0, pattern(100, 6));
  lost.catch(() => {});
  await world.pass(300);
  world.powerOff('server1');
  const evidence = { by: 'fence', from: 'server1', at: 1 };
  await world.ask('server2', { ...activate, evidence });
  t.deepEqual(await world.read('server2', 70_000, 100), pattern(100, 8));
  await world.write('server2', 70_000, pattern(100, 9));
  world.heal();
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  await world.ask('server2', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('the side that stays counts as the latest after an orderly stop, the one that left does not', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(100, 3));
  await world.run(world.at('server1').agent!.close());
  world.at('server1').agent = null;
  t.is(world.colors(), 'off GREEN');
  await world.ask('server2', activate);
  await world.write('server2', 0, pattern(100, 4));
  world.kill('server2');
  await world.start('server1');
  t.is(world.view('server1').color, 'RED');
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
});

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

test('two inactive sides that lost each other are both RED; one is activated when the other gives way', async (t) => {
  const world = await started();
  world.cutMirror();
  await world.until(() => world.colors() === 'RED RED', 'both RED');
  await world.ask('server2', activate);
  await world.write('server2', 0, pattern(10, 1));
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
});

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

test('a failed active disk: nothing more is acknowledged, the standby takes over without evidence', async (t) => {
  const world = await activeOn1();
  await world.write('server1', BLOCK, pattern(BLOCK, 7));
  world.at('server1').dp.failing = 'all';
  world.at('server1').cp.failing = 'all';
  t.is(await codeOf(world.write('server1', 0, pattern(10, 1))), 'EIO');
  t.is(await codeOf(world.write('server1', 0, pattern(10, 1))), 'EIO');
  t.deepEqual(world.at('server1').diskErrors, [MIRROR]);
  const words = world.at('server1').log.map(({ text }) => text);
  t.true(words.includes('warning!! NMP1 disk I/O error, system will reboot.'));
  world.powerOff('server1');
  await world.ask('server2', activate);
  t.deepEqual(await world.read('server2', BLOCK, BLOCK), pattern(BLOCK, 7));
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

test('requests that are not as the protocol says are refused', async (t) => {
  const world = await activeOn1();
  const bad = [
    { do: 'dance' },
    { do: 'toString' },
    { do: 'create', mode: 'slow' },
    { do: 'write', offset: 'x', data: 'AAAA' },
    { do: 'write', offset: 0, data: '**' },
    { do: 'force' },
    { do: 'activate', evidence: { by: 'rumour', from: 'server1', at: 1 } },
  ];
  for (const body of bad) t.is(await codeOf(world.ask('server1', body)), 'request.malformed');
  t.is(
    await codeOf(world.ask('server1', { do: 'read', mirror: 'md9', offset: 0, length: 1 })),
    'mirror.unknown',
  );
  for (const offset of [-1, 16 * BLOCK, 1.5]) {
    const code = await codeOf(world.ask('server1', { do: 'read', offset, length: 10 }));
    t.true(['mirror.range', 'request.malformed'].includes(code));
  }
});
