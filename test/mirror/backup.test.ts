/** Backup mode, and copies that come from a disk image: they never pass for what they were. */
import test from 'ava';
import { mirrorRestoredPath } from '../../src/core/paths.ts';
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

const begin = { do: 'backup', op: 'begin' };
const end = { do: 'backup', op: 'end' };

const connected = (world: World) =>
  world.until(
    () => world.view('server1').connected === true && world.view('server2').connected === true,
    'connected',
  );

/** Everything on both partitions of a server, and putting it back. */
function imageOf(world: World, name: string): () => void {
  const parts = [world.at(name).cp, world.at(name).dp];
  const bytes = parts.map((part) => part.cache.slice());
  return () => {
    for (const [index, part] of parts.entries()) {
      part.cache.set(bytes[index]!);
      part.durable.set(bytes[index]!);
    }
  };
}

async function restart(world: World, name: string): Promise<void> {
  world.kill(name);
  await world.start(name);
}

test('in backup mode the copy rests, and what was written meanwhile is copied afterwards alone', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(BLOCK, 1));
  await world.ask('server1', { do: 'deactivate' });
  await world.ask('server2', begin);
  t.is(world.view('server2').connected, false);
  t.is(await codeOf(world.ask('server2', activate)), 'mirror.status');
  await world.ask('server1', activate);
  const before = world.at('server2').dp.cache.slice();
  await world.write('server1', 3 * BLOCK, pattern(BLOCK, 2));
  await world.pass(10_000);
  t.deepEqual(world.at('server2').dp.cache, before);
  t.is(world.view('server2').connected, false);
  await restart(world, 'server2');
  await world.pass(10_000);
  t.is(world.view('server2').connected, false, 'a restarted agent is still in backup mode');
  t.truthy((await world.ask('server2', { do: 'marks' })).backup);
  await world.ask('server2', end);
  await connected(world);
  world.latencyMs = 1;
  await world.ask('server1', { do: 'recover', full: false });
  t.is(world.view('server1').recovery?.kind, 'difference');
  await recovered(world);
  t.true(world.areEqual());
});

test('both sides in backup mode with nothing written meet GREEN again', async (t) => {
  const world = await started();
  await world.ask('server1', begin);
  await world.ask('server2', begin);
  await restart(world, 'server1');
  await restart(world, 'server2');
  await world.ask('server1', end);
  await world.ask('server2', end);
  await recovered(world);
  t.true(world.areEqual());
});

test('an active mirror, and one that is being recovered, does not go into backup mode', async (t) => {
  const world = await activeOn1();
  t.is(await codeOf(world.ask('server1', begin)), 'mirror.status');
  world.cutMirror();
  await world.write('server1', 0, pattern(8 * BLOCK, 1));
  world.heal();
  await connected(world);
  world.latencyMs = 5;
  await world.ask('server1', { do: 'recover', full: true });
  t.is(await codeOf(world.ask('server2', begin)), 'mirror.status');
});

for (const how of ['by the mark of clprestore.sh', 'by clpmdctrl --setreplace'] as const) {
  test(`a restored image gets a full copy, known ${how}`, async (t) => {
    const world = await activeOn1();
    await world.write('server1', 0, pattern(BLOCK, 1));
    const restore = imageOf(world, 'server2');
    await world.write('server1', 0, pattern(BLOCK, 2));
    world.kill('server2');
    restore();
    const { files } = world.at('server2');
    if (how === 'by the mark of clprestore.sh') {
      files.set(mirrorRestoredPath(MIRROR), JSON.stringify({ id: 'r1', skipCopy: false }));
      await world.start('server2');
      t.false(files.has(mirrorRestoredPath(MIRROR)), 'the mark is taken');
    } else {
      world.mdc = 'cut';
      await world.start('server2');
      await world.ask('server2', { do: 'mark-restored' });
      world.heal();
    }
    await connected(world);
    t.is(world.colors(), 'GREEN RED');
    t.truthy((await world.ask('server2', { do: 'marks' })).restored);
    world.latencyMs = 1;
    await world.ask('server1', { do: 'recover', full: false });
    t.is(world.view('server1').recovery?.kind, 'full');
    await recovered(world);
    t.true(world.areEqual());
    t.is((await world.ask('server2', { do: 'marks' })).restored, null);
  });
}

test('an image on another disk is known by the serial alone', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(BLOCK, 1));
  const restore = imageOf(world, 'server2');
  await world.write('server1', 0, pattern(BLOCK, 2));
  world.kill('server2');
  restore();
  world.at('server2').serial = 'S-new';
  await world.start('server2');
  await connected(world);
  t.is(world.colors(), 'GREEN RED');
  t.is(await codeOf(world.ask('server2', activate)), 'mirror.notLatest');
  world.latencyMs = 1;
  await world.ask('server1', { do: 'recover', full: false });
  t.is(world.view('server1').recovery?.kind, 'full');
  await recovered(world);
  t.true(world.areEqual());
  await restart(world, 'server2');
  await connected(world);
  t.is((await world.ask('server2', { do: 'marks' })).restored, null, 'the new disk is its own');
});

test('a copy that was constructed in the life of its agent knows its disk too', async (t) => {
  const world = new World({ constructed: false });
  await world.start('server1');
  await world.start('server2');
  for (const name of ['server1', 'server2']) {
    await world.ask(name, { do: 'create', mode: 'normal' });
  }
  await recovered(world);
  world.kill('server2');
  world.at('server2').serial = 'S-new';
  await world.start('server2');
  t.truthy((await world.ask('server2', { do: 'marks' })).restored);
});

test('a restored copy is not the latest without force, alone as beside another restored one', async (t) => {
  const world = await started();
  world.mdc = 'cut';
  for (const name of ['server1', 'server2']) {
    world.kill(name);
    const mark = JSON.stringify({ id: `r-${name}`, skipCopy: false });
    world.at(name).files.set(mirrorRestoredPath(MIRROR), mark);
  }
  await world.start('server1');
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  await world.start('server2');
  world.heal();
  await connected(world);
  t.is(world.colors(), 'RED RED');
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: true })), 'mirror.refused');
  await world.ask('server1', { do: 'force', latest: 'server2', victim: 'server1' });
  await recovered(world);
});

test('a mark found again after a crash changes nothing twice', async (t) => {
  const world = await started();
  world.kill('server2');
  const mark = JSON.stringify({ id: 'r1', skipCopy: false });
  const { files } = world.at('server2');
  world.mdc = 'cut';
  const generations: (string | null)[] = [];
  for (let life = 0; life < 2; life++) {
    files.set(mirrorRestoredPath(MIRROR), mark);
    await world.start('server2');
    generations.push(world.view('server2').generation);
    world.kill('server2');
  }
  t.is(generations[0], generations[1]);
  t.not(generations[0], 'g0');
});

test('with the copy skipped on both sides every block is compared before GREEN', async (t) => {
  const world = await started();
  for (const name of ['server1', 'server2']) {
    world.kill(name);
    const mark = JSON.stringify({ id: `r-${name}`, skipCopy: true });
    world.at(name).files.set(mirrorRestoredPath(MIRROR), mark);
  }
  world.at('server1').dp.cache.fill(7, 2 * BLOCK, 3 * BLOCK);
  world.at('server2').dp.cache.fill(7, 2 * BLOCK, 3 * BLOCK);
  await world.start('server1');
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  await world.start('server2');
  await recovered(world);
  t.true(world.areEqual());
});
