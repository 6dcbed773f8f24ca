/** The mirror connection: encryption and its keys, compression, and a change of the net. */
import { randomBytes } from 'node:crypto';
import test from 'ava';
import {
  activate,
  activeOn1,
  BLOCK,
  codeOf,
  KEY_FILE,
  MIRROR,
  World as Pair,
  pattern,
  recovered,
  type World,
} from './harness.ts';

const ENCRYPTED = { 'mddriver/crypto/use': 1, 'mddriver/crypto/keyfile': KEY_FILE };
const key = (): Uint8Array => new Uint8Array(randomBytes(32));
const link = (world: World, name: string) => world.at(name).agent!.disks[0]!.pair.session!.link;

async function stayedInStep(world: World, work: () => Promise<void>): Promise<boolean> {
  const before = ['server1', 'server2'].map((name) => world.at(name).agent!.disks[0]!.pair.session);
  await work();
  const after = ['server1', 'server2'].map((name) => world.at(name).agent!.disks[0]!.pair.session);
  return world.colors() === 'GREEN GREEN' && before.every((one, at) => one === after[at]);
}

test('nothing of an encrypted mirror can be read on the net, and it comes out right', async (t) => {
  const world = await activeOn1({ parameters: ENCRYPTED, key: key() });
  const secret = Buffer.from('the secret of the mirror, said again and again'.repeat(20));
  world.tapped.length = 0;
  await world.write('server1', 0, secret);
  t.true(world.areEqual());
  const told = Buffer.concat(world.tapped);
  t.true(told.length > secret.length);
  t.false(told.includes('secret'));
  t.false(told.includes('offset'));
});

test('a frame that was changed on the way ends the connection, and the mirror breaks', async (t) => {
  const world = await activeOn1({ parameters: ENCRYPTED, key: key() });
  world.tamper = (payload) => {
    payload[payload.length - 1]! ^= 1;
    world.tamper = null;
  };
  await world.write('server1', 0, pattern(5000, 7));
  t.is(world.view('server1').color, 'GREEN');
  t.true((world.view('server1').dirtyBytes ?? 0) > 0);
  t.is(world.at('server2').dp.cache[0], 0);
});

test('different key files, or a missing one, never connect, and are said once', async (t) => {
  const world = new Pair({ parameters: ENCRYPTED, key: key() });
  world.putKey(key(), 'server2');
  void world.up().catch(() => {});
  await world.pass(20_000);
  t.is(world.view('server1').connected, false);
  const said = world.at('server1').log.filter(({ text }) => text.includes('key file'));
  t.is(said.length, 1);
  world.putKey(key(), 'server1', 'server2');
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'GREEN GREEN');
});

test('one side in clear and one encrypted do not connect', async (t) => {
  const world = await activeOn1();
  world.kill('server2');
  const { parameters } = world.config.resources[0]!;
  Object.assign(parameters, ENCRYPTED);
  world.putKey(key(), 'server2');
  await world.start('server2');
  await world.pass(10_000);
  t.is(world.view('server2').connected, false);
});

test('the key is changed while writes go on: nothing breaks, and only the new key is valid then', async (t) => {
  const world = await activeOn1({ parameters: ENCRYPTED, key: key(), dataBytes: 64 * BLOCK });
  world.latencyMs = 1;
  world.putKey(key(), 'server1', 'server2');
  const { agent } = world.at('server1');
  const same = await stayedInStep(world, async () => {
    const writes = Array.from({ length: 60 }, (_, at) =>
      agent!.write(MIRROR, at * BLOCK, pattern(3000, at + 1)),
    );
    await world.ask('server2', { do: 'update-key' });
    await world.run(Promise.all(writes));
  });
  t.true(same);
  t.true(world.areEqual());
  const rings = ['server1', 'server2'].map(
    (name) => world.at(name).agent!.disks[0]!.line.keyring!.ids,
  );
  t.is(rings[0]!.length, 1);
  t.deepEqual(rings[0], rings[1]);
  world.cutMirror();
  world.heal();
  await world.until(() => world.view('server2').connected === true, 'connected again');
});

test('a new key on one side only is refused, and the old one stays valid', async (t) => {
  const world = await activeOn1({ parameters: ENCRYPTED, key: key() });
  world.putKey(key(), 'server1');
  t.is(await codeOf(world.ask('server1', { do: 'update-key' })), 'mirror.key');
  await world.write('server1', 0, pattern(5000, 3));
  t.true(world.areEqual());
  world.cutMirror();
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected with the old key');
});

test('the key is changed while the two are not connected', async (t) => {
  const world = await activeOn1({ parameters: ENCRYPTED, key: key() });
  world.cutMirror();
  await world.until(() => world.view('server2').connected === false, 'cut');
  world.putKey(key(), 'server1', 'server2');
  await world.ask('server1', { do: 'update-key' });
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(await codeOf((await activeOn1()).ask('server1', { do: 'update-key' })), 'mirror.crypto');
});

