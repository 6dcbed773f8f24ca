import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import type { OperationRecord } from '../../src/ports/commands.ts';
import { whyTooLarge } from '../../src/ports/wire.ts';
import { bare, booted, Chassis } from './harness.ts';

function exec(operation: string, argv: string[], more: Record<string, Json> = {}): Json {
  return { do: 'exec', operation, argv, answers: [], timeoutMs: 5_000, lease: null, ...more };
}

test('The record is saved before the command is spawned', (t) => {
  const chassis = bare();
  const lines = chassis.ask('host', exec('op1', ['clpstat']));
  t.deepEqual(lines, [
    'saveHost',
    'spawnCommand {"operation":"op1","argv":["clpstat"],"answers":[],"timeoutMs":5000}',
  ]);
  t.is(JSON.parse(chassis.saved!).operations.op1.state, 'running');
});

test('The same operation id attaches to the running command and then gets its record', (t) => {
  const chassis = bare();
  chassis.ask('host', exec('op1', ['clpstat']));
  t.deepEqual(chassis.ask('host', exec('op1', ['clpstat'])), []);
  chassis.take({ type: 'command.printed', operation: 'op1', stream: 'stdout', text: 'Online\n' });
  chassis.ask('host', { do: 'operation', operation: 'op1' });
  t.like(chassis.answer, { state: 'running', stdout: 'Online\n' });
  chassis.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 3, answered: [] } });
  const replies = chassis.effects.filter((effect) => effect.type === 'sendReply');
  t.is(replies.length, 2);
  chassis.ask('host', exec('op1', ['clpstat']));
  t.like(chassis.answer, { state: 'exited', exitCode: 3, stdout: 'Online\n' });
  chassis.ask('host', { do: 'operation', operation: 'op2' });
  t.is(chassis.answer, null);
});

test('An operation id that is another command is refused', (t) => {
  const chassis = bare();
  chassis.ask('host', exec('op1', ['clpstat']));
  chassis.ask('host', exec('op1', ['clpcl', '-t']));
  t.is(chassis.refused, 'operation.mismatch');
});

for (const program of ['/sbin/reboot', '../bin/sh', './x', 'a/b']) {
  test(`A program named ${program} ends with 127 and is never spawned`, (t) => {
    const chassis = bare();
    chassis.ask('host', exec('op1', [program]));
    t.like(chassis.answer, { state: 'exited', exitCode: 127 });
    t.false(chassis.effects.some((effect) => effect.type === 'spawnCommand'));
  });
}

test('Secret replies are neither kept nor told', (t) => {
  const chassis = bare();
  const answers = [{ prompt: 'Password', reply: 'hunter2', secret: true }];
  chassis.ask('host', exec('op1', ['clpstat'], { answers }));
  const spawned = chassis.effects.find((effect) => effect.type === 'spawnCommand');
  t.like(spawned, { run: { secrets: { values: { 'answer 1': 'hunter2' } } } });
  const answered = [{ prompt: 'Password:', reply: '{secret:answer 1}' }];
  chassis.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered } });
  t.deepEqual((chassis.answer as { answered: Json }).answered, [
    { prompt: 'Password:', reply: '{secret:answer 1}' },
  ]);
  t.false(chassis.saved!.includes('hunter2'));
});

test('A secret of an argument goes to the spawn, and into nothing that is kept', (t) => {
  const chassis = bare();
  const secrets = {
    places: [{ in: 'argv', index: 1, offset: 2, name: 'pin' }],
    values: { pin: 'hunter2' },
  };
  const order = exec('op1', ['clpstat', 'a={secret:pin}'], { secrets });
  chassis.ask('host', order);
  const spawned = chassis.effects.find((effect) => effect.type === 'spawnCommand');
  t.like(spawned, { run: { argv: ['clpstat', 'a={secret:pin}'], secrets } });
  t.false(chassis.saved!.includes('hunter2'));
  t.deepEqual(chassis.ask('host', order), [], 'attached');
  chassis.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered: [] } });
  t.like(chassis.answer, { argv: ['clpstat', 'a={secret:pin}'] });
  t.false(JSON.stringify(chassis.saved).includes('hunter2'));
});

const PLACE = { in: 'argv', index: 1, offset: 0, name: 'pin' };
const UNFIT: [string, Record<string, Json>][] = [
  ['no value', { places: [PLACE], values: {} }],
  ['no such argument', { places: [{ ...PLACE, index: 7 }], values: { pin: 'x' } }],
  ['the program itself', { places: [{ ...PLACE, index: 0 }], values: { pin: 'x' } }],
  ['no mask there', { places: [{ ...PLACE, offset: 3 }], values: { pin: 'x' } }],
  ['an option', { places: [PLACE], values: { pin: '-f' } }],
  ['no list', { places: {}, values: {} }],
];

