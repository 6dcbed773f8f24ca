import test from 'ava';
import fc from 'fast-check';
import { DrydockError } from '../../src/core/errors.ts';
import {
  checkTypes,
  evaluate,
  type Scope,
} from '../../src/runbook/language/expressions/expressions.ts';
import { breakMirror, handMadeStatus, silence } from './hand-made-status.ts';

const normal = handMadeStatus();
const broken = handMadeStatus((status) => {
  breakMirror(status);
  silence(status, 'server2', null);
});

function scope(status = normal, more: Partial<Scope> = {}): Scope {
  return { status, names: { md: 'md1', survivor: 'server1' }, before: {}, chosen: {}, ...more };
}

/** `true`, `false`, another value as JSON, or `unknown`. */
function said(expression: string, given: Scope): string {
  const result = evaluate(expression, given);
  return 'value' in result ? JSON.stringify(result.value) : 'unknown';
}

const seenTable: [expression: string, answer: string][] = [
  ["server('server1').power == 'on'", 'true'],
  ['servers.filter(s, s.name != survivor)[0].name', '"server2"'],
  ['servers.map(s, s.name)', '["server1","server2"]'],
  ['mirror(md).on(survivor).color', '"GREEN"'],
  ['groupOf(md)', '"failover1"'],
  ['group(groupOf(md)).current == survivor', 'true'],
  ['active(md)', '"server1"'],
  ['peer(active(md))', '"server2"'],
  ["server('server1').medium == null", 'true'],
  ['mirror(md).recovery == null', 'true'],
  ['cluster.timeoutRatio == 1', 'true'],
  ['cluster.timeoutRatio == 1.0', 'true'],
  ['cluster.timeoutRatio < 2', 'true'],
  ['cluster.timeoutRatio + 1', '2'],
  ['2 * cluster.timeoutRatio', '2'],
  ["size(server('server1').disks['/dev/sdb'].partitions) == 2", 'true'],
  ["server('server1').disks['/dev/sdb'].partitions.exists(p, p.device == '/dev/sdb2')", 'true'],
  ["'clusterpro_md' in server('server1').services", 'true'],
  ["'httpd' in server('server1').services", 'false'],
  ["monitors.all(m, m.on('server1').state != 'Suspend')", 'true'],
  ["mirror(md).state in ['Normal', 'Abnormal']", 'true'],
  ["survivor.replace('server', 'node')", '"node1"'],
];

for (const [expression, answer] of seenTable) {
  test(`on a cluster that is seen, ${expression} is ${answer}`, (t) => {
    t.is(said(expression, scope()), answer);
  });
}

const unseenTable: [expression: string, answer: string][] = [
  // Unknown is not yes, and not no.
  ["server('server2').power == 'off'", 'unknown'],
  ["server('server2').power != 'on'", 'unknown'],
  ["!(server('server2').power == 'off')", 'unknown'],
  ["server('server2').medium == null", 'unknown'],
  ["server('server2').services['clusterpro'].enabled", 'unknown'],
  ["'clusterpro' in server('server2').services", 'unknown'],
  ["server('server2').heartbeats['server1']['lanhb1'] == 'Normal'", 'unknown'],
  ["'server1' in server('server2').heartbeats", 'unknown'],
  ["mirror(md).on('server2').generation == null", 'unknown'],
  // Kleene: what is known decides when it can.
  ["server('server2').power == 'off' && active(md) == 'server2'", 'false'],
  ["active(md) == 'server2' && server('server2').power == 'off'", 'false'],
  ["server('server2').power == 'off' || active(md) == 'server1'", 'true'],
  ["server('server2').power == 'off' || active(md) == 'server2'", 'unknown'],
  ["server('server2').power == 'off' && active(md) == 'server1'", 'unknown'],
  ["servers.exists(s, s.power == 'on')", 'true'],
  ["servers.all(s, s.power == 'on')", 'unknown'],
  ["servers.exists(s, s.power == 'off')", 'unknown'],
  ["servers.all(s, s.power == 'off')", 'false'],
  ["servers.filter(s, s.power == 'on')", 'unknown'],
  ["server('server2').power == 'off' ? 1 : 2", 'unknown'],
  // The vendor's words for not knowing.
  ["mirror(md).on('server2').color == 'GRAY'", 'true'],
  ["mirror(md).on('server1').color == 'GRAY'", 'false'],
  ["mirror(md).on('server2').color == 'RED'", 'unknown'],
  ["mirror(md).on('server2').color != 'GREEN'", 'unknown'],
  ["mirror(md).on('server2').color in ['RED', 'YELLOW']", 'unknown'],
  ["mirror(md).on('server2').color in ['RED', 'GRAY']", 'true'],
  ["server('server2').state == 'Unknown'", 'true'],
  ["server('server2').state != 'Online'", 'unknown'],
  // What a step has not brought about yet.
  ['before.generation == "g1"', 'unknown'],
  ["chosen('way') == 'a'", 'unknown'],
  ['server(before.name).power', 'unknown'],
];

for (const [expression, answer] of unseenTable) {
  test(`with server2 silent, ${expression} is ${answer}`, (t) => {
    t.is(said(expression, scope(broken)), answer);
  });
}

