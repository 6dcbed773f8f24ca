/** The configuration on a medium, as a person changes it with Trekking Tool. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { editConfiguration } from '../../src/config/index.ts';
import { describeError } from '../../src/core/errors.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';

const THREE = readFileSync(
  new URL('../../fixtures/clusters/v3three.clp.conf', import.meta.url),
  'utf8',
);
const CHANGE = 'del srv server3';

async function withMedium(files: Record<string, string>): Promise<Twin> {
  const twin = await buildTwin({ configText: THREE, seed: 3, dataBytes: 1024 * 1024 });
  const medium = { label: 'config', format: 'linux', files };
  await twin.ask('server1', 'bmc', { do: 'media.put', name: 'config', medium }, 1000);
  return twin;
}

test('one change of a medium leaves all else that is on it', async (t) => {
  const twin = await withMedium({ 'clp.conf': THREE, note: 'kept' });
  await twin.ask('server1', 'bmc', { do: 'medium.edit', medium: 'config', change: CHANGE }, 1000);
  const after = editConfiguration(THREE, 'clp.conf', CHANGE.split(' '));
  t.not(after, THREE);
  t.deepEqual(twin.server('server1').state().media.config?.files, {
    'clp.conf': after,
    note: 'kept',
  });
});

const refusals: [what: string, medium: string, change: string, files: string[], said: RegExp][] = [
  ['a medium that is not there', 'other', CHANGE, ['clp.conf'], /no medium other lies beside/],
  ['a medium without a configuration', 'config', CHANGE, [], /holds no clp.conf/],
  ['a server that is not there', 'config', 'del srv server9', ['clp.conf'], /no server server9/],
];

for (const [what, medium, change, names, said] of refusals) {
  test(`a change is refused of ${what}`, async (t) => {
    const twin = await withMedium(Object.fromEntries(names.map((name) => [name, THREE])));
    const asked = twin.ask('server1', 'bmc', { do: 'medium.edit', medium, change }, 1000);
    const error = await t.throwsAsync(asked);
    t.regex(describeError(error), said);
  });
}
