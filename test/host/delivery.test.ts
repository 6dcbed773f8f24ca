/** Which events are mailed, edited as v3 12.3 says. */
import test from 'ava';
import { deliveredFiles } from '../../src/host/delivered.ts';
import { moduleOf, readDeliveries, writeDeliveries } from '../../src/host/delivery.ts';

const AS_DELIVERED = `ID=13
SEND=syslog,alert,mail
MSG=A problem is detected in configuration file.
LVL=ERR
`;

test('a block of the manual is read and written as it stands there', (t) => {
  t.deepEqual([...readDeliveries('pm', AS_DELIVERED)], [['pm 13', ['syslog', 'alert', 'mail']]]);
  const text = 'A problem is detected in configuration file.';
  t.is(
    writeDeliveries([{ id: 13, to: ['alert', 'syslog', 'mail'], text, level: 'Error' }]),
    AS_DELIVERED,
  );
});

const TABLE: [what: string, text: string, read: [string, string[]][]][] = [
  ['an edit', AS_DELIVERED.replace(',mail', ''), [['pm 13', ['syslog', 'alert']]]],
  [
    'lines of Windows',
    AS_DELIVERED.replaceAll('\n', '\r\n'),
    [['pm 13', ['syslog', 'alert', 'mail']]],
  ],
  ['spaces', 'ID = 2\nSEND = alert , mail\n', [['pm 2', ['alert', 'mail']]]],
  ['a word that is none', 'ID=2\nSEND=alert,pigeon\n', []],
  ['nothing to send to', 'ID=2\nSEND=\n', []],
  ['no id', 'SEND=alert\n', []],
  ['an id that is none', 'ID=2\nSEND=alert\nID=x\nSEND=mail\n', [['pm 2', ['alert']]]],
  ['other lines', '# a remark\nID=2\nMSG=SEND=mail\nSEND=alert\n', [['pm 2', ['alert']]]],
];

for (const [what, text, read] of TABLE) {
  test(`a file with ${what}`, (t) => t.deepEqual([...readDeliveries('pm', text)], read as never));
}

test('a new server has the files, and they change nothing', (t) => {
  const files = deliveredFiles('v3');
  const folder = '/opt/nec/clusterpro/messages';
  for (const module of ['pm', 'nm', 'rc', 'rm', 'diskhb', 'comhb', 'mdagent', 'mdadmn']) {
    t.true(files.has(`${folder}/${module}.msg.us`), module);
  }
  const pm = readDeliveries('pm', files.get(`${folder}/pm.msg.us`)!);
  t.deepEqual(pm.get('pm 13'), ['syslog', 'alert', 'mail']);
  t.deepEqual(pm.get('pm 10'), ['syslog', 'alert']);
  t.true(deliveredFiles('x5').has(`${folder}/apisv.msg.us`));
});

test('a file of another name is none of them', (t) => {
  t.is(moduleOf('pm.msg.us'), 'pm');
  for (const name of ['pm.msg.jp', 'pm.msg.us~', '../pm.msg.us', '.msg.us'])
    t.is(moduleOf(name), null);
});
