/** clpcfchk: what it says of a file, and where it leaves the result. */
import test from 'ava';
import { CONFIG_PATH } from '../../../src/core/paths.ts';
import { V3_TEXT } from '../../cluster/fake-servers.ts';
import { run, stage } from './fake-environment.ts';

const BROKEN = V3_TEXT.replace('exec@exec2', 'exec@exec9').replace('<target>fip1', '<target>fip7');

test('the cluster’s own file is checked, or the one in a folder', async (t) => {
  const on = stage();
  const fine = { code: 0, stdout: 'Command succeeded.\n', stderr: '' };
  t.deepEqual(await run(on, 'clpcfchk'), fine);
  on.files.set('/root/new/clp.conf', BROKEN);
  t.deepEqual(await run(on, 'clpcfchk -i new'), {
    code: 1,
    stdout: '',
    stderr: [
      '/root/new/clp.conf:58: root/group@failover2: unknown resource exec9; did you mean exec1?',
      '/root/new/clp.conf:133: root/monitor/ipw@ipw1: unknown resource fip7; did you mean fip1?\n',
    ].join('\n'),
  });
});

test('-o leaves a table of the problems, outside of the cluster’s own folders', async (t) => {
  const on = stage(BROKEN);
  t.is((await run(on, 'clpcfchk -o /tmp')).code, 1);
  t.is(
    on.files.get('/tmp/cfchk_result.csv'),
    [
      'line,element,message,remedy',
      '58,root/group@failover2,unknown resource exec9,did you mean exec1?',
      '133,root/monitor/ipw@ipw1,unknown resource fip7,did you mean fip1?\n',
    ].join('\n'),
  );
  const within = await run(on, 'clpcfchk -o /opt/nec/clusterpro/work');
  t.regex(within.stderr, /a result does not go into \/opt\/nec\/clusterpro/);
  t.is(on.files.get(CONFIG_PATH), BROKEN);
  t.regex((await run(on, 'clpcfchk -i lost')).stderr, /^clpcfchk: there is no \/root\/lost\/clp/);
});

test('every problem is reported, and none that only follows from another', async (t) => {
  const text = V3_TEXT.replace('exec@exec2', 'exec@exec9')
    .replace('exec@exec1"', 'exec@exec8"')
    .replace('<interval>', '<interval>soon')
    .replace('<ipw name="ipw1">', '<ipw name="ipw 1">')
    .replaceAll('<priority>1<', '<priority>high<');
  const file = '/opt/nec/clusterpro/etc/clp.conf';
  const ofOrder = '"high" is not a whole number; give a whole number from 0 to 9999';
  t.deepEqual((await run(stage(text), 'clpcfchk')).stderr.split('\n'), [
    `${file}:18: root/cluster/heartbeat/interval: "soon300" is not a whole number; give a whole number from 1 to 999999999`,
    `${file}:35: root/server@server2/priority: ${ofOrder}`,
    `${file}:45: root/heartbeat/lanhb@lanhb2/priority: ${ofOrder}`,
    `${file}:49: root/group@failover1: unknown resource exec8; did you mean exec1?`,
    `${file}:58: root/group@failover2: unknown resource exec9; did you mean exec1?`,
    `${file}:133: root/monitor/ipw@ipw 1: "ipw 1" is not a name; use up to 63 letters, digits, dots, hyphens and underscores`,
    '',
  ]);
});

test('who refers to what cannot be read is not to blame, and more than 200 are not looked for', async (t) => {
  const text = V3_TEXT.replace(/(<md name="md1">)[\s\S]*?(<.md>)/, '$1$2');
  const { stderr } = await run(stage(text), 'clpcfchk');
  t.regex(stderr, /^[^\n]* md1 has no parameters; add <parameters>\n$/);
  const many = Array.from({ length: 300 }, () => '<device id="x"/>').join('\n');
  const flooded = V3_TEXT.replace('<server name="server2">', `<server name="server2">${many}`);
  t.is((await run(stage(flooded), 'clpcfchk')).stderr.split('\n').length, 201);
});
