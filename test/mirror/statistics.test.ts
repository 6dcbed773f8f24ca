/** Mirror statistics: what is counted where, how it is written, and the files that hold it. */
import test from 'ava';
import { PERF_DISK_PATH } from '../../src/core/paths.ts';
import { Counters } from '../../src/mirror/statistics/counters.ts';
import { saveSample } from '../../src/mirror/statistics/sampling.ts';
import { inCommand, inFile, STATISTICS, sampleOf } from '../../src/mirror/statistics/table.ts';
import type { LogFiles } from '../../src/ports/files.ts';
import { activate, BLOCK, pattern, recovered, World } from './harness.ts';

/** The table of x5 2.3: name, valid when, shown by commands. */
const TABLE = `
Write, Total | A | MB
Write, Avg | A | MB/s
Read, Total | A | MB
Read, Avg | A | MB/s
Local Disk Write, Total | B | -
Local Disk Write, Avg | B | -
Local Disk Read, Total | B | -
Local Disk Read, Avg | B | -
Send, Total | B | KB
Send, Avg | B | KB/s
Compress Ratio | A | -
Sync Time, Max | A | Second/time
Sync Time, Avg | A | Second/time
Sync Ack Time, Max | A | -
Sync Ack Time, Cur | A | -
Recovery Ack Time, Max | A | -
Recovery Ack Time, Max2 | A | -
Recovery Ack Time, Cur | A | -
Sync Diff, Max | A | MB
Sync Diff, Cur | A | MB
Send Queue, Max | A | -
Send Queue, Max2 | A | -
Send Queue, Cur | A | -
Request Queue, Max | A | -
Request Queue, Max2 | A | -
Request Queue, Cur | A | -
MDC HB Time Max | B | -
MDC HB Time, Max2 | B | -
MDC HB Time Cur | B | -
Local-Write Waiting Recovery-Read Time, Total | A | -
Local-Write Waiting Recovery-Read Time, Total2 | A | -
Recovery-Read Waiting Local-Write Time, Total | A | -
Recovery-Read Waiting Local-Write Time, Total2 | A | -
Unmount Time, Max | A | -
Unmount Time, Last | A | -
Fsck Time, Max | A | -
Fsck Time, Last | A | -
`;

test('the 37 values are those of the manual, in its order, with its marks and units', (t) => {
  const lines = STATISTICS.map(
    ({ name, activeOnly, shown }) => `${name} | ${activeOnly ? 'A' : 'B'} | ${shown?.unit ?? '-'}`,
  );
  t.is(`\n${lines.join('\n')}\n`, TABLE);
});

const written = STATISTICS[0]!;
const MB = 1024 * 1024;
for (const [value, file, command] of [
  [0, '0', 'None'],
  [1, '1', '0.00 MB'],
  [MB, '1048576', '1.00 MB'],
  [1.999 * MB, '2096103.42', '1.99 MB'],
  [0.29 * MB, '304087.04', '0.29 MB'],
  [0.001, '0.00', '0.00 MB'],
  [null, '', '-'],
] as const) {
  test(`${value} is "${file}" in the file and ${command} in a command`, (t) => {
    t.is(inFile(value), file);
    t.is(inCommand(written, { [written.name]: value }), command);
  });
}

test('a sampling forgets its own values and keeps those since the start', (t) => {
  const counters = new Counters(0);
  counters.written = 6000;
  counters.requestBegan();
  counters.requestBegan();
  counters.requestEnded();
  counters.syncBegan(4096);
  counters.syncBegan(4096);
  counters.syncEnded(4096, 30);
  counters.syncEnded(4096, null);
  counters.recoveryAck.see(70);
  counters.writeWaits.add(1500);
  const first = sampleOf(counters.sample(60_000), true);
  t.like(first, {
    'Write, Total': 6000,
    'Write, Avg': 100,
    'Sync Time, Max': 0.03,
    'Sync Time, Avg': 0.03,
    'Sync Ack Time, Max': 30,
    'Sync Diff, Max': 8192,
    'Sync Diff, Cur': 0,
    'Send Queue, Max2': 2,
    'Request Queue, Max2': 2,
    'Recovery Ack Time, Max2': 70,
    'Local-Write Waiting Recovery-Read Time, Total2': 1.5,
  });
  const second = sampleOf(counters.sample(120_000), true);
  t.like(second, {
    'Write, Total': 0,
    'Sync Time, Max': 0,
    'Sync Ack Time, Max': 30,
    'Sync Ack Time, Cur': 30,
    'Sync Diff, Max': 8192,
    'Send Queue, Max': 2,
    'Send Queue, Max2': 0,
    'Request Queue, Max': 2,
    'Request Queue, Max2': 1,
    'Request Queue, Cur': 1,
    'Recovery Ack Time, Max': 70,
    'Recovery Ack Time, Max2': 0,
    'Local-Write Waiting Recovery-Read Time, Total': 1.5,
    'Local-Write Waiting Recovery-Read Time, Total2': 0,
  });
});

