import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import { resolveDevice } from '../../src/host/devices.ts';
import { hardwareFor, nextSerial } from '../../src/host/hardware.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { bare, booted, type Chassis } from './harness.ts';

const MIB = 1024 * 1024;
const fail = (mode: string): Json => ({ do: 'disk.fail', device: '/dev/sdb', mode });
const mount = (device: string, more: Record<string, Json> = {}): Json => ({
  do: 'mount',
  device,
  point: '/mnt/a',
  fs: 'ext3',
  readOnly: true,
  options: [],
  ...more,
});
const table = (...sizes: number[]): Json => ({
  do: 'partition',
  device: '/dev/sdb',
  partitions: sizes.map((sizeBytes, at) => ({ number: at + 1, sizeBytes })),
});

const paths: [string, string][] = [
  ['/dev/sdb', 'SN-server1-sdb-1 +0 4194304'],
  ['/dev/sdb1', 'SN-server1-sdb-1 +1048576 1048576'],
  ['/dev/sdb2', 'SN-server1-sdb-1 +2097152 2097152'],
  ['/dev/sdb3', 'none'],
  ['/dev/sda', 'none'],
  ['__proto__', 'none'],
];
for (const [path, want] of paths) {
  test(`${path} is ${want}`, (t) => {
    const found = resolveDevice(bare().state, path);
    t.is(found ? `${found.serial} +${found.offset} ${found.size}` : 'none', want);
  });
}

test('A disk is replaced while the power is off: new serial, blank, its maker is waited for', (t) => {
  const chassis = bare();
  const replace = { do: 'disk.replace', device: '/dev/sdb' };
  chassis.ask('bmc', fail('all'));
  chassis.ask('bmc', replace);
  t.is(chassis.refused, 'power.on');
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.take({ type: 'processes.gone' });
  t.deepEqual(chassis.ask('bmc', replace), [
    'saveHost',
    'log Disk /dev/sdb of server1 is replaced: SN-server1-sdb-2.',
    'createDisk SN-server1-sdb-2 4194304',
  ]);
  chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-2' });
  t.deepEqual(chassis.answer, { serial: 'SN-server1-sdb-2' });
  t.like(chassis.state.disks['/dev/sdb'], { failed: null, partitions: [] });
  t.is(resolveDevice(chassis.state, '/dev/sdb2'), null);
});

test('A further disk is added while the power is off: blank, as large as the largest one', (t) => {
  const chassis = bare();
  const add = (device: string): Json => ({ do: 'disk.add', device });
  chassis.ask('bmc', add('/dev/sdc'));
  t.is(chassis.refused, 'power.on');
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.take({ type: 'processes.gone' });
  chassis.ask('bmc', add('/dev/sdb'));
  t.is(chassis.refused, 'device.taken');
  chassis.ask('bmc', add('/dev/sdc1'));
  t.is(chassis.refused, 'device.name');
  t.deepEqual(chassis.ask('bmc', add('/dev/sdc')), [
    'saveHost',
    'log Disk /dev/sdc of server1 is added: SN-server1-sdc-1.',
    'createDisk SN-server1-sdc-1 4194304',
  ]);
  chassis.take({ type: 'disk.created', serial: 'SN-server1-sdc-1' });
  t.deepEqual(chassis.answer, { serial: 'SN-server1-sdc-1' });
  t.like(chassis.state.disks['/dev/sdc'], { failed: null, partitions: [] });
});

test('Serials count on', (t) => {
  t.is(nextSerial('SN-server1-sdb-9'), 'SN-server1-sdb-10');
  t.is(nextSerial('WD1234'), 'WD1234-2');
});

