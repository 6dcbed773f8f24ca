/** Services and their processes: what starts, in which order, and what a process's death leads to. */
import test from 'ava';
import { doesWork } from '../../src/host/process-work.ts';
import { mainOf, servicesOf, type Work } from '../../src/host/service-table.ts';
import { initialHost } from '../../src/host/state.ts';
import type { Generation } from '../../src/messages/index.ts';
import type { ProcessView } from '../../src/ports/views.ts';
import { booted, Chassis, hardware } from './harness.ts';

/** A server with every service of its generation, its daemon online with these heartbeats. */
function up(manual: Generation, heartbeats = ['lanhb', 'diskhb']): Chassis {
  const names = servicesOf(manual).map(({ name }) => name);
  const services = Object.fromEntries(names.map((name) => [name, { enabled: true }]));
  const chassis = new Chassis(initialHost({ ...hardware(), manual, services }, 'server1'));
  chassis.take({ type: 'part.started', bootId: 'feed' });
  chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' });
  chassis.ask('bmc', { do: 'power.on' });
  chassis.fire('boot');
  chassis.ask('host', { do: 'node', event: 'online', heartbeats }, 'server1');
  chassis.now += 1_000;
  return chassis;
}

const commands = (chassis: Chassis): string[] => {
  chassis.ask('host', { do: 'processes' });
  const { processes } = chassis.answer as { processes: ProcessView[] };
  return processes.map(({ command }) => command);
};

const COMMON = [
  'clpmonp --event -a 2 -r 0 -w 0',
  'clpevent',
  'clpmonp --trnsv -a 2 -r 0 -w 0',
  'clptrnsv',
  'clpmonp --mdagent -a 5 -r 0 -w 30',
  'clpmdagent',
  '/opt/nec/clusterpro/bin/clppm',
  'clprc',
  'clprm',
  'clpnm',
];

test('The processes of v3 are those of its listing, in their order: v3 11.1 (5), (6)', (t) => {
  const heartbeats = ['clplanhb', 'clpdiskhb', 'clpcomhb'];
  t.deepEqual(commands(up('v3', ['comhb', 'lanhb', 'diskhb'])), [
    ...COMMON,
    ...heartbeats,
    'clpwebmgr -start',
    'clpwebalt',
  ]);
});

test('X has an API and an information base beside them, and its own heartbeats', (t) => {
  t.deepEqual(commands(up('x5', ['lankhb'])), [
    ...COMMON,
    'clplankhb',
    'clpwebmc -start',
    'clpaltd -start',
    'clpapisv -start',
    'clpibsv -start',
  ]);
});

test('Nothing that the daemon starts is there before it has read its configuration', (t) => {
  const chassis = booted();
  t.false(commands(chassis).some((command) => /clprm|clpnm|hb$/.test(command)));
  chassis.ask('host', { do: 'node', event: 'stopping', heartbeats: ['lanhb'] }, 'server1');
  t.false(commands(chassis).some((command) => /clprm|clpnm|hb$/.test(command)));
});

test('A process is told with its id and that of the one that started it', (t) => {
  const chassis = up('v3');
  chassis.ask('host', { do: 'processes' });
  const { processes } = chassis.answer as { processes: ProcessView[] };
  t.deepEqual(processes.slice(0, 2), [
    {
      name: 'clpmonp',
      service: 'clusterpro_evt',
      command: 'clpmonp --event -a 2 -r 0 -w 0',
      pid: 1669,
      ppid: 1,
      since: 1_300,
    },
    {
      name: 'clpevent',
      service: 'clusterpro_evt',
      command: 'clpevent',
      pid: 1670,
      ppid: 1669,
      since: 1_300,
    },
  ]);
});

/** Said by the process manager while it is there (pm 3). */
const WATCHED = 'Shutdown stall monitor has started';

