import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { osCommands } from '../../../src/commands/os/index.ts';
import { booted } from '../../host/harness.ts';
import { openConsole, said } from './console.ts';

const OFF = '0:off 1:off 2:off 3:off 4:off 5:off 6:off';
const ON = '0:off 1:off 2:off 3:on 4:off 5:on 6:off';

/** Each line is typed on a server in single user mode with nothing running. */
const lines: [string, string | RegExp][] = [
  ['chkconfig --list clusterpro', `0 | clusterpro ${ON}`],
  ['chkconfig --del clusterpro; chkconfig --list clusterpro', `0 | clusterpro ${OFF}`],
  [
    'chkconfig --del clusterpro; chkconfig --add clusterpro; chkconfig --list clusterpro',
    `0 | clusterpro ${ON}`,
  ],
  ['chkconfig --set clusterpro_md off; chkconfig --list clusterpro_md', `0 | clusterpro_md ${OFF}`],
  ['chkconfig clusterpro_md off; chkconfig --set clusterpro_md on', '0'],
  ['chkconfig --del', '2 | chkconfig: --del needs the name of a service'],
  ['chkconfig --kill x', '2 | chkconfig: option --kill is not provided here'],
  [
    'chkconfig --list sshd',
    '2 | chkconfig: sshd is no service here; there are clusterpro_evt, clusterpro_md, clusterpro, clusterpro_webmgr',
  ],
  [
    'chkconfig --add sshd',
    '1 | chkconfig: server1 has no service sshd; it has clusterpro_evt, clusterpro_md, clusterpro, clusterpro_webmgr',
  ],
  ['systemctl disable clusterpro.service; systemctl is-enabled clusterpro', '1 | disabled'],
  [
    'systemctl disable clusterpro; systemctl is-enabled clusterpro clusterpro_md',
    '0 | disabled\nenabled',
  ],
  [
    'systemctl is-enabled sshd',
    '1 | Failed to get unit file state for sshd.service: No such file or directory',
  ],
  ['systemctl is-active sshd', '3 | inactive'],
  ['systemctl start clusterpro_webmgr; systemctl is-active clusterpro_webmgr', '0 | active'],
  [
    'systemctl start clusterpro_webmgr; systemctl stop clusterpro_webmgr; systemctl is-active clusterpro_webmgr',
    '3 | inactive',
  ],
  [
    'systemctl poweroff',
    '1 | systemctl: say one of enable, disable, start, stop, restart, is-enabled, is-active, status, show',
  ],
  ['systemctl --now enable clusterpro', '1 | systemctl: option --now is not provided here'],
  ['shutdown -h now', '0 | The system is going down for system halt NOW!'],
  ['shutdown -r now', '0 | The system is going down for reboot NOW!'],
  ['shutdown -h +10', '2 | shutdown: the only time that can be said is now'],
  ['shutdown now', '2 | shutdown: say -h (halt) or -r (reboot), once'],
  ['shutdown -c', '2 | shutdown: option -c is not provided here'],
  ['reboot', '0 | The system is going down for reboot NOW!'],
  ['reboot -f', '2 | reboot: option -f is not provided here'],
  ['reboot; hostname; fdisk -l', '1 | fdisk: the operating system of server1 is not up'],
  ['mount', '0'],
  [
    'mount -r -t ext3 -o noload /dev/sdb2 /mnt; mount',
    '0 | /dev/sdb2 on /mnt type ext3 (ro,noload)',
  ],
  ['mount -o ro,noload /dev/sdb2 /mnt; umount /mnt; mount', '0'],
  ['mount /dev/sdz1 /mnt', '32 | mount: /dev/sdz1 is not a block device here'],
  [
    'mount -t xfs /dev/sdb2 /mnt',
    '32 | mount: wrong fs type, bad option, bad superblock on /dev/sdb2',
  ],
  ['mount /dev/sdb1 /mnt', '32 | mount: wrong fs type, bad option, bad superblock on /dev/sdb1'],
  ['mount /dev/sdb2 /mnt; mount', '0 | /dev/sdb2 on /mnt type ext3 (rw)'],
  [
    'mount /dev/sdb2 /mnt; mount /dev/sdb2 /mnt',
    '32 | mount: /dev/sdb2 is already mounted on /mnt',
  ],
  ['mount /dev/sdb2 /mnt; mount /dev/sdb2 /srv; umount /dev/sdb2; umount /mnt', '0'],
  ['mount -r -t ext3 -o loop /none /mnt', '32 | mount: /none: failed to setup loop device'],
  [
    'dd if=/dev/sdb2 of=/image; mount -o loop /image /mnt; mount',
    '0 | /image on /mnt type ext3 (rw,loop)',
  ],
  [
    'dd if=/dev/sdb2 of=/image; mount -t xfs -o loop /image /mnt',
    '32 | mount: wrong fs type, bad option, bad superblock on /image',
  ],
  [
    'tar -cf /a /mnt; mount -o loop /a /mnt',
    '32 | mount: wrong fs type, bad option, bad superblock on /a',
  ],
  ['dd if=/dev/sdz1 of=/copy', "1 | dd: failed to open '/dev/sdz1': No such file or directory"],
  ['dd if=/dev/sdb2 colour=1', '1 | dd: unrecognized operand colour=1'],
  ['dd if=/dev/sdb2 of=/dev/sdb1', '1 | dd: say if=PARTITION and of=FILE, both from / on'],
  ['mount /dev/sdb2', '1 | mount: name a device and a mount point'],
  ['mount -o remount,rw /dev/sdb2 /mnt', '1 | mount: remount is not provided here'],
  ['mount --bind / /mnt', '1 | mount: option --bind is not provided here'],
  ['umount /mnt', '32 | umount: /mnt: not mounted'],
  ['umount -l /mnt', '1 | umount: option -l is not provided here'],
  ['blockdev --getro /dev/sdb2', '0 | 0'],
  ['blockdev --setro /dev/sdb2; blockdev --getro /dev/sdb2', '0 | 1'],
  [
    'blockdev --setro /dev/sdb2; mount /dev/sdb2 /mnt',
    '0 | mount: /mnt: WARNING: source write-protected, mounted read-only.',
  ],
  [
    'blockdev --setro /dev/sdb2; mount -w /dev/sdb2 /mnt',
    '32 | mount: /dev/sdb2 is write-protected',
  ],
  ['blockdev --setro /dev/sdb; blockdev --getro /dev/sdb2', '0 | 1'],
  ['blockdev --setro /dev/sdb2; blockdev --setrw /dev/sdb2; blockdev --getro /dev/sdb2', '0 | 0'],
  ['blockdev --flushbufs /dev/sdb2', '1 | blockdev: option --flushbufs is not provided here'],
  ['hostname', '0 | server1'],
  ['hostname other', '2 | hostname: the name of a server is part of the cluster; see clp.conf'],
  ['sync', '0'],
  ['true', '0'],
  ['false', '1'],
  ['echo one  two', '0 | one two'],
  ['date', '0 | Mon Jan  5 12:00:00 UTC 2026'],
  ['date +%s', '0 | 1767614400'],
  ['date -s now', '1 | date: the time can only be read here'],
  ['sleep 0.5', '0'],
  ['sleep forever', '2 | sleep: say how many seconds'],
  ['cat /etc/motd /none', '1 | welcome | cat: /none: no such file'],
  ['cat motd', '1 | cat: motd: no such file'],
  ['ls /etc', '0 | /etc/motd'],
  ['ls -la /etc', '2 | ls: option -la is not provided here'],
  ['ls etc', '2 | ls: name one absolute path'],
  [
    'tar -cf /a /mnt; tar -tf /a',
    /^0 \| mnt\/\nimage of \/mnt, on which nothing is mounted on server1/,
  ],
  ['tar -tf /none', '2 | tar: /none: Cannot open: No such file or directory'],
  ['tar -czf /a /mnt', '64 | tar: option -czf is not provided here'],
  ['tar -xf /a', '64 | tar: option -xf is not provided here'],
  ['tar -tf /etc/motd', '2 | tar: /etc/motd: This does not look like a tar archive'],
  ['tar -cf a /mnt', '2 | tar: a: name the archive from / on'],
];
for (const [typed, want] of lines) {
  test(`${typed} → ${want}`, async (t) => {
    const console = openConsole();
    console.files.set('/etc/motd', 'welcome\n');
    console.devices.set('/dev/sdb2', new Uint8Array(2 * 1024 * 1024));
    let last = '';
    for (const line of typed.split('; ')) last = said(await console.type(line));
    if (typeof want === 'string') t.is(last, want);
    else t.regex(last, want);
  });
}

