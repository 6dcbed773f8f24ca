import test from 'ava';
import { bare, booted, Chassis } from './harness.ts';

const exec = (operation: string, ...argv: string[]) => ({
  do: 'exec',
  operation,
  argv,
  answers: [],
  timeoutMs: 5_000,
  lease: null,
});

test('A server boots under a new boot id and starts what is enabled, the agent first', (t) => {
  const chassis = new Chassis();
  t.deepEqual(chassis.take({ type: 'part.started', bootId: 'feed' }), [
    'createDisk SN-server1-sdb-1 4194304',
  ]);
  t.deepEqual(chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' }), ['saveHost']);
  const on = chassis.ask('bmc', { do: 'power.on' });
  const first = chassis.state.bootId;
  t.regex(first!, /^[0-9a-f]{16}$/);
  t.deepEqual(on, [
    'saveHost',
    'armTimer boot 1300',
    `sendReply r1 {"power":"on","bootId":"${first}"}`,
  ]);
  t.deepEqual(chassis.fire('boot'), [
    'saveHost',
    `startProcess clpmonp-event ${first} clpmonp --event -a 2 -r 0 -w 0`,
    `startProcess clpevent ${first} clpevent`,
    `startProcess clpmonp-mdagent ${first} clpmonp --mdagent -a 5 -r 0 -w 30`,
    `startProcess agent ${first} clpmdagent`,
    `startProcess clppm ${first} /opt/nec/clusterpro/bin/clppm`,
    `startProcess daemon ${first} clprc`,
    `startProcess clpwebmgr ${first} clpwebmgr -start`,
    'sendRequest lease:server2 {"server":"server2","part":"host"} {"do":"lease","op":"show"} 1000',
    'armTimer lease 2300',
  ]);
  t.is(chassis.state.node.value, 'online');
  chassis.ask('host', { do: 'reset', why: 'a test' });
  chassis.take({ type: 'processes.gone' });
  t.not(chassis.state.bootId, first);
});

test('A disabled service does not start at boot, and in single user mode none does', (t) => {
  const single = booted(true);
  t.is(single.state.runLevel, 1);
  t.is(single.state.node.value, 'stopped');
  single.ask('host', { do: 'service', name: 'clusterpro', op: 'disable' });
  single.ask('host', { do: 'power', op: 'reboot' });
  single.take({ type: 'processes.gone' });
  t.deepEqual(
    single.fire('boot').map((line) => line.split(' ').slice(0, 2).join(' ')),
    [
      'saveHost',
      'startProcess clpmonp-event',
      'startProcess clpevent',
      'startProcess clpmonp-mdagent',
      'startProcess agent',
      'startProcess clpwebmgr',
      'sendRequest lease:server2',
      'armTimer lease',
    ],
  );
  t.is(single.state.runLevel, 3);
});

test('A boot waits for a disk that is still being made', (t) => {
  const chassis = new Chassis();
  chassis.take({ type: 'part.started', bootId: 'feed' });
  chassis.ask('bmc', { do: 'power.on' });
  t.deepEqual(chassis.fire('boot'), ['armTimer boot 1350']);
  chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' });
  chassis.fire('boot');
  t.is(chassis.state.node.value, 'online');
});

test('A shutdown stops daemon, agent and commands in that order, then the power is off', (t) => {
  const chassis = booted();
  chassis.ask('host', exec('op1', 'sleep', '1'));
  t.deepEqual(chassis.ask('host', { do: 'power', op: 'shutdown' }), [
    'saveHost',
    'sendReply r3 {}',
    'log system will be halted.',
    'log Shutdown stall monitor has started',
    'armTimer shutdown 61300',
    'stopProcess clpwebmgr',
    'stopProcess daemon',
  ]);
  t.deepEqual(chassis.exit('daemon', 0), [
    'cancelTimer stop:daemon',
    'stopProcess clppm',
    'stopProcess agent',
  ]);
  t.deepEqual(chassis.exit('agent', 0), [
    'cancelTimer stop:agent',
    'stopProcess clpmonp-mdagent',
    'stopProcess clpevent',
    'stopProcess clpmonp-event',
    'armTimer drain 3300',
  ]);
  chassis.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered: [] } });
  t.true(chassis.effects.some((effect) => effect.type === 'killAll'));
  t.is(chassis.state.operations.op1?.state, 'exited');
  chassis.take({ type: 'processes.gone' });
  t.is(chassis.state.node.value, 'poweredOff');
  t.is(chassis.state.bootId, null);
});

