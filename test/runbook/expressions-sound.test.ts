/**
 * An evaluation gives a sound value within its budget, or an error; and lint finds beforehand what
 * the words of an expression alone can tell.
 */
import test from 'ava';
import { DrydockError } from '../../src/core/errors.ts';
import {
  checkTypes,
  evaluate,
  type Scope,
} from '../../src/runbook/language/expressions/expressions.ts';
import {
  DECIMAL,
  NUMBER,
  STRING,
  type Type,
  WHOLE,
} from '../../src/runbook/language/expressions/schema.ts';
import { handMadeStatus } from './hand-made-status.ts';

const NAMES: Record<string, Type> = { n: WHOLE, ratio: NUMBER, half: DECIMAL, md: STRING };

function scope(names: Scope['names'] = {}): Scope {
  const given = { n: 7, ratio: 3, half: 0.5, md: 'md1', ...names };
  return { status: handMadeStatus(), names: given, before: {}, chosen: {} };
}

function lint(expression: string): string {
  const { problems } = checkTypes(expression, NAMES);
  return problems.map(({ message }) => message).join('; ');
}

/** Lint passes it, and this is what it gives. */
const sound: [expression: string, value: unknown][] = [
  ['n % 2', 1],
  ["md.substring(n - 6) + ''", 'd1'],
  ["'%d of %s'.format([n, md])", '7 of md1'],
  ["'%.1f'.format([half])", '0.5'],
  ['size(md)', 3],
  ["md.split('')[n - 6]", 'd'],
  ['double(n) / 2', 3.5],
  ['int(double(n) / 2)', 3],
  ['n * 2 + 1', 15],
  ['ratio * 2', 6],
  ['ratio + half', 3.5],
  ['half / 2', 0.25],
  ['-n', -7],
  ['n > 6 && ratio < 3.5 && half == 0.5', true],
  ["int('12') + int('+3')", 15],
  ["double('.5') + double('1e3')", 1000.5],
  ["bool('true')", true],
  ["md.matches('^md[0-9]+$')", true],
  ["['a', 'b'].join('-')", 'a-b'],
  ["server('server1')['power']", 'on'],
  ["cluster.timeoutRatio == 1 && server('server1').runLevel % 2 == 1", true],
];

for (const [expression, value] of sound) {
  test(`${expression} is ${JSON.stringify(value)}, and lint has nothing against it`, (t) => {
    t.is(lint(expression), '');
    t.deepEqual(evaluate(expression, scope()), { value } as never);
  });
}

