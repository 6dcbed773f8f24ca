/**
 * Resources and monitors of what lies outside a server, or beneath it: what an attempt and a check
 * do, one piece of work after the other, and with which documented code and words they end (v3
 * 12.4, 12.5). A row is read from left to right: what each piece of work came to, then the next
 * one, or the result.
 */
import test from 'ava';
import { initialDaemon } from '../../src/engine/index.ts';
import { monitorTypes } from '../../src/engine/monitors/registry.ts';
import type { Check } from '../../src/engine/monitors/type.ts';
import { resourceTypeOf, resourceTypes } from '../../src/engine/resources/registry.ts';
import type { Attempt, Result } from '../../src/engine/resources/type.ts';
import type { End, Work } from '../../src/engine/work.ts';
import type {
  ConfiguredMonitor,
  ConfiguredResource,
} from '../../src/schema/generated/cluster-configuration.ts';
import { monitor, twoServers } from './config.ts';

type Parameters = ConfiguredResource['parameters'];

/** `ok`, an answer as JSON, or the code of a refusal. */
function endOf(word: string): End {
  if (word === 'ok') return { type: 'request.answered', id: 'd1', body: {} };
  if (word.startsWith('{')) {
    return { type: 'request.answered', id: 'd1', body: JSON.parse(word) };
  }
  return { type: 'request.failed', id: 'd1', code: word, message: 'no' };
}

function wordsOf(next: Work | Result | { type: string }): string {
  if ('by' in next) {
    const body = 'body' in next ? (next.body as Record<string, unknown>) : {};
    return Object.values(body)
      .filter((value) => typeof value === 'string')
      .join(' ');
  }
  if ('code' in next && 'text' in next) return `${next.code}: ${next.text}`;
  return 'succeeded' in next ? 'succeeded' : 'passed';
}

const disk = { device: '/dev/sdb1', 'mount/point': '/mnt/d', fs: 'ext4' };
const raw = { raw: '/dev/raw/raw1', device: '/dev/sdd1' };
const busy = 'mount.busy';

const attempts: [string, 'activate' | 'deactivate', Parameters, string[], string][] = [
  ['disk', 'activate', disk, [], 'outside take disk /dev/sdb1'],
  ['disk', 'activate', disk, ['ok'], 'mount /dev/sdb1 /mnt/d ext4'],
  ['disk', 'activate', disk, ['ok', 'ok'], 'succeeded'],
  [
    'disk',
    'activate',
    disk,
    ['device.missing'],
    '1: Command failed. (clproset -w -d /dev/sdb1, ret=1)',
  ],
  ['disk', 'activate', disk, ['ok', busy], '1: Mount point was already mounted. (/mnt/d)'],
  ['disk', 'activate', disk, ['ok', 'mount.point'], '1: Mount point was invalid. (/mnt/d)'],
  ['disk', 'activate', disk, ['ok', 'device.missing'], '1: Command failed. (mount, ret=32)'],
  ['disk', 'activate', disk, ['ok', 'device.error'], 'mount /dev/sdb1 /mnt/d ext4'],
  ['disk', 'activate', disk, ['ok', 'device.error', 'ok'], 'succeeded'],
  [
    'disk',
    'activate',
    disk,
    ['ok', ...Array<string>(4).fill('mount.type')],
    '1: Max recover retry over. (/dev/sdb1, retry=3)',
  ],
  [
    'disk',
    'activate',
    { ...disk, 'mount/retry': 0 },
    ['ok', 'mount.type'],
    '1: Command failed. (mount, ret=32)',
  ],
  ['disk', 'activate', { ...disk, disktype: 'raw' }, ['ok'], 'succeeded'],
  ['disk', 'deactivate', disk, [], 'umount /mnt/d'],
  ['disk', 'deactivate', disk, ['ok'], 'outside release disk /dev/sdb1'],
  ['disk', 'deactivate', disk, ['ok', 'device.missing'], 'succeeded'],
  ['disk', 'deactivate', disk, ['mount.none'], '1: Mount point was not mounted. (/mnt/d)'],
  ['disk', 'deactivate', disk, ['os.off'], 'umount /mnt/d'],
  ['disk', 'deactivate', disk, ['os.off', 'ok'], 'outside release disk /dev/sdb1'],
  ['disk', 'deactivate', { ...disk, disktype: 'raw' }, [], 'outside release disk /dev/sdb1'],
  ['vxvol', 'activate', disk, ['ok', busy], '1: Mount point was already mounted. (/mnt/d)'],
  ['raw', 'activate', raw, [], 'outside take disk /dev/sdd1'],
  ['raw', 'activate', raw, ['ok'], 'raw bind /dev/raw/raw1 /dev/sdd1'],
  ['raw', 'activate', raw, ['ok', 'ok'], 'succeeded'],
  ['raw', 'activate', raw, ['ok', 'raw.bound'], '1: Raw device was already bound. (/dev/raw/raw1)'],
  ['raw', 'activate', raw, ['device.missing'], '1: Device was invalid. (/dev/sdd1)'],
  ['raw', 'deactivate', raw, [], 'raw unbind /dev/raw/raw1'],
  ['raw', 'deactivate', raw, ['ok'], 'outside release disk /dev/sdd1'],
  ['raw', 'deactivate', raw, ['ok', 'ok'], 'succeeded'],
  ['vxdg', 'activate', { devname: 'dg1' }, [], 'outside take volumes dg1'],
  ['vxdg', 'activate', { devname: 'dg1' }, ['ok'], 'succeeded'],
  ['vxdg', 'activate', {}, [], 'outside take volumes one'],
  [
    'vxdg',
    'activate',
    { devname: 'dg1' },
    ['os.off'],
    '1: Command failed. (vxdg import dg1, ret=1)',
  ],
  ['volmgr', 'activate', { devname: 'vg1', pv: '/dev/sdc1' }, [], 'device.check /dev/sdc1 read'],
  ['volmgr', 'activate', { devname: 'vg1', pv: '/dev/sdc1' }, ['ok'], 'outside take volumes vg1'],
  [
    'volmgr',
    'activate',
    { devname: 'vg1', pv: '/dev/sdc1' },
    ['device.error'],
    '1: Command failed. (vgchange -ay vg1, ret=1)',
  ],
  [
    'volmgr',
    'deactivate',
    { devname: 'z1', type: 'zfspool' },
    ['os.off'],
    '1: Command failed. (zpool export z1, ret=1)',
  ],
  ['vip', 'activate', { ip: '10.9.0.1' }, [], 'address add 10.9.0.1'],
  [
    'ddns',
    'activate',
    { hostname: 'a.example', ip: '10.0.0.1' },
    [],
    'outside take name a.example 10.0.0.1',
  ],
  [
    'ddns',
    'deactivate',
    { hostname: 'a.example', ip: '10.0.0.1' },
    [],
    'outside release name a.example 10.0.0.1',
  ],
  [
    'ddns',
    'activate',
    { hostname: 'a.example', ip: '10.0.0.1' },
    ['access.failed'],
    '1: The name was not registered. (a.example, status=access.failed)',
  ],
];

