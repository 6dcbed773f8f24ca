/** Recovery: pause, its share of the line, continued after a death, what it keeps, what is licensed. */
import test from 'ava';
import { readStoredBlocks } from '../../src/mirror/recovery/stored-blocks.ts';
import {
  activate,
  activeOn1,
  BLOCK,
  codeOf,
  MIRROR,
  pattern,
  recovered,
  type World,
  type WorldOptions,
} from './harness.ts';

const BLOCKS = 1024;
const disk = (world: World, name: string) => world.at(name).agent!.disks[0]!;

/** Broken, connected again, server1 active and ahead. */
async function broken(options: WorldOptions = {}): Promise<World> {
  const world = await activeOn1({ dataBytes: BLOCKS * BLOCK, ...options });
  world.cutMirror();
  await world.write('server1', 0, pattern(BLOCK, 1));
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  world.latencyMs = 1;
  return world;
}

test('a paused recovery sends nothing more, writes go on, and it ends once resumed', async (t) => {
  const world = await broken();
  await world.ask('server1', { do: 'recover', full: true });
  await world.pass(20);
  await world.ask('server2', { do: 'pause', on: true });
  await world.pass(50);
  const recovery = disk(world, 'server1').recovery.current;
  const sent = recovery!.bytesSent;
  t.true(sent > 0 && sent < BLOCKS * BLOCK);
  await world.write('server1', 0, pattern(100, 9));
  await world.write('server1', (BLOCKS - 1) * BLOCK, pattern(100, 8));
  await world.pass(5000);
  t.is(recovery!.bytesSent, sent);
  t.is(world.colors(), 'YELLOW YELLOW');
  await world.ask('server1', { do: 'pause', on: false });
  await recovered(world);
  t.true(world.areEqual());
  t.is(await codeOf(world.ask('server1', { do: 'pause', on: true })), 'mirror.refused');
});

test('a paused recovery is cancelled, and ends with its connection', async (t) => {
  for (const how of ['cancel', 'cut'] as const) {
    const world = await broken();
    await world.ask('server1', { do: 'recover', full: true });
    await world.ask('server1', { do: 'pause', on: true });
    await world.pass(50);
    if (how === 'cancel') await world.ask('server2', { do: 'cancel' });
    else world.cutMirror();
    await world.until(() => world.colors() === 'GREEN RED', 'GREEN RED');
    t.is(disk(world, 'server1').recovery.current, null);
  }
});

for (const restarted of [['server1'], ['server2'], ['server1', 'server2']]) {
  test(`a pause outlives the power of ${restarted.join(' and ')}`, async (t) => {
    const world = await broken({ autoRecovery: true, dataBytes: 256 * BLOCK });
    await recovered(world);
    await world.ask('server1', { do: 'break' });
    await world.ask('server1', { do: 'recover', full: true });
    await world.ask('server1', { do: 'pause', on: true });
    await world.pass(50);
    t.true(world.view('server2').recovery?.paused);
    for (const name of restarted) world.powerOff(name);
    await world.pass(500);
    for (const name of restarted) await world.start(name);
    await world.until(() => world.view('server1').connected === true, 'connected');
    // Where the active side lost power nothing recovers before it is active again.
    if (restarted.includes('server1')) await world.ask('server1', { ...activate, force: true });
    await world.until(() => world.view('server1').recovery !== null, 'it recovers again');
    const recovery = disk(world, 'server1').recovery.current;
    await world.pass(10_000);
    t.deepEqual([recovery!.bytesSent, world.view('server1').recovery?.paused], [0, true]);
    t.is(world.colors(), 'YELLOW YELLOW');
    await world.ask('server2', { do: 'pause', on: false });
    await recovered(world);
    t.is(disk(world, 'server1').copy.record.recoveryPaused, false);
  });
}

