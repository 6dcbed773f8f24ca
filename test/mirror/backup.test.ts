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

/** Both servers come up with the mark of clprestore.sh --skip-copy. */
async function skippedCopy(world: World, order = ['server1', 'server2']): Promise<void> {
  for (const name of order) {
    world.kill(name);
    const mark = JSON.stringify({ id: `r-${name}`, skipCopy: true });
    world.at(name).files.set(mirrorRestoredPath(MIRROR), mark);
  }
  for (const name of order) await world.start(name);
}

const wordsOf = (world: World, name: string): string =>
  world
    .at(name)
    .log.map(({ level, text }) => `${level} ${text}`)
    .filter((line) => line.includes('block'))
    .join('\n');

test('with the copy skipped on both sides equal copies are GREEN after a look at every block', async (t) => {
  const world = await started();
  for (const name of ['server1', 'server2']) world.at(name).dp.cache.fill(7, 2 * BLOCK, 3 * BLOCK);
  world.kill('server1');
  world.kill('server2');
  await skippedCopy(world);
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: true })), 'mirror.refused');
  await recovered(world);
  t.is(wordsOf(world, 'server1'), 'Info md1: every block was compared with server2: equal.');
  for (const name of ['server1', 'server2']) {
    t.is((await world.ask(name, { do: 'marks' })).restored, null);
  }
  t.is(world.view('server1').generation, world.view('server2').generation);
  await restart(world, 'server2');
  await connected(world);
  t.is(world.colors(), 'GREEN GREEN');
  await world.ask('server2', activate);
  await world.write('server2', 0, pattern(BLOCK, 3));
  t.true(world.areEqual());
});

for (const latest of ['server1', 'server2']) {
  test(`with the copy skipped a difference is nobody's to decide but an operator's: ${latest}`, async (t) => {
    const world = await started({ autoRecovery: true });
    const victim = latest === 'server1' ? 'server2' : 'server1';
    for (const [index, name] of ['server1', 'server2'].entries()) {
      world.at(name).dp.cache.fill(7 + index, 2 * BLOCK, 3 * BLOCK + 1);
    }
    await skippedCopy(world, [victim, latest]);
    await world.until(() => wordsOf(world, 'server1') !== '', 'it is said');
    const words = [
      'Error The restored copy of md1 differs from that of server2 in 2 of 16 blocks;',
      'name the server whose copy is right: clpmdctrl --force SERVER md1.',
    ].join(' ');
    t.is(wordsOf(world, 'server1'), words);
    for (let time = 0; time < 2; time++) {
      await restart(world, 'server1');
      await connected(world);
      await world.pass(10_000);
      t.is(world.colors(), 'RED RED');
      t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
      t.is(await codeOf(world.ask(victim, { do: 'recover', full: true })), 'mirror.refused');
    }
    t.deepEqual(
      [world.at('server1').dp.cache[2 * BLOCK], world.at('server2').dp.cache[2 * BLOCK]],
      [7, 8],
    );
    t.is(wordsOf(world, 'server1'), words, 'said once');
    const before = world.at(latest).dp.cache.slice();
    await world.ask('server1', { do: 'force', latest, victim });
    await recovered(world);
    t.deepEqual(world.at(victim).dp.cache, before);
  });
}

test('a comparison that was cut off begins again when the two meet again', async (t) => {
  const world = await started({ dataBytes: 256 * BLOCK });
  world.latencyMs = 5;
  await skippedCopy(world);
  await world.until(
    () => world.at('server1').agent?.disks[0]?.recovery.verification != null,
    'it compares',
  );
  world.cutMirror();
  await world.pass(1000);
  t.is(world.colors(), 'RED RED');
  world.heal();
  await recovered(world);
  t.true(wordsOf(world, 'server1').endsWith('equal.'));
});

test('a copy skipped on one side only is copied from the latest, whole', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(BLOCK, 1));
  world.kill('server2');
  const mark = JSON.stringify({ id: 'r1', skipCopy: true });
  world.at('server2').files.set(mirrorRestoredPath(MIRROR), mark);
  await world.start('server2');
  await connected(world);
  t.is(world.colors(), 'GREEN RED');
  world.latencyMs = 1;
  await world.ask('server1', { do: 'recover', full: false });
  t.is(world.view('server1').recovery?.kind, 'full');
  await recovered(world);
});

test('a verify ordered on the restored side clears its mark when all is equal', async (t) => {
  const world = await started();
  world.kill('server1');
  const mark = JSON.stringify({ id: 'r1', skipCopy: false });
  world.at('server1').files.set(mirrorRestoredPath(MIRROR), mark);
  await world.start('server1');
  await connected(world);
  t.is(world.colors(), 'RED RED');
  const report = await world.ask('server1', { do: 'verify' });
  t.deepEqual([report.inStep, report.differingBlocks], [true, 0]);
  t.is((await world.ask('server1', { do: 'marks' })).restored, null);
  await restart(world, 'server2');
  await connected(world);
  t.is(world.colors(), 'GREEN GREEN');
});

test('a verify does not clear the mark of a copy that differs', async (t) => {
  const world = await started();
  for (const from of ['server1', 'server2']) {
    world.kill('server1');
    const mark = JSON.stringify({ id: `r-${from}`, skipCopy: false });
    world.at('server1').files.set(mirrorRestoredPath(MIRROR), mark);
    world.at('server1').dp.cache.fill(9, 4 * BLOCK, 4 * BLOCK + 1);
    await world.start('server1');
    await connected(world);
    const report = await world.ask(from, { do: 'verify' });
    t.deepEqual([report.inStep, report.differingBlocks], [false, 1]);
    t.is((await world.ask('server1', { do: 'marks' })).restored, `r-${from}`);
    t.is(world.colors(), 'RED RED');
  }
});

test('what the other side wrote while it was being compared does not vanish under a verify', async (t) => {
  const world = await activeOn1({ dataBytes: 128 * BLOCK });
  await world.ask('server1', { do: 'break' });
  await world.ask('server1', { do: 'deactivate' });
  t.is(world.colors(), 'GREEN RED');
  world.latencyMs = 5;
  const verified = codeOf(world.ask('server2', { do: 'verify' }));
  const { disks } = world.at('server2').agent!;
  await world.until(() => (disks[0]!.recovery.verification?.doneBlocks ?? 0) > 32, 'it compares');
  await world.ask('server1', activate);
  await world.write('server1', 0, pattern(BLOCK, 9));
  await world.ask('server1', { do: 'deactivate' });
  t.is(await verified, 'mirror.refused');
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.is(world.at('server2').dp.cache[0], 9);
});
