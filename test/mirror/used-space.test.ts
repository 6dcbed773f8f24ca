/**
 * What a file system uses: read from images that mkfs made, against what dumpe2fs says of them, and
 * from made-up ones that mean harm.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execaSync } from 'execa';
import fc from 'fast-check';
import { type UsedSpace, usedSpace } from '../../src/mirror/recovery/used-space.ts';
import { activeOn1, BLOCK, KIB, MemoryPartition, pattern, recovered, World } from './harness.ts';

const MIB = 1024 * KIB;

function hasTool(name: string): boolean {
  return !execaSync(name, ['-V'], { stdio: 'ignore', reject: false }).failed;
}

const hasTools = ['mke2fs', 'dumpe2fs', 'debugfs'].every(hasTool);
const withTools = hasTools ? test : test.skip;
if (!hasTools) test('without e2fsprogs the images are not made', (t) => t.pass());

/** An image with a few files in it and one that was deleted again. */
function makeImage(sizeBytes: number, options: string[], commands: string[] = []): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-ext-'));
  try {
    const image = join(folder, 'image');
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'deep', 'deeper'), { recursive: true });
    writeFileSync(join(tree, 'deep', 'large'), pattern(3 * MIB, 5));
    writeFileSync(join(tree, 'deep', 'deeper', 'small'), 'a few words');
    writeFileSync(join(tree, 'gone'), pattern(2 * MIB, 6));
    writeFileSync(image, '');
    truncateSync(image, sizeBytes);
    execaSync('mke2fs', ['-q', '-F', '-d', tree, ...options, image]);
    for (const command of ['rm gone', ...commands]) {
      execaSync('debugfs', ['-w', '-R', command, image], { stdio: 'ignore' });
    }
    return readFileSync(image);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Blocks of the mirror that dumpe2fs counts as free from end to end. */
function freeAfter(image: Uint8Array): Set<number> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-ext-'));
  const path = join(folder, 'image');
  writeFileSync(path, image);
  const text = execaSync('dumpe2fs', [path]).stdout;
  rmSync(folder, { recursive: true, force: true });
  const blockBytes = Number(/^Block size:\s+(\d+)$/m.exec(text)?.[1]);
  const counts = new Map<number, number>();
  for (const [, list] of text.matchAll(/^ {2}Free blocks: (.*)$/gm)) {
    for (const range of (list ?? '').split(', ').filter(Boolean)) {
      const [from, to = from] = range.split('-').map(Number);
      for (let block = from!; block <= to!; block++) {
        const at = Math.floor((block * blockBytes) / BLOCK);
        counts.set(at, (counts.get(at) ?? 0) + 1);
      }
    }
  }
  const whole = [...counts].filter(([, count]) => count === BLOCK / blockBytes);
  return new Set(whole.map(([at]) => at));
}

async function spaceOf(image: Uint8Array): Promise<UsedSpace | null> {
  const partition = new MemoryPartition(image.length);
  partition.cache.set(image);
  return await usedSpace(partition.open());
}

const unusedOf = (space: UsedSpace): Set<number> =>
  new Set(Array.from({ length: space.blocks }, (_, at) => at).filter((at) => !space.isUsed(at)));

const KINDS: [string, number, string[]][] = [
  ['ext2 with blocks of 1 KiB', 24, ['-t', 'ext2', '-b', '1024']],
  ['ext2 of revision 0', 24, ['-t', 'ext2', '-r', '0', '-b', '1024']],
  ['ext3', 40, ['-t', 'ext3', '-b', '4096']],
  ['ext4 as it comes', 64, ['-t', 'ext4']],
  ['ext4 with many groups', 64, ['-t', 'ext4', '-b', '1024', '-O', '64bit']],
  ['ext4 of small groups', 48, ['-t', 'ext4', '-b', '4096', '-g', '1024']],
  ['ext4 without flexible groups', 48, ['-t', 'ext4', '-b', '1024', '-O', '^flex_bg']],
  ['ext4 with checks of groups alone', 48, ['-t', 'ext4', '-O', '^metadata_csum,uninit_bg']],
  ['ext4 of 32 bits', 48, ['-t', 'ext4', '-O', '^64bit,^resize_inode']],
  ['ext4 with two backups', 48, ['-t', 'ext4', '-b', '1024', '-O', 'sparse_super2']],
  [
    'ext2 with a backup in every group',
    48,
    ['-t', 'ext2', '-b', '1024', '-O', '^sparse_super,^resize_inode'],
  ],
];

