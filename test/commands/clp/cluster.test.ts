import test from 'ava';
import {
  daemonView,
  type Handler,
  hostView,
  NOW,
  refusal,
  says,
  silence,
  withStopped,
} from '../../cluster/fake-servers.ts';
import { run, type Stage, stage } from './fake-environment.ts';

/** A server whose daemon (and agent) start and stop as ordered. */
function switchable(on: Stage, server: string, isRunning: boolean): void {
  const running = new Set(isRunning ? ['clusterpro', 'clusterpro_md'] : []);
  const view = () => {
    const host = hostView(server);
    for (const name of ['clusterpro', 'clusterpro_md']) {
      host.services[name] = { enabled: true, running: running.has(name) };
    }
    return host;
  };
  on.servers.parts.set(`${server}/host`, (body) => {
    if (body.do === 'service' && body.op === 'start') running.add(String(body.name));
    if (body.do === 'service' && body.op === 'stop') running.delete(String(body.name));
    return body.do === 'status' ? view() : {};
  });
  on.servers.parts.set(`${server}/daemon`, (body) => {
    if (!running.has('clusterpro')) return silence('refused')(body);
    if (body.do === 'cluster' && body.op === 'stop') running.delete('clusterpro');
    return body.do === 'status' ? daemonView(server) : {};
  });
}

function both(isRunning: boolean): Stage {
  const on = stage();
  switchable(on, 'server1', isRunning);
  switchable(on, 'server2', isRunning);
  return on;
}

const ON_BOTH = 'Start server1 : Command succeeded.\nStart server2 : Command succeeded.\n';

test('clpcl -s -a starts agent and daemon on every server, a line each', async (t) => {
  const on = both(false);
  t.deepEqual(await run(on, 'clpcl -s -a'), { code: 0, stdout: ON_BOTH, stderr: '' });
  const first = on.servers.orders().filter((order) => order.startsWith('server1'));
  t.deepEqual(first, [
    'server1/host {"do":"service","name":"clusterpro_md","op":"start"}',
    'server1/host {"do":"service","name":"clusterpro","op":"start"}',
  ]);
});

test('clpcl -t stops this server alone and waits until its daemon is gone', async (t) => {
  const on = both(true);
  t.is((await run(on, 'clpcl -t')).stdout, 'Command succeeded.\n');
  t.deepEqual(on.servers.orders(), ['server1/daemon {"do":"cluster","op":"stop","all":false}']);
});

test('clpcl -t -a tells every daemon that all of them stop', async (t) => {
  const on = both(true);
  t.is((await run(on, 'clpcl -t -a')).code, 0);
  t.deepEqual(on.servers.orders().sort(), [
    'server1/daemon {"do":"cluster","op":"stop","all":true}',
    'server2/daemon {"do":"cluster","op":"stop","all":true}',
  ]);
});

test('clpcl -t of a stopped daemon is done already', async (t) => {
  t.is((await run(both(false), 'clpcl -t')).code, 0);
});

test('clpcl -t believes the host when the daemon goes away before it has answered', async (t) => {
  const on = both(true);
  const daemon = on.servers.parts.get('server2/daemon') as Handler;
  on.servers.parts.set('server2/daemon', (body) => {
    const answer = daemon(body);
    return body.do === 'cluster' ? silence('timeout')(body) : answer;
  });
  t.deepEqual(await run(on, 'clpcl -t -a'), {
    code: 0,
    stdout: 'Stop server1 : Command succeeded.\nStop server2 : Command succeeded.\n',
    stderr: '',
  });
});

test('clpcl -t -h acts on another server', async (t) => {
  const on = both(true);
  const report = await run(on, 'clpcl -t -h server2');
  t.is(report.stdout, 'Stop server2 : Command succeeded.\n');
});

test('clpcl -r stops and starts', async (t) => {
  const on = both(true);
  t.is((await run(on, 'clpcl -r -a')).code, 0);
  const orders = on.servers.orders();
  t.is(orders.length, 4);
  t.true(orders.includes('server1/daemon {"do":"cluster","op":"stop","all":true,"restart":true}'));
});