test('a paused recovery that does not run is resumed, or ordered anew', async (t) => {
  for (const [from, order] of [
    ['server2', { do: 'pause', on: false }],
    ['server2', { do: 'recover', full: false }],
  ] as const) {
    const world = await broken({ dataBytes: 256 * BLOCK });
    await world.ask('server1', { do: 'recover', full: true });
    await world.ask('server1', { do: 'pause', on: true });
    world.cutMirror();
    await world.until(() => disk(world, 'server1').recovery.current === null, 'interrupted');
    world.heal();
    await world.until(() => world.view(from).connected === true, 'connected');
    t.is(disk(world, 'server1').recovery.current, null);
    await world.ask(from, order);
    t.is(disk(world, 'server1').copy.record.recoveryPaused, false);
    if (order.do === 'pause') await world.ask('server1', { do: 'recover', full: false });
    await recovered(world);
  }
});

test('a recovery takes no more than its share of the line, and writes do not wait for that', async (t) => {
  const limit = { 'mddriver/bandlimit/mode': 1, 'mddriver/bandlimit/limit': 1024 };
  const world = await broken({ parameters: limit, dataBytes: 128 * BLOCK });
  const from = world.clock.now();
  await world.ask('server1', { do: 'recover', full: true });
  await world.write('server1', 100 * BLOCK, pattern(10, 3));
  t.true(world.clock.now() - from < 100);
  await recovered(world);
  const tookMs = world.clock.now() - from;
  t.true(tookMs > 7000 && tookMs < 9500, `${tookMs} ms for 8 MiB at 1 MiB/s`);
});

for (const dead of ['server1', 'server2'] as const) {
  test(`a full recovery that ${dead} interrupted by losing power goes on from where it was`, async (t) => {
    const world = await broken();
    await world.ask('server1', { do: 'recover', full: true });
    const recovery = disk(world, 'server1').recovery.current;
    await world.until(() => recovery!.doneBlocks > 700, '700 blocks');
    world.powerOff(dead);
    await world.pass(100);
    await world.start(dead);
    await world.until(() => world.view('server1').connected === true, 'connected');
    t.is(world.colors(), 'GREEN RED');
    await world.ask('server2', { do: 'recover', full: false });
    const next = disk(world, 'server1').recovery.current!;
    t.is(next.start.kind, 'difference');
    await recovered(world);
    t.true(next.bytesSent < 600 * BLOCK, `${next.bytesSent / BLOCK} blocks`);
    t.true(world.areEqual());
  });
}

test('a write to the range being copied waits for that range only, and is counted', async (t) => {
  const world = await broken({ dataBytes: 64 * BLOCK });
  world.latencyMs = 40;
  const order = world.ask('server1', { do: 'recover', full: true });
  await order;
  const { agent } = world.at('server1');
  await world.pass(1);
  const recovery = disk(world, 'server1').recovery.current!;
  const [copied] = recovery.ranges;
  const from = world.clock.now();
  const ahead = agent!.write(MIRROR, 60 * BLOCK, pattern(10, 1));
  await world.run(ahead);
  t.true(world.clock.now() - from < 40);
  t.is(recovery.waitedWrites, 0);
  await world.run(agent!.write(MIRROR, copied![0], pattern(10, 2)));
  t.is(recovery.waitedWrites, 1);
  await recovered(world);
  t.true(world.areEqual());
});

/** Both sides were active alone: server1 wrote 1s, server2 2s into block 3 and 5. */
async function split(options: WorldOptions = {}): Promise<World> {
  const world = await activeOn1({ dataBytes: 64 * BLOCK, ...options });
  world.lan = 'cut';
  world.cutMirror();
  await world.until(() => world.view('server2').connected === false, 'cut');
  await world.write('server1', 3 * BLOCK, pattern(BLOCK, 1));
  await world.ask('server2', { ...activate, force: true });
  await world.write('server2', 3 * BLOCK, pattern(BLOCK, 2));
  await world.write('server2', 5 * BLOCK, pattern(100, 2));
  await world.ask('server2', { do: 'deactivate' });
  world.heal();
  await world.until(() => world.view('server2').connected === true, 'connected');
  return world;
}

