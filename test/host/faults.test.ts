/** The words of faults: what each says, and what is answered to words that say nothing. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import { describeError } from '../../src/core/errors.ts';
import { cablePairs, type Fault, readFault } from '../../src/host/faults.ts';

const file = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);
const config = parseClusterConfiguration(readFileSync(file, 'utf8'), 'clp.conf');

const between = { net: 'mdc400', from: 'server1', to: 'server2' };

const SAID: [string, Fault][] = [
  ['cut mdc400 server1 server2', { kind: 'cut', ...between, oneWay: false }],
  ['heal mdc400 server1 server2 oneway', { kind: 'heal', ...between, oneWay: true }],
  ['cut lan0 server1', { kind: 'cut', net: 'lan0', from: 'server1', oneWay: false }],
  [
    'cut * server1 outside',
    { kind: 'cut', net: '*', from: 'server1', to: 'outside', oneWay: false },
  ],
  ['delay mdc400 server1 server2 50', { kind: 'delay', ...between, oneWay: false, ms: 50 }],
  [
    'delay lan0 server1 0.5 oneway',
    { kind: 'delay', net: 'lan0', from: 'server1', oneWay: true, ms: 0.5 },
  ],
  ['power-on server2', { kind: 'powerOn', server: 'server2' }],
  ['kill-process server1 clprc', { kind: 'killProcess', server: 'server1', part: 'daemon' }],
  ['fail-disk server2 /dev/sdb', { kind: 'failDisk', server: 'server2', device: '/dev/sdb' }],
  [
    'fail-disk server2 /dev/sdb read',
    { kind: 'failDisk', server: 'server2', device: '/dev/sdb', mode: 'read' },
  ],
];

for (const [words, fault] of SAID) {
  test(words, (t) => t.deepEqual(readFault(words.split(' '), config), fault));
}

const REFUSED: [string, string][] = [
  [
    '',
    "there is no fault ''; known: cut, heal, delay, kill, power-on, reset, freeze, thaw, kill-process, stop-process, continue-process, fail-disk, heal-disk",
  ],
  ['kil server1', "there is no fault 'kil'; did you mean 'kill'?"],
  ['kill', 'the server is missing; write `kill SERVER`'],
  ['kill server3', "there is no server 'server3' in this cluster; did you mean 'server1'?"],
  ['kill server1 now', "'now' is one word too many; write `kill SERVER`"],
  ['cut mdc4 server1', "there is no net 'mdc4' in this cluster; did you mean 'mdc400'?"],
  ['cut lan0', 'the server is missing; write `cut NET FROM [TO] [oneway]`'],
  [
    'cut lan0 server1 server2 both',
    "'both' is one word too many; write `cut NET FROM [TO] [oneway]`",
  ],
  [
    'delay lan0 server1 server2',
    "a delay needs milliseconds, not 'server2'; write `delay lan0 server1 50`",
  ],
  ['delay lan0 server1 -5', "a delay needs milliseconds, not '-5'; write `delay lan0 server1 50`"],
  ['stop-process server1 clprcc', "there is no program 'clprcc'; did you mean 'clprc'?"],
  ['fail-disk server1', 'the disk is missing; write `fail-disk SERVER DEVICE [read|write]`'],
  [
    'heal-disk server1 /dev/sdb read',
    "'read' is one word too many; write `heal-disk SERVER DEVICE`",
  ],
];

for (const [words, said] of REFUSED) {
  test(`refused: ${words}`, (t) => {
    const error = t.throws(() => readFault(words.split(' '), config));
    t.is(describeError(error), said);
  });
}

test('without a second end everything else is meant', (t) => {
  const fault = { kind: 'cut', net: 'lan0', from: 'b' } as const;
  t.deepEqual(cablePairs(fault, ['a', 'b', 'c']), [
    ['b', 'a'],
    ['b', 'c'],
  ]);
});
