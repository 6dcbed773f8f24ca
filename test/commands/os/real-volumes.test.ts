/**
 * The stand-ins for sfdisk, mkfs, resize2fs, e2fsck, blkid and dd beside the machine's own, where those
 * are installed: the same words end with the same exit code, and leave the same table. Only on files of
 * a folder of their own.
 */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execaSync } from 'execa';
import { bare } from '../../host/harness.ts';
import { testWith } from '../../support/tools.ts';
import { type Console, openConsole } from './console.ts';

const MIB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'drydock-volumes-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function real(line: string, input = ''): { code: number; out: string } {
  const [program = '', ...args] = line.split(' ');
  const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
  const env = { PATH, LC_ALL: 'C' };
  const { exitCode, stdout } = execaSync(program, args, { cwd: folder, env, input, reject: false });
  return { code: exitCode ?? -1, out: stdout };
}

function disk(sizeBytes: number): Console {
  const chassis = bare();
  const partitions = [{ number: 1, offsetBytes: MIB, sizeBytes }];
  const made = { serial: 'SN-c-1', sizeBytes: sizeBytes + MIB, failed: null, partitions };
  const empty = { serial: 'SN-d-1', sizeBytes, failed: null, partitions: [] };
  const disks = { ...chassis.state.disks, '/dev/sdc': made, '/dev/sdd': empty };
  chassis.state = { ...chassis.state, disks };
  return openConsole(chassis);
}

const tableIn = (dump: string): string[] =>
  [...dump.matchAll(/(\d+) : start= *(\d+), size= *(\d+)/g)].map(([, ...cells]) => cells.join(' '));

const SCRIPTS: [title: string, lines: string[]][] = [
  ['one for the whole disk', ['label: dos', ',']],
  ['three, the last for what is left', ['start=2048, size=4096', ',8M', ',']],
  [
    'numbers of their own',
    ['label: dos', '/dev/x3 : start=2048, size=2048', '/dev/x1 : start=8192, size=2048'],
  ],
  ['sizes with units', ['size=4MiB', 'size=2M', 'size=1024K']],
  ['a start that is not aligned', ['start=3000, size=100']],
  ['a new one in a gap', ['start=2048, size=2048', 'start=20480, size=2048', 'size=2048']],
  ['a GPT', ['label: gpt', 'size=4M', 'size=4M']],
  ['too large', ['start=2048, size=900M']],
  ['two at one place', ['start=2048, size=2048', 'start=2048, size=2048']],
  ['rubbish', ['garbage']],
];
for (const [title, lines] of SCRIPTS) {
  testWith(['sfdisk'], `sfdisk beside the real one: ${title}`, async (t) => {
    writeFileSync(join(folder, 'disk'), '');
    truncateSync(join(folder, 'disk'), 32 * MIB);
    const { code } = real('sfdisk -q disk', `${lines.join('\n')}\n`);
    const table = tableIn(real('sfdisk -d disk').out);
    const console = disk(32 * MIB);
    const ours = await console.type('sfdisk -q /dev/sdd', ...lines);
    t.deepEqual(
      { code: ours.code, table: tableIn((await console.type('sfdisk -d /dev/sdd')).stdout) },
      { code, table },
    );
  });
}

/** Each with the size of the device in KiB; `DEV` stands for it. A file, unlike a device, would grow. */
const ENDS: [kib: number, lines: string[]][] = [
  [
    64 * 1024,
    ['mkfs.ext4 -q DEV', 'mkfs.ext4 -q DEV', 'blkid -p DEV', 'blkid -s TYPE -o value DEV'],
  ],
  [
    64 * 1024,
    ['mkfs.ext3 -q DEV', 'blkid -s TYPE -o value DEV', 'e2fsck -f -p DEV', 'e2fsck -f DEV'],
  ],
  [64 * 1024, ['mkfs -t ext2 -q DEV', 'resize2fs DEV', 'resize2fs DEV 32M', 'resize2fs DEV']],
  [64 * 1024, ['blkid -p DEV', 'resize2fs DEV', 'e2fsck -p DEV', 'wipefs -a DEV', 'blkid DEV']],
  [64 * 1024, ['mkfs.ext4 -q DEV', 'wipefs -a DEV', 'blkid -p DEV']],
  [100, ['mkfs.ext4 -q DEV', 'mkfs.ext2 -q DEV']],
  [
    400 * 1024,
    [
      'mkfs.xfs -q DEV',
      'mkfs.xfs -q DEV',
      'mkfs.xfs -f -q DEV',
      'resize2fs DEV',
      'mkfs.ext4 -q DEV',
    ],
  ],
  [100 * 1024, ['mkfs.xfs -q DEV', 'xfs_growfs DEV']],
];
const NEEDED = ['mkfs.ext4', 'mkfs.xfs', 'resize2fs', 'e2fsck', 'blkid', 'wipefs', 'xfs_growfs'];
for (const [kib, lines] of ENDS) {
  testWith(NEEDED, `${lines.join('; ')} of ${kib} KiB ends as the real ones do`, async (t) => {
    const name = `device-${kib}`;
    writeFileSync(join(folder, name), '');
    truncateSync(join(folder, name), kib * 1024);
    const console = disk(kib * 1024);
    for (const line of lines) {
      const expected = real(line.replace('DEV', name));
      const ours = await console.type(line.replace('DEV', '/dev/sdc1'));
      t.is(ours.code, expected.code, `${line}\n${expected.out}`);
      if (line.includes('-o value')) t.is(ours.stdout.trim(), expected.out);
    }
  });
}

const COPIES = [
  'if=/dev/zero of=OUT bs=1M count=2',
  'if=/dev/zero of=OUT bs=300k count=3',
  'if=/dev/zero of=OUT bs=1000 count=7 status=none',
  'if=/dev/zero of=OUT bs=2MB count=1',
  'if=NONE of=OUT',
  'if=/dev/zero of=OUT bs=x',
  'if=/dev/zero of=OUT colour=red',
];
for (const words of COPIES) {
  testWith(['dd'], `dd ${words} beside the real one`, async (t) => {
    const line = `dd ${words.replace('NONE', '/nowhere/at/all')}`;
    const expected = execaSync('dd', line.replace('OUT', join(folder, 'out')).split(' ').slice(1), {
      env: { LC_ALL: 'C' },
      reject: false,
    });
    const ours = await disk(MIB).type(line.replace('OUT', '/out'));
    t.is(ours.code, expected.exitCode ?? -1);
    // How long it took, and how fast that was, are the machine's own.
    const told = expected.stderr.replace(/ copied,.*/, ' copied');
    if (ours.code === 0) t.is(ours.stderr.trim(), told);
  });
}