test('clpcl -s of a server that is silent fails in its own line', async (t) => {
  const on = both(false);
  on.servers.parts.set('server2/host', silence('unreachable'));
  const report = await run(on, 'clpcl -s -a');
  t.is(report.code, 1);
  t.regex(report.stdout, /^Start server1 : Command succeeded\.\nStart server2: Failed /);
});

test('clpcl --web switches that service alone', async (t) => {
  const on = stage();
  await run(on, 'clpcl -t --web --alert');
  t.deepEqual(on.servers.orders(), [
    'server1/host {"do":"service","name":"clusterpro_webmgr","op":"stop"}',
    'server1/host {"do":"service","name":"clusterpro_alertsync","op":"stop"}',
  ]);
});

test('clpcl --suspend acts on all servers', async (t) => {
  const on = stage();
  const report = await run(on, 'clpcl --suspend');
  t.is(
    report.stdout,
    'Suspend server1 : Command succeeded.\nSuspend server2 : Command succeeded.\n',
  );
  t.is(on.servers.orders().length, 2);
});

test('clpcl --suspend is not begun when a server cannot take it, but with --force where it can', async (t) => {
  const on = stage();
  on.servers.parts.set('server2/daemon', silence('timeout'));
  const report = await run(on, 'clpcl --suspend');
  t.deepEqual(report, {
    code: 1,
    stdout: 'Suspend server2: Failed invalid server status.\n',
    stderr: '',
  });
  t.deepEqual(on.servers.orders(), []);
  t.is((await run(on, 'clpcl --suspend --force')).code, 0);
  t.deepEqual(on.servers.orders(), ['server1/daemon {"do":"cluster","op":"suspend","all":true}']);
});

test('a suspension that fails half-way is taken back', async (t) => {
  const on = stage();
  const view = says(daemonView('server2'));
  const fails: Handler = (body) =>
    body.do === 'status' ? view(body) : refusal('daemon.busy', 'busy')(body);
  on.servers.parts.set('server2/daemon', fails);
  const report = await run(on, 'clpcl --suspend');
  t.is(report.code, 1);
  t.true(on.servers.orders().includes('server1/daemon {"do":"cluster","op":"resume","all":true}'));
  t.true(report.stdout.includes('Suspend server2: Failed busy\n'));
});

test('clpcl --resume resumes the suspended and names the others', async (t) => {
  const on = stage();
  on.servers.parts.set('server1/daemon', says(daemonView('server1', { state: 'Suspend' })));
  const report = await run(on, 'clpcl --resume');
  t.is(report.code, 1);
  t.is(
    report.stdout,
    'Resume server1 : Command succeeded.\nResume server2: Failed invalid server status.\n',
  );
});

test('clpdown asks the daemon, or the operating system when that is stopped', async (t) => {
  const on = stage();
  t.is((await run(on, 'clpdown -r')).stdout, 'Command succeeded.\n');
  t.deepEqual(on.servers.orders(), ['server1/daemon {"do":"shutdown","reboot":true,"all":false}']);
  const stopped = stage();
  stopped.servers.parts.set('server1/daemon', silence('refused'));
  const host = withStopped('server1', 'clusterpro');
  const atRest = hostView('server1', { node: 'stopped' });
  stopped.servers.parts.set('server1/host', (body) => (body.do === 'status' ? atRest : host(body)));
  await run(stopped, 'clpdown');
  t.is(stopped.servers.orders().at(-1), 'server1/host {"do":"power","op":"shutdown"}');
});

test('clpstdn takes all servers down, its own last', async (t) => {
  const on = stage();
  const { stdout } = await run(on, 'clpstdn');
  t.is(stdout, 'Shutdown server2 : Command succeeded.\nShutdown server1 : Command succeeded.\n');
  t.deepEqual(on.servers.orders(), [
    'server2/daemon {"do":"shutdown","reboot":false,"all":true}',
    'server1/daemon {"do":"shutdown","reboot":false,"all":true}',
  ]);
});

