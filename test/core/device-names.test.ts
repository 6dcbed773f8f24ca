/** Which disk a partition lies on, by its name, and back. */
import test from 'ava';
import { diskOf, partitionDevice, splitPartition } from '../../src/core/device-names.ts';

const partitions: [path: string, disk: string, number: number][] = [
  ['/dev/sdb2', '/dev/sdb', 2],
  ['/dev/sdaa15', '/dev/sdaa', 15],
  ['/dev/vdc1', '/dev/vdc', 1],
  ['/dev/emcpowera1', '/dev/emcpowera', 1],
  ['/dev/nvme0n1p1', '/dev/nvme0n1', 1],
  ['/dev/mmcblk0p12', '/dev/mmcblk0', 12],
  ['/dev/md0p3', '/dev/md0', 3],
  ['/dev/cciss/c0d0p2', '/dev/cciss/c0d0', 2],
  ['/dev/disk/by-id/scsi-36000c29-part1', '/dev/disk/by-id/scsi-36000c29', 1],
  ['/dev/disk/by-path/pci-0000:00:10.0-part2', '/dev/disk/by-path/pci-0000:00:10.0', 2],
];

for (const [path, disk, number] of partitions) {
  test(`${path} is partition ${number} of ${disk}`, (t) => {
    t.deepEqual(splitPartition(path), { disk, number });
    t.is(partitionDevice(disk, number), path);
    t.is(diskOf(path), disk);
  });
}

const whole = [
  '/dev/sdb',
  '/dev/nvme0n1',
  '/dev/md0',
  '/dev/dm-3',
  '/dev/loop7',
  '/dev/vg0/lv1',
  '/dev/mapper/vg0-lv1',
  '/dev/mapper/mpatha',
  '/dev/vx/dsk/dg1/vol1',
  '/dev/disk/by-id/scsi-36000c29',
];

for (const path of whole) {
  test(`${path} is a device of its own`, (t) => {
    t.is(splitPartition(path), null);
    t.is(diskOf(path), path);
  });
}