const tables: [string, number[], string | undefined, ((chassis: Chassis) => void)?][] = [
  ['that fits', [MIB, MIB], undefined],
  ['with nothing in it', [], undefined],
  ['that is too large', [MIB, 3 * MIB], 'partition.bad'],
  ['off the sectors', [MIB + 1], 'partition.bad'],
  ['of a failed disk', [MIB], 'device.error', (chassis) => chassis.ask('bmc', fail('write'))],
  ['of a disk that is mounted', [MIB], undefined, (b) => b.ask('host', mount('/dev/sdb2'))],
];
for (const [title, sizes, code, prepare] of tables) {
  test(`A partition table ${title}: ${code ?? 'is written'}`, (t) => {
    const chassis = bare();
    prepare?.(chassis);
    chassis.ask('host', table(...sizes));
    t.is(chassis.refused, code);
  });
}

test('A partition keeps its place when another is made anew in front of it', (t) => {
  const chassis = bare();
  const partitions = [
    { number: 2, offsetBytes: 2 * MIB, sizeBytes: 2 * MIB },
    { number: 1, offsetBytes: MIB, sizeBytes: MIB / 2 },
  ];
  chassis.ask('host', { do: 'partition', device: '/dev/sdb', partitions });
  t.is(resolveDevice(chassis.state, '/dev/sdb2')?.offset, 2 * MIB);
  t.is(resolveDevice(chassis.state, '/dev/sdb1')?.size, MIB / 2);
  const over = partitions.map((part) => ({ ...part, offsetBytes: MIB }));
  chassis.ask('host', { do: 'partition', device: '/dev/sdb', partitions: over });
  t.is(chassis.refused, 'partition.bad');
});

test('The disks of a running mirror agent are not to be touched', (t) => {
  const chassis = booted();
  chassis.ask('host', table(MIB));
  t.deepEqual(chassis.answer, { kept: [2] });
  t.is(chassis.state.disks['/dev/sdb']?.partitions.length, 2);
  chassis.ask('host', mount('/dev/sdb2'));
  t.is(chassis.refused, 'device.busy');
  chassis.ask('host', mount('/dev/NMP1', { readOnly: false }));
  t.is(chassis.refused, undefined);
});

const mounts: [string, Json, string | undefined, ((chassis: Chassis) => void)?][] = [
  ['of a partition', mount('/dev/sdb2'), undefined],
  ['of no device', mount('/dev/sdc1'), 'device.missing'],
  ['of a mirror without its agent', mount('/dev/NMP1'), 'device.missing'],
  ['of an empty drive', mount('/dev/fd0'), 'medium.none'],
  ['on a path outside', mount('/dev/sdb2', { point: '/mnt/../etc' }), 'mount.point'],
  ['on no absolute path', mount('/dev/sdb2', { point: 'mnt' }), 'mount.point'],
  ['of a dead disk', mount('/dev/sdb2'), 'device.error', (b) => b.ask('bmc', fail('read'))],
  ['twice', mount('/dev/sdb2'), 'mount.busy', (b) => b.ask('host', mount('/dev/sdb2'))],
  [
    'for writing of a device that is protected',
    mount('/dev/sdb2', { readOnly: false }),
    undefined,
    (b) => b.ask('host', { do: 'blockdev', device: '/dev/sdb2', op: 'setro' }),
  ],
];
for (const [title, body, code, prepare] of mounts) {
  test(`A mount ${title}: ${code ?? 'is done'}`, (t) => {
    const chassis = bare();
    prepare?.(chassis);
    chassis.ask('host', body);
    t.is(chassis.refused, code);
  });
}

test('Mounts and write protection do not outlive a boot', (t) => {
  const chassis = bare();
  chassis.ask('host', { do: 'blockdev', device: '/dev/sdb2', op: 'setro' });
  chassis.ask('host', mount('/dev/sdb2'));
  t.is(resolveDevice(chassis.state, '/dev/sdb2')?.readOnly, true);
  chassis.ask('host', { do: 'reset', why: 'a test' });
  chassis.take({ type: 'processes.gone' });
  t.deepEqual(chassis.state.mounts, []);
  t.is(resolveDevice(chassis.state, '/dev/sdb2')?.readOnly, false);
});

