/** Disk images of a server: when they can be taken and restored, and that a crash loses none. */
import test from 'ava';
import { bare, booted, Chassis } from './harness.ts';

const take = (system = false, image = 'before') => ({ do: 'disk.image.take', image, system });
const restore = { do: 'disk.image.restore', image: 'before' };
const BLOB = 'image-before-dev-sdb';

function off(): Chassis {
  const chassis = bare();
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.take({ type: 'processes.gone' });
  return chassis;
}

test('an image is taken of every disk, is whole once they are copied, and its name is taken', (t) => {
  const chassis = off();
  t.deepEqual(chassis.ask('bmc', take(true)), [
    'saveHost',
    'log The image before is made of the disks of server1.',
    `copyDisk SN-server1-sdb-1 ${BLOB}`,
  ]);
  chassis.ask('bmc', { do: 'power.status' });
  t.like(chassis.answer, { images: {} });
  chassis.take({ type: 'disk.copied', to: BLOB });
  chassis.ask('bmc', { do: 'power.status' });
  const image = {
    at: chassis.now,
    devices: ['/dev/sdb'],
    system: true,
    enabledServices: ['clusterpro_evt', 'clusterpro_md', 'clusterpro', 'clusterpro_webmgr'],
  };
  t.deepEqual((chassis.answer as { images: unknown }).images, { before: image });
  chassis.ask('bmc', take());
  t.is(chassis.refused, 'image.taken');
});

test('an image is not taken of disks in use, nor of the system disk of a running server', (t) => {
  const chassis = booted();
  chassis.ask('bmc', take(true));
  t.is(chassis.refused, 'power.on');
  chassis.ask('bmc', take());
  t.is(chassis.refused, 'device.busy');
  chassis.ask('bmc', take(false, '../x'));
  t.is(chassis.refused, 'image.name');
});

test('restoring puts new disks with new serials in the bays, and the switches of the services back', (t) => {
  const chassis = off();
  chassis.ask('bmc', restore);
  t.is(chassis.refused, 'image.unknown');
  chassis.ask('bmc', take(true));
  chassis.take({ type: 'disk.copied', to: BLOB });
  chassis.ask('bmc', { do: 'disk.fail', device: '/dev/sdb', mode: 'all' });
  const services = { ...chassis.state.services, clusterpro: { enabled: false } };
  chassis.state = { ...chassis.state, services };
  t.deepEqual(chassis.ask('bmc', restore).slice(1), [
    'log The disks of server1 are restored from the image before.',
    `copyDisk ${BLOB} SN-server1-sdb-2`,
  ]);
  const { serial, failed, partitions } = chassis.state.disks['/dev/sdb']!;
  t.deepEqual([serial, failed, partitions.length], ['SN-server1-sdb-2', null, 2]);
  t.true(chassis.state.services.clusterpro!.enabled);
  chassis.ask('bmc', { do: 'power.on' });
  chassis.take({ type: 'timer.fired', id: 'boot' });
  t.is(chassis.state.node.value, 'booting', 'not before the disk is whole');
  chassis.take({ type: 'disk.copied', to: 'SN-server1-sdb-2' });
  chassis.take({ type: 'timer.fired', id: 'boot' });
  t.not(chassis.state.node.value, 'booting');
});

test('a running server is not restored; one whose supervisor died copies anew', (t) => {
  const chassis = off();
  chassis.ask('bmc', take());
  chassis.take({ type: 'disk.copied', to: BLOB });
  chassis.ask('bmc', restore);
  const next = new Chassis(JSON.parse(chassis.saved!));
  const effects = next.take({ type: 'part.started', bootId: 'b2' });
  t.true(effects.includes(`copyDisk ${BLOB} SN-server1-sdb-2`), effects.join('\n'));
  next.take({ type: 'disk.copied', to: 'SN-server1-sdb-2' });
  next.ask('bmc', { do: 'power.on' });
  next.ask('bmc', restore);
  t.is(next.refused, 'power.on');
});
