/** Asynchronous mode with history files: writes beyond the queue wait on disk. */
import test from 'ava';
import { History } from '../../src/mirror/writes/history.ts';
import { hang } from './hanging.ts';
import {
  activate,
  activeOn1,
  BLOCK,
  codeOf,
  MIRROR,
  pattern,
  recovered,
  World,
} from './harness.ts';
import { MemoryBulk } from './memory-bulk.ts';

const HISTORY = {
  'mddriver/syncmode': 1,
  'mddriver/sendqueuesize': 16,
  'mddriver/historydir': '/var/history',
};
const disk = (world: World, name: string) => world.at(name).agent!.disks[0]!;
const filesOf = (world: World, name: string): string[] => [...world.at(name).bulk.files.keys()];

/** More writes than the queue holds, over one another in places. */
async function fill(world: World, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    await world.write('server1', ((at * 7) % 12) * BLOCK + at, pattern(3000, at + 1));
  }
}

test('what the queue cannot hold waits in files, and arrives in order', async (t) => {
  const world = await activeOn1({ parameters: HISTORY });
  const go = hang(world, 'server2');
  await fill(world, 100);
  t.is(world.colors(), 'GREEN GREEN');
  t.deepEqual(filesOf(world, 'server1'), ['/var/history/NMP1.0.history']);
  t.is(disk(world, 'server1').writes.queue.writes, 16);
  t.is(world.view('server1').dirtyBytes, 300_000);
  go();
  await world.write('server1', 5, pattern(10, 200));
  await world.until(() => disk(world, 'server2').copy.record.lagging === false, 'caught up');
  t.deepEqual(filesOf(world, 'server1'), []);
  t.is(world.view('server1').dirtyBytes, 0);
  t.true(world.areEqual());
  t.is(world.colors(), 'GREEN GREEN');
});

test('files take turns while writes go on, and a stop in order waits for them', async (t) => {
  const world = await activeOn1({ parameters: HISTORY, dataBytes: 64 * BLOCK });
  const go = hang(world, 'server2');
  const { agent } = world.at('server1');
  for (let at = 0; at < 60; at++) {
    await world.run(agent!.write(MIRROR, at * BLOCK, pattern(BLOCK, at + 1)));
  }
  t.deepEqual(filesOf(world, 'server1').length, 3);
  go();
  world.latencyMs = 1;
  const writes = Array.from({ length: 60 }, (_, at) =>
    agent!.write(MIRROR, ((at * 13) % 64) * BLOCK + at, pattern(700, at + 90)),
  );
  await world.run(Promise.all(writes));
  await world.ask('server1', { do: 'deactivate' });
  t.deepEqual(filesOf(world, 'server1'), []);
  t.true(world.areEqual());
  await world.ask('server2', activate);
  t.is(world.colors(), 'GREEN GREEN');
});

test('files at their limit break the mirror; what they held becomes difference', async (t) => {
  const parameters = { ...HISTORY, 'mddriver/historymax': 1 };
  const world = await activeOn1({ parameters, dataBytes: 64 * BLOCK });
  const go = hang(world, 'server2');
  for (let at = 0; at < 40; at++) await world.write('server1', at * BLOCK, pattern(BLOCK, at + 1));
  await world.until(() => disk(world, 'server1').pair.now.phase === 'none', 'broken');
  await world.until(() => filesOf(world, 'server1').length === 0, 'the files are gone');
  t.is(world.view('server1').color, 'GREEN');
  t.true(disk(world, 'server1').copy.outOfSync.hasAll(0, 40));
  go();
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

for (const how of ['is cut off', 'loses power', 'hangs'] as const) {
  test(`another side that ${how} while files wait costs a difference, not a write`, async (t) => {
    const world = await activeOn1({ parameters: HISTORY });
    const go = hang(world, 'server2');
    await fill(world, 60);
    if (how === 'is cut off') world.cutMirror();
    if (how === 'loses power') world.powerOff('server2');
    await world.until(() => disk(world, 'server1').pair.now.phase === 'none', 'broken');
    await fill(world, 20);
    t.is(disk(world, 'server1').writes.queue.bytes, 0);
    go();
    world.heal();
    if (how === 'loses power') await world.start('server2');
    await world.until(() => world.view('server1').connected === true, 'connected');
    t.deepEqual(filesOf(world, 'server1'), []);
    await world.ask('server1', { do: 'recover', full: false });
    await recovered(world);
    t.true(world.areEqual());
    const go2 = hang(world, 'server2');
    await fill(world, 40);
    go2();
    await world.until(() => disk(world, 'server2').copy.record.lagging === false, 'caught up');
    t.true(world.areEqual());
  });
}

test('an agent that dies with files waiting leaves a difference, and its files are removed', async (t) => {
  const world = await activeOn1({ parameters: HISTORY });
  const go = hang(world, 'server2');
  await fill(world, 60);
  world.kill('server1');
  t.is(filesOf(world, 'server1').length, 1);
  for (const path of filesOf(world, 'server1')) world.at('server1').files.set(path, '');
  go();
  await world.start('server1');
  t.deepEqual(filesOf(world, 'server1'), []);
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'force', latest: 'server1', victim: 'server2' });
  await recovered(world);
  t.true(world.areEqual());
});

