/** Clusters whose partitions have other names than /dev/sdb1: they come up, fail over, lose disks. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { faultsFor, strike } from '../../src/sim/step-faults.ts';
import { buildTwin } from '../../src/sim/twin.ts';

const V3 = readFileSync(new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url), 'utf8');

const devices: [cluster: string, data: string, disk: string][] = [
  ['/dev/nvme0n1p1', '/dev/nvme0n1p2', '/dev/nvme0n1'],
  ['/dev/sdb1', '/dev/nvme1n1', '/dev/nvme1n1'],
  ['/dev/vg0/cp1', '/dev/vg0/dp1', '/dev/vg0/dp1'],
  ['/dev/mapper/vg0-cp', '/dev/mapper/mpatha1', '/dev/mapper/mpatha1'],
  ['/dev/disk/by-id/scsi-36000c29-part1', '/dev/sdc2', '/dev/sdc'],
  ['/dev/disk/by-id/x1-part1', '/dev/disk/by-id/x1-part2', '/dev/disk/by-id/x1'],
  ['/dev/sdb', '/dev/md0', '/dev/md0'],
];

for (const [cluster, data, disk] of devices) {
  test(`a mirror of ${data}, its cluster partition ${cluster}`, async (t) => {
    const configText = V3.replaceAll('/dev/sdb1', cluster).replaceAll('/dev/sdb2', data);
    const twin = await buildTwin({ configText, seed: 3, dataBytes: 1024 * 1024 });
    await twin.up();
    const before = await twin.exec('server1', ['clpmdstat', '--mirror', 'md1']);
    t.regex(before.stdout, /GREEN +GREEN/, before.stdout + before.stderr);
    const kind = 'fail-disk';
    const verb = 'check' as const;
    const possible = faultsFor({ verb }, twin.config);
    t.true(possible.some((fault) => fault.kind === kind && fault.target === 'server2'));
    await twin.run(strike(twin, { step: 's', kind, target: 'server2' }, null));
    const state = twin.server('server2').state();
    t.deepEqual(
      Object.entries(state.disks).flatMap(([name, { failed }]) => (failed ? [name] : [])),
      [disk],
    );
  });
}
