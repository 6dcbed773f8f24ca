/** ping to what stands outside the cluster: the address that a clp.conf names for resolving partitions. */
import test from 'ava';
import { buildTwin } from '../../../src/sim/twin.ts';
import { madeCluster } from '../../support/made-cluster.ts';

const GATEWAY = '10.0.0.254';

test('what is outside answers while the cables to it are whole', async (t) => {
  const configText = madeCluster(['x5', 'hb=lankhb', 'np=pingnp']);
  const twin = await buildTwin({ configText, seed: 4, dataBytes: 1024 * 1024 });
  await twin.up();
  const said = async (server: string, address: string) => {
    const { stdout, exitCode } = await twin.exec(server, ['ping', '-c', '2', address]);
    return [exitCode, /\d received/.exec(stdout)?.[0]];
  };
  t.deepEqual(await said('server1', GATEWAY), [0, '2 received']);
  await twin.run(Promise.resolve(twin.faults.cut('lan0', 'server1', GATEWAY)));
  t.deepEqual(await said('server1', GATEWAY), [1, '0 received']);
  t.deepEqual(await said('server2', GATEWAY), [0, '2 received']);
  await twin.run(Promise.resolve(twin.faults.heal('lan0', 'server1', GATEWAY)));
  t.deepEqual(await said('server1', GATEWAY), [0, '2 received']);
  t.deepEqual(await said('server1', '10.0.0.253'), [1, '0 received']);
});