function memoryFiles(texts: Map<string, string>): LogFiles {
  return {
    read: async (path) => texts.get(path) ?? null,
    write: async (path, text) => void texts.set(path, text),
    append: async (path, text) => {
      texts.set(path, (texts.get(path) ?? '') + text);
      return texts.get(path)!.length;
    },
    rename: async (from, to) => {
      texts.set(to, texts.get(from)!);
      texts.delete(from);
    },
    list: async (folder) => [...texts.keys()].map((path) => path.slice(folder.length + 1)),
    remove: async (path) => void texts.delete(path),
  };
}

test('a full file is put aside, two generations in all, each with its header', async (t) => {
  const texts = new Map<string, string>();
  const files = memoryFiles(texts);
  for (let at = 1; at <= 8; at++) await saveSample(files, '1', at * 60_000, {}, 1500);
  t.deepEqual([...texts.keys()].sort(), [
    `${PERF_DISK_PATH}/nmp1.cur`,
    `${PERF_DISK_PATH}/nmp1.pre`,
  ]);
  for (const text of texts.values()) t.true(text.startsWith('"Date","Write, Total",'));
  t.true(texts.get(`${PERF_DISK_PATH}/nmp1.pre`)!.length >= 1500);
  t.regex(texts.get(`${PERF_DISK_PATH}/nmp1.cur`)!, /^"1970\/01\/01 00:08:00",""/m);
});

test('a file is put aside at 16 MB, and not a byte before', async (t) => {
  const texts = new Map<string, string>();
  const files = memoryFiles(texts);
  const path = `${PERF_DISK_PATH}/nmp1.cur`;
  await saveSample(files, '1', 0, {});
  const line = texts.get(path)!.split('\n')[1]!.length + 1;
  texts.set(path, 'x'.repeat(16 * 1024 * 1024 - 2 * line + 1));
  await saveSample(files, '1', 60_000, {});
  t.deepEqual([...texts.keys()], [path]);
  await saveSample(files, '1', 120_000, {});
  t.deepEqual([...texts.keys()], [`${PERF_DISK_PATH}/nmp1.pre`]);
  await saveSample(files, '1', 180_000, {});
  t.true(texts.get(path)!.startsWith('"Date"'));
});

async function counted(): Promise<World> {
  const world = new World();
  world.config.mirrorStatistics = true;
  await world.up();
  await world.ask('server1', activate);
  return world;
}

const valuesOf = async (world: World, name: string, save = false) =>
  (await world.ask(name, { do: 'statistics', save })).values as Record<string, number | null>;

test('an active side counts what is written, read, sent and answered; the standby what is its own', async (t) => {
  const world = await counted();
  world.latencyMs = 5;
  await world.write('server1', 0, pattern(BLOCK, 1));
  await world.write('server1', BLOCK, pattern(100, 2));
  await world.read('server1', 0, 300);
  t.like(await valuesOf(world, 'server1'), {
    'Write, Total': BLOCK + 100,
    'Read, Total': 300,
    'Local Disk Write, Total': BLOCK + 100,
    'Local Disk Read, Total': 300,
    'Compress Ratio': 100,
    'Sync Time, Max': 0.01,
    'Sync Ack Time, Max': 10,
    'Send Queue, Max': 1,
    'Request Queue, Max': 1,
    'Request Queue, Cur': 0,
    'Sync Diff, Max': BLOCK,
    'Sync Diff, Cur': 0,
  });
  t.true((await valuesOf(world, 'server1'))['Send, Total']! >= BLOCK + 100);
  t.like(await valuesOf(world, 'server2'), {
    'Write, Total': null,
    'Local Disk Write, Total': BLOCK + 100,
    'Send Queue, Max': null,
  });
});

test('a write that waits for a recovery, and a recovery that waits for a write, are counted', async (t) => {
  const world = await counted();
  world.cutMirror();
  await world.write('server1', 0, pattern(4 * BLOCK, 1));
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  world.latencyMs = 50;
  await world.ask('server1', { do: 'recover', full: false });
  await world.write('server1', 0, pattern(BLOCK, 2));
  await recovered(world);
  const values = await valuesOf(world, 'server1');
  t.true(values['Local-Write Waiting Recovery-Read Time, Total']! > 0);
  t.is(values['Recovery Ack Time, Max'], 100);
  t.true(values['MDC HB Time Max']! >= 0);
});

test('a sample is taken every 60 seconds and on request, and survives in the file', async (t) => {
  const world = await counted();
  await world.write('server1', 0, pattern(BLOCK, 1));
  await world.pass(60_500);
  const path = `${PERF_DISK_PATH}/nmp1.cur`;
  const lines = () => world.at('server1').files.get(path)!.trimEnd().split('\n');
  t.is(lines().length, 2);
  t.true(lines()[1]!.includes(`,"${BLOCK}",`));
  t.is((await valuesOf(world, 'server1'))['Write, Total'], BLOCK);
  await valuesOf(world, 'server1', true);
  t.is(lines().length, 3);
  t.is((await valuesOf(world, 'server1'))['Write, Total'], 0);
});

test('without the setting nothing is counted and no file is written', async (t) => {
  const world = new World();
  await world.up();
  await world.ask('server1', activate);
  await world.write('server1', 0, pattern(100, 1));
  await world.pass(61_000);
  t.deepEqual(await world.ask('server1', { do: 'statistics', save: true }), {
    isOn: false,
    values: {},
    shown: [],
  });
  t.false([...world.at('server1').files.keys()].some((path) => path.includes('/perf/')));
});
