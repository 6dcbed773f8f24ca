/** Messages as lines of the syslog and of the alert log. */
import test from 'ava';
import fc from 'fast-check';
import {
  type Alert,
  alertLine,
  alertOf,
  programLine,
  readAlertLine,
  syslogLine,
} from '../../src/host/lines.ts';
import { messageOf } from '../../src/messages/index.ts';

const at = Date.UTC(2003, 8, 10, 5, 48, 9, 250);
const server = 'server1';

/** v3 11.1 (8) and (9); the words are those of 12.1. */
const SYSLOG: [line: string, made: () => string][] = [
  [
    'Sep 10 05:48:09 server1 CLUSTERPRO: <type: rc><event: 10> The start processing of a group grp1 started.\n',
    () => syslogLine('v3', { at, server, ...messageOf('v3', 'groupStarting', 'grp1') }),
  ],
  [
    'Sep 10 05:48:09 server1 CLUSTERPRO: <type: nm><event: 3> Resource lanhb1 of server server2 up.\n',
    () => syslogLine('v3', { at, server, ...messageOf('v3', 'beatUp', 'lanhb1', 'server2') }),
  ],
  [
    'Sep 10 05:48:09 server1 expresscls: [E] <type: nm><event: 2> Server server2 has been stopped.\n',
    () =>
      syslogLine('x5', { at, server, ...messageOf('x5', 'serverDown', 'server2'), level: 'Error' }),
  ],
  [
    'Sep 10 05:48:09 server1 kernel: liscal: NMP1 com port is closed, exit.\n',
    () => syslogLine('v3', { at, server, ...messageOf('v3', 'driverPortClosed', 1) }),
  ],
  [
    'Sep  1 00:00:00 server1 clusterpro_evt:\n',
    () => programLine({ at: Date.UTC(2003, 8, 1), server, program: 'clusterpro_evt', text: '' }),
  ],
  [
    'Sep 10 05:48:09 server1 rc: two\\u000alines a\\u001b[31m\n',
    () => programLine({ at, server, program: 'rc', text: 'two\nlines a\u001b[31m' }),
  ],
];

for (const [line, made] of SYSLOG) test(line.trimEnd(), (t) => t.is(made(), line));

test('an alert is a line of its columns', (t) => {
  const alert: Alert = { at, server, module: 'rm', level: 'Error', id: 9, text: 'it failed' };
  t.is(
    alertLine(alert, at + 60_000),
    'Error\t2003/09/10 05:49:09.250\t2003/09/10 05:48:09.250\tserver1\trm\t9\tit failed\n',
  );
});

test('whatever an alert says, its line is read as it was written', (t) => {
  const text = fc.string({ unit: 'binary', maxLength: 80 });
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 4e12 }), (words, time) => {
      const alert: Alert = { at: time, server, module: 'rm', level: 'Info', id: 1, text: words };
      const line = alertLine(alert, time);
      const read = readAlertLine(line.slice(0, -1));
      t.is(line.split('\n').length, 2);
      t.deepEqual({ ...read, text: '' }, { ...alert, text: '' });
      t.is(alertLine(read!, time), line);
    }),
  );
});

const ODD: [what: string, line: string][] = [
  ['nothing', ''],
  ['one that was cut off', 'Error\t2003/09/10 05:49:09.250\t2003/09/10 05:4'],
  ['another level', 'Fatal\t2003/09/10 05:49:09.250\t2003/09/10 05:49:09.250\ts\trm\t9\tx'],
  ['no time', 'Error\tnow\tnow\ts\trm\t9\tx'],
  ['no id', 'Error\t2003/09/10 05:49:09.250\t2003/09/10 05:49:09.250\ts\trm\tnine\tx'],
  ['a server like ../x', 'Error\t2003/09/10 05:49:09.250\t2003/09/10 05:49:09.250\t../x\trm\t9\tx'],
];

for (const [what, line] of ODD) {
  test(`a line with ${what} is no alert`, (t) => t.is(readAlertLine(line), null));
}

test('what another server sends is no alert unless it is one in every field', (t) => {
  const good = { at, server, module: 'rm', level: 'Error', id: 9, text: 'x' };
  t.deepEqual(alertOf(good), good as Alert);
  t.deepEqual(alertOf({ ...good, more: 1 }), good as Alert);
  for (const key of Object.keys(good)) t.is(alertOf({ ...good, [key]: {} }), null, key);
  t.is(alertOf({ ...good, text: 'x'.repeat(2_001) }), null);
  for (const odd of [null, 1, 'x', []]) t.is(alertOf(odd), null);
});
