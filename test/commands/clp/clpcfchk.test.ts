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
