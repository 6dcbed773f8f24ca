import test from 'ava';
import { gapsOf, lastSector } from '../../../src/commands/os/fdisk.ts';
import { openConsole, said } from './console.ts';

const MIB = 1024 * 1024;

test('fdisk -l prints the tables of all disks', async (t) => {
  const { stdout } = await openConsole().type('fdisk -l');
  t.is(
    stdout,
    `Disk /dev/sdb: 4M, 4194304 bytes, 8192 sectors
Disk identifier: SN-server1-sdb-1
Units: sectors of 1 * 512 = 512 bytes

Device    Start  End Sectors Size Type
/dev/sdb1  2048 4095    2048 1M Linux
/dev/sdb2  4096 8191    4096 2M Linux
`,
  );
});

test('A replaced disk is laid out as in v3 6.7 step 6', async (t) => {
  const console = openConsole();
  console.bench.ask('bmc', { do: 'power.cut' });
  console.bench.take({ type: 'processes.gone' });
  console.bench.ask('bmc', { do: 'disk.replace', device: '/dev/sdb' });
  console.bench.take({ type: 'disk.created', serial: 'SN-server1-sdb-2' });
  console.bench.ask('bmc', { do: 'power.on', singleUser: true });
  console.bench.fire('boot');
  const answers = ['n', 'p', '1', '', '+1M', 'n', '', '', '', '', 'p', 'w'];
  const report = await console.type('fdisk /dev/sdb', ...answers);
  t.is(said(report), '0 | The partition table has been altered.\nSyncing disks.');
  t.is(
    console.shown.join(''),
    `Command (m for help): n
Partition type
   p   primary (0 primary, 0 extended, 4 free)
   l   logical (numbered from 5)
Select (default p): p
Partition number (1-4, default 1): 1
First sector (2048-8191, default 2048): 
Last sector, +/-sectors or +/-size{K,M,G,T,P} (2048-8191, default 8191): +1M
Created a new partition 1 of type 'Linux', 1048576 bytes.
Command (m for help): n
Partition type
   p   primary (1 primary, 0 extended, 3 free)
   l   logical (numbered from 5)
Select (default p): 
Partition number (1-4, default 2): 
First sector (4096-8191, default 4096): 
Last sector, +/-sectors or +/-size{K,M,G,T,P} (4096-8191, default 8191): 
Created a new partition 2 of type 'Linux', 2097152 bytes.
Command (m for help): p
Disk /dev/sdb: 4M, 4194304 bytes, 8192 sectors
Disk identifier: SN-server1-sdb-2
Units: sectors of 1 * 512 = 512 bytes

Device    Start  End Sectors Size Type
/dev/sdb1  2048 4095    2048 1M Linux
/dev/sdb2  4096 8191    4096 2M Linux
Command (m for help): w
`,
  );
  t.deepEqual(console.bench.state.disks['/dev/sdb']?.partitions, [
    { number: 1, offsetBytes: MIB, sizeBytes: MIB },
    { number: 2, offsetBytes: 2 * MIB, sizeBytes: 2 * MIB },
  ]);
});

test('A partition made anew lies where the old one was; the others stay', async (t) => {
  const console = openConsole();
  await console.type('fdisk /dev/sdb', 'd', '1', 'n', 'p', '1', '', '+512K', 'w');
  t.deepEqual(console.bench.state.disks['/dev/sdb']?.partitions, [
    { number: 2, offsetBytes: 2 * MIB, sizeBytes: 2 * MIB },
    { number: 1, offsetBytes: MIB, sizeBytes: MIB / 2 },
  ]);
});

test('Nothing is written by q, by a refusal, or when nobody answers', async (t) => {
  const console = openConsole();
  const before = JSON.stringify(console.bench.state.disks);
  t.is(said(await console.type('fdisk /dev/sdb', 'd', '2', 'q')), '0');
  t.is(
    said(await console.type('fdisk /dev/sdb', 'd', '2')),
    '1 | fdisk: nobody answers "Command (m for help):"; nothing was written',
  );
  await console.type('mount /dev/sdb2 /mnt');
  t.is(
    said(await console.type('fdisk /dev/sdb', 'd', '2', 'w')),
    '1 | fdisk: cannot write a partition table to /dev/sdb: it is mounted',
  );
  t.is(JSON.stringify(console.bench.state.disks), before);
});

test('Answers that make no sense are said so and asked again', async (t) => {
  const console = openConsole();
  const answers = ['x', 'd', '9', '1', 'n', 'e', 'n', 'p', '2', 'n', 'p', '1', '1', '2048', '+9G'];
  await console.type('fdisk /dev/sdb', ...answers, '4095', 'q');
  const told = console.shown.filter((text) => !text.includes(': '));
  t.deepEqual(told.filter((text) => text.startsWith('Value')).length, 3);
  t.true(console.shown.includes('x: unknown command\n'));
  t.true(console.shown.includes('e: no such partition type here.\n'));
  t.true(console.shown.includes('Partition 2 is already defined.\n'));
});

test('A disk that is not there is named, with those that are', async (t) => {
  const console = openConsole();
  t.is(
    said(await console.type('fdisk /dev/sda')),
    '1 | fdisk: cannot open /dev/sda: no such disk here; there are: /dev/sdb',
  );
});

const lasts: [number, string, number][] = [
  [2048, '+1M', 4095],
  [2048, '+2048', 4095],
  [2048, '+512k', 3071],
  [2048, '+1G', 2099199],
  [2048, '4095', 4095],
  [2048, '-1', Number.NaN],
  [2048, 'all', Number.NaN],
];
for (const [first, line, want] of lasts) {
  test(`The last sector of ${line} from ${first} on is ${want}`, (t) => {
    t.is(lastSector(first, line), want);
  });
}

test('Free sectors are the gaps between the partitions', (t) => {
  const table = { device: '/dev/sdb', serial: 's', sizeBytes: 4 * MIB };
  const part = (number: number, from: number, size: number) => ({
    number,
    offsetBytes: from * MIB,
    sizeBytes: size * MIB,
  });
  t.deepEqual(gapsOf({ ...table, partitions: [] }), [[2048, 8191]]);
  t.deepEqual(gapsOf({ ...table, partitions: [part(1, 2, 1)] }), [
    [2048, 4095],
    [6144, 8191],
  ]);
  t.deepEqual(gapsOf({ ...table, partitions: [part(1, 1, 3)] }), []);
});
