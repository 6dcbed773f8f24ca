/**
 * A twin made from a status looks as that status does, and fails where the cluster would. The
 * cluster is itself a twin, brought into each state by commands and faults.
 */

import { readFileSync } from 'node:fs';
import test from 'ava';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { factsOf } from '../../src/runbook/run/facts.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { playBlock } from '../support/scenario.ts';

const clusters = new URL('../../fixtures/clusters/', import.meta.url);

function textOf(name: string): string {
  const text = readFileSync(new URL(`${name}.clp.conf`, clusters), 'utf8');
  return text.replace('<autorecovery>1<', '<autorecovery>0<');
}

async function broughtTo(name: string, lines: string[]): Promise<Twin> {
  const twin = await buildTwin({ configText: textOf(name), seed: 'cluster' });
  await twin.up();
  await playBlock({ twin, logSeen: 0 }, { input: lines, output: '' });
  return twin;
}

const copyOf = (name: string, from: Status): Promise<Twin> =>
  buildTwin({ configText: textOf(name), seed: 'twin', from });

const broken = [
  'cut mdc400 server1 server2',
  'write md1 server1 0 4',
  "wait mirror('md1').state == 'Abnormal'",
];

const states: Record<string, string[]> = {
  'everything in order': [],
  'a group moved': ['exec server1 clpgrp -m failover1 -a server2'],
  'a mirror connect cut': [...broken, 'rest'],
  'a mirror broken and connected again': [...broken, 'heal mdc400 server1 server2', 'advance 5000'],
  'a standby powered off': ['exec server2 shutdown -h now', 'rest', 'advance 5000'],
  'a server killed': ['kill server1', 'advance 5000', 'rest'],
  'one daemon stopped': ['exec server2 clpcl -t', 'rest'],
  'the cluster stopped': ['exec server1 clpcl -t -a', 'rest'],
  'services disabled': [
    'exec server2 chkconfig --del clusterpro',
    'exec server2 chkconfig --del clusterpro_md',
  ],
  'the heartbeat timeout stretched': ['exec server1 clptoratio -r 3 -t 1h'],
  'monitors suspended': ['exec server1 clpmonctrl -s'],
  'the cluster suspended': ['exec server1 clpcl --suspend'],
  'one interconnect cut': ['cut lan0 server1 server2', 'advance 3000'],
  'a group stopped': ['exec server1 clpgrp -t failover1'],
  'a server that hangs': ['freeze server2', 'advance 200'],
};

for (const cluster of ['v3le', 'x5mirror']) {
  for (const [state, lines] of Object.entries(states)) {
    test(`${cluster}: a twin of a cluster with ${state} looks the same`, async (t) => {
      const status = await (await broughtTo(cluster, lines)).status();
      const twin = await copyOf(cluster, status);
      const facts = { cluster: factsOf(status, { self: null }), twin: {} };
      facts.twin = factsOf(await twin.status(), { self: null });
      t.deepEqual(facts.twin, facts.cluster);
      t.deepEqual(await twin.violations(), []);
    });
  }
}

test.serial(
  'v3le: a twin of a partitioned cluster shows both servers holding the address',
  async (t) => {
    const status = await (
      await broughtTo('v3le', ['cut * server1 server2', 'advance 6000'])
    ).status();
    const twin = await copyOf('v3le', status);
    const seen = viewOf(await twin.status());
    for (const server of ['server1', 'server2']) {
      t.true(seen.servers[server]?.addresses?.includes('10.0.0.12'), server);
    }
  },
);

test.serial('a recovery that can go through on the cluster goes through on its twin', async (t) => {
  const lines = [...broken, 'heal mdc400 server1 server2', 'advance 5000'];
  const twin = await copyOf('v3le', await (await broughtTo('v3le', lines)).status());
  t.is((await twin.exec('server1', ['clpmdctrl', '--recovery', 'md1'])).exitCode, 0);
  const seen = await twin.until(
    'recovered',
    (status) => viewOf(status).mirrors.md1?.state === 'Normal',
  );
  t.is(viewOf(seen).mirrors.md1?.servers.server2?.color, 'GREEN');
  t.deepEqual(await twin.violations(), []);
});

const dooms: Record<string, string[]> = {
  'a disk that failed on the target': [
    'fail-disk server2 /dev/sdb',
    'write md1 server1 0 4',
    'rest',
  ],
  'a disk of the target that failed unnoticed': [
    ...broken,
    'heal mdc400 server1 server2',
    'advance 5000',
    'fail-disk server2 /dev/sdb',
  ],
  'a mirror connect that is cut': [...broken, 'rest'],
  'a target that is powered off': ['exec server2 shutdown -h now', 'rest'],
};

for (const [doom, lines] of Object.entries(dooms)) {
  test.serial(`a recovery with ${doom} fails on the twin as on the cluster`, async (t) => {
    const cluster = await broughtTo('v3le', lines);
    const twin = await copyOf('v3le', await cluster.status());
    const ends = [];
    for (const world of [twin, cluster]) {
      const order = await world.exec('server1', ['clpmdctrl', '--recovery', 'md1']);
      await world.advance(20_000);
      const { exitCode, stderr } = order;
      ends.push({ exitCode, stderr, state: viewOf(await world.look()).mirrors.md1?.state });
    }
    t.deepEqual(ends[0], ends[1]);
    t.not(ends[0]?.state, 'Normal');
  });
}

test.serial('what the status does not tell is said, not guessed in silence', async (t) => {
  const status = await (await broughtTo('v3le', ['kill server2', 'rest'])).status();
  const twin = await copyOf('v3le', status);
  t.true(twin.unknowns.some((words) => words.startsWith('the copy of md1 on server2')));
  t.true(twin.unknowns.some((words) => words.includes('scripts')));
});

test('a copy that is alone beside a server that is off serves again after a restart, as there', async (t) => {
  const off = ['exec server2 clpdown', 'rest', 'write md1 server1 0 4'];
  const again = ['exec server1 clpcl -r', 'advance 20000'];
  const cluster = await broughtTo('x5mirror', off);
  const twin = await copyOf('x5mirror', await cluster.status());
  for (const one of [cluster, twin]) {
    await playBlock({ twin: one, logSeen: 0 }, { input: again, output: '' });
    t.like(viewOf(await one.look()).mirrors.md1?.servers.server1, { color: 'GREEN', active: true });
  }
});

for (const cluster of ['v3le', 'v3se']) {
  test(`${cluster}: the disks of a server that is off are as large as those of the other one`, async (t) => {
    const options = { configText: textOf(cluster), seed: 'cluster', dataBytes: 1024 * 1024 };
    const live = await buildTwin(options);
    await live.up();
    await playBlock(
      { twin: live, logSeen: 0 },
      { input: ['kill server2', 'advance 5000', 'rest'], output: '' },
    );
    const twin = await copyOf(cluster, await live.status());
    t.deepEqual(twin.server('server2').state().disks, live.server('server2').state().disks);
  });
}
