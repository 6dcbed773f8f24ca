/** What a host says of shared disks, raw devices, cables and programs, and what becomes of them. */
import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import { initialHost } from '../../src/host/state.ts';
import { Chassis, hardware } from './harness.ts';

function shared(): Chassis {
  const made = hardware();
  const disks = {
    ...made.disks,
    '/dev/sdc': { ...made.disks['/dev/sdb']!, serial: 'SN-both-1', shared: true as const },
  };
  const host = new Chassis(initialHost({ ...made, disks, programs: ['crond'] }, 'server1'));
  host.take({ type: 'part.started', bootId: 'feed' });
  for (const serial of ['SN-server1-sdb-1', 'SN-both-1']) {
    host.take({ type: 'disk.created', serial });
  }
  boot(host);
  return host;
}

function boot(host: Chassis): void {
  host.ask('bmc', { do: 'power.on', singleUser: true });
  host.fire('boot');
}

function cut(host: Chassis): void {
  host.ask('bmc', { do: 'power.cut' });
  host.take({ type: 'processes.gone' });
}

const outside = (op: string, kind: string, name: string): Json => ({
  do: 'outside',
  op,
  kind,
  name,
});

test('a disk of its own is always this server’s; one that is shared is asked about outside', (t) => {
  const host = shared();
  host.ask('host', outside('take', 'disk', '/dev/sdb1'));
  t.deepEqual(host.answer, { text: 'server1' });
  t.deepEqual(host.ask('host', outside('take', 'disk', '/dev/sdc1')), [
    `askOutside ${host.lastId} take disk SN-both-1 server1`,
  ]);
  t.is(host.answer, undefined);
  host.take({ type: 'outside.said', id: host.lastId, text: 'server1' });
  t.deepEqual(host.answer, { text: 'server1' });
  host.ask('host', outside('take', 'disk', '/dev/sde1'));
  t.is(host.refused, 'device.missing');
});

test('who waits for what stands outside is told when the server goes down', (t) => {
  const host = shared();
  host.ask('host', outside('look', 'volumes', 'vg1'));
  const id = host.lastId;
  host.ask('bmc', { do: 'power.cut' });
  t.true(
    host.all.some((one) => one.type === 'refuseRequest' && one.id === id && one.code === 'os.off'),
  );
  t.deepEqual(host.take({ type: 'outside.said', id, text: null }), []);
});

test('a raw device is bound to one device, until the next boot', (t) => {
  const host = shared();
  const bind = (device: string): Json => ({ do: 'raw', op: 'bind', raw: '/dev/raw/raw1', device });
  host.ask('host', bind('/dev/sdb1'));
  host.ask('host', bind('/dev/sdb1'));
  t.deepEqual(host.answer, { device: '/dev/sdb1' });
  host.ask('host', bind('/dev/sdb2'));
  t.is(host.refused, 'raw.bound');
  host.ask('host', { do: 'raw', op: 'unbind', raw: '/dev/raw/raw1' });
  host.ask('host', bind('/dev/sdz1'));
  t.is(host.refused, 'device.missing');
  host.ask('host', bind('/dev/sdb2'));
  t.deepEqual(host.answer, { device: '/dev/sdb2' });
  cut(host);
  boot(host);
  host.ask('host', { do: 'raw', op: 'look', raw: '/dev/raw/raw1' });
  t.deepEqual(host.answer, { device: null });
});

const uses: [string, string, string | undefined][] = [
  ['all', 'read', 'device.error'],
  ['all', 'write', 'device.error'],
  ['all', 'open', undefined],
  ['read', 'read', 'device.error'],
  ['read', 'write', undefined],
  ['write', 'write', 'device.error'],
];

for (const [mode, how, refusal] of uses) {
  test(`a disk that fails (${mode}) answers ${how} with ${refusal ?? 'yes'}`, (t) => {
    const host = shared();
    host.ask('bmc', { do: 'disk.fail', device: '/dev/sdb', mode });
    host.ask('host', { do: 'device.check', device: '/dev/sdb1', how });
    t.is(host.refused, refusal);
  });
}

test('a cable that is pulled stays out over a boot and a death of the supervisor', (t) => {
  const host = shared();
  host.ask('bmc', { do: 'cable.pull', net: 'lan0' });
  t.true(host.effects.some((one) => one.type === 'setCable' && one.net === 'lan0' && !one.up));
  const linkOf = (net: string) => {
    host.ask('host', { do: 'link', net });
    return (host.answer as { up: boolean }).up;
  };
  t.false(linkOf('lan0'));
  t.true(linkOf('lan1'));
  cut(host);
  boot(host);
  t.false(linkOf('lan0'));
  const again = host.take({ type: 'part.started', bootId: 'x' });
  t.true(again.includes('setCable lan0 false'));
  host.ask('bmc', { do: 'cable.plug', net: 'lan0' });
  t.deepEqual(host.state.unplugged, []);
});

test('a program that ended is there again after a boot, or when somebody starts it', (t) => {
  const host = shared();
  const count = (op: string, name = 'crond') => {
    host.ask('host', { do: 'program', op, name });
    return (host.answer as { count: number }).count;
  };
  t.is(count('look'), 1);
  t.is(count('look', 'vxconfigd'), 0);
  t.is(count('start', 'vxconfigd'), 0);
  t.is(count('end'), 0);
  t.is(count('look'), 0);
  t.is(count('start'), 1);
  t.is(count('end'), 0);
  cut(host);
  boot(host);
  t.is(count('look'), 1);
});