test('A shutdown is ordered of the host, and the command has answered before', async (t) => {
  const console = openConsole(booted());
  t.is((await console.type('shutdown -h now')).code, 0);
  t.is(console.chassis.state.node.value, 'shuttingDown');
  t.is(console.chassis.state.processes.daemon?.state, 'stopping');
});

test('sleep waits as long as it is told', async (t) => {
  const console = openConsole();
  await console.type('sleep 1.5');
  t.is(console.slept, 1_500);
});

test('A mounted partition is backed up as an image that can be checked', async (t) => {
  const console = openConsole();
  const bytes = new Uint8Array(2 * 1024 * 1024);
  bytes.set([1, 2, 3], 700_000);
  console.devices.set('/dev/sdb2', bytes);
  await console.type('mount -r /dev/sdb2 /mnt');
  t.regex(
    said(await console.type('tar -cf /backup/md1 /mnt')),
    /^0 .*image of \/dev\/sdb2, 2097152/,
  );
  t.regex(
    said(await console.type('tar -tf /backup/md1')),
    /^0 \| mnt\/\n.*on server1, 2097152 bytes/,
  );
  const archive = console.files.get('/backup/md1')!;
  t.true(archive.length < 400_000);
  console.files.set('/backup/md1', archive.replace('"offset":524288', '"offset":262144'));
  t.regex(said(await console.type('tar -tf /backup/md1')), /^2 .*does not look like/);
});

