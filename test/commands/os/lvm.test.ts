/** Logical volumes as lvm2 lists and grows them. */
import test from 'ava';
import { bare } from '../../host/harness.ts';
import { type Console, openConsole, said } from './console.ts';

const MIB = 1024 * 1024;

/** vg1 with the volume data: 20 MiB, and 20 MiB free. */
function grouped(failed: 'all' | null = null): Console {
  const chassis = bare();
  const disk = {
    serial: 'SN-lv',
    sizeBytes: 20 * MIB,
    roomBytes: 20 * MIB,
    failed,
    partitions: [],
  };
  const disks = { ...chassis.state.disks, '/dev/vg1/data': disk };
  chassis.state = { ...chassis.state, disks };
  return openConsole(chassis);
}

const lines: [string, string | RegExp][] = [
  ['lvs --noheadings --units b -o lv_size vg1/data', `0 |   ${20 * MIB}B`],
  ['lvs', /^0 \| {3}lv vg_name lv_attr lv_size\n {2}data vg1 -wi-a----- 20\.00m$/],
  ['lvs vg9', '5 |   Failed to find lv "vg9"'],
  ['lvs -o colour', '3 | lvs: Unrecognised field: colour'],
  [
    'vgs --reportformat json -o vg_name,vg_free --units b',
    /^0 \| \{\n.*"vg_name": "vg1",\n +"vg_free": "20971520B"/s,
  ],
  [
    'lvextend -L 32M /dev/vg1/data',
    /^0 \| .*changed from 20\.00 MiB \(5 extents\) to 32\.00 MiB \(8 extents\)\./,
  ],
  ['lvextend -L +10M vg1/data; lvs --noheadings --units b -o lv_size', `0 |   ${32 * MIB}B`],
  ['lvextend -l +100%FREE vg1/data; vgs --noheadings --units b -o vg_free', '0 |   0B'],
  ['lvextend -L 20M vg1/data', '5 |   New size (5 extents) matches existing size (5 extents).'],
  [
    'lvextend -L 8M vg1/data',
    '5 |   New size given (2 extents) not larger than existing size (5 extents)',
  ],
  [
    'lvextend -L 100M vg1/data',
    '5 |   Insufficient free space: 20 extents needed, but only 5 available',
  ],
  ['lvextend -L 1G vg1/nothing', '5 |   Failed to find logical volume "vg1/nothing"'],
  ['lvextend vg1/data', '3 | lvextend: say -L SIZE or -l EXTENTS, and one volume'],
  [
    'mkfs.ext4 -q /dev/vg1/data; lvextend -L 32M vg1/data; resize2fs /dev/vg1/data',
    /^0 .*is now 32768 \(1k\) blocks long\./s,
  ],
];
for (const [typed, want] of lines) {
  test(`${typed} → ${want}`, async (t) => {
    const console = grouped();
    let last = '';
    for (const line of typed.split('; ')) last = said(await console.type(line));
    if (typeof want === 'string') t.is(last, want);
    else t.regex(last, want);
  });
}

test('where a physical volume is missing the list is whole, and nothing grows', async (t) => {
  const console = grouped('all');
  const report = await console.type('vgs --reportformat json -o vg_name,vg_missing_pv_count');
  t.is(report.code, 0);
  t.deepEqual(JSON.parse(report.stdout), {
    report: [{ vg: [{ vg_name: 'vg1', vg_missing_pv_count: '1' }] }],
  });
  t.regex(report.stderr, /WARNING/);
  t.is(
    said(await console.type('lvextend -L 32M vg1/data')),
    '5 |   Cannot change VG vg1 while PVs are missing.',
  );
});
