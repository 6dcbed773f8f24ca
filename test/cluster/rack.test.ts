import { readFileSync } from 'node:fs';
import test from 'ava';
import { collectStatus, configurationOn, membersOf } from '../../src/cluster/index.ts';
import { editConfiguration } from '../../src/config/index.ts';
import { CONFIG, fakeClock, fakeServers } from './fake-servers.ts';

const THREE = readFileSync(
  new URL('../../fixtures/clusters/x5three.clp.conf', import.meta.url),
  'utf8',
);
const without = (server: string) => editConfiguration(THREE, 'clp.conf', ['del', 'srv', server]);

const table: [what: string, on: Record<string, string | null>, counts: string | null][] = [
  ['all have the same', { server1: THREE, server2: THREE, server3: THREE }, THREE],
  ['the first has another', { server1: without('server3'), server2: THREE }, without('server3')],
  [
    'the first was told that it is out',
    { server1: without('server1'), server2: without('server1') },
    without('server1'),
  ],
  ['the first is bare', { server1: null, server2: THREE }, THREE],
  ['what the first has cannot be read', { server1: '<root>', server2: THREE }, THREE],
  ['none is a server by what it has', { server1: without('server1'), server2: null }, null],
];

for (const [what, on, counts] of table) {
  test(`the configuration that counts, where ${what}`, (t) => {
    const found = configurationOn(Object.keys(on), (machine) => on[machine] ?? null);
    t.is(found?.text ?? null, counts);
  });
}

test('a status shows what stands beside the cluster, and does not count it', async (t) => {
  const servers = fakeServers();
  const beside = ['server1', 'server2', 'server3'];
  const status = await collectStatus(
    { server: 'control', request: servers.request },
    CONFIG,
    fakeClock(),
    1000,
    beside,
  );
  t.deepEqual(Object.keys(status.servers), beside);
  t.deepEqual(
    membersOf(status).map(({ name }) => name),
    ['server1', 'server2'],
  );
  t.false(status.expresscluster?.servers.server3?.member);
  t.is(status.expresscluster?.servers.server1?.member, undefined);
});
