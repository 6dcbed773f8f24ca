/** A command that is not there says so in one line; one that no manual describes says why, and what else. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { commands } from '../../src/commands/index.ts';
import { commandNotFound, whyUndescribed } from '../../src/core/not-found.ts';
import { buildTwin } from '../../src/sim/twin.ts';

const fixture = new URL('../../fixtures/clusters/x5hybrid.clp.conf', import.meta.url);

const CASES: [string, string][] = [
  ['clpnothing', 'clpnothing: command not found on this server'],
  ['constructor', 'constructor: command not found on this server'],
  [
    'clphdsnapshot',
    'clphdsnapshot: command not found on this server: no manual of the product says what it does, so it is not provided; a copy of a hybrid disk is taken beside clpbackup.sh, and clphdstat tells how the disk stands',
  ],
];

test('what is not found is told in one line', (t) => {
  for (const [name, line] of CASES) {
    t.false(commands.has(name));
    t.is(commandNotFound(name), line);
  }
  for (const name of commands.keys()) t.is(whyUndescribed(name), null, name);
});

test('a server of a cluster with a hybrid disk says the same, and ends with 127', async (t) => {
  const configText = readFileSync(fixture, 'utf8');
  const twin = await buildTwin({ configText, seed: 'not-found' });
  await twin.up();
  for (const [name, line] of CASES) {
    const { exitCode, stderr, stdout } = await twin.exec('server1', [name, 'hd1']);
    t.deepEqual({ exitCode, stderr, stdout }, { exitCode: 127, stderr: `${line}\n`, stdout: '' });
  }
});