const FORCE = { do: 'force', latest: 'server1', victim: 'server2' };

test("the victim's differing blocks are kept in a file that can be read again", async (t) => {
  const world = await split();
  await world.ask('server2', { ...FORCE, keep: '/root/victim.kept' });
  await recovered(world);
  t.true(world.areEqual());
  const kept = readStoredBlocks(world.at('server2').bulk.files.get('/root/victim.kept')!);
  t.is(kept.mirror, MIRROR);
  t.is(kept.server, 'server2');
  t.deepEqual([...kept.blocks.keys()], [3 * BLOCK, 5 * BLOCK]);
  t.deepEqual(new Uint8Array(kept.blocks.get(3 * BLOCK)!), pattern(BLOCK, 2));
  t.is(kept.blocks.get(5 * BLOCK)![0], 2);
  t.throws(() => readStoredBlocks(pattern(100, 1)));
});

test('nothing is overwritten while it cannot be kept, also not by a later order', async (t) => {
  const world = await split();
  const { bulk } = world.at('server2');
  const create = { refuse: true };
  const port = bulk.port();
  disk(world, 'server2').ports.bulk = {
    ...port,
    create: async (path) => {
      if (create.refuse) throw new Error('no space');
      return await port.create(path);
    },
  };
  const order = { ...FORCE, keep: '/root/victim.kept' };
  t.is(await codeOf(world.ask('server1', order)), 'mirror.keep');
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: true })), 'mirror.keep');
  t.is(world.at('server2').dp.cache[3 * BLOCK], 2);
  create.refuse = false;
  await world.ask('server1', { do: 'recover', full: true });
  await recovered(world);
  const kept = readStoredBlocks(bulk.files.get('/root/victim.kept')!);
  t.deepEqual([...kept.blocks.keys()], [3 * BLOCK, 5 * BLOCK]);
});

test('an interrupted recovery keeps the rest in a further file', async (t) => {
  const world = await split({ dataBytes: 256 * BLOCK });
  world.latencyMs = 1;
  await world.ask('server1', { ...FORCE, keep: '/root/kept' });
  const recovery = disk(world, 'server1').recovery.current;
  await world.until(() => recovery!.doneBlocks > 4, 'some blocks');
  world.powerOff('server2');
  await world.pass(100);
  await world.start('server2');
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  const { files } = world.at('server2').bulk;
  t.deepEqual([...files.keys()], ['/root/kept', '/root/kept.2']);
  const blocks = new Set<number>();
  for (const bytes of files.values())
    for (const at of readStoredBlocks(bytes).blocks.keys()) blocks.add(at);
  t.deepEqual([...blocks], [3 * BLOCK, 5 * BLOCK]);
});

test('v3 copies the difference only where the FastSync Option is licensed', async (t) => {
  for (const [licences, kind] of [
    [null, 'difference'],
    [['LE30', 'FSO30'], 'difference'],
    [['LE30'], 'full'],
  ] as const) {
    const world = await broken({ licences: licences && [...licences], dataBytes: 64 * BLOCK });
    await world.ask('server1', { do: 'recover', full: false });
    t.is(disk(world, 'server1').recovery.current!.start.kind, kind);
    await recovered(world);
  }
});

