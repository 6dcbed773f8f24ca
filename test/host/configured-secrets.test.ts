/**
 * What a server's clp.conf keeps secret is in no output of a command, whichever prints it: neither in
 * what comes back nor in the server's own record of the operation.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { secretsIn } from '../../src/config/index.ts';
import { CONFIG_PATH } from '../../src/core/paths.ts';
import { buildTwin } from '../../src/sim/twin.ts';

const fixture = new URL('../../fixtures/clusters/x5mirror.clp.conf', import.meta.url);
const TEXT = readFileSync(fixture, 'utf8');
const PASSWORD = 'Tr&ub4dor';

const withMail = (inner: string) =>
  TEXT.replace('</root>', `  <smtpauth>${inner}</smtpauth>\n</root>`);

const CASES: [string, Record<string, string>][] = [
  ['<password>hunter22</password>', { 'root/smtpauth/password': 'hunter22' }],
  ['<apitoken>abcdefgh</apitoken>', { 'root/smtpauth/apitoken': 'abcdefgh' }],
  [
    '<password>Tr&amp;ub4dor</password>',
    {
      'root/smtpauth/password': PASSWORD,
      'root/smtpauth/password as written': 'Tr&amp;ub4dor',
    },
  ],
  // Too short to be told from any other word, a name of the file, no value, and no secret.
  ['<usepassword>1</usepassword>', {}],
  ['<password>server1</password>', {}],
  ['<password></password>', {}],
  ['<password><of>somebody</of></password>', {}],
  ['<account>somebody</account>', {}],
];

for (const [inner, expected] of CASES) {
  test(`what a clp.conf with ${inner} keeps secret`, (t) => {
    t.deepEqual(Object.fromEntries(secretsIn(withMail(inner), 'clp.conf')), expected);
  });
}

const SHOWN = '{secret:root/smtpauth/password as written}';

test('a command that prints the file prints masks, and the record holds them', async (t) => {
  const configText = withMail('<password>Tr&amp;ub4dor</password>');
  const twin = await buildTwin({ configText, seed: 'secrets' });
  await twin.up();
  const { stdout, exitCode } = await twin.exec('server1', ['cat', CONFIG_PATH]);
  t.is(exitCode, 0);
  t.is(stdout, configText.replace('Tr&amp;ub4dor', SHOWN));
  const held = JSON.stringify(twin.server('server1').state());
  t.false(held.includes('ub4dor'));
  t.true(held.includes(SHOWN));
});

test('one that prints a value said otherwise prints a mask', async (t) => {
  const configText = withMail('<password>Tr&amp;ub4dor</password>');
  const twin = await buildTwin({ configText, seed: 'secrets' });
  await twin.up();
  const { stdout } = await twin.exec('server1', ['echo', `it is ${PASSWORD}!`]);
  t.is(stdout, 'it is {secret:root/smtpauth/password}!\n');
});

test('a file that nobody can read keeps nothing secret, and every command runs', async (t) => {
  const twin = await buildTwin({ configText: TEXT, seed: 'secrets' });
  await twin.up();
  twin.server('server1').files.put(CONFIG_PATH, '<root');
  const { stdout } = await twin.exec('server1', ['cat', CONFIG_PATH]);
  t.is(stdout, '<root');
});