/** Lint finds it, and an evaluation is an error (null: it depends on the values). */
const unsound: [expression: string, fault: string, failure: RegExp | null][] = [
  ['n / 2', 'whole numbers are divided without a rest or not at all', /7 \/ 2 is no whole number/],
  ['ratio / 2', 'whole numbers are divided without a rest or not at all', /3 \/ 2 is no whole/],
  ['n / 0', 'whole numbers are divided without a rest or not at all', /cannot be divided by 0/],
  ['half / 0.0', '', /gives no number/],
  ['0.5 / 0.0', '_/_ gives no number', /gives no number/],
  ['ratio % 2', '% takes whole numbers', null],
  ['half % 2', '% takes whole numbers', /no matching overload/],
  ['md.substring(half)', '.substring() cannot take a number', /no matching overload/],
  ["'%d'.format([half])", '%d takes a whole number, not a number', /invalid integer/],
  ["'%f'.format([n])", '%f takes a decimal number, not a number', /fixed-point/],
  ["'%d %d'.format([n])", 'the format has 2 clauses for 1 values', /too few arguments/],
  ["'%q'.format([n])", "'%q' is no clause of a format", /unrecognized/],
  ['size(n)', 'size() cannot take a number', /no matching overload/],
  ['md[0]', 'a string has no parts', /./],
  ['servers[md]', 'a string is no index of a list', /./],
  ["server('server1').services[n]", 'a number is no key of a map', /./],
  ["md.matches('(')", 'missing closing )', /missing closing/],
  ["md.matches('a{2,1}')", 'invalid repeat count', /invalid repeat count/],
  ["int('')", "'' is no whole number", /'' is no whole number/],
  ["int(' 5')", "' 5' is no whole number", /no whole number/],
  ["int('0x10')", "'0x10' is no whole number", /no whole number/],
  ["double('abc')", "'abc' is no number", /'abc' is no number/],
  ["double('')", "'' is no number", /'' is no number/],
  ["bool('yes')", "Unable to convert string 'yes' to bool", /Unable to convert/],
  ["'abc'.substring(5)", 'index 5 out of bounds', /out of bounds/],
  ['int(servers)', 'int() cannot take a list', /no matching overload/],
  ['string(servers)', 'string() cannot take a list', /no matching overload/],
  ['true + true', 'a bool cannot be added to a bool', /no matching overload/],
  ['servers < servers', 'a list is not more or less', /no matching overload/],
  ['[1, 2].join()', '.join() cannot take a number', /non-string/],
  ["1 in {'a': 1}", 'a number is never a key of a map', null],
  // What a list, a map or dyn() holds is looked at, however deep it lies.
  ["{'a': n}['a'] + 'x'", 'a number cannot be added to a string', /no matching overload/],
  ["{'a': n, 'b': 'x'}['b'] + n", 'in one map stand a number and a string', /no matching/],
  ["{md: 1}['md1']", 'a key of a map is written as a text', null],
  ["[[n], ['a']][1][0] + n", 'a list of numbers and a list of strings', /no matching overload/],
  ["([n] + ['a'])[1] + n", 'a list cannot be added to a list', /no matching overload/],
  ["dyn(n) + 'a'", 'a number cannot be added to a string', /no matching overload/],
  ["'%d'.format(md.split(''))", '%d takes a whole number, not a string', /invalid integer/],
  ["(md == 'md1' ? null : true) && true", 'is a null and a bool', /expected bool/],
  // A decimal number that would stand for a neighbour of the whole one.
  ['double(9007199254740993)', 'is too large for a decimal number', /too large for a decimal/],
  ['9007199254740993 * 1.0', 'is too large for a decimal number', /too large for a decimal/],
  ['2u > 1u', 'there are no such constants here', null],
  ['uint(n) == uint(n)', "unknown function 'uint'", null],
];

for (const [expression, fault, failure] of unsound) {
  test(`${expression} has no sound value`, (t) => {
    t.true(lint(expression).includes(fault), lint(expression));
    if (failure === null) return;
    const error = t.throws(() => evaluate(expression, scope()), { instanceOf: DrydockError });
    t.regex(error?.message ?? '', failure);
    t.is(error?.code, 'expression.failed');
  });
}

test('a value of a parameter that makes no number is an error, not Infinity', (t) => {
  for (const [expression, names] of [
    ['half / n', { n: 0 }],
    ['int(md)', {}],
    ['n * n * n', { n: 9_007_199_254_740_991 }],
    ['n + 1', { n: 9_007_199_254_740_991 }],
  ] as const) {
    t.throws(() => evaluate(expression, scope(names)), { code: 'expression.failed' }, expression);
  }
});

/** Thirty servers with a heartbeat to each of the others, and sixty mirrors. */
const large = handMadeStatus(({ servers, mirrors }) => {
  const names = Array.from({ length: 30 }, (_, at) => `server${at + 1}`);
  const heartbeats = Object.fromEntries(names.map((name) => [name, { lan: 'Normal' as const }]));
  for (const name of names) servers[name] = { ...servers.server1!, name, heartbeats };
  for (let at = 2; at <= 60; at++) mirrors[`md${at}`] = { ...mirrors.md1!, name: `md${at}` };
});

const LETTERS = `'${'a'.repeat(250)}'.replace('a', '${'a'.repeat(250)}')`;

/** Few calls and few steps, and yet more work than a second has room for. */
const laborious: [what: string, expression: string][] = [
  ['records compared whole', 'servers.all(a, mirrors.all(b, servers == servers))'],
  ['texts of whole records', "servers.all(a, mirrors.all(b, '%s'.format([servers]) != ''))"],
  ['much in each step', `mirrors.all(a, mirrors.all(b, [${'n,'.repeat(900)}n] != [n]))`],
  ['a long pattern', `mirrors.all(a, mirrors.all(b, md.matches('${'(a|b)*'.repeat(300)}')))`],
  ['a pattern that repeats', `md.matches('${'(a{1000})'.repeat(300)}')`],
  ['long texts in long texts', `${LETTERS}.lastIndexOf(${LETTERS} + 'b') == 1`],
  ['lists of twice the same list', `[['x']]${'.map(b, [b, b])'.repeat(60)}`],
  ['maps of twice the same map', `[['x']]${".map(b, {'a': b, 'b': b})".repeat(60)}`],
  ['the same, compared', `[['x']]${'.map(b, [b, b])'.repeat(60)} == []`],
  [
    'numbers in words',
    "servers.all(a, mirrors.all(b, mirrors.all(c, '%.3f'.format([half]) == '0.500')))",
  ],
];