test('an unknown answer says what was not known and why', (t) => {
  t.deepEqual(evaluate("server('server2').power == 'off'", scope(broken)), {
    unknown: "server('server2').power: server2 does not answer",
  });
  t.deepEqual(evaluate("mirror(md).on('server2').color == 'RED'", scope(broken)), {
    unknown: "mirror('md1').servers['server2'].color: server2 does not answer",
  });
});

test('a server that is surely off does not hide where the mirror is active', (t) => {
  const off = handMadeStatus((status) => {
    silence(status, 'server1', 'off');
  });
  t.is(said('active(md)', scope(off)), 'null');
  const lost = handMadeStatus((status) => {
    silence(status, 'server1', null);
  });
  t.is(said('active(md)', scope(lost)), 'unknown');
});

const mistakes: [expression: string, words: RegExp][] = [
  ["server('servre1').power == 'on'", /no server 'servre1'.*server1/],
  ["server('server1').disks['/dev/sdc'].failed", /no '\/dev\/sdc'.*\/dev\/sdb/],
  ["server('server1').nonsense", /no 'nonsense'/],
  ['md1', /md1|unresolved/],
  ["mirror(md).on('server9').color", /no 'server9'/],
  ["peer('server1', 2)", /overload/],
];

for (const [expression, words] of mistakes) {
  test(`${expression} is a mistake, not something unknown`, (t) => {
    const error = t.throws(() => evaluate(expression, scope()), { instanceOf: DrydockError });
    t.regex(error?.message ?? '', words);
  });
}

test('an expression that cannot be read names the column', (t) => {
  const error = t.throws(() => evaluate('md == ', scope()), { instanceOf: DrydockError });
  t.is(error?.code, 'expression.syntax');
  t.is(error?.place?.column, 4);
});

const faultTable: [expression: string, fault: string | null][] = [
  ["server(survivor).power == 'on'", null],
  ['server(survivor).powr', "ServerStatus has no field 'powr'; did you mean 'power'?"],
  ["mirror(md).on(survivor).color == 'GREN'", "'GREN' is never the value here"],
  ["mirror(md).on(survivor).colour == 'RED'", "MirrorSideStatus has no field 'colour'"],
  ['server(survivor).constructor', "ServerStatus has no field 'constructor'"],
  ["server(survivor)['toString']", "ServerStatus has no field 'toString'"],
  ['constructor == md', "unknown name 'constructor'"],
  ['sever(survivor).power', "unknown function 'sever'; did you mean 'server'?"],
  ['server(surviver).power', "unknown name 'surviver'; did you mean 'survivor'?"],
  ["server(survivor).runLevel == '3'", 'a number is never equal to a string'],
  ["server(survivor).disks['/dev/sdb'].failed && 1", 'a logical operator cannot take a number'],
  ['servers.filter(s, s.nam != survivor)', "ServerStatus has no field 'nam'"],
  ["servers.exists(s, s.power == 'on').foo", 'a bool has no fields'],
  ["group(groupOf(md)).state in ['Online', 'Oflline']", "'Oflline' is never the value here"],
  ['server(survivor, md).power', 'server() was given 2 values; it takes 1'],
  ['server(1).power', 'server() cannot take a number'],
  ['dataPartition(md)', 'asks the configuration'],
  ["mirror(md).on(survivor).startsWith('x')", 'has no .startsWith()'],
  ['md ==', 'cannot be read'],
];

for (const [expression, fault] of faultTable) {
  test(`lint says of ${expression}: ${fault ?? 'nothing'}`, (t) => {
    const names = { md: { kind: 'string' }, survivor: { kind: 'string' } } as const;
    const { problems } = checkTypes(expression, names);
    if (fault === null) {
      t.deepEqual(problems, []);
      return;
    }
    const text = problems.map(({ message, remedy }) => `${message}; ${remedy}`).join('\n');
    t.true(text.includes(fault), text);
    t.is(problems.length, 1, text);
  });
}

test('a fault of types is placed at its column', (t) => {
  const { problems } = checkTypes("true && server('a').powr == 'on'", {});
  t.is(problems[0]?.offset, 19);
});

test('three-valued logic agrees with its truth tables on any nesting', (t) => {
  type Tree = { text: string; answer: boolean | null };
  const leaf = fc.constantFrom<Tree>(
    { text: "server('server1').power == 'on'", answer: true },
    { text: "server('server1').power == 'off'", answer: false },
    { text: "server('server2').power == 'on'", answer: null },
  );
  const not = (a: Tree): Tree => ({
    text: `!(${a.text})`,
    answer: a.answer === null ? null : !a.answer,
  });
  const and = (a: Tree, b: Tree): Tree => ({
    text: `(${a.text}) && (${b.text})`,
    answer: a.answer === false || b.answer === false ? false : a.answer && b.answer,
  });
  const or = (a: Tree, b: Tree): Tree => ({
    text: `(${a.text}) || (${b.text})`,
    answer: a.answer || b.answer ? true : a.answer === null || b.answer === null ? null : false,
  });
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      tie('tree').map(not),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => and(a, b)),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => or(a, b)),
    ),
  }));
  fc.assert(
    fc.property(tree, ({ text, answer }) => {
      t.is(said(text, scope(broken)), answer === null ? 'unknown' : String(answer));
    }),
  );
  t.pass();
});
