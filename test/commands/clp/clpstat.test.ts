import test from 'ava';
import {
  CONFIG,
  daemonView,
  says,
  silence,
  V3_TEXT,
  withStopped,
} from '../../cluster/fake-servers.ts';
import { run, type Stage, stage } from './fake-environment.ts';

const HEALTHY = ` ========================  CLUSTER STATUS  ===========================
  Cluster : harbour
  <server>
   *server1 .........: Online           Primary server
      lanhb1         : Normal           LAN Heartbeat
      lanhb2         : Normal           LAN Heartbeat
      comhb1         : Normal           COM Heartbeat
    server2 .........: Online           Standby server
      lanhb1         : Normal           LAN Heartbeat
      lanhb2         : Normal           LAN Heartbeat
      comhb1         : Normal           COM Heartbeat
  <group>
    failover1 .......: Online           Application on the mirror disk
      current        : server1
      fip1           : Online           Address of failover1
      md1            : Online           Mirror disk
      exec1          : Online           Application of failover1
    failover2 .......: Online           Application without a mirror disk
      current        : server1
      fip2           : Online           Address of failover2
      exec2          : Online           Application of failover2
  <monitor>
    userw            : Normal           User space
    mdw1             : Normal           Mirror disk
    mdnw1            : Normal           Mirror disk connect
    ipw1             : Normal           Address of failover1
    pidw1            : Normal           Application of failover1
 =====================================================================
`;

const LONG_HEAD = `   *server1 ..........................: Online           Primary server
      lanhb1                          : Normal           LAN Heartbeat
`;

const GROUP_MAP = ` ======================  GROUPMAP INFORMATION  =======================
  Cluster : harbour
   *server0 : server1
    server1 : server2

  --------------------------------------------------------------------
    server0 [o] : failover1[o] failover2[o]
    server1 [o] :
 =====================================================================
`;

const PARTITIONED = ` ========= HEARTBEAT RESOURCE STATUS ==========
 Cluster : harbour
 *server0 : server1
  server1 : server2
  HB0 : lanhb1
  HB1 : lanhb2
  HB2 : comhb1
 [on server0 : Online]
      HB 0 1 2
 server0 : o o o
 server1 : x x x
 [on server1 : Offline]
      HB 0 1 2
 server0 : - - -
 server1 : - - -
`;

/** What server1 sees of a server2 that no heartbeat resource reaches. */
function partitioned(): Stage {
  const on = stage();
  const lost = Object.fromEntries(CONFIG.heartbeats.map(({ name }) => [name, 'Error' as const]));
  on.servers.parts.set(
    'server1/daemon',
    says(daemonView('server1', { heartbeats: { server2: lost } })),
  );
  for (const part of ['host', 'daemon', 'agent', 'bmc']) {
    on.servers.parts.set(`server2/${part}`, silence('timeout'));
  }
  return on;
}

test('clpstat shows a healthy cluster on one page', async (t) => {
  t.deepEqual(await run(stage(), 'clpstat'), { code: 0, stdout: HEALTHY, stderr: '' });
  t.is((await run(stage(), 'clpstat -s')).stdout, HEALTHY);
});

test('clpstat on the other server marks that one', async (t) => {
  const { stdout } = await run(stage(), 'clpstat', 'server2');
  t.is(stdout, HEALTHY.replace('*server1', ' server1').replace(' server2 ...', '*server2 ...'));
  t.is((await run(stage(), 'clpstat -h server2')).stdout, stdout);
});

test('clpstat --long widens the columns', async (t) => {
  t.true((await run(stage(), 'clpstat --long')).stdout.includes(LONG_HEAD));
});

test('clpstat -g maps groups to servers', async (t) => {
  t.is((await run(stage(), 'clpstat -g')).stdout, GROUP_MAP);
});

test('clpstat -n shows a partition as each side sees it', async (t) => {
  t.is((await run(partitioned(), 'clpstat -n')).stdout, PARTITIONED);
  const { stdout } = await run(partitioned(), 'clpstat');
  t.true(stdout.includes('    server2 .........: Offline          Standby server\n'));
});

test('clpstat -n shows who hears whom when all is well', async (t) => {
  const { stdout } = await run(stage(), 'clpstat -n');
  t.is(stdout.match(/^ server\d : o o o$/gm)?.length, 4);
});

