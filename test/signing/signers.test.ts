/**
 * Lines of an allowed-signers file: each in the table is asked here and, where ssh-keygen is at
 * hand, of ssh-keygen itself, which must come to the same verdict.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { verifySignature } from '../../src/signing/index.ts';
import { testKey } from '../support/ssh-keys.ts';

const TEXT = 'a paper\n';
const NOON = Date.UTC(2026, 5, 15, 12);
const key = testKey();
const other = testKey();
const K = key.publicLine;
const SIGNATURE = key.sign(TEXT, 'drydock.window');

const STRANGER = /is not among the allowed signers/;
const ANOTHER = /is that of .*, not of anna@example\.com/;

/** Lines, and what is said of a signature of anna@example.com at noon of 2026-06-15. */
const TABLE: [string, string[], true | RegExp][] = [
  ['a name alone', [`anna@example.com ${K}`], true],
  ['a comment after the key', [`anna@example.com ${K} anna's laptop`], true],
  ['comments and blank lines around it', ['# people', '', `anna@example.com ${K}`], true],
  ['tabs between the fields', [`anna@example.com\t${K.replace(' ', '\t')}`], true],
  ['several names', [`otto,anna@example.com ${K}`], true],
  ['a name in quotes', [`"anna@example.com" ${K}`], true],
  ['a pattern', [`*@example.com ${K}`], true],
  ['a pattern of single letters', [`ann?@example.??? ${K}`], true],
  ['a pattern that fits in two ways', [`*a*@*.com ${K}`], true],
  ['a negated name among patterns', [`*@example.com,!anna@example.com ${K}`], ANOTHER],
  ['a negated name before patterns', [`!anna@*,*@example.com ${K}`], ANOTHER],
  ['somebody else negated', [`*@example.com,!otto@example.com ${K}`], true],
  ['another name', [`otto ${K}`], ANOTHER],
  ['a longer name', [`anna@example.com.org ${K}`], ANOTHER],
  ['capitals', [`Anna@example.com ${K}`], ANOTHER],
  ['another key', [`anna@example.com ${other.publicLine}`], STRANGER],
  ['both keys', [`anna@example.com ${other.publicLine}`, `anna@example.com ${K}`], true],
  ['its namespace', [`anna@example.com namespaces="drydock.window" ${K}`], true],
  ['a pattern of namespaces', [`anna@example.com namespaces="git,drydock.*" ${K}`], true],
  ['another namespace', [`anna@example.com namespaces="git" ${K}`], /may sign in git, not in/],
  ['a negated namespace', [`anna@example.com namespaces="*,!drydock.window" ${K}`], /may sign in/],
  ['an option in capitals', [`anna@example.com NAMESPACES="git" ${K}`], /may sign in git/],
  ['valid since a day', [`anna@example.com valid-after="20260615Z" ${K}`], true],
  [
    'valid from the next day',
    [`anna@example.com valid-after="20260616Z" ${K}`],
    /is valid from 2026-06-16T00/,
  ],
  ['valid from that minute', [`anna@example.com valid-after="202606151200Z" ${K}`], true],
  [
    'valid from a second later',
    [`anna@example.com valid-after="20260615120001Z" ${K}`],
    /is valid from/,
  ],
  ['valid until that second', [`anna@example.com valid-before="20260615120000Z" ${K}`], true],
  [
    'valid until a second before',
    [`anna@example.com valid-before="20260615115959Z" ${K}`],
    /was valid until 2026-06-15T11:59:59/,
  ],
  [
    'a date without Z, read as UTC',
    [`anna@example.com valid-before="202606151159" ${K}`],
    /was valid until 2026-06-15T11:59:00/,
  ],
  ['a span', [`anna@example.com valid-after="20260101Z",valid-before="20270101Z" ${K}`], true],
  [
    'a span with a namespace',
    [`anna@example.com namespaces="drydock.*",valid-after="20260101" ${K}`],
    true,
  ],
  [
    'an expired line and a good one',
    [`anna@example.com valid-before="20200101Z" ${K}`, `anna@example.com ${K}`],
    true,
  ],
  [
    'an option that nobody knows',
    [`anna@example.com colour="red" ${K}`],
    /colour="red" is not known/,
  ],
  [
    'an option that stands there twice',
    [`anna@example.com namespaces="a",namespaces="drydock.window" ${K}`],
    /namespaces stands there twice/,
  ],
  [
    'a day that does not exist',
    [`anna@example.com valid-before="20261332Z" ${K}`],
    /valid-before has no date/,
  ],
  ['a line that ends too early', ['anna@example.com ssh-ed25519'], /the line is not PRINCIPALS/],
  ['a broken line before a good one', ['anna@example.com', `anna@example.com ${K}`], true],
  [
    'a certificate authority',
    [`anna@example.com cert-authority ${K}`],
    /certificate authority, which is not supported/,
  ],
  [
    'a key that says it is of another type',
    [`anna@example.com ssh-rsa ${K.split(' ')[1]}`],
    /says ssh-rsa and is a ssh-ed25519/,
  ],
  ['nobody at all', [], STRANGER],
];

for (const [title, signers, expected] of TABLE) {
  test(`allowed signers with ${title}`, (t) => {
    const found = verifySignature(TEXT, SIGNATURE, {
      trust: { signers, revoked: [] },
      principal: 'anna@example.com',
      namespace: 'drydock.window',
      at: NOON,
    });
    if (expected === true) t.true(found.ok, found.ok ? '' : found.why);
    else t.regex(found.ok ? 'good' : found.why, expected);
  });
}

/** Null where this ssh-keygen cannot be asked for an instant. */
async function askSshKeygen(folder: string, signers: string[]): Promise<boolean | null> {
  writeFileSync(join(folder, 'signers'), `${signers.join('\n')}\n`);
  const files = ['-f', join(folder, 'signers'), '-s', join(folder, 'signature')];
  const about = [
    '-I',
    'anna@example.com',
    '-n',
    'drydock.window',
    '-O',
    'verify-time=20260615120000Z',
  ];
  const end = await execa('ssh-keygen', ['-Y', 'verify', ...files, ...about], {
    input: TEXT,
    reject: false,
    env: { TZ: 'UTC' },
  });
  const isStrange =
    end.code === 'ENOENT' || /unknown option|Invalid option|usage:/i.test(end.stderr);
  return isStrange ? null : end.exitCode === 0;
}

test('ssh-keygen comes to the same verdicts', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signers-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'signature'), SIGNATURE);
  const differ: string[] = [];
  for (const [title, signers, expected] of TABLE) {
    const found = await askSshKeygen(folder, signers);
    if (found === null) {
      t.log('skipped: there is no ssh-keygen here that verifies at a given time');
      return t.pass();
    }
    if (found !== (expected === true)) differ.push(`${title}: ssh-keygen says ${found}`);
  }
  return t.deepEqual(differ, []);
});
