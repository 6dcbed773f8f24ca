/** A status of before is read as one of today, and says the same in the words of the runbooks. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import test from 'ava';
import { expressClusterView } from '../../src/runbook/language/expressions/expresscluster.ts';
import { type OldRecord, oldFile } from '../support/old-records.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

const schema = new URL('../../src/schema/status.schema.json', import.meta.url);
const fits = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));

for (const record of ['killed', 'parked', 'secret'] as OldRecord[]) {
  test(`${record}: its status is one of today, and loses nothing`, (t) => {
    const old = JSON.parse(readFileSync(oldFile(record, 'status.json'), 'utf8'));
    // It was not told yet since when two copies were not compared.
    for (const side of Object.values(old.mirrors.md1.servers)) {
      Object.assign(side as object, { apartSince: null });
    }
    // … nor that a server can stand beside the cluster.
    for (const server of Object.values(old.servers))
      Object.assign(server as object, { member: true });
    const status = upgradeStatus(old);
    t.true(fits(status), JSON.stringify(fits.errors));
    t.deepEqual(expressClusterView(status), old);
  });
}

test('the closed words say what the vendor’s do', (t) => {
  const old = JSON.parse(readFileSync(oldFile('parked', 'status.json'), 'utf8'));
  const { server1, server2 } = old.servers;
  Object.assign(server1, { node: 'shuttingDown', state: 'Suspend' });
  Object.assign(server2, { node: null, state: 'Unknown', daemon: null, heartbeats: {} });
  server2.observed = { by: null, at: null, unknown: 'server2/host did not answer in time' };
  server1.heartbeats.server2.lanhb1 = 'Error';
  old.groups.failover1.state = 'Offline Failure';
  const { servers, groups, volumes } = upgradeStatus(old);
  t.like(servers.server1, {
    power: { state: 'on' },
    system: { reachable: true, state: 'stopping', word: 'shuttingDown' },
    membership: { state: 'member', word: 'Suspend', software: 'running' },
  });
  t.deepEqual(servers.server1?.membership.maintenance, [{ mode: 'unmanaged', word: 'Suspend' }]);
  t.deepEqual(servers.server1?.membership.links?.server2?.lanhb1, { state: 'down', word: 'Error' });
  t.like(servers.server2, {
    system: { reachable: false, state: null, word: null },
    membership: { state: null, word: null, software: null, maintenance: null, links: null },
  });
  t.like(groups.failover1, { state: 'failed', word: 'Offline Failure' });
  t.like(volumes.md1, { state: 'inSync', word: 'Normal' });
  t.like(volumes.md1?.copies.server1, { state: 'upToDate', word: 'GREEN', role: 'primary' });
});