test('clpstat -m has each monitor and its state in one line, and below it what each server says', async (t) => {
  const { stdout } = await run(stage(), 'clpstat -m');
  t.is(stdout.match(/^ {2}Monitor\d+ \[\w+ : \w+\]$/gm)?.length, CONFIG.monitors.length);
  const ipw1 = stdout.slice(stdout.indexOf('  Monitor3 [ipw1 : Normal]'));
  const rule = `  ${'-'.repeat(68)}`;
  t.deepEqual(ipw1.split('\n').slice(0, 4), [
    '  Monitor3 [ipw1 : Normal]',
    rule,
    '    server0 [o] : Normal',
    '    server1 [o] : Offline',
  ]);
});

test('a status without a comment goes on with blanks, and the place of a group does not', async (t) => {
  const text = V3_TEXT.replace('<comment>Standby server</comment>', '<comment></comment>');
  const { stdout } = await run(stage(text), 'clpstat');
  t.true(stdout.includes('    server2 .........: Online           \n'));
  t.true(stdout.includes('      current        : server1\n'));
});

test('with every daemon stopped all is Offline and current None', async (t) => {
  const on = stage();
  for (const server of ['server1', 'server2']) {
    on.servers.parts.set(`${server}/daemon`, silence('refused'));
    on.servers.parts.set(`${server}/host`, withStopped(server, 'clusterpro'));
  }
  const { code, stdout } = await run(on, 'clpstat');
  t.is(code, 0);
  const words = stdout.match(/: \w+ /g) ?? [];
  t.true(stdout.includes('      current        : None\n'));
  t.deepEqual([...new Set(words)].sort(), [': Offline ']);
});

test('a silent server leaves groups Unknown, never Offline', async (t) => {
  const on = stage();
  for (const part of ['host', 'daemon', 'agent', 'bmc']) {
    on.servers.parts.set(`server1/${part}`, silence('timeout'));
  }
  const { stdout } = await run(on, 'clpstat', 'server2');
  t.true(stdout.includes('    failover1 .......: Unknown'));
  t.true(stdout.includes('      current        : Unknown'));
});

test('a monitor suspended on one server only is Caution', async (t) => {
  const on = stage();
  const monitors = daemonView('server2').monitors;
  monitors.mdw1 = { state: 'Suspend', message: null };
  on.servers.parts.set('server2/daemon', says(daemonView('server2', { monitors })));
  t.regex((await run(on, 'clpstat')).stdout, / mdw1 +: Caution /);
});

test('clpstat --hb and --mon NAME show properties in 55 columns', async (t) => {
  const { stdout } = await run(stage(), 'clpstat --hb');
  t.true(stdout.startsWith(' =======================  CLUSTER INFORMATION  ================'));
  t.true(stdout.includes(` [HB0 : lanhb1]\n  ${'Type'.padEnd(55)}: lanhb\n`));
  const one = (await run(stage(), 'clpstat --mon mdw1')).stdout;
  t.true(one.includes(' [Monitor1 : mdw1]\n'));
  t.false(one.includes('userw'));
});

test('clpstat -i shows everything, and parameters with --detail', async (t) => {
  const { stdout } = await run(stage(), 'clpstat -i --detail');
  for (const head of ['[Cluster : harbour]', '[Server1 : server2]', '[Group1 : failover2]']) {
    t.true(stdout.includes(head), head);
  }
  t.true(stdout.includes(`  ${'diskdev/cppath'.padEnd(55)}: /dev/sdb1\n`));
});

const wrong: [string, string][] = [
  ['clpstat --lnog', 'clpstat: unknown option --lnog; did you mean --long?\n'],
  ['clpstat -g -m', 'clpstat: -g and -m exclude each other\n'],
  ['clpstat --mon mdw9', 'clpstat: unknown monitor mdw9; did you mean mdw1?\n'],
  ['clpstat -h server3', 'clpstat: unknown server server3; did you mean server1?\n'],
  ['clpstat extra', 'clpstat: unexpected argument extra\n'],
];

for (const [line, stderr] of wrong) {
  test(`${line} is one clear line`, async (t) => {
    t.deepEqual(await run(stage(), line), { code: 2, stdout: '', stderr });
  });
}

test('a server without a configuration says how to get one', async (t) => {
  const report = await run(stage(null), 'clpstat');
  t.is(report.code, 1);
  t.is(
    report.stderr,
    'clpstat: server1 has no cluster configuration; distribute one with clpcfctrl --push\n',
  );
});

test('a suspended server sends no heartbeats, not even to itself', async (t) => {
  const on = stage();
  on.servers.parts.set('server1/daemon', says(daemonView('server1', { state: 'Suspend' })));
  t.regex((await run(on, 'clpstat')).stdout, /server1 \.+: Suspend .*\n +lanhb1 +: Unused /);
});