test('A command that outlasts the shutdown is lost, and its caller is told so', (t) => {
  const chassis = booted();
  chassis.ask('host', exec('op1', 'sleep', '100'));
  chassis.ask('host', { do: 'power', op: 'reboot' });
  chassis.exit('daemon', 0);
  chassis.exit('agent', 0);
  chassis.fire('drain');
  const lost = chassis.answer as { state: string; endedAt: number };
  t.is(lost.state, 'lost');
  chassis.take({ type: 'processes.gone' });
  t.is(chassis.state.node.value, 'booting');
  chassis.fire('boot');
  chassis.ask('host', exec('op1', 'sleep', '100'));
  t.is((chassis.answer as { state: string }).state, 'lost');
  t.false(chassis.effects.some((effect) => effect.type === 'spawnCommand'));
});

test('A shutdown that stalls ends in a reset: v3 10.6', (t) => {
  const chassis = booted();
  chassis.ask('host', { do: 'power', op: 'shutdown' });
  const lines = chassis.fire('shutdown');
  t.true(lines.includes('log server1 stalls in its shutdown since 60000 ms: reset.'));
  t.is(lines.at(-1), 'killAll');
  t.is(chassis.state.node.value, 'down');
  chassis.take({ type: 'processes.gone' });
  t.is(chassis.state.node.value, 'booting');
});

const deaths: [string, 'agent' | 'daemon', number | null, string | null, string][] = [
  ['The daemon ends with 0: it was stopped', 'daemon', 0, null, 'stopped'],
  ['The daemon cannot read its configuration: it is just stopped', 'daemon', 2, null, 'stopped'],
  ['The daemon is killed: orderly shutdown, v3 10.3', 'daemon', null, 'SIGKILL', 'shuttingDown'],
  ['The daemon breaks down: orderly shutdown, v3 10.3', 'daemon', 70, null, 'shuttingDown'],
  ['The agent ends with 0: the server stays', 'agent', 0, null, 'online'],
  ['The agent is killed: orderly restart, v3 10.9', 'agent', null, 'SIGKILL', 'rebooting'],
];
for (const [title, part, code, signal, node] of deaths) {
  test(title, (t) => {
    const chassis = booted();
    chassis.exit(part, code, signal);
    t.is(chassis.state.node.value, node as never);
  });
}

test('What a server is asked while it hangs it reads when it goes on, and not after a reset', (t) => {
  const chassis = booted();
  chassis.ask('bmc', { do: 'freeze' });
  t.deepEqual(chassis.ask('host', exec('o1', 'clpstat')), []);
  t.deepEqual(chassis.ask('host', { do: 'nonsense' }), []);
  const words = (lines: string[]) => lines.map((line) => line.split(' ').slice(0, 2).join(' '));
  t.deepEqual(words(chassis.ask('bmc', { do: 'thaw' })), [
    'saveHost',
    'thawAll',
    'sendReply r5',
    'spawnCommand {"operation":"o1","argv":["clpstat"],"answers":[],"timeoutMs":5000}',
    'refuseRequest r4',
  ]);
  chassis.ask('bmc', { do: 'freeze' });
  t.deepEqual(chassis.ask('host', exec('o2', 'clpstat')), []);
  const cut = words(chassis.ask('bmc', { do: 'power.cut' }));
  t.deepEqual(cut.slice(2, 4), ['sendReply r3', 'refuseRequest r7']);
});

test('A frozen server answers nothing but its controller, and its watchdog resets it', (t) => {
  const chassis = booted();
  chassis.ask('host', { do: 'watchdog', timeoutMs: 900 }, 'server1');
  t.deepEqual(chassis.ask('bmc', { do: 'freeze' }), ['freezeAll', 'sendReply r3 {"frozen":true}']);
  t.deepEqual(chassis.ask('host', { do: 'status' }), []);
  chassis.ask('bmc', { do: 'power.status' });
  t.like(chassis.answer, { power: 'on' });
  t.is(chassis.fire('watchdog').at(-1), 'killAll');
  chassis.take({ type: 'processes.gone' });
  t.is(chassis.state.node.value, 'booting');
  t.false(chassis.state.frozen);
});

