/**
 * Of two copies one yields before the other one counts: where an agent asks the other to (yield),
 * and where two meet of whom one is behind.
 */
import test from 'ava';
import {
  activate,
  activeOn1,
  BLOCK,
  codeOf,
  MIRROR,
  pattern,
  started,
  type World,
} from './harness.ts';

const NAMES = ['server1', 'server2'] as const;
type Name = (typeof NAMES)[number];
const otherOf = (name: Name): Name => (name === 'server1' ? 'server2' : 'server1');

test('who gave way takes over by no evidence afterwards', async (t) => {
  const world = await started({ fencing: true });
  world.cutMirror();
  await world.ask('server1', activate);
  await world.write('server1', 0, pattern(1000, 1));
  world.powerOff('server1');
  for (const by of ['fence', 'operatingSystem']) {
    const order = { ...activate, evidence: { by, from: 'server1', at: 1 } };
    t.not(await codeOf(world.ask('server2', order)), 'done', by);
  }
  t.false(world.view('server2').latest);
});

test('nobody gives way to a copy that is behind', async (t) => {
  const world = await activeOn1();
  world.kill('server2');
  await world.write('server1', 0, pattern(1000, 1));
  await world.ask('server1', { do: 'deactivate' });
  world.cutMirror();
  await world.start('server2');
  t.is(await codeOf(world.ask('server2', activate)), 'mirror.notLatest');
  t.true(world.view('server1').latest);
});

test('a copy that is known to be behind takes over by no evidence, nor does the other one give way', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(1000, 1));
  world.kill('server1');
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'GREEN RED');
  world.cutMirror();
  const by = (kind: string) => ({ by: kind, from: 'server1', at: 1 });
  for (const evidence of [null, by('fence'), by('operatingSystem')]) {
    t.is(await codeOf(world.ask('server2', { ...activate, evidence })), 'mirror.notLatest');
  }
  t.true(world.view('server1').latest);
});

test('what a copy holds when it is named the latest outlives its power, flushed or not by those who wrote it', async (t) => {
  const world = await activeOn1();
  const data = pattern(BLOCK, 7);
  await world.run(world.at('server1').agent!.write(MIRROR, 0, data, false));
  world.powerOff('server1');
  await world.pass(3000);
  await world.ask('server2', { do: 'force', latest: 'server2', victim: 'server1' });
  t.deepEqual(world.at('server2').dp.cache.slice(0, BLOCK), data);
  world.powerOff('server2');
  t.deepEqual(world.at('server2').dp.cache.slice(0, BLOCK), data);
});

test('what a side takes over with outlives its power, flushed or not by those who wrote it', async (t) => {
  const world = await activeOn1();
  for (let block = 0; block < 4; block++) {
    const { agent } = world.at('server1');
    await world.run(agent!.write(MIRROR, block * BLOCK, pattern(9000, block + 1), false));
  }
  world.kill('server1');
  const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
  await world.ask('server2', { ...activate, evidence });
  const served = world.at('server2').dp.cache.slice();
  world.powerOff('server2');
  await world.start('server2');
  t.deepEqual(world.at('server2').dp.cache, served);
});

async function inStep(world: World, source: Name): Promise<void> {
  await world.until(() => world.view(source).connected === true, 'connected');
  if (world.colors() !== 'GREEN GREEN') await world.ask(source, { do: 'recover', full: false });
  await world.until(() => world.colors() === 'GREEN GREEN', 'both GREEN');
}

/**
 * Two that are not connected: one of them crashed while it served, in step, and does not know
 * whether it was passed; the other one takes itself for the latest, by bytes of old that were put
 * back on its disk.
 */
async function twoThatDiffer(old: Name, seed: number): Promise<World> {
  const other = otherOf(old);
  const world = await started({ dataBytes: 4 * BLOCK, seed });
  await world.ask(old, activate);
  world.kill(other);
  await world.write(old, 0, pattern(1000, 1));
  await world.ask(old, { do: 'deactivate' });
  await world.run(world.at(old).agent!.close());
  world.kill(old);
  const parts = [world.at(old).cp, world.at(old).dp].map(
    (part) => [part, part.cache.slice()] as const,
  );
  for (const name of NAMES) await world.start(name);
  await inStep(world, old);
  await world.ask(other, activate);
  world.kill(old);
  await world.write(other, BLOCK, pattern(1000, 2));
  await world.start(old);
  await inStep(world, other);
  await world.write(other, 2 * BLOCK, pattern(1000, 3));
  for (const name of NAMES) world.kill(name);
  for (const [part, bytes] of parts) {
    part.cache.set(bytes);
    part.durable.set(bytes);
  }
  world.mdc = 'cut';
  world.lan = 'cut';
  for (const name of NAMES) await world.start(name);
  return world;
}

/** Whose record says that its copy is the latest, vouched for or not. */
const claims = (world: World): Name[] =>
  NAMES.filter((name) => world.at(name).agent!.disks[0]!.copy.record.latest);

for (const old of NAMES) {
  test(`a meeting cut off at any operation leaves no second latest copy (the old one is ${old}’s)`, async (t) => {
    let cuts = 0;
    for (let count = 0; ; count++) {
      const world = await twoThatDiffer(old, count + 1);
      t.deepEqual(claims(world), [old]);
      let left = count;
      for (const name of NAMES) {
        for (const part of [world.at(name).cp, world.at(name).dp]) {
          part.onOperation = () => {
            if (left-- !== 0) return;
            world.cutMirror();
            world.lan = 'cut';
          };
        }
      }
      world.heal();
      await world.pass(3000);
      const latest = NAMES.filter((name) => world.view(name).latest);
      t.true(latest.length <= 1, `operation ${count}: ${latest}`);
      t.true(claims(world).length <= 1, `operation ${count}: ${claims(world)} by their records`);
      if (left >= 0) break;
      cuts++;
    }
    t.true(cuts > 2, `${cuts}`);
  });
}