/** Process, how it is logged and what becomes of the server; [started again]. */
const DEATHS: [string, string[], string, boolean][] = [
  [
    'clpevent',
    ['clpevent process exit abnormally. (status=SIGKILL)', 'clpevent process will be restarted.'],
    'online',
    true,
  ],
  [
    'clptrnsv',
    ['clptrnsv process exit abnormally. (status=SIGKILL)', 'clptrnsv process will be restarted.'],
    'online',
    true,
  ],
  [
    'clplanhb',
    ['clplanhb process exit abnormally.', 'clplanhb process will be restarted.'],
    'online',
    true,
  ],
  [
    'agent',
    [
      'clpmdagent process exit abnormally. (status=SIGKILL)',
      'System will be rebooted for clpmdagent process exit abnormally.',
      'system will be rebooted.',
      WATCHED,
    ],
    'rebooting',
    false,
  ],
  [
    'daemon',
    ['clprc process exit abnormally.', 'system will be halted.', WATCHED],
    'shuttingDown',
    false,
  ],
  [
    'clprm',
    ['clprm process exit abnormally.', 'system will be halted.', WATCHED],
    'shuttingDown',
    false,
  ],
  [
    'clpnm',
    ['clpnm process exit abnormally.', 'system will be halted.', WATCHED],
    'shuttingDown',
    false,
  ],
  [
    'clppm',
    ['Cluster daemon critical error has occurred.', 'system will be halted.'],
    'shuttingDown',
    false,
  ],
  ['clpwebmgr', [], 'online', false],
  ['clpwebalt', [], 'online', false],
  ['clpmonp-event', [], 'online', false],
];
for (const [key, said, node, again] of DEATHS) {
  test(`${key} dies: the server is ${node}, and ${again ? 'it is started again' : 'it is gone'}`, (t) => {
    const chassis = up('v3');
    const lines = chassis.exit(key, null, 'SIGKILL');
    const logged = lines.filter((line) => line.startsWith('log ')).map((line) => line.slice(4));
    t.deepEqual(logged, said);
    t.is(chassis.state.node.value, node as never);
    t.is(
      lines.some((line) => line.startsWith(`startProcess ${key} `)),
      again,
    );
    t.is(chassis.state.processes[key] !== undefined, again);
  });
}

test('In X the daemon says what such a death leads to: a shutdown or a reboot, x5 2.12.5', (t) => {
  for (const [onDeath, node] of [
    ['shutdown', 'shuttingDown'],
    ['reboot', 'rebooting'],
  ] as const) {
    const chassis = up('x5', ['lankhb']);
    chassis.ask('host', { do: 'node', event: 'online', heartbeats: [], onDeath }, 'server1');
    chassis.exit('clprm', null, 'SIGKILL');
    t.is(chassis.state.node.value, node);
  }
});

test('What nobody looks after any more is missed by nobody, even the agent', (t) => {
  const chassis = up('v3');
  chassis.exit('clpmonp-mdagent', null, 'SIGKILL');
  t.deepEqual(chassis.exit('agent', null, 'SIGKILL'), ['cancelTimer stop:agent']);
  t.is(chassis.state.node.value, 'online');
  t.like(chassis.view().services, { clusterpro_md: { running: false } });
});

test('A process that ends as soon as it is started is not started for ever', (t) => {
  const chassis = up('v3');
  chassis.exit('clpevent', null, 'SIGKILL');
  chassis.now += 20;
  t.deepEqual(chassis.exit('clpevent', 126), [
    'log clpevent process initialize error has occurred. (status=126)',
    'stopProcess clpmonp-event',
  ]);
  t.is(chassis.state.node.value, 'online');
});

test('The daemon is not started without the event process: v3 11.1 (5)', (t) => {
  const chassis = up('v3');
  chassis.ask('host', { do: 'service', name: 'clusterpro', op: 'stop' });
  chassis.exit('daemon', 0);
  chassis.ask('host', { do: 'service', name: 'clusterpro_evt', op: 'stop' });
  chassis.ask('host', { do: 'service', name: 'clusterpro', op: 'start' });
  t.is(chassis.refused, 'service.needs');
  chassis.ask('host', { do: 'service', name: 'clusterpro_evt', op: 'disable' });
  chassis.ask('host', { do: 'power', op: 'reboot' });
  chassis.exit('agent', 0);
  chassis.take({ type: 'processes.gone' });
  t.true(
    chassis.fire('boot').includes('log clusterpro is not started: clusterpro_evt does not run.'),
  );
  t.is(chassis.state.node.value, 'stopped');
});

test('A service that is stopped in order takes its processes with it, and is started again', (t) => {
  const chassis = up('v3');
  chassis.ask('host', { do: 'service', name: 'clusterpro', op: 'stop' });
  t.deepEqual(chassis.exit('daemon', 0).slice(-5), [
    'stopProcess clpdiskhb',
    'stopProcess clplanhb',
    'stopProcess clpnm',
    'stopProcess clprm',
    'stopProcess clppm',
  ]);
  // Their ends come later, and mean nothing.
  t.deepEqual(chassis.exit('clprm', null, 'SIGTERM'), []);
  t.is(chassis.state.node.value, 'stopped');
  chassis.ask('host', { do: 'service', name: 'clusterpro', op: 'start' });
  t.is(chassis.state.node.value, 'online');
});

