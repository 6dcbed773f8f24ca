/** Real processes: a server whose cable is out reaches neither the other one nor what it pings. */
import test from 'ava';
import { buildPrograms } from '../../scripts/build.ts';
import { labUp } from '../../src/lab/lab.ts';
import { madeCluster } from '../support/made-cluster.ts';
import { makePlace, untilStatus } from './support.ts';

test('the server that is cut off stops its cluster, the other one goes on', async (t) => {
  t.timeout(120_000);
  await buildPrograms();
  const place = makePlace();
  const words = ['x5', 'hb=lankhb,diskhb', 'np=pingnp', 'action=1', 'timeout=3000'];
  const lab = await labUp({ folder: place.lab, configText: madeCluster(words) });
  try {
    await untilStatus(lab, 'the group on server1', ({ groups }) => {
      return (
        groups.failover1?.state === 'Online' && groups.failover1.activeOn?.join() === 'server1'
      );
    });
    const shown = await lab.exec('server2', ['clpstat', '-p']);
    t.regex(shown.stdout, /NP0 : pingnp1\n \[on server0 : Online\]\n {6}NP 0\n server0 : o\n/);
    await lab.fault({ kind: 'cut', net: 'disk300', from: 'server1', to: 'outside' });
    await lab.fault({ kind: 'cut', net: 'lan0', from: 'server1' });
    await untilStatus(lab, 'the group on server2, and no daemon on server1', (status) => {
      const isThere = status.groups.failover1?.activeOn?.join() === 'server2';
      return isThere && status.servers.server1?.daemon === 'stopped';
    });
    const after = await lab.exec('server2', ['clpstat', '-n']);
    t.regex(after.stdout, / server0 : x x\n server1 : o o\n/);
  } finally {
    await lab.down();
    place.remove();
  }
});