for (const [what, secrets] of UNFIT) {
  test(`Secrets that do not fit their command are refused, and nothing runs: ${what}`, (t) => {
    const chassis = bare();
    chassis.ask('host', exec('op1', ['clpstat', '{secret:pin}'], { secrets }));
    t.is(chassis.refused, 'request.malformed');
    t.false(chassis.effects.some((effect) => effect.type === 'spawnCommand'));
  });
}

test('Of long output the tail is kept', (t) => {
  const chassis = bare();
  chassis.ask('host', exec('op1', ['cat']));
  const text = 'x'.repeat(100_000);
  for (let at = 0; at < 3; at += 1) {
    chassis.take({ type: 'command.printed', operation: 'op1', stream: 'stdout', text });
  }
  chassis.take({ type: 'command.printed', operation: 'op1', stream: 'stdout', text: 'the end' });
  chassis.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered: [] } });
  const { stdout } = chassis.answer as { stdout: string };
  t.is(stdout.length, 128 * 1024);
  t.true(stdout.endsWith('the end'));
});

/** Runs and ends, with something printed. */
function run(chassis: Chassis, operation: string, more: Record<string, Json> = {}) {
  chassis.ask('host', exec(operation, ['date'], more));
  chassis.take({ type: 'command.printed', operation, stream: 'stdout', text: 'now' });
  chassis.take({ type: 'command.ended', operation, end: { exitCode: 0, answered: [] } });
}

/** A server that has run so many commands, each with something printed, and remembers those ids. */
function after(
  ids: string[],
  more: Partial<OperationRecord> = {},
  forgotten: string[] = [],
): Chassis {
  const records = ids.map((operation): [string, OperationRecord] => [
    operation,
    {
      operation,
      argv: ['date'],
      state: 'exited',
      exitCode: 0,
      stdout: 'now',
      stderr: '',
      answered: [],
      bootId: 'b',
      startedAt: 1,
      endedAt: 2,
      ...more,
    },
  ]);
  return new Chassis({ ...bare().state, operations: Object.fromEntries(records), forgotten });
}

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

test('Old records lose their output first and their place last', (t) => {
  const chassis = after(named('op', 999));
  for (let at = 999; at < 1_005; at += 1) run(chassis, `op${at}`);
  const kept = Object.values(chassis.state.operations);
  t.is(kept.length, 1_000);
  t.is(kept[0]?.operation, 'op5');
  t.like(kept.at(-51), { gone: 'output', stdout: '' });
  t.deepEqual(
    kept.slice(-50).filter(({ stdout }) => stdout !== 'now'),
    [],
  );
});

test('An id whose record is gone is never run again: it ran, and no more is known', (t) => {
  const chassis = after(named('op', 1_000));
  run(chassis, 'one more');
  for (const asked of [exec('op0', ['date']), { do: 'operation', operation: 'op0' }]) {
    chassis.ask('host', asked);
    t.like(chassis.answer, { operation: 'op0', state: 'lost', gone: 'record', exitCode: null });
    t.false(chassis.effects.some(({ type }) => type === 'spawnCommand'));
  }
  t.true(chassis.saved?.includes('"op0"'));
});

test('The run that stands open keeps its records, whatever others order meanwhile', (t) => {
  const chassis = after(['run7/one/1', ...named('hand', 999)]);
  chassis.ask('host', take('run7'));
  for (let at = 0; at < 60; at += 1) run(chassis, `more${at}`);
  t.like(chassis.state.operations['run7/one/1'], { stdout: 'now', exitCode: 0 });
  t.is(Object.keys(chassis.state.operations).length, 1_000);
});

test('Looks go first and leave nothing', (t) => {
  const early = after(['op1', ...named('run7/watch/1/', 999)], { isLook: true });
  run(early, 'op2');
  t.false('op1' in early.state.operations);
  t.deepEqual(early.state.forgotten, []);
  t.is(Object.keys(early.state.operations).length, 1_000);
});

test('A run cannot fill a server: it is refused before anything is started', (t) => {
  const chassis = after(named('run7/step', 2_000));
  chassis.ask('host', take('run7'));
  chassis.ask('host', exec('run7/more/1', ['date']));
  t.is(chassis.refused, 'operations.full');
});

test('Ids that are remembered are bounded, the oldest of other runs go first', (t) => {
  const chassis = after(named('op', 1_000), {}, ['run7/one/1', ...named('old', 3_999)]);
  chassis.ask('host', take('run7'));
  run(chassis, 'one more');
  t.is(chassis.state.forgotten.length, 4_000);
  t.deepEqual(chassis.state.forgotten.slice(0, 2), ['run7/one/1', 'old1']);
  t.is(chassis.state.forgotten.at(-1), 'op0');
});

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

