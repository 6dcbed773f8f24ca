import test from 'ava';
import { Bench, bare, booted } from './bench.ts';

const exec = (operation: string, ...argv: string[]) => ({
  do: 'exec',
  operation,
  argv,
  answers: [],
  timeoutMs: 5_000,
  lease: null,
});

test('A server boots under a new boot id and starts what is enabled, the agent first', (t) => {
  const bench = new Bench();
  t.deepEqual(bench.take({ type: 'part.started', bootId: 'feed' }), [
    'createDisk SN-server1-sdb-1 4194304',
  ]);
  t.deepEqual(bench.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' }), ['saveHost']);
  const on = bench.ask('bmc', { do: 'power.on' });
  const first = bench.state.bootId;
  t.regex(first!, /^[0-9a-f]{16}$/);
  t.deepEqual(on, [
    'saveHost',
    'armTimer boot 1300',
    `sendReply r1 {"power":"on","bootId":"${first}"}`,
  ]);
  t.deepEqual(bench.fire('boot'), [
    'saveHost',
    `startProcess agent ${first}`,
    `startProcess daemon ${first}`,
    'sendRequest lease:server2 {"server":"server2","part":"host"} {"do":"lease","op":"show"} 1000',
    'armTimer lease 2300',
  ]);
  t.is(bench.state.node.value, 'online');
  bench.ask('host', { do: 'reset', why: 'a test' });
  bench.take({ type: 'processes.gone' });
  t.not(bench.state.bootId, first);
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
    ['saveHost', 'startProcess agent', 'sendRequest lease:server2', 'armTimer lease'],
  );
  t.is(single.state.runLevel, 3);
});

test('A boot waits for a disk that is still being made', (t) => {
  const bench = new Bench();
  bench.take({ type: 'part.started', bootId: 'feed' });
  bench.ask('bmc', { do: 'power.on' });
  t.deepEqual(bench.fire('boot'), ['armTimer boot 1350']);
  bench.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' });
  bench.fire('boot');
  t.is(bench.state.node.value, 'online');
});

test('A shutdown stops daemon, agent and commands in that order, then the power is off', (t) => {
  const bench = booted();
  bench.ask('host', exec('op1', 'sleep', '1'));
  t.deepEqual(bench.ask('host', { do: 'power', op: 'shutdown' }), [
    'saveHost',
    'sendReply r3 {}',
    'log system will be halted.',
    'armTimer shutdown 61300',
    'stopProcess daemon',
  ]);
  t.deepEqual(bench.exit('daemon', 0), ['cancelTimer stop:daemon', 'stopProcess agent']);
  t.deepEqual(bench.exit('agent', 0), ['cancelTimer stop:agent', 'armTimer drain 3300']);
  bench.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered: [] } });
  t.true(bench.effects.some((effect) => effect.type === 'killAll'));
  t.is(bench.state.operations.op1?.state, 'exited');
  bench.take({ type: 'processes.gone' });
  t.is(bench.state.node.value, 'poweredOff');
  t.is(bench.state.bootId, null);
});

test('A command that outlasts the shutdown is lost, and its caller is told so', (t) => {
  const bench = booted();
  bench.ask('host', exec('op1', 'sleep', '100'));
  bench.ask('host', { do: 'power', op: 'reboot' });
  bench.exit('daemon', 0);
  bench.exit('agent', 0);
  bench.fire('drain');
  const lost = bench.answer as { state: string; endedAt: number };
  t.is(lost.state, 'lost');
  bench.take({ type: 'processes.gone' });
  t.is(bench.state.node.value, 'booting');
  bench.fire('boot');
  bench.ask('host', exec('op1', 'sleep', '100'));
  t.is((bench.answer as { state: string }).state, 'lost');
  t.false(bench.effects.some((effect) => effect.type === 'spawnCommand'));
});

test('A shutdown that stalls ends in a reset: v3 10.6', (t) => {
  const bench = booted();
  bench.ask('host', { do: 'power', op: 'shutdown' });
  const lines = bench.fire('shutdown');
  t.true(lines.includes('log server1 stalls in its shutdown since 60000 ms.'));
  t.is(lines.at(-1), 'killAll');
  t.is(bench.state.node.value, 'down');
  bench.take({ type: 'processes.gone' });
  t.is(bench.state.node.value, 'booting');
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
    const bench = booted();
    bench.exit(part, code, signal);
    t.is(bench.state.node.value, node as never);
  });
}