test('a folder that cannot be written breaks the mirror, and no write is lost', async (t) => {
  const world = await activeOn1({ parameters: HISTORY });
  const go = hang(world, 'server2');
  world.at('server1').bulk.files.set('/var/history/NMP1.0.history', new Uint8Array(1));
  await fill(world, 20);
  await world.until(() => disk(world, 'server1').pair.now.phase === 'none', 'broken');
  t.is(world.view('server1').color, 'GREEN');
  go();
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('a file that was changed meanwhile is not sent: its writes become difference', async (t) => {
  const world = await activeOn1({ parameters: HISTORY });
  const go = hang(world, 'server2');
  await fill(world, 60);
  const [path = ''] = filesOf(world, 'server1');
  world.at('server1').bulk.files.get(path)![5000]! ^= 1;
  go();
  await world.until(() => world.colors() === 'GREEN RED', 'broken, and met again');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('history files where they cannot be are said, and not used', async (t) => {
  const CASES = [
    [{ ...HISTORY, 'mddriver/syncmode': 0 }, 'history files belong to asynchronous mode: not used'],
    [
      { ...HISTORY, 'mddriver/historydir': 'history' },
      'history files need an absolute path, not history',
    ],
  ] as const;
  for (const [parameters, words] of CASES) {
    const world = await activeOn1({ parameters });
    t.is(disk(world, 'server1').writes.queue.history, null);
    const said = world.at('server1').log.map(({ level, text }) => `${level} ${text}`);
    t.true(said.includes(`Warning md1: ${words}`));
  }
});

test('a segment holds its writes in order, and is gone once it was taken', async (t) => {
  const bulk = new MemoryBulk();
  const history = new History(bulk.port(), '/h/', 'NMP1');
  const writes = Array.from({ length: 40 }, (_, at) => ({
    id: at,
    offset: at * 1000,
    length: 60_000 + at,
    durable: at % 2 === 0,
  }));
  await Promise.all(writes.map((write) => history.add(write, pattern(write.length, write.id + 1))));
  t.deepEqual(
    [...bulk.files.keys()],
    ['/h/NMP1.0.history', '/h/NMP1.1.history', '/h/NMP1.2.history'],
  );
  const found = [];
  while (!history.isEmpty) found.push(...(await history.take()));
  t.deepEqual(
    found.map(({ write }) => write),
    writes,
  );
  t.true(found.every(({ write, data }) => data.every((byte) => byte === write.id + 1)));
  t.deepEqual([history.bytes, bulk.files.size], [0, 0]);
});

test('two blank copies wait for an order where the initial construction is not executed', async (t) => {
  const world = new World({ constructed: false, parameters: { fullcopy: 0 } });
  await world.start('server1');
  await world.start('server2');
  for (const name of ['server1', 'server2']) {
    await world.ask(name, { do: 'create', mode: 'normal' });
  }
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.pass(10_000);
  t.false(world.view('server1').constructed);
  world.at('server2').dp.cache.fill(5, BLOCK, 2 * BLOCK);
  t.is(await codeOf(world.ask('server1', { do: 'recover', full: true })), 'mirror.refused');
  await world.ask('server1', { do: 'force', latest: 'server2', victim: 'server1' });
  await recovered(world);
  t.is(world.at('server1').dp.cache[BLOCK], 5);
});