const CONF = readFileSync(
  new URL('../../../fixtures/clusters/v3le.clp.conf', import.meta.url),
  'utf8',
);

test('An active mirror is backed up through its agent; one that is not leaves a bare folder', async (t) => {
  const console = openConsole();
  console.files.set('/opt/nec/clusterpro/etc/clp.conf', CONF);
  const side = { active: true, mounted: true, generation: 'g1', sizeBytes: 300_000 };
  const asked: unknown[] = [];
  console.agent = (body) => {
    if (body.do === 'status') return { server: 'server1', now: 0, mirrors: { md1: side } };
    asked.push([body.offset, body.length]);
    return { data: Buffer.alloc(body.length as number, 7).toString('base64') };
  };
  t.regex(
    said(await console.type('tar cf /b /mnt/md1')),
    /^0 .*image of md1 \(\/dev\/NMP1\), 300000/,
  );
  t.deepEqual(asked, [
    [0, 262_144],
    [262_144, 37_856],
    [0, 262_144],
    [262_144, 37_856],
  ]);
  side.active = false;
  t.regex(said(await console.type('tar cf /b /mnt/md1')), /^0 .*nothing is mounted, 0 bytes/);
});

/** That nothing was found, or nobody uses it, these say by their exit code alone, as the real ones. */
const SAY_BY_CODE = new Set(['false', 'blkid', 'fuser']);

test('Whatever is typed, a command answers with one report and an exit code', async (t) => {
  const words = [
    '-r',
    '-h',
    '-l',
    '-o',
    '-t',
    'now',
    '/dev/sdb',
    '/dev/sdb2',
    '/mnt',
    'clusterpro',
  ];
  const arg = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 }));
  const names = osCommands.map((command) => command.name);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(arg, { maxLength: 5 }),
      async (name, args) => {
        const console = openConsole();
        const typed = [name, ...args.map((word) => word.replace(/\s/g, '_'))].join(' ');
        const report = await console.type(typed, 'q');
        const saysSomething = report.stderr !== '' || report.stdout !== '';
        t.true(report.code === 0 || saysSomething || SAY_BY_CODE.has(name), typed);
        t.true(report.stderr === '' || report.stderr.endsWith('\n'));
      },
    ),
  );
});

test('What changes while it is read ends in 1, with the archive there', async (t) => {
  const console = openConsole();
  console.files.set('/opt/nec/clusterpro/etc/clp.conf', CONF);
  const side = { active: true, mounted: true, generation: 'g1', sizeBytes: 300_000 };
  let reads = 0;
  console.agent = (body) => {
    if (body.do === 'status') return { server: 'server1', now: 0, mirrors: { md1: side } };
    reads += 1;
    return { data: Buffer.alloc(body.length as number, reads).toString('base64') };
  };
  const report = await console.type('tar -cf /b /mnt/md1');
  t.is(report.code, 1);
  t.regex(report.stderr, /\/mnt\/md1: file changed as we read it\n$/);
  t.regex(said(await console.type('tar -tf /b')), /^0 \| mnt\/md1\/\n/);
});

test('A full disk ends tar in 2', async (t) => {
  const console = openConsole();
  console.files.set = () => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  t.is(said(await console.type('tar -cf /b /mnt')), '2 | tar: ENOSPC: no space left on device');
});

test('A copy of a partition is mounted as a file, and backed up', async (t) => {
  const console = openConsole();
  console.devices.set('/dev/sdb2', new Uint8Array(2 * 1024 * 1024).fill(5));
  const copied = await console.type('dd if=/dev/sdb2 of=/var/copy bs=1M');
  t.is(said(copied), '0 | 2+0 records in\n2+0 records out\n2097152 bytes (2.1 MB, 2.0 MiB) copied');
  t.is(said(await console.type('mount -t ext3 -o loop /var/copy /mnt')), '0');
  t.regex(said(await console.type('tar -cf /b /mnt')), /^0 .*image of \/dev\/sdb2, 2097152/);
  t.is(said(await console.type('umount /mnt')), '0');
  console.files.set('/var/copy', 'torn');
  t.regex(said(await console.type('mount -o loop /var/copy /mnt')), /^32 .*wrong fs type/);
});