for (const [what, mebibytes, options] of KINDS) {
  withTools(`the space that ${what} uses is what dumpe2fs says`, async (t) => {
    const image = makeImage(mebibytes * MIB, options);
    const space = await spaceOf(image);
    if (!space) return t.fail('nothing is known');
    const free = freeAfter(image);
    const unused = unusedOf(space);
    t.is(unused.size, space.unused);
    t.deepEqual(
      [...unused].filter((at) => !free.has(at)),
      [],
    );
    // A group whose bitmap was never written may keep room for tables here.
    t.true(unused.size >= 0.9 * free.size, `${unused.size} of ${free.size}`);
    t.true(unused.size > 100);
    return undefined;
  });
}

const UNKNOWN: [string, string[], string[]][] = [
  ['a journal to be replayed', ['-t', 'ext4'], ['feature needs_recovery']],
  ['meta groups', ['-t', 'ext4', '-O', '^resize_inode,meta_bg'], []],
  ['clusters', ['-t', 'ext4', '-O', 'bigalloc'], []],
  ['an orderly end that it did not come to', ['-t', 'ext2'], ['ssv state 0']],
  ['errors that were found', ['-t', 'ext4'], ['ssv state 3']],
  ['a count of free blocks that is not so', ['-t', 'ext4'], ['ssv free_blocks_count 5']],
  ['a bitmap and a count that do not agree', ['-t', 'ext4'], ['freeb 4000 8']],
];

for (const [what, options, commands] of UNKNOWN) {
  withTools(`every block counts as used with ${what}`, async (t) => {
    if (commands.length > 0) t.truthy(await spaceOf(makeImage(32 * MIB, options)));
    t.is(await spaceOf(makeImage(32 * MIB, options, commands)), null);
  });
}

const BLOCKS = 8192;

/** An ext2 of one group with blocks of 1 KiB, of which the first 2000 are in use. */
function handmade(change: (view: DataView) => void = () => {}): Uint8Array {
  const image = new Uint8Array(8 * MIB);
  const view = new DataView(image.buffer);
  const word = (at: number, value: number): void => view.setUint32(at, value, true);
  word(1024 + 4, BLOCKS);
  word(1024 + 12, BLOCKS - 2000);
  word(1024 + 20, 1);
  word(1024 + 32, BLOCKS);
  word(1024 + 40, 2048);
  view.setUint16(1024 + 56, 0xef53, true);
  view.setUint16(1024 + 58, 1, true);
  word(1024 + 76, 1);
  view.setUint16(1024 + 88, 128, true);
  word(2048, 3);
  word(2052, 4);
  word(2056, 5);
  view.setUint16(2048 + 12, BLOCKS - 2000, true);
  // Block 0 lies before the group: bit 0 is block 1.
  image.fill(0xff, 3072, 3072 + 249);
  image[3072 + 249] = 0x7f;
  change(view);
  return image;
}

test('a small image made by hand tells what is in use', async (t) => {
  const space = await spaceOf(handmade());
  const unused = space ? unusedOf(space) : new Set();
  // 2000 blocks of 1 KiB reach into the 32nd block of 64; nothing surely lies in what follows.
  t.deepEqual(
    [...unused],
    Array.from({ length: 96 }, (_, at) => at + 32),
  );
});

const DAMAGES: [string, (view: DataView) => void][] = [
  ['no magic number', (view) => view.setUint16(1024 + 56, 0xef52, true)],
  ['a feature that nobody knows', (view) => view.setUint32(1024 + 96, 0x8000_0000, true)],
  ['more blocks than the device', (view) => view.setUint32(1024 + 4, BLOCKS * 2, true)],
  ['no block at all', (view) => view.setUint32(1024 + 4, 0, true)],
  ['groups of no block', (view) => view.setUint32(1024 + 32, 0, true)],
  ['blocks of 2 GiB', (view) => view.setUint32(1024 + 24, 21, true)],
  ['a bitmap outside', (view) => view.setUint32(2048, BLOCKS + 5, true)],
  ['tables outside', (view) => view.setUint32(2056, BLOCKS - 2, true)],
  ['tables without end', (view) => view.setUint32(1024 + 40, 0xffff_ffff, true)],
  ['one block more in the bitmap', (view) => view.setUint8(3072 + 249, 0xff)],
  ['another total', (view) => view.setUint32(1024 + 12, BLOCKS - 2001, true)],
];

