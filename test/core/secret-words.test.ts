/** Words of a command line that are secrets by what stands before them, wherever one is kept. */
import test from 'ava';
import { DrydockError } from '../../src/core/errors.ts';
import { CONFIG_PATH } from '../../src/core/paths.ts';
import { sealWords, secretWords } from '../../src/core/secret-words.ts';
import { loadRunbook } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { type Case, liveTwin } from '../support/twin-worlds.ts';

const ADD = 'clpcfset add fncparam bmc parameters/password';

const WORDS: [line: string, secret: number[]][] = [
  [`${ADD} hunter2`, [5]],
  ['clpcfset add srvparam server1 device@600/bmc/password hunter2', [5]],
  ['clpcfset add clsparam webmgr/security/adminpassword hunter2', [4]],
  ['clpcfset add rscparam md md1 parameters/mddriver/crypto/keyfile /key', []],
  ['clpcfset del fncparam bmc parameters/password', []],
  ['tool --password hunter2 --token abc --verbose', [2, 4]],
  ['tool --password --verbose', []],
  ['clplcnsc -i /tmp/key.lic', []],
  ['password', []],
  ['', []],
];

for (const [line, secret] of WORDS) {
  test(`of \`${line}\` these words are secrets: ${secret.join(' ') || 'none'}`, (t) => {
    t.deepEqual(secretWords(line.split(' ')), secret);
  });
}

test('what is a secret of the order already stays one, by its own name', (t) => {
  const argv = [...ADD.split(' '), '{secret:pin}'];
  const sealed = {
    places: [{ in: 'argv' as const, index: 5, offset: 0, name: 'pin' }],
    values: { pin: 'x' },
  };
  t.deepEqual(sealWords(argv, sealed), { argv, secrets: sealed });
});

const BY_HAND: Case = { id: 'x5-2.97', given: {}, cluster: 'x5mirror' };

test('the server’s record and notes hold a mask, and the program gets the value', async (t) => {
  const twin = await liveTwin(BY_HAND);
  const { files } = twin.server('server1');
  files.put('/clp.conf', files.get(CONFIG_PATH) ?? '');
  await twin.exec('server1', ['clpcfset', 'add', 'fnc', 'bmc']);
  const words = ['clpcfset', 'add', 'fncparam', 'bmc', 'parameters/password', 'hunter2'];
  const record = await twin.exec('server1', words);
  t.is(record.exitCode, 0, record.stderr);
  t.deepEqual(record.argv, [...words.slice(0, -1), '{secret:argument 5}']);
  t.regex(files.get('/clp.conf') ?? '', /<password>hunter2<\/password>/);
  const typed = await twin.type('server1', 'bob', ['clpgrp', '-s', '--password', 'hunter2']);
  t.not(typed.exitCode, 0);
  const kept = JSON.stringify(twin.server('server1').state());
  t.false(kept.includes('hunter2'));
  t.true(kept.includes('clpgrp'), 'what was typed is noted');
});

/** A runbook that gives a password by that text. */
const runbook = (value: string) =>
  loadRunbook(
    `id: x5-2.97
title: Give a password
source: { manual: x5, section: '2.97' }
editions: [X]
kind: procedure
summary: none
parameters:
  pin: { type: string, description: never shown, secret: true }
  word: { type: string, description: shown }
steps:
  - id: give
    title: Give it
    source: ["1"]
    on: server1
    run: [clpcfset, add, fncparam, bmc, parameters/password, "${value}"]
    probe: "false"
    expect: "true"
    undo: none
    safe: true
`,
    'a.yaml',
  );

for (const [value, isRefused] of [
  ['hunter2', true],
  ['{word}', true],
  ['{pin}', false],
] as const) {
  test(`a plan with ${value} for a password is ${isRefused ? 'refused' : 'made'}`, async (t) => {
    const twin = await liveTwin(BY_HAND);
    const parameters = { pin: 'x', word: 'y' };
    const status = await twin.look();
    const plan = () =>
      makePlan({ runbook: runbook(value), library: new Map(), parameters, status });
    if (isRefused) t.like(t.throws(plan, { instanceOf: DrydockError }), { code: 'secret.literal' });
    else t.notThrows(plan);
  });
}