for (const [type, op, parameters, ends, expected] of attempts) {
  const so = ends.length > 0 ? ` after ${ends.join(', ')}` : '';
  test(`${type} with ${JSON.stringify(parameters)}, to ${op}${so}: ${expected}`, (t) => {
    const config = twoServers();
    const resource = { ...config.resources[0]!, name: 'one', type, parameters };
    const [group] = config.groups;
    const about: Attempt = {
      op,
      resource,
      group: group!,
      server: 'server1',
      reason: 'start',
      wasActive: true,
      evidence: null,
      started: null,
    };
    t.is(wordsOf(resourceTypes.get(type)!.next(about, ends.map(endOf))), expected);
  });
}

test('a disk that never was mounted has nothing to be unmounted', (t) => {
  const config = twoServers();
  const resource = { ...config.resources[0]!, name: 'one', type: 'disk', parameters: disk };
  const about: Attempt = {
    op: 'deactivate',
    resource,
    group: config.groups[0]!,
    server: 'server1',
    reason: 'start',
    wasActive: false,
    evidence: null,
    started: null,
  };
  const { next } = resourceTypes.get('disk')!;
  t.is(wordsOf(next(about, [endOf('mount.none')])), 'outside release disk /dev/sdb1');
  t.is(wordsOf(next(about, [endOf('mount.none'), endOf('ok')])), 'succeeded');
});

const other = '{"text":"server2"}';
const none = '{"text":null}';

type Watched = [string, Partial<ConfiguredMonitor>, string[], string];

