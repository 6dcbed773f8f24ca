/** Making, growing and looking at file systems, and tables as texts: what is refused, and how it ends. */
import test from 'ava';
import { bare } from '../../host/harness.ts';
import { type Console, openConsole, said } from './console.ts';
import { largerDisk } from './fdisk-talks.ts';

const MIB = 1024 * 1024;

/** A server without services, with a disk of 600 MiB: 400 MiB for xfs, 100 MiB for ext. */
function divided(): Console {
  const chassis = bare();
  const parts = [
    { number: 1, offsetBytes: MIB, sizeBytes: 400 * MIB },
    { number: 2, offsetBytes: 401 * MIB, sizeBytes: 100 * MIB },
    { number: 3, offsetBytes: 501 * MIB, sizeBytes: MIB / 8 },
  ];
  const disk = { serial: 'SN-c-1', sizeBytes: 600 * MIB, failed: null, partitions: parts };
  chassis.state = { ...chassis.state, disks: { ...chassis.state.disks, '/dev/sdc': disk } };
  return openConsole(chassis);
}

/** Of each line the last report. */
const lines: [string, string | RegExp][] = [
  // What is there.
  ['blkid /dev/sdc2', '2'],
  ['blkid /dev/nope', '2'],
  ['blkid -s TYPE -o value /dev/sdb2', '0 | ext3'],
  [
    'mkfs.ext4 -q /dev/sdc2; blkid -p /dev/sdc2',
    /^0 \| \/dev\/sdc2: UUID="[-0-9a-f]{36}" TYPE="ext4" USAGE="filesystem"$/,
  ],
  ['blkid -p', '4 | blkid: The low-level probing mode requires a device'],
  [
    'mkfs.ext4 /dev/sdc2; wipefs -a /dev/sdc2',
    '0 | /dev/sdc2: 2 bytes were erased at offset 0x00000438 (ext4): 53 ef',
  ],
  ['mkfs.ext4 /dev/sdc2; wipefs -a /dev/sdc2; blkid /dev/sdc2', '2'],
  [
    'wipefs -a /dev/nope',
    '1 | wipefs: error: /dev/nope: probing initialization failed: No such file or directory',
  ],
  // Making.
  [
    'mkfs -t ext3 -q /dev/sdc2; mount /dev/sdc2 /mnt; mount',
    '0 | /dev/sdc2 on /mnt type ext3 (rw)',
  ],
  ['mount /dev/sdc2 /mnt', '32 | mount: wrong fs type, bad option, bad superblock on /dev/sdc2'],
  [
    'mkfs.ext4 -q /dev/sdc2; mount -t xfs /dev/sdc2 /mnt',
    '32 | mount: wrong fs type, bad option, bad superblock on /dev/sdc2',
  ],
  ['mkfs.ext4 -q /dev/sdc2; mkfs.ext3 -q /dev/sdc2; blkid -s TYPE -o value /dev/sdc2', '0 | ext3'],
  [
    'mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; mkfs.ext4 /dev/sdc2',
    '1 | /dev/sdc2 is mounted; will not make a filesystem here!',
  ],
  [
    'mkfs.ext4 /dev/sdc3',
    '1 | mkfs.ext4: /dev/sdc3: Not enough space to build proposed filesystem',
  ],
  [
    'mkfs.ext4 /dev/nope',
    '1 | mkfs.ext4: The file /dev/nope does not exist and no size was specified.',
  ],
  [
    'mkfs -t reiserfs /dev/sdc2',
    '1 | mkfs: failed to execute mkfs.reiserfs: No such file or directory',
  ],
  ['mkfs.xfs -q /dev/sdc2', '1 | Filesystem must be larger than 300MB.'],
  ['mkfs.xfs -q /dev/sdc1', '0'],
  [
    'mkfs.xfs -q /dev/sdc1; mkfs.xfs -q /dev/sdc1',
    '1 | mkfs.xfs: /dev/sdc1 appears to contain an existing filesystem (xfs).\nmkfs.xfs: Use the -f option to force overwrite.',
  ],
  ['mkfs.xfs -q /dev/sdc1; mkfs.xfs -f -q /dev/sdc1', '0'],
  [
    'blockdev --setro /dev/sdc2; mkfs.ext4 /dev/sdc2',
    '1 | mkfs.ext4: /dev/sdc2 is write-protected',
  ],
  ['mkfs.ext4', '1 | mkfs.ext4: no device specified'],
  // Growing.
  [
    'resize2fs /dev/sdc1',
    /^1 \| Couldn't find valid .*Bad magic number in super-block while trying to open \/dev\/sdc1$/s,
  ],
  ['resize2fs /mnt', /^1 .*No such file or directory while opening \/mnt$/s],
  [
    'mkfs.ext4 -q /dev/sdc2; resize2fs /dev/sdc2',
    /^0 .*The filesystem is already 102400 \(1k\) blocks long\. {2}Nothing to do!$/s,
  ],
  [
    'mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; umount /mnt; resize2fs /dev/sdc2',
    /^1 .*Please run 'e2fsck -f \/dev\/sdc2' first\.$/s,
  ],
  [
    'mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; umount /mnt; e2fsck -p /dev/sdc2; resize2fs /dev/sdc2',
    /^1 /,
  ],
  [
    'mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; umount /mnt; e2fsck -f -p /dev/sdc2; resize2fs /dev/sdc2',
    /^0 .*Nothing to do!$/s,
  ],
  [
    'mkfs.ext4 -q /dev/sdc2; resize2fs /dev/sdc2 200M',
    /^1 .*only 102400 \(1k\) blocks\.\nYou requested a new size of 204800 blocks\.$/s,
  ],
  ['mkfs.ext4 -q /dev/sdc2; resize2fs /dev/sdc2 64M', /^0 .*is now 65536 \(1k\) blocks long\./s],
  [
    'mkfs.ext4 -q /dev/sdc2; resize2fs /dev/sdc2 64M; mount /dev/sdc2 /mnt; resize2fs -p /dev/sdc2',
    /^0 .*mounted on \/mnt; on-line resizing required\nThe filesystem on \/dev\/sdc2 is now 102400/s,
  ],
  [
    'mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; e2fsck -f -p /dev/sdc2',
    '8 | /dev/sdc2 is mounted.\ne2fsck: Cannot continue, aborting.',
  ],
  [
    'mkfs.ext4 -q /dev/sdc2; e2fsck -f /dev/sdc2',
    '8 | e2fsck: need terminal for interactive repairs',
  ],
  [
    'mkfs.xfs -q /dev/sdc1; xfs_growfs /mnt',
    '1 | xfs_growfs: /mnt is not a mounted XFS filesystem',
  ],
  ['mkfs.xfs -q /dev/sdc1; mount /dev/sdc1 /mnt; xfs_growfs /mnt', '0'],
  [
    'mkfs.xfs -q /dev/sdc1; mount /dev/sdc1 /mnt; xfs_growfs /mnt/below',
    '1 | xfs_growfs: /mnt/below is not a mounted XFS filesystem',
  ],
  [
    'mkfs.xfs -q /dev/sdc1; mount -r /dev/sdc1 /mnt; xfs_growfs /mnt',
    /^1 .*Read-only file system$/,
  ],
  // Journals.
  ['mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; dumpe2fs -h /dev/sdc2', /needs_recovery/],
  [
    'mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; umount /mnt; dumpe2fs -h /dev/sdc2',
    /has_journal filetype/,
  ],
  // Who uses it.
  ['mkfs.ext4 -q /dev/sdc2; mount /dev/sdc2 /mnt; fuser -M -k -m /mnt', '1'],
  ['fuser -M -k -m /mnt', '1 | Specified filename /mnt is not a mountpoint.'],
  ['fuser -k -m /mnt', '1 | /mnt is not mounted: that would end every process of server1; give -M'],
  // Copies.
  [
    'dd if=/dev/zero of=/z bs=1M count=2',
    '0 | 2+0 records in\n2+0 records out\n2097152 bytes (2.1 MB, 2.0 MiB) copied',
  ],
  [
    'dd if=/dev/zero of=/z bs=1M count=1 status=none; dd if=/z of=/y bs=300K',
    '0 | 3+1 records in\n3+1 records out\n1048576 bytes (1.0 MB, 1.0 MiB) copied',
  ],
  ['dd if=/dev/zero of=/z', '1 | dd: say how much, with bs= and count=; 67108864 bytes at most'],
  ['mkfs.ext4 -q /dev/sdc2; dd if=/dev/zero of=/dev/sdc2; blkid -p /dev/sdc2', '2'],
  [
    'dd if=/dev/zero of=/dev/sdb1',
    "1 | dd: error writing '/dev/sdb1': No space left on device\n2049+0 records in\n2048+0 records out\n1048576 bytes (1.0 MB, 1.0 MiB) copied",
  ],
  ['dd if=/dev/zero of=/dev/sdc9', '1 | dd: /dev/sdc9 is not a block device here'],
  [
    'dd if=/dev/zero of=/dev/sdb1 count=1',
    '1 | dd: /dev/sdb1 is cleared to its end: leave count= out',
  ],
  ['dd if=/none of=/z', "1 | dd: failed to open '/none': No such file or directory"],
  ['fdisk -l /dev/sdb1', /^0 \| Disk \/dev\/sdb1: 1M, 1048576 bytes, 2048 sectors\n/],
];
for (const [typed, want] of lines) {
  test(`${typed} → ${want}`, async (t) => {
    const console = divided();
    let last = '';
    for (const line of typed.split('; ')) last = said(await console.type(line));
    if (typeof want === 'string') t.is(last, want);
    else t.regex(last, want);
  });
}

