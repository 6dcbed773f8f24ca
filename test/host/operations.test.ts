import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import { bare, booted } from './bench.ts';

function exec(operation: string, argv: string[], more: Record<string, Json> = {}): Json {
  return { do: 'exec', operation, argv, answers: [], timeoutMs: 5_000, lease: null, ...more };
}

test('The record is saved before the command is spawned', (t) => {
  const bench = bare();
  const lines = bench.ask('host', exec('op1', ['clpstat']));
  t.deepEqual(lines, [
    'saveHost',
    'spawnCommand {"operation":"op1","argv":["clpstat"],"answers":[],"timeoutMs":5000}',
  ]);
  t.is(JSON.parse(bench.saved!).operations.op1.state, 'running');
});

test('The same operation id attaches to the running command and then gets its record', (t) => {
  const bench = bare();
  bench.ask('host', exec('op1', ['clpstat']));
  t.deepEqual(bench.ask('host', exec('op1', ['clpstat'])), []);
  bench.take({ type: 'command.printed', operation: 'op1', stream: 'stdout', text: 'Online\n' });
  bench.ask('host', { do: 'operation', operation: 'op1' });
  t.like(bench.answer, { state: 'running', stdout: 'Online\n' });
  bench.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 3, answered: [] } });
  const replies = bench.effects.filter((effect) => effect.type === 'sendReply');
  t.is(replies.length, 2);
  bench.ask('host', exec('op1', ['clpstat']));
  t.like(bench.answer, { state: 'exited', exitCode: 3, stdout: 'Online\n' });
  bench.ask('host', { do: 'operation', operation: 'op2' });
  t.is(bench.answer, null);
});

test('An operation id that is another command is refused', (t) => {
  const bench = bare();
  bench.ask('host', exec('op1', ['clpstat']));
  bench.ask('host', exec('op1', ['clpcl', '-t']));
  t.is(bench.refused, 'operation.mismatch');
});

for (const program of ['/sbin/reboot', '../bin/sh', './x', 'a/b']) {
  test(`A program named ${program} ends with 127 and is never spawned`, (t) => {
    const bench = bare();
    bench.ask('host', exec('op1', [program]));
    t.like(bench.answer, { state: 'exited', exitCode: 127 });
    t.false(bench.effects.some((effect) => effect.type === 'spawnCommand'));
  });
}

test('Secret replies are neither kept nor told', (t) => {
  const bench = bare();
  const answers = [{ prompt: 'Password', reply: 'hunter2', secret: true }];
  bench.ask('host', exec('op1', ['clpstat'], { answers }));
  const answered = [{ prompt: 'Password:', reply: 'hunter2' }];
  bench.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered } });
  t.deepEqual((bench.answer as { answered: Json }).answered, [
    { prompt: 'Password:', reply: '[secret]' },
  ]);
  t.false(bench.saved!.includes('hunter2'));
});

test('Of long output the tail is kept', (t) => {
  const bench = bare();
  bench.ask('host', exec('op1', ['cat']));
  const text = 'x'.repeat(100_000);
  for (let at = 0; at < 3; at += 1) {
    bench.take({ type: 'command.printed', operation: 'op1', stream: 'stdout', text });
  }
  bench.take({ type: 'command.printed', operation: 'op1', stream: 'stdout', text: 'the end' });
  bench.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered: [] } });
  const { stdout } = bench.answer as { stdout: string };
  t.is(stdout.length, 128 * 1024);
  t.true(stdout.endsWith('the end'));
});

test('Old records lose their output first and their place last', (t) => {
  const bench = bare();
  for (let at = 0; at < 1_005; at += 1) {
    bench.ask('host', exec(`op${at}`, ['date']));
    bench.take({ type: 'command.printed', operation: `op${at}`, stream: 'stdout', text: 'now' });
    const end = { exitCode: 0, answered: [] };
    bench.take({ type: 'command.ended', operation: `op${at}`, end });
  }
  const kept = Object.values(bench.state.operations);
  t.is(kept.length, 1_000);
  t.is(kept[0]?.operation, 'op5');
  t.is(kept.filter((record) => record.stdout === 'now').length, 50);
});

const lease = (op: string, more: Record<string, Json> = {}): Json => ({ do: 'lease', op, ...more });
const take = (holder: string) => lease('acquire', { holder, about: 'run 7' });

test('The lease is one at a time; the token grows with every taking', (t) => {
  const bench = bare();
  bench.ask('host', take('a'));
  t.like(bench.answer, { holder: 'a', token: 1, about: 'run 7' });
  bench.ask('host', take('b'));
  t.is(bench.refused, 'lease.held');
  bench.ask('host', take('a'));
  t.like(bench.answer, { holder: 'a', token: 2 });
  bench.ask('host', lease('release', { lease: { holder: 'a', token: 1 } }));
  t.is(bench.refused, 'lease.stale');
  bench.ask('host', lease('release', { lease: { holder: 'a', token: 2 } }));
  t.like(bench.answer, { holder: null, token: 2 });
  bench.ask('host', lease('release', { lease: { holder: 'a', token: 2 } }));
  t.like(bench.answer, { holder: null, token: 2 });
  bench.ask('host', lease('acquire', { holder: 'b', about: '', atLeast: 9 }));
  t.like(bench.answer, { holder: 'b', token: 10 });
});

const cases: [string, { holder: string; token: number } | null, string | undefined][] = [
  ['the newest token of the holder', { holder: 'a', token: 2 }, undefined],
  ['a token newer than known here', { holder: 'a', token: 5 }, undefined],
  ['an older token of the holder', { holder: 'a', token: 1 }, 'lease.stale'],
  ['another holder, even with a newer token', { holder: 'b', token: 9 }, 'lease.stale'],
  ['no lease at all: a person at the console', null, undefined],
];
for (const [title, given, code] of cases) {
  test(`A command under ${title}: ${code ?? 'is run'}`, (t) => {
    const bench = bare();
    bench.ask('host', take('a'));
    bench.ask('host', take('a'));
    bench.ask('host', exec('op1', ['date'], { lease: given }));
    t.is(bench.refused, code);
    const isSpawned = bench.effects.some((effect) => effect.type === 'spawnCommand');
    t.is(isSpawned, code === undefined);
  });
}

test('A server that was down when the lease was taken learns it; a released one is not good', (t) => {
  const bench = bare();
  const given = { holder: 'a', token: 4 };
  bench.ask('host', exec('op1', ['date'], { lease: given }));
  t.like(bench.state.lease, { holder: 'a', token: 4 });
  bench.ask('host', lease('release', { lease: given }));
  bench.ask('host', exec('op2', ['date'], { lease: given }));
  t.is(bench.refused, 'lease.stale');
});

test('No new command and no address is taken by a server that goes down', (t) => {
  const bench = booted();
  bench.ask('host', { do: 'power', op: 'shutdown' });
  bench.ask('host', exec('op1', ['date']));
  t.is(bench.refused, 'os.off');
  bench.ask('host', { do: 'address', op: 'add', address: '10.0.0.11' });
  t.is(bench.refused, 'os.off');
});