test('A mounted device is unmounted by its name or its point, once', (t) => {
  const chassis = bare();
  for (const target of ['/mnt/a/', '/dev/sdb2']) {
    chassis.ask('host', mount('/dev/sdb2'));
    chassis.ask('host', { do: 'umount', target });
    t.deepEqual(chassis.answer, {});
  }
  chassis.ask('host', { do: 'umount', target: '/mnt/a' });
  t.is(chassis.refused, 'mount.none');
});

test('Bytes are read of devices that no agent uses, and the failure of a read is told', (t) => {
  const chassis = bare();
  const read = { do: 'device.read', device: '/dev/sdb2', offset: 0, length: 512 };
  t.is(chassis.ask('host', read).at(-1), 'readDevice r2 /dev/sdb2 0 512');
  chassis.take({ type: 'access.failed', id: 'r2', code: 'EIO', message: 'no' });
  t.is(chassis.refused, 'EIO');
  chassis.ask('host', { ...read, offset: 2 * MIB });
  t.is(chassis.refused, 'device.range');
});

test('A medium goes from the shelf into the drive, is written, and comes out again', (t) => {
  const chassis = bare();
  const medium = { label: 'tuned', format: 'windows', files: { 'clp.conf': 'x' } };
  chassis.ask('bmc', { do: 'media.put', name: 'tuned', medium });
  chassis.ask('bmc', { do: 'medium.insert', medium: 'nothing' });
  t.is(chassis.refused, 'medium.unknown');
  chassis.ask('bmc', { do: 'medium.insert', medium: 'tuned' });
  chassis.ask('bmc', { do: 'medium.insert', medium: 'floppy' });
  t.is(chassis.refused, 'medium.occupied');
  chassis.ask('host', { do: 'medium.write', files: { extra: 'y' } });
  chassis.ask('host', { do: 'medium' });
  t.deepEqual(chassis.answer, {
    medium: { ...medium, files: { 'clp.conf': 'x', extra: 'y' } },
  });
  chassis.ask('bmc', { do: 'medium.remove' });
  chassis.ask('host', { do: 'medium' });
  t.deepEqual(chassis.answer, { medium: null });
  chassis.ask('host', { do: 'medium.write', files: {} });
  t.is(chassis.refused, 'medium.none');
});

test('The hardware follows from the configuration of the cluster', (t) => {
  const md = (name: string, cppath: string, dppath: string) => ({
    name,
    type: 'md',
    parameters: { nmppath: `/dev/NMP${name}`, 'diskdev/cppath': cppath, 'diskdev/dppath': dppath },
  });
  const config = {
    manual: 'v3',
    servers: [{ name: 'server1' }, { name: 'server2' }],
    groups: [],
    monitors: [],
    heartbeats: [],
    networkPartition: [],
    resources: [
      md('1', '/dev/sdb1', '/dev/sdb2'),
      md('2', '/dev/sdb1', '/dev/nvme0n1p3'),
      { name: 'fip1', type: 'fip', parameters: {} },
    ],
  } as unknown as ClusterConfiguration;
  const { peers, disks, services, mirrors } = hardwareFor(config, 'server2', { dataBytes: MIB });
  t.deepEqual(peers, ['server1']);
  t.is(mirrors.length, 2);
  t.deepEqual(Object.keys(services), [
    'clusterpro_evt',
    'clusterpro_trn',
    'clusterpro_md',
    'clusterpro',
    'clusterpro_webmgr',
    'clusterpro_alertsync',
  ]);
  t.deepEqual(disks, {
    '/dev/nvme0n1': {
      serial: 'SN-server2-nvme0n1-1',
      sizeBytes: 2 * MIB,
      failed: null,
      partitions: [{ number: 3, offsetBytes: MIB, sizeBytes: MIB }],
    },
    '/dev/sdb': {
      serial: 'SN-server2-sdb-1',
      sizeBytes: 3 * MIB,
      failed: null,
      partitions: [
        { number: 1, offsetBytes: MIB, sizeBytes: MIB },
        { number: 2, offsetBytes: 2 * MIB, sizeBytes: MIB },
      ],
    },
  });
});
