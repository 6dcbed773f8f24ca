import test from 'ava';
import { gapsOf, lastSector, rangeWords } from '../../../src/commands/os/fdisk-layout.ts';
import { openConsole, said } from './console.ts';
import { answersOf, largerDisk, TALKS, tableOf } from './fdisk-talks.ts';

const MIB = 1024 * 1024;

test('fdisk -l prints the tables of all disks', async (t) => {
  const { stdout } = await openConsole().type('fdisk -l');
  t.is(
    stdout,
    `Disk /dev/sdb: 4M, 4194304 bytes, 8192 sectors
Disklabel type: dos
Disk identifier: SN-server1-sdb-1
Units: sectors of 1 * 512 = 512 bytes

Device    Start  End Sectors Size Type
/dev/sdb1  2048 4095    2048 1M Linux
/dev/sdb2  4096 8191    4096 2M Linux
`,
  );
});

test('A replaced disk is laid out as in v3 6.7 step 6', async (t) => {
  const console = largerDisk();
  console.chassis.ask('bmc', { do: 'power.cut' });
  console.chassis.take({ type: 'processes.gone' });
  console.chassis.ask('bmc', { do: 'disk.replace', device: '/dev/sdb' });
  console.chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-2' });
  console.chassis.ask('bmc', { do: 'power.on', singleUser: true });
  console.chassis.fire('boot');
  const answers = ['o', 'n', 'p', '1', '2048', '+1M', 'n', '', '', '', '', 'p', 'w'];
  const report = await console.type('fdisk -w always -W always /dev/sdb', ...answers);
  t.is(said(report), '0 | The partition table has been altered.\nSyncing disks.');
  t.is(
    console.shown.join(''),
    `Command (m for help): o
Created a new DOS (MBR) disklabel.
Command (m for help): n
Partition type
   p   primary (0 primary, 0 extended, 4 free)
   e   extended (container for logical partitions)
Select (default p): p
Partition number (1-4, default 1): 1
First sector (2048-36863, default 2048): 2048
Last sector, +/-sectors or +/-size{K,M,G,T,P} (2048-36863, default 36863): +1M
Created a new partition 1 of type 'Linux' and of size 1 MiB.
Command (m for help): n
Partition type
   p   primary (1 primary, 0 extended, 3 free)
   e   extended (container for logical partitions)
Select (default p): 
Partition number (2-4, default 2): 
First sector (4096-36863, default 4096): 
Last sector, +/-sectors or +/-size{K,M,G,T,P} (4096-36863, default 36863): 
Created a new partition 2 of type 'Linux' and of size 16 MiB.
Command (m for help): p
Disk /dev/sdb: 18M, 18874368 bytes, 36864 sectors
Disklabel type: dos
Disk identifier: SN-server1-sdb-2
Units: sectors of 1 * 512 = 512 bytes

Device    Start   End Sectors Size Type
/dev/sdb1  2048  4095    2048 1M Linux
/dev/sdb2  4096 36863   32768 16M Linux
Command (m for help): w
`,
  );
  t.deepEqual(console.chassis.state.disks['/dev/sdb']?.partitions, [
    { number: 1, offsetBytes: MIB, sizeBytes: MIB },
    { number: 2, offsetBytes: 2 * MIB, sizeBytes: 16 * MIB },
  ]);
});

for (const [title, answers, table] of TALKS) {
  test(`fdisk, ${title}: ends with 0`, async (t) => {
    const console = largerDisk();
    const before = JSON.stringify(console.chassis.state.disks);
    t.is((await console.type('fdisk /dev/sdb', ...answersOf(answers))).code, 0);
    const isWritten = JSON.stringify(console.chassis.state.disks) !== before;
    t.deepEqual(isWritten ? tableOf(console) : [], table);
  });
}

test('With three in use the fourth is a container, which ends it with nothing written', async (t) => {
  const console = largerDisk();
  const before = JSON.stringify(console.chassis.state.disks);
  const answers = answersOf('o n p _ _ +1M n p _ _ +1M n p _ _ +1M n _ w');
  const { code, stderr } = await console.type('fdisk /dev/sdb', ...answers);
  t.is(code, 1);
  t.regex(stderr, /an extended partition is not provided here; nothing was written/);
  t.true(console.shown.join('').includes('Select (default e): \n'));
  t.is(JSON.stringify(console.chassis.state.disks), before);
});