for (const [what, damage] of DAMAGES) {
  test(`every block counts as used: ${what}`, async (t) => {
    t.is(await spaceOf(handmade(damage)), null);
  });
}

test('whatever the superblock and the table say, it ends and keeps their own blocks', async (t) => {
  const places = fc.oneof(
    fc.integer({ min: 1024, max: 2047 }),
    fc.integer({ min: 2048, max: 2048 + 63 }),
    fc.constantFrom(1028, 1044, 1048, 1056, 1064, 1080, 1100, 1120, 1124, 1278, 1360),
  );
  const change = fc.tuple(places, fc.integer({ min: 0, max: 255 }));
  const changes = fc.array(change, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(changes, async (list) => {
      const image = handmade();
      for (const [at, value] of list) image[at] = value;
      const space = await spaceOf(image);
      if (space) t.true(space.isUsed(0) && space.unused < space.blocks);
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test('a disk too small for a superblock, and one that cannot be read, tell nothing', async (t) => {
  t.is(await spaceOf(new Uint8Array(1024)), null);
  const partition = new MemoryPartition(4 * MIB);
  partition.failing = 'read';
  t.is(await usedSpace(partition.open()), null);
});

/** Both copies hold garbage where nothing is in use; the other one's is another. */
function withGarbage(world: World): void {
  const image = handmade();
  for (const [index, name] of ['server1', 'server2'].entries()) {
    const { dp } = world.at(name);
    dp.cache.set(image);
    dp.cache.fill(0x11, 20 * BLOCK, 32 * BLOCK);
    dp.cache.fill(0x22, 40 * BLOCK, 60 * BLOCK);
    dp.cache.fill(0x30 + index, 60 * BLOCK, 68 * BLOCK);
    if (index === 1) dp.cache.fill(0x44, 90 * BLOCK, 128 * BLOCK);
    dp.durable.set(dp.cache);
  }
}

/** Answers the bytes that were sent. */
async function fullCopy(world: World): Promise<number> {
  await world.ask('server1', { do: 'break' });
  world.latencyMs = 1;
  await world.ask('server1', { do: 'recover', full: true });
  const recovery = world.at('server1').agent!.disks[0]!.recovery.current;
  await recovered(world);
  return recovery!.bytesSent;
}

test('a full copy sends what is in use, and of the rest what differs and is not zero', async (t) => {
  const world = await activeOn1({ dataBytes: 8 * MIB });
  withGarbage(world);
  t.is(await fullCopy(world), (32 + 8) * BLOCK);
  t.true(world.areEqual());
});

test('a full copy sends every block of a file system that was not left clean', async (t) => {
  const world = await activeOn1({ dataBytes: 8 * MIB });
  const dirty = handmade((view) => view.setUint16(1024 + 58, 0, true));
  for (const name of ['server1', 'server2']) world.at(name).dp.cache.set(dirty);
  t.is(await fullCopy(world), 8 * MIB);
  t.true(world.areEqual());
});

test('the initial construction sends used space alone, and is whole after a power loss', async (t) => {
  const world = new World({ dataBytes: 8 * MIB, constructed: false });
  withGarbage(world);
  await world.start('server1');
  await world.start('server2');
  world.latencyMs = 1;
  for (const name of ['server1', 'server2']) {
    await world.ask(name, { do: 'create', mode: 'normal' });
  }
  const { disks } = world.at('server1').agent!;
  await world.until(() => disks[0]!.recovery.current !== null, 'the construction begins');
  const recovery = disks[0]!.recovery.current;
  await recovered(world);
  t.is(recovery!.start.kind, 'construction');
  t.is(recovery!.bytesSent, 40 * BLOCK);
  world.powerOff('server1');
  world.powerOff('server2');
  t.true(world.areEqual());
});

test('what is written to unused space during the copy arrives', async (t) => {
  const world = await activeOn1({ dataBytes: 8 * MIB });
  withGarbage(world);
  await world.ask('server1', { do: 'break' });
  world.latencyMs = 1;
  await world.ask('server1', { do: 'recover', full: true });
  const { agent } = world.at('server1');
  const writes = Array.from({ length: 60 }, (_, index) =>
    agent!.write('md1', (30 + ((index * 31) % 90)) * BLOCK + index, pattern(900, index + 1)),
  );
  await world.run(Promise.all(writes));
  await recovered(world);
  t.true(world.areEqual());
});
