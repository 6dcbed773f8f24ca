/** A message that somebody writes by hand: what a host takes, and what it refuses at its door. */
import test from 'ava';
import { MOST_TEXT } from '../../src/ports/log.ts';
import { booted, Chassis } from './harness.ts';

const SENT = { do: 'report', level: 'Warning', id: 7, to: ['alert', 'mail'], text: 'disk is full' };

test('it is logged as of now and of this server, whatever else is asked for', (t) => {
  const chassis = booted();
  chassis.ask('host', { ...SENT, module: 'pm', server: 'server2', at: 5 });
  const expected = { type: 'log', module: 'logcmd', level: 'Warning', id: 7, to: SENT.to };
  t.deepEqual(
    chassis.effects.filter(({ type }) => type === 'log'),
    [{ ...expected, text: SENT.text } as never],
  );
  t.deepEqual(chassis.answer, {});
});

const refused: [string, object][] = [
  ['a level that is none', { level: 'Fatal' }],
  ['event 0, which is of the kernel', { id: 0 }],
  ['an event that is no whole number', { id: 1.5 }],
  ['no destination', { to: [] }],
  ['a destination that is none', { to: ['alert', 'fax'] }],
  ['destinations that are no list', { to: 'alert' }],
  ['no text', { text: '' }],
  ['a text that is none', { text: 5 }],
  ['a text above the limit', { text: 'x'.repeat(MOST_TEXT + 1) }],
];

for (const [what, part] of refused) {
  test(`refused, and nothing is logged: ${what}`, (t) => {
    const chassis = booted();
    chassis.ask('host', { ...SENT, ...part } as never);
    t.is(chassis.refused, 'request.malformed');
    t.deepEqual(
      chassis.effects.map(({ type }) => type),
      ['refuseRequest'],
    );
  });
}

test('a destination that is named twice is one', (t) => {
  const chassis = booted();
  chassis.ask('host', { ...SENT, to: ['alert', 'alert'] });
  t.deepEqual(
    chassis.effects.flatMap((effect) => (effect.type === 'log' ? [effect.to] : [])),
    [['alert']],
  );
});

test('a server whose system is not up takes none', (t) => {
  const chassis = new Chassis();
  chassis.ask('host', SENT);
  t.is(chassis.refused, 'os.off');
});

function bootedAs(manual: 'v3' | 'x5'): Chassis {
  const chassis = booted();
  chassis.state = { ...chassis.state, manual };
  return chassis;
}

const SAID = { do: 'say', key: 'startRequested', args: ['cluster', 'clpcl'] };

for (const [manual, expected] of [
  ['x5', ['cl 1: There was a request to start cluster from the clpcl.']],
  ['v3', []],
] as const) {
  test(`what a command raises is of its catalogue: ${manual}`, (t) => {
    const chassis = bootedAs(manual);
    chassis.ask('host', SAID);
    const said = chassis.effects.flatMap((effect) =>
      effect.type === 'log' ? [`${effect.module} ${effect.id}: ${effect.text}`] : [],
    );
    t.deepEqual(said, [...expected]);
    t.deepEqual(chassis.answer, {});
  });
}

for (const [what, part] of [
  ['a message that is no command’s', { key: 'started', args: [] }],
  ['a word too few', { args: ['cluster'] }],
  ['words that are none', { args: 'cluster' }],
  ['words above the limit', { args: ['x'.repeat(MOST_TEXT), 'clpcl'] }],
] as const) {
  test(`no command raises it: ${what}`, (t) => {
    const chassis = bootedAs('x5');
    chassis.ask('host', { ...SAID, ...part } as never);
    t.is(chassis.refused, 'request.malformed');
  });
}
