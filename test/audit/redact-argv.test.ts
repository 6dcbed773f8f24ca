import test from 'ava';
import { redactArgv } from '../../src/audit/redact-argv.ts';

const CASES: [string[], string[]][] = [
  [
    ['run', 'v3-6.7.2', '--yes'],
    ['run', 'v3-6.7.2', '--yes'],
  ],
  [
    ['run', 'x', '--set', 'password=a=b', '--set=n=1'],
    ['run', 'x', '--set', 'password={left out}', '--set=n={left out}'],
  ],
  [
    ['resume', '7f', '--answer', 'ask=hunter2'],
    ['resume', '7f', '--answer', 'ask={left out}'],
  ],
  [
    ['clp', 'clpx', '--', '--password', 'hunter2', '--bmc-passwd=x', '-v'],
    ['clp', 'clpx', '--', '--password', '{left out}', '--bmc-passwd={left out}', '-v'],
  ],
  [
    ['lab', 'exec', 's1', '--', 'clpcfset', 'add', 'fncparam', 'bmc', 'parameters/password', 'x'],
    [
      ...['lab', 'exec', 's1', '--', 'clpcfset', 'add', 'fncparam', 'bmc', 'parameters/password'],
      '{left out}',
    ],
  ],
  [
    ['run', '--set', 'oops'],
    ['run', '--set', '{left out}'],
  ],
  [
    ['window', 'request', '--plan', 'v3-6.7.2 failed=a pin=hun ter2', '--plan=undo RUN'],
    ['window', 'request', '--plan', 'v3-6.7.2 failed={left out} pin={left out}', '--plan=undo RUN'],
  ],
  [
    ['x', 'half \ud800 a pair'],
    ['x', 'half \ufffd a pair'],
  ],
];

for (const [given, kept] of CASES) {
  test(`of \`${given.join(' ').toWellFormed()}\` the record holds no secret`, (t) => {
    t.deepEqual(redactArgv(given), kept);
  });
}