/** Bound to the resource `one`, which is of the type that is named with it. */
const checks: Watched[] = [
  ['diskw', {}, [], 'device.check /dev/sdb1 read'],
  ['diskw', { parameters: { method: 'WRITE' } }, [], 'device.check /dev/sdb1 write'],
  ['diskw', {}, ['ok'], 'outside look disk /dev/sdb1'],
  ['diskw', {}, ['ok', '{"text":"server1"}'], 'passed'],
  ['diskw', {}, ['ok', none], 'passed'],
  ['diskw', {}, ['ok', other], '12: Ioctl was failed. (err=16) Device=/dev/sdb1'],
  ['diskw', { target: null, parameters: { object: '/dev/sdb1' } }, ['ok'], 'passed'],
  ['diskw', {}, ['device.error'], '12: Ioctl was failed. (err=5) Device=/dev/sdb1'],
  ['diskw', {}, ['timeout'], '13: Ioctl was failed by timeout. Device=/dev/sdb1'],
  ['diskw', {}, ['device.missing'], '14: Open was failed. (err=2) Device=/dev/sdb1'],
  [
    'diskw',
    { parameters: { method: 'read' } },
    ['device.error'],
    '16: Read was failed. (err=5) Device=/dev/sdb1',
  ],
  [
    'diskw',
    { parameters: { method: 'read' } },
    ['timeout'],
    '17: Read was failed by timeout. Device=/dev/sdb1',
  ],
  [
    'diskw',
    { parameters: { method: 'write' } },
    ['device.readOnly'],
    '18: Write was failed. (err=30) Device=/dev/sdb1',
  ],
  [
    'diskw',
    { parameters: { method: 'write' } },
    ['timeout'],
    '19: Write was failed by timeout. Device=/dev/sdb1',
  ],
  ['diskw', {}, ['os.off'], '22: Internal error. (status=os.off)'],
  ['raww', {}, [], 'raw look /dev/raw/raw1'],
  ['raww', {}, ['{"device":"/dev/sdb1"}'], 'device.check /dev/sdb1 read'],
  ['raww', {}, ['{"device":"/dev/sdb1"}', 'ok'], 'passed'],
  [
    'raww',
    {},
    ['{"device":null}'],
    '36: Bind was failed. Rawdevice=/dev/raw/raw1 Device=/dev/sdb1',
  ],
  [
    'raww',
    {},
    ['{"device":"/dev/sdc1"}'],
    '33: Already bound for other. Rawdevice=/dev/raw/raw1 Device=/dev/sdb1',
  ],
  ['raww', {}, ['timeout'], '15: Open was failed by timeout. Device=/dev/sdb1'],
  [
    'raww',
    {},
    ['{"device":"/dev/sdb1"}', 'device.missing'],
    '12: Device was invalid. Device=/dev/sdb1',
  ],
  [
    'raww',
    {},
    ['{"device":"/dev/sdb1"}', 'device.error'],
    '16: Read was failed. (err=5) Device=/dev/sdb1',
  ],
  [
    'raww',
    {},
    ['{"device":"/dev/sdb1"}', 'timeout'],
    '17: Read was failed by timeout. Device=/dev/sdb1',
  ],
  ['vxvolw', {}, ['ok'], 'passed'],
  ['vxvolw', {}, ['device.error'], '14: Read was failed. (err=5) Device=/dev/sdb1'],
  ['vxvolw', {}, ['timeout'], '15: Read was failed by timeout. Device=/dev/sdb1'],
  ['vxvolw', {}, ['device.missing'], '32: stat was failed. (err=2) Device=/dev/sdb1'],
  ['vxdw', {}, [], 'program look vxconfigd'],
  ['vxdw', {}, ['{"count":1}'], 'passed'],
  ['vxdw', {}, ['{"count":0}'], '10: Command was failed. Command=vxdctl mode'],
  ['vxdw', {}, ['timeout'], '23: Thread timeout. Command=vxdctl mode Timeout=5'],
  ['volmgrw', {}, [], 'outside look volumes vg1'],
  ['volmgrw', {}, ['{"text":"server1"}'], 'passed'],
  ['volmgrw', {}, [other], '1: The volume group is not imported here. (vg1)'],
  ['volmgrw', {}, ['timeout'], '99: command is timeout'],
  ['ddnsw', {}, [], 'outside look name a.example'],
  ['ddnsw', {}, ['{"text":"10.0.0.1"}'], 'passed'],
  ['ddnsw', {}, [none], '1: The name does not stand for the address. (a.example, IP=10.0.0.1)'],
  ['miiw', { parameters: { object: 'eth1' } }, [], 'link lan1'],
  ['miiw', { parameters: { object: 'lan0' } }, [], 'link lan0'],
  ['miiw', { parameters: { object: 'eth1' } }, ['{"up":true}'], 'passed'],
  [
    'miiw',
    { parameters: { object: 'eth1' } },
    ['{"up":false}'],
    '1: The interface has no link. (eth1)',
  ],
  ['miiw', { parameters: { object: 'eth7' } }, [], '1: There is no such interface. (eth7)'],
  ['psw', { parameters: { processname: 'crond' } }, [], 'program look crond'],
  ['psw', { parameters: { processname: 'crond' } }, ['{"count":1}'], 'passed'],
  [
    'psw',
    { parameters: { processname: 'crond', minimum: 2 } },
    ['{"count":1}'],
    '1: The number of processes is out of range. (crond, count=1)',
  ],
  [
    'psw',
    { parameters: { processname: 'crond', minimum: 0, maximum: 0 } },
    ['{"count":1}'],
    '1: The number of processes is out of range. (crond, count=1)',
  ],
  [
    'psw',
    { parameters: { processname: 'crond' } },
    ['os.off'],
    '1: The processes could not be looked up. (crond)',
  ],
  ['mtw', { parameters: { monitors: 'bad1, bad2' } }, [], '1: The monitors failed. (bad1, bad2)'],
  ['mtw', { parameters: { monitors: 'bad1,good1' } }, [], 'passed'],
  [
    'mtw',
    { parameters: { monitors: 'bad1,good1', errors: 1 } },
    [],
    '1: The monitors failed. (bad1)',
  ],
  ['mtw', { parameters: { monitors: 'good1', errors: 0 } }, [], 'passed'],
];

