/** What is not known stays so, whatever an expression does with it; and what it says instead. */
import test from 'ava';
import {
  checkTypes,
  evaluate,
  type Scope,
} from '../../src/runbook/language/expressions/expressions.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { breakMirror, handMadeStatus, silence, unseen } from './hand-made-status.ts';

/** server2 is silent, the mirror is Unknown, and one heartbeat with it. */
const dim = handMadeStatus((status) => {
  breakMirror(status);
  silence(status, 'server2', null);
  status.mirrors.md1!.state = 'Unknown';
  status.servers.server1!.heartbeats.server2!.lanhb1 = 'Unknown';
});

function scope(status: Status, names: Scope['names'] = {}): Scope {
  return { status, names: { md: 'md1', ...names }, before: {}, chosen: {} };
}

function said(expression: string, status = dim): string {
  const result = evaluate(expression, scope(status));
  return 'value' in result ? JSON.stringify(result.value) : 'unknown';
}

const unknown = [
  // Values in lists and maps, through ?:, casts, methods, order, size.
  "!('Abnormal' in mirrors.map(m, m.state))",
  "'Normal' in mirrors.map(m, m.state)",
  "string(mirror(md).state) != 'Abnormal'",
  "!mirror(md).state.matches('Ab.*')",
  "(false ? 'x' : mirror(md).state) != 'Abnormal'",
  "mirror(md).state == (true ? 'Normal' : 'Abnormal')",
  "mirror(md).state.startsWith('Ab')",
  "!mirror(md).state.startsWith('Ab')",
  "mirror(md).state < 'B'",
  'size(mirror(md).state) == 7',
  'mirror(md).state.size() > 3',
  "[mirror(md).state, 'Normal'].size() == 2",
  "{'a': mirror(md).state} == {'a': 'Normal'}",
  "{'a': mirror(md).state}['a'] == 'Normal'",
  "[mirror(md).state] == ['Unknown']",
  "['Unknown', mirror(md).state][0] == 'Unknown'",
  "'%s'.format([mirror(md).state]) == 'Unknown'",
  "mirror(md).state + '' == 'Unknown'",
  "mirror(md).state in ['Abnormal', 'Normal']",
  "mirrors.exists(m, m.state == 'Abnormal')",
  "mirrors.filter(m, m.state != 'Normal').size() == 0",
  "mirror(md).on('server2').color != 'RED'",
  "mirrors.all(m, m.on('server2').color != 'GREEN')",
  // Whether a field holds something.
  'has(mirror(md).state)',
  "!has(server('server2').services)",
  "has(mirror(md).on('server2').breakTime)",
  // "None" is no moment and no text that something could be said about.
  "mirror(md).on('server1').breakTime > 5",
  "mirror(md).on('server1').breakTime + 5 == 6",
  "server('server1').medium.startsWith('config')",
  "'%s'.format([server('server1').medium]) == 'null'",
  "(md == 'md1' ? null : 'a') + 'b' == 'nullb'",
  // Maps whose values are not known, compared whole.
  "server('server1').heartbeats['server2'] == {'lanhb1': 'Normal'}",
  "server('server1').heartbeats['server2'] != {'lanhb1': 'Normal'}",
  "server('server1').heartbeats['server2'] in [{'lanhb1': 'Normal'}]",
  // Lists and maps of what nobody observed are not empty.
  "server('server2').heartbeats.all(peer, false)",
  "!server('server2').heartbeats.exists(peer, true)",
  "size(server('server2').heartbeats) == 0",
  "server('server2').heartbeats == {}",
  // A silent server could hold any group.
  "'server2' in group('failover1').activeOn",
  "size(group('failover1').activeOn) == 1",
];

for (const expression of unknown) {
  test(`${expression} is not known`, (t) => {
    t.is(said(expression), 'unknown');
  });
}

const seen: [expression: string, answer: string][] = [
  ["mirror(md).state == 'Unknown'", 'true'],
  ["'Unknown' == mirror(md).state", 'true'],
  ["mirror(md).state != 'Unknown'", 'false'],
  ["mirror(md).state in ['Abnormal', 'Unknown']", 'true'],
  ["mirrors.exists(m, m.state == 'Unknown')", 'true'],
  ["mirrors.filter(m, m.state == 'Unknown').map(m, m.name)", '["md1"]'],
  ["mirror(md).on('server2').color == 'GRAY'", 'true'],
  ["server('server1').heartbeats['server2']['lanhb1'] == 'Unknown'", 'true'],
  ["(true ? mirror(md) : mirror(md)).state == 'Unknown'", 'true'],
  ["mirror(md).state == 'Abnormal' || true", 'true'],
  ["mirror(md).state == 'Abnormal' && false", 'false'],
  ["mirrors.exists(m, m.state == 'Abnormal' || m.name == 'md1')", 'true'],
  ['size(mirrors) == 1', 'true'],
  ["has(mirror(md).on('server1').breakTime)", 'false'],
  ["has(mirror(md).on('server1').lastUpdate)", 'true'],
  ["server('server1').medium == null || server('server1').medium.startsWith('a')", 'true'],
  ["size(server('server1').heartbeats['server2']) == 1", 'true'],
  ["'lanhb1' in server('server1').heartbeats['server2']", 'true'],
];

for (const [expression, answer] of seen) {
  test(`who asks for the word sees it: ${expression} is ${answer}`, (t) => {
    t.is(said(expression), answer);
    t.deepEqual(checkTypes(expression, { md: { kind: 'string' } }).problems, []);
  });
}

test('a server whose daemon does not run tells of no heartbeats', (t) => {
  const stopped = handMadeStatus((status) => {
    Object.assign(status.servers.server1!, { daemon: 'stopped', heartbeats: {} });
  });
  t.deepEqual(evaluate("server('server1').heartbeats['server2'] == {}", scope(stopped)), {
    unknown: "server('server1').heartbeats: the daemon of server1 does not run",
  });
});

test('where every daemon tells, a group’s places are known', (t) => {
  const all = handMadeStatus();
  t.is(said("group('failover1').activeOn == ['server1']", all), 'true');
  const lost = handMadeStatus((status) => {
    status.servers.server2!.daemonObserved = unseen('server2 does not answer');
    status.servers.server2!.daemon = null;
  });
  t.deepEqual(evaluate("group('failover1').activeOn == ['server1']", scope(lost)), {
    unknown: "group('failover1').activeOn: server2 does not answer",
  });
});

test('a word for not knowing that is not the field’s own is not seen through', (t) => {
  t.is(said("mirror(md).state == 'GRAY'"), 'unknown');
  t.is(said("mirror(md).on('server2').color == 'Unknown'"), 'unknown');
});