test('verify compares both copies while writes go on, and reports what differs', async (t) => {
  const world = await activeOn1({ dataBytes: 64 * BLOCK });
  await world.write('server1', 0, pattern(BLOCK, 1));
  world.latencyMs = 1;
  const { agent } = world.at('server1');
  const verified = world.ask('server2', { do: 'verify' });
  for (let at = 0; at < 30; at++) await world.write('server1', at * BLOCK, pattern(500, at + 1));
  t.like(await verified, { blocks: 64, differingBlocks: 0, inStep: true });
  for (const at of [7, 8, 20]) world.at('server2').dp.cache[at * BLOCK + 5]! ^= 1;
  t.deepEqual(await world.ask('server1', { do: 'verify', mark: false }), {
    blocks: 64,
    differingBlocks: 3,
    differing: [
      [7 * BLOCK, 2 * BLOCK],
      [20 * BLOCK, BLOCK],
    ],
    marked: false,
    inStep: true,
  });
  t.is(world.colors(), 'GREEN GREEN');
  t.like(await world.ask('server1', { do: 'verify', mark: true }), { marked: true, inStep: false });
  t.is(world.colors(), 'GREEN RED');
  t.is(world.view('server1').dirtyBytes, 3 * BLOCK);
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
  t.is(agent, world.at('server1').agent);
});

test('a mark that is made while writes go on leaves the two equal after the recovery', async (t) => {
  const world = await activeOn1({ dataBytes: 64 * BLOCK });
  world.latencyMs = 1;
  world.at('server2').dp.cache[9 * BLOCK]! ^= 1;
  const { agent } = world.at('server1');
  const writes: Promise<void>[] = [];
  const verified = world.ask('server1', { do: 'verify', mark: true });
  for (let at = 0; at < 40; at++) {
    writes.push(agent!.write(MIRROR, ((at * 7) % 64) * BLOCK, pattern(300, at + 1)));
    await world.pass(1);
  }
  await world.run(Promise.all(writes));
  await verified;
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('two copies that cannot be judged are in step again when a verify finds them equal', async (t) => {
  const world = await split();
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: false })), 'mirror.held');
  t.like(await world.ask('server2', { do: 'verify' }), { differingBlocks: 2, inStep: false });
  t.is(world.colors(), 'RED GREEN');
  for (const name of ['cache', 'durable'] as const) {
    const { dp } = world.at('server1');
    dp[name].set(world.at('server2').dp[name]);
  }
  world.latencyMs = 1;
  const verified = world.ask('server2', { do: 'verify' });
  await world.pass(4);
  t.like(await verified, { differingBlocks: 0, inStep: true });
  t.is(world.colors(), 'GREEN GREEN');
  t.is(world.view('server1').generation, world.view('server2').generation);
  await world.write('server1', 0, pattern(100, 5));
  t.true(world.areEqual());
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 6));
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'GREEN RED');
});

test('what is written while a verify out of step runs is compared as it is then', async (t) => {
  const world = await split();
  for (const name of ['cache', 'durable'] as const) {
    world.at('server1').dp[name].set(world.at('server2').dp[name]);
  }
  world.latencyMs = 1;
  const verified = world.ask('server1', { do: 'verify' });
  await world.write('server1', 0, pattern(100, 77));
  t.like(await verified, { differingBlocks: 1, inStep: false });
});

test('a verify ends with its connection, and not beside a recovery', async (t) => {
  const world = await activeOn1({ dataBytes: 256 * BLOCK });
  world.latencyMs = 5;
  const verified = codeOf(world.ask('server1', { do: 'verify' }));
  await world.pass(10);
  world.cutMirror();
  t.not(await verified, 'done');
  t.is(disk(world, 'server1').recovery.verification, null);
  const other = await broken();
  await other.ask('server1', { do: 'recover', full: true });
  t.is(await codeOf(other.ask('server2', { do: 'verify' })), 'mirror.refused');
});

test('what a recovery took from the cache of the source is on its disk before it counts as equal', async (t) => {
  const world = await activeOn1({ fencing: true });
  disk(world, 'server1').writes.limitExtents(1);
  world.powerOff('server2');
  const { agent } = world.at('server1');
  for (const block of [1, 2, 3]) {
    await world.run(agent!.write(MIRROR, block * BLOCK, pattern(700, block), false));
  }
  await world.start('server2');
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  world.powerOff('server1');
  await world.ask('server2', { ...activate, evidence: { by: 'fence', from: 'server1', at: 1 } });
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server2', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});
