/** The scripts that a configuration names: backed up with it, and handed out to every server. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { CONFIG_PATH, SCRIPTS_PATH } from '../../../src/core/paths.ts';
import { buildTwin } from '../../../src/sim/twin.ts';

const configText = readFileSync(
  new URL('../../../fixtures/clusters/x5mirror.clp.conf', import.meta.url),
  'utf8',
);
const NAME = 'failover1/exec1/start.sh';

async function twinWithScript() {
  const twin = await buildTwin({ configText, seed: 1 });
  await twin.up();
  twin.server('server1').files.put(`${SCRIPTS_PATH}/${NAME}`, 'echo start\n');
  return twin;
}

test('a backup takes them, and whoever distributes it hands them out', async (t) => {
  const twin = await twinWithScript();
  t.is((await twin.exec('server1', ['clpcfctrl', '--pull', '-l', '-x', '/tmp/b'])).exitCode, 0);
  const { files } = twin.server('server1');
  t.is(files.get(`/tmp/b/scripts/${NAME}`), 'echo start\n');
  t.is(files.get('/tmp/b/clp.conf'), configText);
  t.is((await twin.exec('server1', ['clpcfctrl', '--push', '-l', '-x', '/tmp/b'])).exitCode, 0);
  t.is(twin.server('server2').files.get(`${SCRIPTS_PATH}/${NAME}`), 'echo start\n');
});

test('where none lie beside the file, those of each server stay as they are', async (t) => {
  const twin = await twinWithScript();
  twin.server('server1').files.put('/tmp/c/clp.conf', configText);
  t.is((await twin.exec('server1', ['clpcfctrl', '--push', '-l', '-x', '/tmp/c'])).exitCode, 0);
  t.is(twin.server('server2').files.get(`${SCRIPTS_PATH}/${NAME}`), null);
  t.is(twin.server('server1').files.get(`${SCRIPTS_PATH}/${NAME}`), 'echo start\n');
});

test('a backup is taken of a file that nothing can be read from, too', async (t) => {
  const twin = await twinWithScript();
  twin.server('server1').files.put(CONFIG_PATH, '<root');
  t.is((await twin.exec('server1', ['clpcfctrl', '--pull', '-l', '-x', '/tmp/d'])).exitCode, 0);
  t.is(twin.server('server1').files.get('/tmp/d/clp.conf'), '<root');
});