test('A watchdog is disarmed by 0, by suspension and by an orderly stop of the daemon', (t) => {
  const chassis = booted();
  const arm = () => chassis.ask('host', { do: 'watchdog', timeoutMs: 900 }, 'server1');
  arm();
  chassis.ask('host', { do: 'watchdog', timeoutMs: 0 }, 'server1');
  t.false(chassis.timers.has('watchdog'));
  arm();
  chassis.ask('host', { do: 'node', event: 'suspended' }, 'server1');
  t.false(chassis.timers.has('watchdog'));
  t.is(chassis.state.node.value, 'suspended');
  arm();
  t.true(chassis.timers.has('watchdog'));
  chassis.exit('daemon', 0);
  t.false(chassis.timers.has('watchdog'));
});

test('Cutting the power kills everything and answers when all of it is gone', (t) => {
  const chassis = booted();
  t.deepEqual(chassis.ask('bmc', { do: 'power.cut' }).slice(-1), ['killAll']);
  t.is(chassis.answer, undefined);
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.take({ type: 'processes.gone' });
  const replies = chassis.effects.filter((effect) => effect.type === 'sendReply');
  t.deepEqual(
    replies.map((effect) => effect.type === 'sendReply' && effect.id),
    ['r2', 'r3'],
  );
  t.deepEqual(
    replies.map((effect) => effect.type === 'sendReply' && effect.body),
    [{ power: 'off' }, { power: 'off' }],
  );
  t.deepEqual(chassis.ask('host', { do: 'status' }).length, 1);
  t.is(chassis.refused, 'os.off');
});

test('The power turned on while it is still being cut boots once everything is gone', (t) => {
  const chassis = booted();
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.ask('bmc', { do: 'power.on' });
  chassis.take({ type: 'processes.gone' });
  t.is(chassis.state.node.value, 'booting');
  t.deepEqual(chassis.answer, { power: 'off' });
});

test('The agent is not stopped under a running daemon; a stop is answered when it is done', (t) => {
  const chassis = booted();
  const stop = (name: string) => chassis.ask('host', { do: 'service', name, op: 'stop' });
  stop('clusterpro_md');
  t.is(chassis.refused, 'service.busy');
  stop('clusterpro');
  t.is(chassis.answer, undefined);
  t.is(chassis.state.node.value, 'stopping');
  chassis.exit('daemon', 0);
  t.deepEqual(chassis.answer, { running: false });
  stop('clusterpro_md');
  chassis.fire('stop:agent');
  t.is(chassis.refused, 'service.stalled');
  stop('clusterpro_nothing');
  t.is(chassis.refused, 'service.unknown');
});

test('A supervisor that comes back finds a power loss: what ran is lost, and it boots', (t) => {
  const chassis = booted();
  chassis.ask('host', exec('op1', 'sleep', '100'));
  const boot = chassis.state.bootId;
  const again = new Chassis(JSON.parse(chassis.saved!));
  const lines = again.take({ type: 'part.started', bootId: 'cafe' });
  t.is(lines.at(-1), 'killAll');
  t.is(again.state.operations.op1?.state, 'lost');
  again.take({ type: 'processes.gone' });
  again.fire('boot');
  t.is(again.state.node.value, 'online');
  t.not(again.state.bootId, boot);
});

test('A supervisor that comes back to a server without power leaves it off', (t) => {
  const chassis = booted();
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.take({ type: 'processes.gone' });
  const again = new Chassis(JSON.parse(chassis.saved!));
  t.deepEqual(again.take({ type: 'part.started', bootId: 'cafe' }), []);
  t.is(again.state.node.value, 'poweredOff');
});

test('The view shows the server as it is', (t) => {
  const chassis = bare();
  chassis.ask('bmc', { do: 'medium.insert', medium: 'floppy' });
  chassis.ask('bmc', { do: 'disk.fail', device: '/dev/sdb', mode: 'write' });
  t.like(chassis.view('abc'), {
    node: 'stopped',
    runLevel: 1,
    medium: 'floppy',
    configHash: 'abc',
    mirrorBreaks: { md1: 'none' },
    services: {
      clusterpro_evt: { enabled: true, running: false },
      clusterpro_md: { enabled: true, running: false },
      clusterpro: { enabled: true, running: false },
      clusterpro_webmgr: { enabled: true, running: false },
    },
    disks: {
      '/dev/sdb': {
        serial: 'SN-server1-sdb-1',
        failed: true,
        sizeBytes: 4194304,
        partitions: [
          { number: 1, device: '/dev/sdb1', sizeBytes: 1048576 },
          { number: 2, device: '/dev/sdb2', sizeBytes: 2097152 },
        ],
      },
    },
  });
});