const monitored: [string, string[]][] = [
  ['clpmonctrl -s', ['server1/daemon {"do":"monitor","op":"suspend","monitor":null}']],
  ['clpmonctrl -r -h server2', ['server2/daemon {"do":"monitor","op":"resume","monitor":null}']],
  [
    'clpmonctrl -s -m mdw1 -m ipw1',
    [
      'server1/daemon {"do":"monitor","op":"suspend","monitor":"mdw1"}',
      'server1/daemon {"do":"monitor","op":"suspend","monitor":"ipw1"}',
    ],
  ],
  [
    'clptoratio -r 3 -t 1d',
    ['server1/daemon {"do":"toratio","op":"set","ratio":3,"forMs":86400000}'],
  ],
  [
    'clptoratio -r 40 -t 1h',
    ['server1/daemon {"do":"toratio","op":"set","ratio":40,"forMs":3600000}'],
  ],
  ['clptoratio -i', ['server1/daemon {"do":"toratio","op":"reset"}']],
  ['clpbwctrl -c', ['server1/daemon {"do":"cancel-wait"}']],
];

for (const [line, orders] of monitored) {
  test(`${line} is one order to the daemon`, async (t) => {
    const on = stage();
    t.deepEqual(await run(on, line), { code: 0, stdout: 'Command succeeded.\n', stderr: '' });
    t.deepEqual(on.servers.orders(), orders);
  });
}

test('clptoratio -s tells ratio, timeout and until when', async (t) => {
  const on = stage();
  on.servers.parts.set('server1/daemon', () => ({ ratio: 3, until: NOW }));
  t.is(
    (await run(on, 'clptoratio -s')).stdout,
    'present toratio : 3\nheartbeat timeout : 4500 ms\nuntil : 2004/03/04 17:30:05\n',
  );
});

test('clpbwctrl -c without a wait is an error', async (t) => {
  const on = stage();
  on.servers.parts.set('server1/daemon', refusal('wait.none', 'none'));
  const report = await run(on, 'clpbwctrl -c');
  t.is(report.code, 1);
  t.is(report.stderr, 'clpbwctrl: server1 is not waiting for the other servers\n');
});

test('clpsvcctrl.sh enables and disables by short names', async (t) => {
  const on = stage(null);
  t.is((await run(on, 'clpsvcctrl.sh --disable core mgr')).stdout, 'Command succeeded.\n');
  t.deepEqual(on.servers.orders(), [
    'server1/host {"do":"service","name":"clusterpro","op":"disable"}',
    'server1/host {"do":"service","name":"clusterpro_webmgr","op":"disable"}',
  ]);
  const all = stage(null);
  await run(all, 'clpsvcctrl.sh --enable -a');
  t.is(all.servers.orders().length, 4);
  t.is((await run(all, 'clpsvcctrl.sh --enable ib')).code, 1);
  t.regex((await run(all, 'clpsvcctrl.sh --enable croe')).stderr, /did you mean core/);
});

const wrong: [string, string][] = [
  ['clpcl', 'clpcl: nothing to do; give one of -s, -t, -r, --suspend, --resume\n'],
  ['clpcl -s -t', 'clpcl: -s and -t exclude each other\n'],
  ['clpcl -s -a -h server1', 'clpcl: -a and -h exclude each other\n'],
  ['clpcl -s -h srever2', 'clpcl: unknown server srever2; did you mean server2?\n'],
  ['clpcl -s -h', 'clpcl: -h needs a value: -h HOST\n'],
  ['clpmonctrl -s -m mdw', 'clpmonctrl: unknown monitor mdw; did you mean mdw1?\n'],
  ['clptoratio -r 0 -t 1h', 'clptoratio: the ratio 0 is not a whole number from 1 to 10000\n'],
  ['clptoratio -r 3', 'clptoratio: -r needs -t; give the time, e.g. -t 1h\n'],
  ['clptoratio -r 3 -t soon', 'clptoratio: the time soon is not a time; give e.g. 30m, 1h or 1d\n'],
  ['clptoratio -r 3 -t 90d', 'clptoratio: the time 90d is longer than 30 days\n'],
  ['clpsvcctrl.sh --enable', 'clpsvcctrl.sh: give -a or the names of services\n'],
];

for (const [line, stderr] of wrong) {
  test(`${line} is one clear line, and nothing is done`, async (t) => {
    const on = stage();
    t.deepEqual(await run(on, line), { code: 2, stdout: '', stderr });
    t.deepEqual(on.servers.asked, []);
  });
}