test('A frozen server answers nothing but its controller, and its watchdog resets it', (t) => {
  const bench = booted();
  bench.ask('host', { do: 'watchdog', timeoutMs: 900 }, 'server1');
  t.deepEqual(bench.ask('bmc', { do: 'freeze' }), ['freezeAll', 'sendReply r3 {"frozen":true}']);
  t.deepEqual(bench.ask('host', { do: 'status' }), []);
  bench.ask('bmc', { do: 'power.status' });
  t.like(bench.answer, { power: 'on' });
  t.is(bench.fire('watchdog').at(-1), 'killAll');
  bench.take({ type: 'processes.gone' });
  t.is(bench.state.node.value, 'booting');
  t.false(bench.state.frozen);
});

test('A watchdog is disarmed by 0, by suspension and by an orderly stop of the daemon', (t) => {
  const bench = booted();
  const arm = () => bench.ask('host', { do: 'watchdog', timeoutMs: 900 }, 'server1');
  arm();
  bench.ask('host', { do: 'watchdog', timeoutMs: 0 }, 'server1');
  t.false(bench.timers.has('watchdog'));
  arm();
  bench.ask('host', { do: 'node', event: 'suspended' }, 'server1');
  t.false(bench.timers.has('watchdog'));
  t.is(bench.state.node.value, 'suspended');
  arm();
  t.true(bench.timers.has('watchdog'));
  bench.exit('daemon', 0);
  t.false(bench.timers.has('watchdog'));
});

test('Cutting the power kills everything and answers when all of it is gone', (t) => {
  const bench = booted();
  t.deepEqual(bench.ask('bmc', { do: 'power.cut' }).slice(-1), ['killAll']);
  t.is(bench.answer, undefined);
  bench.ask('bmc', { do: 'power.cut' });
  bench.take({ type: 'processes.gone' });
  const replies = bench.effects.filter((effect) => effect.type === 'sendReply');
  t.deepEqual(
    replies.map((effect) => effect.type === 'sendReply' && effect.id),
    ['r2', 'r3'],
  );
  t.deepEqual(
    replies.map((effect) => effect.type === 'sendReply' && effect.body),
    [{ power: 'off' }, { power: 'off' }],
  );
  t.deepEqual(bench.ask('host', { do: 'status' }).length, 1);
  t.is(bench.refused, 'os.off');
});

test('The power turned on while it is still being cut boots once everything is gone', (t) => {
  const bench = booted();
  bench.ask('bmc', { do: 'power.cut' });
  bench.ask('bmc', { do: 'power.on' });
  bench.take({ type: 'processes.gone' });
  t.is(bench.state.node.value, 'booting');
  t.deepEqual(bench.answer, { power: 'off' });
});

test('The agent is not stopped under a running daemon; a stop is answered when it is done', (t) => {
  const bench = booted();
  const stop = (name: string) => bench.ask('host', { do: 'service', name, op: 'stop' });
  stop('clusterpro_md');
  t.is(bench.refused, 'service.busy');
  stop('clusterpro');
  t.is(bench.answer, undefined);
  t.is(bench.state.node.value, 'stopping');
  bench.exit('daemon', 0);
  t.deepEqual(bench.answer, { running: false });
  stop('clusterpro_md');
  bench.fire('stop:agent');
  t.is(bench.refused, 'service.stalled');
  stop('clusterpro_nothing');
  t.is(bench.refused, 'service.unknown');
});

test('A supervisor that comes back finds a power loss: what ran is lost, and it boots', (t) => {
  const bench = booted();
  bench.ask('host', exec('op1', 'sleep', '100'));
  const boot = bench.state.bootId;
  const again = new Bench(JSON.parse(bench.saved!));
  const lines = again.take({ type: 'part.started', bootId: 'cafe' });
  t.is(lines.at(-1), 'killAll');
  t.is(again.state.operations.op1?.state, 'lost');
  again.take({ type: 'processes.gone' });
  again.fire('boot');
  t.is(again.state.node.value, 'online');
  t.not(again.state.bootId, boot);
});

test('A supervisor that comes back to a server without power leaves it off', (t) => {
  const bench = booted();
  bench.ask('bmc', { do: 'power.cut' });
  bench.take({ type: 'processes.gone' });
  const again = new Bench(JSON.parse(bench.saved!));
  t.deepEqual(again.take({ type: 'part.started', bootId: 'cafe' }), []);
  t.is(again.state.node.value, 'poweredOff');
});

test('The view shows the server as it is', (t) => {
  const bench = bare();
  bench.ask('bmc', { do: 'medium.insert', medium: 'floppy' });
  bench.ask('bmc', { do: 'disk.fail', device: '/dev/sdb', mode: 'write' });
  t.like(bench.view('abc'), {
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