for (const [what, expression] of laborious) {
  test(`the budget is spent by ${what}`, (t) => {
    const error = t.throws(() => evaluate(expression, { ...scope(), status: large }), {
      instanceOf: DrydockError,
    });
    t.is(error?.code, 'expression.budget');
    lint(expression);
  });
}

test('what is nested deeper than any walk goes is refused by name, by lint too', (t) => {
  for (const deep of [
    `n${'[0]'.repeat(1200)}`,
    `1${'+1'.repeat(1900)} > 0`,
    `n${'.m'.repeat(1900)}`,
  ]) {
    t.regex(lint(deep), /nested too deeply/);
    t.throws(() => evaluate(deep, scope()), { code: 'expression.syntax' });
  }
});

const hundred = `[${Array.from({ length: 100 }, (_, at) => at).join(', ')}]`;

function nested(depth: number): string {
  const names = ['a', 'b', 'c', 'd', 'e'].slice(0, depth);
  return names.reduceRight((inside, name) => `n_.all(${name}, ${inside})`, 'true');
}

test('loops inside loops end in a clear error instead of not at all', (t) => {
  const names = { n_: Array.from({ length: 100 }, (_, at) => at) };
  const error = t.throws(() => evaluate(nested(5), scope(names)), { instanceOf: DrydockError });
  t.is(error?.code, 'expression.budget');
  t.is(error?.exit, 2);
  t.deepEqual(evaluate(nested(2), scope(names)), { value: true });
});

test('an error inside a loop, or an answer beside it, does not hide that the budget is spent', (t) => {
  const names = { n_: Array.from({ length: 100 }, (_, at) => at) };
  for (const expression of [
    `true || ${nested(5)}`,
    `${nested(5)} || true`,
    'n_.all(a, n_.all(b, n_.all(c, n_.all(d, n_.all(e, int(md) == 1 || true)))))',
    'n_.map(a, n_.map(b, n_.map(c, n_.map(d, d)))).size() == 1',
  ]) {
    const short = expression.startsWith('true ||');
    if (short) t.deepEqual(evaluate(expression, scope(names)), { value: true });
    else t.throws(() => evaluate(expression, scope(names)), { code: 'expression.budget' });
  }
});

test('lint finds more than three loops inside one another', (t) => {
  const four = "servers.all(a, servers.all(b, servers.all(c, servers.all(d, d.power == 'on'))))";
  t.is(lint(four), 'more than 3 loops inside one another');
  t.is(lint("servers.all(a, servers.all(b, groups.all(c, c.name != '')))"), '');
});

test('a text that grows without end is an error', (t) => {
  const grow = `'${'a'.repeat(50)}'${".replace('a', 'aaaaaaaaaaaaaaaaaaaa')".repeat(30)}`;
  const error = t.throws(() => evaluate(grow, scope()), { instanceOf: DrydockError });
  t.is(error?.code, 'expression.failed');
  t.true(lint(grow).length > 0);
  const many = `${hundred}.map(a, ${hundred}.map(b, ${hundred}.map(c, c)))`;
  const long = t.throws(() => evaluate(many, scope()), { instanceOf: DrydockError });
  t.true(['expression.failed', 'expression.budget'].includes(long?.code ?? ''), long?.code);
});

test('an expression that is too long, or nested too deeply, is refused by name', (t) => {
  const long = `${"md == 'md1' || ".repeat(400)}true`;
  t.throws(() => evaluate(long, scope()), { code: 'expression.long' });
  t.regex(lint(long), /is too long/);
  const deep = `${'('.repeat(1900)}true${')'.repeat(1900)}`;
  try {
    t.deepEqual(evaluate(deep, scope()), { value: true });
  } catch (error) {
    t.true(error instanceof DrydockError, String(error));
  }
});