test('a partition that grows keeps its file system as large as it was', async (t) => {
  const console = divided();
  await console.type('mkfs.ext4 -q /dev/sdc2');
  const answers = ['d', '3', 'd', '2', 'n', 'p', '2', '821248', '', 'w'];
  t.is((await console.type('fdisk /dev/sdc', ...answers)).code, 0);
  t.regex(said(await console.type('mount /dev/sdc2 /mnt')), /^0/);
  t.regex(said(await console.type('df /mnt')), /\/dev\/sdc2 +102400 /);
  t.regex(said(await console.type('resize2fs /dev/sdc2')), /is now 203776 \(1k\) blocks long/);
  t.regex(said(await console.type('df /mnt')), /\/dev\/sdc2 +203776 /);
});

test('a power cut leaves a journal to be replayed, an orderly reboot does not', async (t) => {
  for (const [how, expected] of [
    ['power.cut', /needs_recovery/],
    ['reboot', /has_journal filetype/],
  ] as const) {
    const console = divided();
    const { chassis } = console;
    await console.type('mkfs.ext4 -q /dev/sdc2');
    await console.type('mount /dev/sdc2 /mnt');
    if (how === 'reboot') await console.type('reboot');
    else chassis.ask('bmc', { do: how });
    chassis.take({ type: 'processes.gone' });
    if (how !== 'reboot') chassis.ask('bmc', { do: 'power.on', singleUser: true });
    chassis.fire('boot');
    t.regex(said(await console.type('dumpe2fs -h /dev/sdc2')), expected, how);
    await console.type('mount -r -o noload /dev/sdc2 /mnt');
    t.regex(said(await console.type('dumpe2fs -h /dev/sdc2')), expected, how);
    await console.type('umount /mnt');
    await console.type('mount -r /dev/sdc2 /mnt');
    t.notRegex(said(await console.type('dumpe2fs -h /dev/sdc2')), /needs_recovery/, how);
  }
});