test('Of output that was cut the record tells how long it was, and its digest', (t) => {
  const chassis = bare();
  chassis.ask('host', exec('op1', ['cat']));
  const text = 'y'.repeat(200_000);
  chassis.take({ type: 'command.printed', operation: 'op1', stream: 'stdout', text });
  chassis.ask('host', { do: 'operation', operation: 'op1' });
  t.like(chassis.answer, { cut: { stdout: { bytes: null, sha256: null } } });
  const stdout = { bytes: 200_000, sha256: digest(text) };
  const printed = { stdout, stderr: { bytes: 0, sha256: digest('') } };
  const end = { exitCode: 0, answered: [], printed };
  chassis.take({ type: 'command.ended', operation: 'op1', end });
  t.deepEqual((chassis.answer as { cut: Json }).cut, { stdout });
});

test('Whatever a command prints or is ordered, its record fits into an answer', (t) => {
  const letter = fc.constantFrom('\u0000', '\ud800', '\u4e2d', '"', 'x', '\u{1f600}');
  const output = fc.tuple(letter, fc.nat(140_000));
  const argument = fc.tuple(letter, fc.nat(60_000));
  fc.assert(
    fc.property(output, output, argument, (out, err, word) => {
      const chassis = bare();
      chassis.ask('host', exec('op1', ['cat', word[0].repeat(word[1])]));
      if (chassis.refused !== undefined) {
        t.is(chassis.refused, 'request.malformed');
        return;
      }
      const [stdout, stderr] = [out, err].map(([char, count]) => char.repeat(count));
      const print = (stream: 'stdout' | 'stderr', text = '') =>
        chassis.take({ type: 'command.printed', operation: 'op1', stream, text });
      print('stdout', stdout);
      print('stderr', stderr);
      const answered = [{ prompt: 'p'.repeat(2_000_000), reply: 'y' }];
      chassis.take({ type: 'command.ended', operation: 'op1', end: { exitCode: 0, answered } });
      t.is(whyTooLarge(JSON.stringify({ r: 1, b: chassis.answer })), null);
    }),
    { numRuns: 12 },
  );
});

const lease = (op: string, more: Record<string, Json> = {}): Json => ({ do: 'lease', op, ...more });
const take = (holder: string) => lease('acquire', { holder, about: 'run 7' });

test('The lease is one at a time; the token grows with every taking', (t) => {
  const chassis = bare();
  chassis.ask('host', take('a'));
  t.like(chassis.answer, { holder: 'a', token: 1, about: 'run 7' });
  chassis.ask('host', take('b'));
  t.is(chassis.refused, 'lease.held');
  chassis.ask('host', take('a'));
  t.like(chassis.answer, { holder: 'a', token: 2 });
  chassis.ask('host', lease('release', { lease: { holder: 'a', token: 1 } }));
  t.is(chassis.refused, 'lease.stale');
  chassis.ask('host', lease('release', { lease: { holder: 'a', token: 2 } }));
  t.like(chassis.answer, { holder: null, token: 2 });
  chassis.ask('host', lease('release', { lease: { holder: 'a', token: 2 } }));
  t.like(chassis.answer, { holder: null, token: 2 });
  chassis.ask('host', lease('acquire', { holder: 'b', about: '', atLeast: 9 }));
  t.like(chassis.answer, { holder: 'b', token: 10 });
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
    const chassis = bare();
    chassis.ask('host', take('a'));
    chassis.ask('host', take('a'));
    chassis.ask('host', exec('op1', ['date'], { lease: given }));
    t.is(chassis.refused, code);
    const isSpawned = chassis.effects.some((effect) => effect.type === 'spawnCommand');
    t.is(isSpawned, code === undefined);
  });
}

test('A server that was down when the lease was taken learns it; a released one is not good', (t) => {
  const chassis = bare();
  const given = { holder: 'a', token: 4 };
  chassis.ask('host', exec('op1', ['date'], { lease: given }));
  t.like(chassis.state.lease, { holder: 'a', token: 4 });
  chassis.ask('host', lease('release', { lease: given }));
  chassis.ask('host', exec('op2', ['date'], { lease: given }));
  t.is(chassis.refused, 'lease.stale');
});

test('No new command and no address is taken by a server that goes down', (t) => {
  const chassis = booted();
  chassis.ask('host', { do: 'power', op: 'shutdown' });
  chassis.ask('host', exec('op1', ['date']));
  t.is(chassis.refused, 'os.off');
  chassis.ask('host', { do: 'address', op: 'add', address: '10.0.0.11' });
  t.is(chassis.refused, 'os.off');
});
