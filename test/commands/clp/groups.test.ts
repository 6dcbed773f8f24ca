import test from 'ava';
import { daemonView, refusal, says, silence } from '../../cluster/fake-servers.ts';
import { run, type Stage, stage } from './fake-environment.ts';

/** failover1 and failover2 are active nowhere. */
function idle(): Stage {
  const on = stage();
  for (const server of ['server1', 'server2']) {
    on.servers.parts.set(`${server}/daemon`, says(daemonView(server, { groups: {} })));
  }
  return on;
}

const order = (server: string, op: string, group: string, target: string, force = false) =>
  `${server}/daemon ${JSON.stringify({ do: 'group', op, group, target, force })}`;

const done: [string, Stage, string, string[]][] = [
  ['clpgrp -s failover1', idle(), 'server1', [order('server1', 'start', 'failover1', 'server1')]],
  [
    'clpgrp -s failover1 -h server2',
    idle(),
    'server1',
    [order('server2', 'start', 'failover1', 'server2')],
  ],
  [
    'clpgrp -s failover1 -f',
    idle(),
    'server2',
    [order('server2', 'start', 'failover1', 'server2', true)],
  ],
  [
    'clpgrp -s',
    idle(),
    'server1',
    [
      order('server1', 'start', 'failover1', 'server1'),
      order('server1', 'start', 'failover2', 'server1'),
    ],
  ],
  ['clpgrp -t failover1', stage(), 'server2', [order('server1', 'stop', 'failover1', 'server1')]],
  [
    'clpgrp -t',
    stage(),
    'server1',
    [
      order('server1', 'stop', 'failover1', 'server1'),
      order('server1', 'stop', 'failover2', 'server1'),
    ],
  ],
  ['clpgrp -t', stage(), 'server2', []],
  ['clpgrp -m failover1', stage(), 'server1', [order('server1', 'move', 'failover1', 'server2')]],
  [
    'clpgrp -m failover1 -h server1',
    stage(),
    'server2',
    [order('server1', 'move', 'failover1', 'server2')],
  ],
  [
    'clpgrp -m failover1 -a server2',
    stage(),
    'server2',
    [order('server1', 'move', 'failover1', 'server2')],
  ],
];

for (const [line, on, server, orders] of done) {
  test(`${line} on ${server} orders ${orders.length}`, async (t) => {
    const report = await run(on, line, server);
    t.deepEqual(report, { code: 0, stdout: 'Command succeeded.\n', stderr: '' });
    t.deepEqual(on.servers.orders(), orders);
  });
}

function withSilent(server: string): Stage {
  const on = idle();
  for (const part of ['host', 'daemon', 'agent', 'bmc']) {
    on.servers.parts.set(`${server}/${part}`, silence('timeout'));
  }
  return on;
}

function withState(server: string, state: 'Suspend' | 'Online Pending'): Stage {
  const on = stage();
  on.servers.parts.set(`${server}/daemon`, says(daemonView(server, { state })));
  return on;
}

const undone: [string, Stage, RegExp][] = [
  ['clpgrp -s failover1 -h server2', stage(), /failover1 is active on server1; move it/],
  ['clpgrp -t failover1', idle(), /failover1 is not active on any server/],
  ['clpgrp -t failover1 -h server2', stage(), /not active on server2; it is active on server1/],
  ['clpgrp -m failover1 -a server1', stage(), /already active on server1/],
  [
    'clpgrp -m failover1',
    withState('server2', 'Suspend'),
    /no other server of failover1 is online/,
  ],
  ['clpgrp -s failover1', withSilent('server2'), /not known where failover1 is active/],
  ['clpgrp -s failover1 -h server2', withSilent('server2'), /server2 is Unknown/],
  ['clpgrp -n failover1', idle(), /not active on any server/],
];

for (const [line, on, words] of undone) {
  test(`${line} is refused: ${words.source}`, async (t) => {
    const report = await run(on, line);
    t.is(report.code, 1);
    t.regex(report.stderr, words);
    t.is(report.stderr.split('\n').length, 2);
    t.deepEqual(on.servers.orders(), []);
  });
}

test('a group starts beside a silent server only by force', async (t) => {
  const on = withSilent('server2');
  t.is((await run(on, 'clpgrp -s failover1 -f')).code, 0);
  t.deepEqual(on.servers.orders(), [order('server1', 'start', 'failover1', 'server1', true)]);
});

test('clpgrp -n prints the server, from any server', async (t) => {
  t.is((await run(stage(), 'clpgrp -n failover1', 'server2')).stdout, 'server1\n');
});

test('a daemon that says no is one line with its words', async (t) => {
  const on = idle();
  const view = says(daemonView('server1', { groups: {} }));
  on.servers.parts.set('server1/daemon', (body) =>
    body.do === 'status' ? view(body) : refusal('group.failed', 'activation\n failed: md1')(body),
  );
  const report = await run(on, 'clpgrp -s failover1');
  t.deepEqual(report, { code: 1, stdout: '', stderr: 'clpgrp: activation failed: md1\n' });
});

test('clprsc acts where the group is, and -n tells where that is', async (t) => {
  const on = stage();
  await run(on, 'clprsc -t exec1', 'server2');
  await run(on, 'clprsc -s exec1 -f', 'server2');
  const body = { resource: 'exec1', target: 'server1' };
  t.deepEqual(on.servers.orders(), [
    `server1/daemon ${JSON.stringify({ do: 'resource', op: 'stop', ...body, force: false })}`,
    `server1/daemon ${JSON.stringify({ do: 'resource', op: 'start', ...body, force: true })}`,
  ]);
  t.is((await run(on, 'clprsc -n exec1', 'server2')).stdout, 'server1\n');
  t.regex(
    (await run(on, 'clprsc -s exec1 -h server2')).stderr,
    /active on server1, not on server2/,
  );
});

const wrong: [string, string][] = [
  ['clpgrp -s failovr1', 'clpgrp: unknown group failovr1; did you mean failover1?\n'],
  ['clpgrp -s failover1 -a server2', 'clpgrp: -a goes with -m\n'],
  ['clpgrp -n', 'clpgrp: -n needs the name of a group\n'],
  ['clpgrp -m failover1 -h x', 'clpgrp: unknown server x; known: server1, server2\n'],
  ['clprsc -s', 'clprsc: the name of a resource is missing\n'],
  ['clprsc -s exec', 'clprsc: unknown resource exec; did you mean exec1?\n'],
];

for (const [line, stderr] of wrong) {
  test(`${line} is one clear line, and nobody is asked`, async (t) => {
    const on = stage();
    t.deepEqual(await run(on, line), { code: 2, stdout: '', stderr });
    t.deepEqual(on.servers.asked, []);
  });
}
