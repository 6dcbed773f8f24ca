/**
 * A real OCF agent, unmodified, as a resource of a whole lab: Debian's Dummy, whose state is a file.
 * The file is what the agent itself goes by, so it tells where it runs whatever the cluster believes.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { madeCluster } from '../support/made-cluster.ts';
import { testWithAgents } from '../support/tools.ts';
import { makePlace, startLabOf, untilStatus } from './support.ts';

const CLUSTER = madeCluster([
  'x5',
  'servers=2',
  'timeout=3000',
  'agent=heartbeat:Dummy,fake=first',
]);
const SERVERS = ['server1', 'server2'];

/** The state files of the agent in a server's present boot; those of an earlier one tell nothing. */
function stateFiles(folder: string, server: string, bootId: string | null | undefined): string[] {
  const place = join(folder, 'servers', server, 'run', 'ocf', bootId ?? 'none');
  if (!existsSync(place)) return [];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('Dummy-ocf1.state'))
    .map((name) => join(place, name));
}

function runsOn(folder: string, { servers }: Status): string[] {
  return SERVERS.filter((name) => stateFiles(folder, name, servers[name]?.bootId).length > 0);
}

/** Seen together: what the cluster says, and what the agent's own files do. */
function untilRuns(lab: Lab, folder: string, server: string) {
  return untilStatus(lab, `ocf1 runs on ${server} alone`, (status) => {
    const { groups, resources } = status;
    const isSaid = groups.failover1?.current === server && resources.ocf1?.state === 'Online';
    return isSaid && runsOn(folder, status).join() === server;
  });
}

testWithAgents(
  ['heartbeat/Dummy'],
  'a real agent starts, moves, is missed, and stops with its group',
  async (t) => {
    const place = makePlace();
    try {
      const lab = await startLabOf(place.lab, CLUSTER);
      await untilRuns(lab, place.lab, 'server1');
      const moved = await lab.exec('server1', ['clpgrp', '-m', 'failover1', '-a', 'server2']);
      t.is(moved.exitCode, 0, moved.stderr);
      const there = await untilRuns(lab, place.lab, 'server2');
      // What it is dies, and nobody says so: its own monitor misses it, and the group fails over.
      const { bootId } = there.servers.server2 ?? {};
      for (const file of stateFiles(place.lab, 'server2', bootId)) rmSync(file);
      await untilRuns(lab, place.lab, 'server1');
      // The server dies with it: after its boot nothing of the agent is there.
      await lab.fault({ kind: 'kill', server: 'server1' });
      await untilStatus(lab, 'server2 serves', ({ groups, resources }) => {
        return groups.failover1?.current === 'server2' && resources.ocf1?.state === 'Online';
      });
      await lab.fault({ kind: 'powerOn', server: 'server1' });
      await untilStatus(lab, 'server1 is back', ({ servers }) => {
        return servers.server1?.state === 'Online' && servers.server2?.state === 'Online';
      });
      await untilRuns(lab, place.lab, 'server2');
      const stopped = await lab.exec('server2', ['clpgrp', '-t', 'failover1']);
      t.is(stopped.exitCode, 0, stopped.stderr);
      t.deepEqual(runsOn(place.lab, viewOf(await lab.status())), []);
      lab.close();
    } finally {
      await labDown(place.lab);
      place.remove();
    }
  },
);