test('compression sends less, and what does not get smaller is sent as it is', async (t) => {
  const sizes: number[] = [];
  for (const compress of [0, 1]) {
    const world = await activeOn1({ parameters: { 'mddriver/compress': compress } });
    world.tapped.length = 0;
    await world.write('server1', 0, pattern(8 * BLOCK, 9));
    t.true(world.areEqual());
    sizes.push(world.tapped.reduce((sum, bytes) => sum + bytes.length, 0));
    world.tapped.length = 0;
    await world.write('server1', 0, randomBytes(BLOCK));
    t.true(world.areEqual());
    t.true(world.tapped.reduce((sum, bytes) => sum + bytes.length, 0) >= BLOCK);
    await world.ask('server2', { do: 'set-option', option: 'compress', on: compress === 0 });
    for (const name of ['server1', 'server2']) {
      t.is(world.at(name).agent!.disks[0]!.line.compresses, compress === 0);
    }
  }
  t.true(sizes[0]! > 8 * BLOCK);
  t.true(sizes[1]! < BLOCK / 8);
});

test('the connection is moved to the other net under load: no write is lost, nothing breaks', async (t) => {
  for (const crypto of [false, true]) {
    const world = await activeOn1({
      parameters: { netdev: '400,401', ...(crypto ? ENCRYPTED : {}) },
      key: key(),
      dataBytes: 64 * BLOCK,
    });
    world.latencyMs = 2;
    await world.ask('server2', { do: 'switch-connect', priority: 1 });
    t.is(link(world, 'server1').net, 'mdc400');
    const { agent } = world.at('server1');
    const same = await stayedInStep(world, async () => {
      const writes = Array.from({ length: 40 }, (_, at) =>
        agent!.write(MIRROR, at * BLOCK, pattern(2000, at + 1)),
      );
      const { net } = await world.ask('server2', { do: 'switch-connect', priority: null });
      t.is(net, 'mdc401');
      await world.run(Promise.all(writes));
      await world.write('server1', 0, pattern(2000, 99));
    });
    t.true(same);
    t.true(world.areEqual());
    t.deepEqual(
      ['server1', 'server2'].map((name) => link(world, name).net),
      ['mdc401', 'mdc401'],
    );
    t.is(
      await codeOf(world.ask('server1', { do: 'switch-connect', priority: 3 })),
      'mirror.connect',
    );
    await world.ask('server1', { do: 'switch-connect', priority: 1 });
    t.is(link(world, 'server1').net, 'mdc400');
  }
});

test('a dead net is left for the next one, and a switch to a dead net changes nothing', async (t) => {
  const world = await activeOn1({ parameters: { netdev: '400,401' } });
  await world.ask('server1', { do: 'switch-connect', priority: 1 });
  world.deadNets.add('mdc401');
  t.is(await codeOf(world.ask('server1', { do: 'switch-connect', priority: 2 })), 'mirror.connect');
  await world.write('server1', 0, pattern(100, 1));
  t.is(world.colors(), 'GREEN GREEN');
  world.deadNets.delete('mdc401');
  world.deadNets.add('mdc400');
  world.cutMirror();
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(link(world, 'server1').net, 'mdc401');
});

test('a connect that dies in the middle of the switch is a loss like any other', async (t) => {
  const world = await activeOn1({ parameters: { netdev: '400,401' } });
  await world.ask('server1', { do: 'switch-connect', priority: 1 });
  world.latencyMs = 5;
  const order = world.ask('server1', { do: 'switch-connect', priority: 2 }).catch(() => null);
  await world.pass(17);
  world.cutMirror();
  await order;
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.write('server1', 0, pattern(100, 1));
  if (world.colors() !== 'GREEN GREEN') {
    await world.ask('server1', { do: 'recover', full: false });
    await recovered(world);
  }
  t.true(world.areEqual());
});

test('without synchronisation writes are only noted; with it again the difference is sent', async (t) => {
  const world = await activeOn1({ autoRecovery: true });
  await world.ask('server1', { do: 'set-option', option: 'sync', on: false });
  await world.write('server1', 0, pattern(100, 1));
  await world.pass(10_000);
  t.is(world.colors(), 'GREEN RED');
  t.is(world.view('server1').dirtyBytes, BLOCK);
  await world.ask('server2', { do: 'set-option', option: 'sync', on: true });
  await recovered(world);
  t.true(world.areEqual());
});

test('a mirror that is configured not to synchronise breaks when it is activated', async (t) => {
  const world = await activeOn1({ parameters: { 'mddriver/sync': 0 } });
  await world.ask('server1', activate);
  t.is(world.colors(), 'GREEN RED');
});
