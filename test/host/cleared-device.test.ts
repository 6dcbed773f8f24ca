/** Zeros over a device (dd if=/dev/zero of=PARTITION): every byte of it, and none beside it. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { SimProcess } from '../../src/sim/sim-process.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { playBlock } from '../support/scenario.ts';

const fixture = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);

test('a cluster partition that is overwritten with zeros holds nothing, and its neighbour all it held', async (t) => {
  const twin = await buildTwin({ configText: readFileSync(fixture, 'utf8'), seed: 3 });
  await twin.up();
  const input = [
    'write md1 server1 0 4',
    'exec server2 chkconfig --del clusterpro',
    'exec server2 chkconfig --del clusterpro_md',
    'exec server2 reboot',
    'rest',
  ];
  await playBlock({ twin, logSeen: 0 }, { input, output: '' });
  const reader = new SimProcess(twin.clock, 'server2', 'reader');
  const bytesOf = async (device: string) => {
    const store = await twin.run(twin.server('server2').devices.forProcess(reader).open(device));
    return Buffer.from(await twin.run(store.read(0, store.sizeBytes)));
  };
  const [before, data] = [await bytesOf('/dev/sdb1'), await bytesOf('/dev/sdb2')];
  const { exitCode } = await twin.exec('server2', ['dd', 'if=/dev/zero', 'of=/dev/sdb1']);
  t.is(exitCode, 1);
  t.true(before.some((byte) => byte !== 0));
  t.true((await bytesOf('/dev/sdb1')).equals(Buffer.alloc(before.length)));
  t.true((await bytesOf('/dev/sdb2')).equals(data));
});
