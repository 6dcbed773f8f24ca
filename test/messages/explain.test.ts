/** Every message has an explanation, and is found by what an operator has at hand. */
import { Ajv } from 'ajv';
import test from 'ava';
import { explain, explainedMessages } from '../../src/messages/explain.ts';
import explanations from '../../src/messages/explanations.json' with { type: 'json' };
import { FAILURES, MESSAGES } from '../../src/schema/generated/raised-messages.ts';
import schema from '../../src/schema/message-explanations.schema.json' with { type: 'json' };
import { explainMessage } from '../../src/service/explain.ts';

const all = explainedMessages();

test('the file is as its schema says, and explains no message twice', (t) => {
  t.true(new Ajv({ strict: false }).compile(schema)(explanations));
  const ids = explanations.events.flatMap(({ of }) =>
    of.flatMap((one) => {
      const [module, range = ''] = one.split(' ');
      const [first, last = first] = range.split('-').map(Number) as [number, number?];
      return Array.from({ length: last! - first + 1 }, (_, nth) => `${module} ${first + nth}`);
    }),
  );
  t.deepEqual(
    ids.filter((id, nth) => ids.indexOf(id) !== nth),
    [],
  );
});

test('every message that code raises, and every other one, is explained', (t) => {
  const raised = [
    ...Object.values(MESSAGES).flatMap((one) => Object.values(one)),
    ...Object.values(FAILURES),
  ] as { text: string }[];
  const explained = new Set(
    all.flatMap(({ means, sayings }) => (means === null ? [] : sayings.map(({ text }) => text))),
  );
  t.true(raised.length > 150);
  t.deepEqual(
    raised.map(({ text }) => text).filter((text) => !explained.has(text)),
    [],
  );
  t.deepEqual(
    all.filter(({ means }) => means === null).map(({ module, id }) => `${module} ${id}`),
    [],
  );
});

test('an error has something to do', (t) => {
  const idle = all.filter(
    ({ source, sayings, remedy }) =>
      source !== 'driver' && remedy === null && sayings.some(({ level }) => level === 'Error'),
  );
  t.deepEqual(
    idle.map(({ module, id }) => `${module} ${id}`),
    [],
  );
});

const named = (query: string) =>
  explain(query).map(({ source, module, id }) => `${source} ${module} ${id}`);

const TABLE: [query: string, found: string[]][] = [
  ['rc 32', ['event rc 32']],
  ['rc 202', ['event rc 202']],
  ['rc 9002', ['drydock rc 9002']],
  ['md 81', ['failure md 81']],
  ['md 1', ['event md 1', 'failure md 1']],
  ['liscal mirror break', ['driver liscal null']],
  ['<type: nm><event: 2>', ['event nm 2']],
  ['Sep 10 05:48:01 server1 CLUSTERPRO: <type: nm><event: 1> Server server1 up.', ['event nm 1']],
  [
    'Monitor ipw1 failed. (1 : Ping cannot reach. (ret=1) IP=10.0.0.1)',
    ['event rm 9', 'failure ipw 1'],
  ],
  ['Monitor mdw1 is not monitored in this server.', ['event rm 3']],
  ['server down', []],
  ['constructor 1', []],
  ['rc 99999', []],
];

for (const [query, found] of TABLE) {
  test(`${query} is found`, (t) => t.deepEqual(named(query), found));
}

test('each generation says it in its words, and what both say stands once', (t) => {
  const [first] = explain('rc 32');
  t.deepEqual(
    first?.sayings.map(({ generations, to }) => [...generations, ...to].join(' ')),
    ['v3 alert syslog mail', 'x5 alert syslog mail snmp'],
  );
  const [second] = explain('rc 9002');
  t.deepEqual(
    second?.sayings.map(({ generations }) => generations),
    [['v3', 'x5']],
  );
});

test('what fits too much is cut off, and what fits nothing says what may be asked', (t) => {
  const { messages, leftOut } = explainMessage('rc').data;
  t.is(messages.length, 20);
  t.true(leftOut > 100);
  t.throws(() => explainMessage('no such thing'), { message: /there is no message/ });
});