for (const manual of ['v3', 'x5'] as const) {
  test(`Each service of ${manual} has a process of its own, and needs only what it knows`, (t) => {
    const rows = servicesOf(manual);
    const names = rows.map(({ name }) => name);
    t.deepEqual([...new Set(names)], names);
    const keys = rows.flatMap(({ processes }) => processes.map(({ key }) => key));
    t.deepEqual([...new Set(keys)], keys);
    for (const row of rows) {
      t.is(mainOf(row).awaits, undefined);
      t.true(row.needs.every((name) => names.indexOf(name) < names.indexOf(row.name)));
      for (const { parent } of row.processes) t.true(parent === null || keys.includes(parent));
    }
  });
}

const WORKS: [work: Work, v3: string, x5: string][] = [
  ['events', 'clpevent', 'clpevent'],
  ['transfer', 'clptrnsv', 'clptrnsv'],
  ['alerts', 'clpwebalt', 'clpaltd'],
  ['monitors', 'clprm', 'clprm'],
  ['nodes', 'clpnm', 'clpnm'],
];

for (const [work, ...names] of WORKS) {
  for (const [at, manual] of (['v3', 'x5'] as const).entries()) {
    const process = names[at]!;
    test(`${manual}: ${work} rests while ${process} is stopped`, (t) => {
      const chassis = up(manual);
      t.true(doesWork(chassis.state, work));
      chassis.take({ type: 'process.stopped', process });
      t.false(doesWork(chassis.state, work));
      chassis.take({ type: 'process.continued', process });
      t.true(doesWork(chassis.state, work));
    });
  }
}

test('of a server that has no such service nothing is asked; one that does not run does no work', (t) => {
  const chassis = up('v3');
  const { clusterpro_trn: _, ...services } = chassis.state.services;
  t.true(doesWork({ ...chassis.state, services, processes: {} }, 'transfer'));
  chassis.ask('host', { do: 'service', name: 'clusterpro_trn', op: 'stop' });
  t.false(doesWork(chassis.state, 'transfer'));
});

/** What the daemon was told with these effects. */
const told = (lines: string[]) =>
  lines.flatMap((line) => /^sendRequest idle .*"work":(\[.*?\])/.exec(line)?.[1] ?? []);

test('the daemon is told what rests, when that changes', (t) => {
  const chassis = up('v3');
  const stop = (process: string) => told(chassis.take({ type: 'process.stopped', process }));
  const go = (process: string) => told(chassis.take({ type: 'process.continued', process }));
  t.deepEqual(stop('clplanhb'), ['["lanhb"]']);
  t.deepEqual(stop('clpnm'), ['["nodes","lanhb"]']);
  t.deepEqual(stop('clpwebmgr'), [], 'nobody does its work');
  t.deepEqual(stop('clpnm'), [], 'it is stopped already');
  t.deepEqual(go('clplanhb'), ['["nodes"]']);
  t.deepEqual(stop('clptrnsv'), ['["nodes","transfer"]']);
  const say = { do: 'node', event: 'online', heartbeats: ['lanhb'] };
  t.deepEqual(
    told(chassis.ask('host', say, 'server1')),
    ['["nodes","transfer"]'],
    'a daemon that begins hears it',
  );
  t.deepEqual(go('clpnm'), ['["transfer"]']);
  t.deepEqual(go('clptrnsv'), ['[]']);
});

test('while the whole server is frozen, nothing of it counts as stopped by itself', (t) => {
  const chassis = up('v3');
  chassis.ask('bmc', { do: 'freeze' });
  chassis.take({ type: 'process.stopped', process: 'clpnm' });
  t.true(doesWork(chassis.state, 'nodes'));
});

test('who is stopped sees the deaths of what it looks after when it goes on', (t) => {
  const chassis = up('v3');
  const died = { code: null, signal: 'SIGKILL' };
  chassis.take({ type: 'process.stopped', process: 'clpmonp-trnsv' });
  const quiet = chassis.take({ type: 'process.exited', process: 'clptrnsv', ...died });
  t.deepEqual(told(quiet), ['["transfer"]']);
  t.false(quiet.some((line) => line.startsWith('startProcess')));
  const seen = chassis.take({ type: 'process.continued', process: 'clpmonp-trnsv' });
  t.true(seen.some((line) => line.startsWith('startProcess clptrnsv')));
  t.true(seen.some((line) => line.includes('clptrnsv process exit abnormally')));
  t.deepEqual(told(seen), ['[]']);
  chassis.take({ type: 'process.stopped', process: 'clppm' });
  chassis.take({ type: 'process.exited', process: 'clprm', ...died });
  t.is(chassis.state.node.value, 'online');
  chassis.take({ type: 'process.continued', process: 'clppm' });
  t.is(chassis.state.node.value, 'shuttingDown');
});