/** Has what every monitor of a device, a volume group or a name looks for. */
const watched = {
  device: '/dev/sdb1',
  raw: '/dev/raw/raw1',
  devname: 'vg1',
  hostname: 'a.example',
  ip: '10.0.0.1',
};

for (const [type, over, ends, expected] of checks) {
  const so = ends.length > 0 ? ` after ${ends.join(', ')}` : '';
  test(`a check of ${type} with ${JSON.stringify(over)}${so}: ${expected}`, (t) => {
    const config = twoServers();
    config.resources.push({ ...config.resources[0]!, name: 'one', parameters: watched });
    const about: Check = {
      monitor: { ...monitor('m', type, 'one'), ...over },
      config,
      server: 'server1',
      beatTimeoutMs: 1500,
      isOnline: () => true,
      stateOf: (name) => (name.startsWith('bad') ? 'Error' : 'Normal'),
      startedWith: () => null,
      isUp: () => true,
    };
    const found = monitorTypes.get(type)!;
    if ('next' in found) t.is(wordsOf(found.next(about, ends.map(endOf))), expected);
    else t.fail('it does not check');
  });
}

test('a type that is not built in is run by its script, with all that it is told', (t) => {
  const config = twoServers();
  const parameters = { ip: '10.1.0.7', 'mount/point': '/mnt/nas' };
  const resource = { ...config.resources[0]!, name: 'cloud1', type: 'awsvip', parameters };
  const about: Attempt = {
    op: 'activate',
    resource,
    group: config.groups[0]!,
    server: 'server1',
    reason: 'failover',
    wasActive: false,
    evidence: null,
    started: null,
  };
  const { next } = resourceTypeOf('awsvip');
  t.deepEqual(next(about, []), {
    by: 'script',
    path: '/opt/nec/clusterpro/scripts/agent.s/awsvip.sh',
    env: {
      CLP_ACTION: 'start',
      CLP_DISK: 'SUCCESS',
      CLP_EVENT: 'FAILOVER',
      CLP_GROUPNAME: 'failover1',
      CLP_PARAMETER_IP: '10.1.0.7',
      CLP_PARAMETER_MOUNT_POINT: '/mnt/nas',
      CLP_PRIORITY: '1',
      CLP_RESOURCENAME: 'cloud1',
      CLP_SERVER: 'HOME',
      CLP_TYPE: 'awsvip',
    },
  });
  const ended = (code: number): End => {
    return { type: 'script.ended', id: 'd1', code, timedOut: false, output: '' };
  };
  t.is(wordsOf(next(about, [ended(0)])), 'succeeded');
  t.is(wordsOf(next(about, [ended(4)])), '1: Termination code 4 was returned.');
});

test('a monitor of an application is Unused where nobody installed its program', (t) => {
  const config = twoServers();
  config.monitors.push(monitor('mysqlw1', 'mysqlw', null));
  const stateOf = (agents: string[]) =>
    initialDaemon(config, 'server1', null, agents).monitors.mysqlw1?.unused;
  t.true(stateOf([]));
  t.false(stateOf(['mysqlw']));
});

test('a resource that nothing runs is refused with what to install', (t) => {
  const config = twoServers();
  config.resources.find(({ name }) => name === 'exec2')!.type = 'azuredns';
  const start = (agents: string[]) => initialDaemon(config, 'server1', null, agents);
  const error = t.throws(() => start(['awsdns']));
  t.is(error?.message, 'resource exec2 is of type azuredns, which cannot be run');
  t.notThrows(() => start(['azuredns']));
});
