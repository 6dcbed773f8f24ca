/** Disk images of a server: when they can be taken and restored, and that a crash loses none. */
import test from 'ava';
import { Bench, bare, booted } from './bench.ts';

const take = (system = false, image = 'before') => ({ do: 'disk.image.take', image, system });
const restore = { do: 'disk.image.restore', image: 'before' };
const BLOB = 'image-before-dev-sdb';

function off(): Bench {
  const bench = bare();
  bench.ask('bmc', { do: 'power.cut' });
  bench.take({ type: 'processes.gone' });
  return bench;
}

test('an image is taken of every disk, is whole once they are copied, and its name is taken', (t) => {
  const bench = off();
  t.deepEqual(bench.ask('bmc', take(true)), [
    'saveHost',
    'log The image before is made of the disks of server1.',
    `copyDisk SN-server1-sdb-1 ${BLOB}`,
  ]);
  bench.ask('bmc', { do: 'power.status' });
  t.like(bench.answer, { images: {} });
  bench.take({ type: 'disk.copied', to: BLOB });
  bench.ask('bmc', { do: 'power.status' });
  const image = {
    at: bench.now,
    devices: ['/dev/sdb'],
    system: true,
    enabledServices: ['clusterpro_evt', 'clusterpro_md', 'clusterpro', 'clusterpro_webmgr'],
  };
  t.deepEqual((bench.answer as { images: unknown }).images, { before: image });
  bench.ask('bmc', take());
  t.is(bench.refused, 'image.taken');
});

test('an image is not taken of disks in use, nor of the system disk of a running server', (t) => {
  const bench = booted();
  bench.ask('bmc', take(true));
  t.is(bench.refused, 'power.on');
  bench.ask('bmc', take());
  t.is(bench.refused, 'device.busy');
  bench.ask('bmc', take(false, '../x'));
  t.is(bench.refused, 'image.name');
});

test('restoring puts new disks with new serials in the bays, and the switches of the services back', (t) => {
  const bench = off();
  bench.ask('bmc', restore);
  t.is(bench.refused, 'image.unknown');
  bench.ask('bmc', take(true));
  bench.take({ type: 'disk.copied', to: BLOB });
  bench.ask('bmc', { do: 'disk.fail', device: '/dev/sdb', mode: 'all' });
  const services = { ...bench.state.services, clusterpro: { enabled: false } };
  bench.state = { ...bench.state, services };
  t.deepEqual(bench.ask('bmc', restore).slice(1), [
    'log The disks of server1 are restored from the image before.',
    `copyDisk ${BLOB} SN-server1-sdb-2`,
  ]);
  const { serial, failed, partitions } = bench.state.disks['/dev/sdb']!;
  t.deepEqual([serial, failed, partitions.length], ['SN-server1-sdb-2', null, 2]);
  t.true(bench.state.services.clusterpro!.enabled);
  bench.ask('bmc', { do: 'power.on' });
  bench.take({ type: 'timer.fired', id: 'boot' });
  t.is(bench.state.node.value, 'booting', 'not before the disk is whole');
  bench.take({ type: 'disk.copied', to: 'SN-server1-sdb-2' });
  bench.take({ type: 'timer.fired', id: 'boot' });
  t.not(bench.state.node.value, 'booting');
});

test('a running server is not restored; one whose supervisor died copies anew', (t) => {
  const bench = off();
  bench.ask('bmc', take());
  bench.take({ type: 'disk.copied', to: BLOB });
  bench.ask('bmc', restore);
  const next = new Bench(JSON.parse(bench.saved!));
  const effects = next.take({ type: 'part.started', bootId: 'b2' });
  t.true(effects.includes(`copyDisk ${BLOB} SN-server1-sdb-2`), effects.join('\n'));
  next.take({ type: 'disk.copied', to: 'SN-server1-sdb-2' });
  next.ask('bmc', { do: 'power.on' });
  next.ask('bmc', restore);
  t.is(next.refused, 'power.on');
});