test('a table goes from one disk to another as a text', async (t) => {
  const console = largerDisk();
  await console.type(
    'sfdisk -q /dev/sdb',
    'label: dos',
    'start=2048, size=4096',
    ',8M',
    ',',
    'write',
  );
  const dump = (await console.type('sfdisk -d /dev/sdb')).stdout;
  t.regex(
    dump,
    /\/dev\/sdb1 : start= +2048, size= +4096, type=83\n\/dev\/sdb2 : start= +6144, size= +16384, type=83\n\/dev\/sdb3 : start= +22528, size= +14336, /,
  );
  const other = largerDisk();
  t.is((await other.type('sfdisk -q /dev/sdb', ...dump.split('\n'))).code, 0);
  t.is((await other.type('sfdisk -d /dev/sdb')).stdout, dump);
});

const refused: [string, string[], string][] = [
  [
    'too large a partition',
    ['start=2048, size=400000000'],
    '1 | Failed to add #1 partition: No space left on device',
  ],
  ['no script', ['garbage'], '1 | line 1: unsupported command'],
  ['a field nobody knows', ['colour=red'], '1 | line 1: unsupported command'],
  ['an unknown label', ['label: sun'], "1 | unsupported label 'sun'"],
  ['quit', ['start=2048', 'quit'], '0'],
];
for (const [title, script, want] of refused) {
  test(`sfdisk, ${title}: ${want}, and nothing is written`, async (t) => {
    const console = largerDisk();
    const before = (await console.type('sfdisk -d /dev/sdb')).stdout;
    t.is(said(await console.type('sfdisk -q /dev/sdb', ...script)), want);
    t.is((await console.type('sfdisk -d /dev/sdb')).stdout, before);
  });
}

test('sfdisk leaves a disk alone of which a part is mounted', async (t) => {
  const console = divided();
  await console.type('mkfs.ext4 -q /dev/sdc2');
  await console.type('mount /dev/sdc2 /mnt');
  const report = await console.type('sfdisk -q /dev/sdc', 'size=4M');
  t.is(said(report), '1 | This disk is currently in use - repartitioning is probably a bad idea.');
});
