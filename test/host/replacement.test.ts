/** Another machine in a server's place: what goes, what stays, and that a crash leaves nothing half made. */
import test from 'ava';
import { bare, booted, Chassis } from './harness.ts';

const replace = (keepsDisks = false) => ({ do: 'server.replace', keepsDisks });

function off(): Chassis {
  const chassis = bare();
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.take({ type: 'processes.gone' });
  return chassis;
}

/** Past the boot of a machine whose system is made. */
function boot(chassis: Chassis): void {
  chassis.ask('bmc', { do: 'power.on' });
  chassis.take({ type: 'timer.fired', id: 'boot' });
}

test('a new machine has new disks, no product, and its system is made before it boots', (t) => {
  const chassis = off();
  chassis.ask('bmc', { do: 'power.status' });
  t.like(chassis.answer, { machine: 'SN-server1-1' });
  t.deepEqual(chassis.ask('bmc', replace()), [
    'saveHost',
    'log Another machine is in the place of server1: SN-server1-2.',
    'createDisk SN-server1-sdb-2 4194304',
    'makeSystem',
  ]);
  t.is(chassis.answer, undefined, 'answered when it is there');
  chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-2' });
  boot(chassis);
  t.is(chassis.state.node.value, 'booting', 'not before its system is made');
  chassis.take({ type: 'system.made' });
  t.deepEqual(chassis.answer, { machine: 'SN-server1-2' });
  chassis.take({ type: 'timer.fired', id: 'boot' });
  t.is(chassis.state.node.value, 'stopped');
  chassis.ask('host', { do: 'machine' });
  t.like(chassis.answer, { packages: {} });
  t.deepEqual(chassis.state.services, {});
});

test('the disks of the old machine are moved over as they are; one that is shared stays in its place', (t) => {
  const chassis = off();
  const [sdb] = Object.values(chassis.state.disks);
  const sdc = { ...sdb!, serial: 'SN-both-sdc-1', shared: true as const };
  const disks = { '/dev/sdb': { ...sdb!, failed: 'write' as const }, '/dev/sdc': sdc };
  chassis.state = { ...chassis.state, disks };
  chassis.ask('bmc', replace(true));
  t.deepEqual(chassis.state.disks, disks);
  chassis.take({ type: 'system.made' });
  const failed = { ...disks, '/dev/sdc': { ...sdc, failed: 'all' as const } };
  chassis.state = { ...chassis.state, disks: failed };
  chassis.ask('bmc', replace());
  const { serial, partitions } = chassis.state.disks['/dev/sdb']!;
  t.deepEqual([serial, partitions], ['SN-server1-sdb-2', []]);
  t.deepEqual(chassis.state.disks['/dev/sdc'], sdc, 'reached by the way of the new machine');
});

test('what lay on the system disk is gone; what lies on the shelf beside the server is not', (t) => {
  const chassis = off();
  const kept = { operation: 'o1', argv: ['ls'] } as never;
  chassis.ask('bmc', { do: 'medium.insert', medium: 'floppy' });
  chassis.ask('bmc', { do: 'cable.pull', net: 'lan0' });
  chassis.state = {
    ...chassis.state,
    operations: { o1: kept },
    lease: { holder: 'run', token: 7, about: '', since: 1 },
    papers: { 'policy 1': {} as never },
    received: { x: 1 },
    notes: [{} as never],
  };
  const effects = chassis.ask('bmc', replace());
  t.true(effects.includes('setCable lan0 true'), 'its cables are plugged in as before');
  const { operations, lease, papers, received, notes, inserted, media } = chassis.state;
  t.deepEqual([operations, papers, received, notes], [{}, {}, {}, []]);
  t.deepEqual([lease.holder, lease.token, inserted], [null, 0, null]);
  t.deepEqual(Object.keys(media), ['floppy']);
});

test('a server with power is not replaced; one whose supervisor died is made anew', (t) => {
  const running = booted();
  running.ask('bmc', replace());
  t.is(running.refused, 'power.on');
  const chassis = off();
  chassis.ask('bmc', replace());
  const next = new Chassis(JSON.parse(chassis.saved!));
  const effects = next.take({ type: 'part.started', bootId: 'b2' });
  t.true(effects.includes('makeSystem'), effects.join('\n'));
  next.take({ type: 'system.made' });
  next.take({ type: 'disk.created', serial: 'SN-server1-sdb-2' });
  const third = new Chassis(JSON.parse(next.saved!));
  t.false(third.take({ type: 'part.started', bootId: 'b3' }).includes('makeSystem'));
});

test('the product is installed on a system that is up, once; its services start with the next boot', (t) => {
  const chassis = off();
  const install = { do: 'product.install' };
  chassis.ask('bmc', replace(true));
  chassis.ask('bmc', install);
  t.is(chassis.refused, 'os.off');
  chassis.take({ type: 'system.made' });
  boot(chassis);
  const effects = chassis.ask('bmc', install);
  t.true(effects.includes(`placeProduct ${chassis.lastId}`), effects.join('\n'));
  chassis.take({ type: 'file.written', id: chassis.lastId, body: {} });
  t.deepEqual(chassis.answer, {});
  const names = ['clusterpro_evt', 'clusterpro_md', 'clusterpro', 'clusterpro_webmgr'];
  t.deepEqual(Object.keys(chassis.state.services), names);
  t.true(Object.values(chassis.state.services).every(({ enabled }) => enabled));
  t.deepEqual(chassis.state.processes, {});
  chassis.ask('bmc', install);
  t.is(chassis.refused, 'package.there');
});

test('the product goes with its own files; another package is only noted', (t) => {
  const chassis = booted();
  const erase = { do: 'package', op: 'erase', name: 'expresscls' };
  chassis.ask('host', erase);
  t.is(chassis.refused, 'package.busy');
  const rested = off();
  boot(rested);
  rested.state = { ...rested.state, processes: {} };
  const effects = rested.ask('host', erase);
  t.true(effects.includes(`removeProduct ${rested.lastId}`), effects.join('\n'));
});

test('the files of a medium are brought into a folder of a system that is up', (t) => {
  const chassis = booted();
  const copy = { do: 'medium.copy', medium: 'floppy', folder: '/tmp/upload' };
  const effects = chassis.ask('bmc', copy);
  const files = '{"/tmp/upload/clp.conf":"<root/>"}';
  t.deepEqual(effects, [`placeFiles ${chassis.lastId} ${files} {"names":["clp.conf"]}`]);
  chassis.take({ type: 'file.written', id: chassis.lastId, body: { names: ['clp.conf'] } });
  t.deepEqual(chassis.answer, { names: ['clp.conf'] });
  chassis.ask('bmc', { ...copy, medium: 'other' });
  t.is(chassis.refused, 'medium.unknown');
  chassis.ask('bmc', { ...copy, folder: '/tmp/../etc' });
  t.is(chassis.refused, 'file.path');
  const dark = off();
  dark.ask('bmc', copy);
  t.is(dark.refused, 'os.off');
});