test('A partition made anew lies where the old one was; the others stay', async (t) => {
  const console = largerDisk();
  await console.type('fdisk /dev/sdb', 'd', '1', 'n', 'p', '1', '', '3071', 'w');
  t.deepEqual(console.chassis.state.disks['/dev/sdb']?.partitions, [
    { number: 2, offsetBytes: 2 * MIB, sizeBytes: 2 * MIB },
    { number: 1, offsetBytes: MIB, sizeBytes: MIB / 2 },
  ]);
});

test('Nothing is written by q, or when nobody answers', async (t) => {
  const console = openConsole();
  const before = JSON.stringify(console.chassis.state.disks);
  t.is(said(await console.type('fdisk /dev/sdb', 'd', '2', 'q')), '0');
  t.is(said(await console.type('fdisk /dev/sdb', 'd', '2')), '0');
  t.is(said(await console.type('fdisk /dev/sdb', 'x', 'd', '9', '3', '2')), '0');
  t.true(console.shown.includes('x: unknown command\n'));
  t.true(console.shown.includes('Value out of range.\n'));
  t.is(JSON.stringify(console.chassis.state.disks), before);
});

test('A mounted partition that goes: the table is written, the kernel keeps the old one', async (t) => {
  const console = openConsole();
  const table = () =>
    console.chassis.state.disks['/dev/sdb']!.partitions.map(({ number }) => number);
  await console.type('mount /dev/sdb2 /mnt');
  const report = await console.type('fdisk /dev/sdb', 'd', '2', 'w');
  t.is(report.code, 0);
  t.regex(report.stdout, /Failed to remove partition 2 .* busy\nThe kernel still uses the old/);
  t.deepEqual(table(), [1, 2]);
  await console.type('umount /mnt');
  console.chassis.ask('host', { do: 'reset', why: 'a test' });
  console.chassis.take({ type: 'processes.gone' });
  t.deepEqual(table(), [1]);
});

test('A table that is read again takes write protection away', async (t) => {
  const console = openConsole();
  await console.type('blockdev --setro /dev/sdb2');
  await console.type('fdisk /dev/sdb', 'd', '1', 'w');
  t.is(said(await console.type('blockdev --getro /dev/sdb2')), '0 | 0');
});

test('A disk that is not there is named, with those that are', async (t) => {
  const console = openConsole();
  t.is(
    said(await console.type('fdisk /dev/sda')),
    '1 | fdisk: cannot open /dev/sda: no such disk here; there are: /dev/sdb',
  );
});

const table = { device: '/dev/sdb', serial: 's', sizeBytes: 18 * MIB };
const lasts: [string, number | null][] = [
  ['+1M', 4095],
  ['+1MiB', 4095],
  ['+2048', 4096],
  ['+512k', 3072],
  ['+1G', Number.NaN],
  ['+17M', Number.NaN],
  ['4095', 4095],
  ['2047', Number.NaN],
  ['-1', 36862],
  ['all', null],
  ['1M', Number.NaN],
  ['3K', 3072],
];
for (const [line, want] of lasts) {
  test(`The last sector of ${line} from 2048 on is ${want}`, (t) => {
    t.is(lastSector({ ...table, partitions: [] }, { first: 2048, last: 36863 }, line), want);
  });
}

test('Free sectors are the gaps between the partitions', (t) => {
  const part = (number: number, from: number, size: number) => ({
    number,
    offsetBytes: from * MIB,
    sizeBytes: size * MIB,
  });
  const gaps = (...partitions: ReturnType<typeof part>[]) =>
    gapsOf({ ...table, partitions }).map(({ first, last }) => [first, last]);
  t.deepEqual(gaps(), [[2048, 36863]]);
  t.deepEqual(gaps(part(1, 2, 1)), [
    [2048, 4095],
    [6144, 36863],
  ]);
  t.deepEqual(gaps(part(1, 1, 17)), []);
  t.deepEqual(gapsOf({ ...table, sizeBytes: 4 * MIB, partitions: [] })[0], {
    first: 1,
    last: 8191,
  });
});

test('Numbers are shown as fdisk shows them', (t) => {
  t.deepEqual([[1, 2, 3, 4], [3, 4], [1, 3, 4], [4]].map(rangeWords), ['1-4', '3,4', '1,3,4', '4']);
});
