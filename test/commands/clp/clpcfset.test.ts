/** clpcfset and clpcfget on a server: which file they mean, and what they say. */
import test from 'ava';
import { commands } from '../../../src/commands/index.ts';
import { CONFIG_PATH } from '../../../src/core/paths.ts';
import { V3_TEXT } from '../../cluster/fake-servers.ts';
import { environment, run, stage } from './fake-environment.ts';

const COPY = '/root/clp.conf';

test('a copy in the folder where it is called is edited, and the cluster’s own is not', async (t) => {
  const on = stage();
  on.files.set(COPY, V3_TEXT);
  const nothing = { code: 0, stdout: '', stderr: '' };
  t.deepEqual(await run(on, 'clpcfset add rscparam fip fip1 parameters/ip 192.0.2.9'), nothing);
  t.is(
    on.files.get(COPY),
    V3_TEXT.replace(
      '<ip>10.0.0.11</ip></parameters>\n    </fip>',
      '<ip>192.0.2.9</ip></parameters>\n    </fip>',
    ),
  );
  t.is(on.files.get(CONFIG_PATH), V3_TEXT);
  t.deepEqual(on.servers.asked, []);
});

test('create begins one, and writes over nothing', async (t) => {
  const on = stage();
  t.is((await run(on, 'clpcfset create made ASCII')).code, 0);
  t.true(on.files.get(COPY)?.startsWith('<?xml version="1.0" encoding="ASCII"?>\n<root>\n'));
  const again = await run(on, 'clpcfset create made ASCII');
  t.deepEqual(again, {
    code: 1,
    stdout: '',
    stderr: 'clpcfset: there is a /root/clp.conf already; take it away, or edit it\n',
  });
});

test('without a file, within the cluster’s own folder and with a wrong name it says so', async (t) => {
  const on = stage();
  t.regex((await run(on, 'clpcfset add srv a 0')).stderr, /no \/root\/clp\.conf; begin one with/);
  on.files.set(COPY, V3_TEXT);
  const wrong = await run(on, 'clpcfset add monparam ipw ipw7 target x');
  t.deepEqual(wrong, {
    code: 2,
    stdout: '',
    stderr: 'clpcfset: there is no ipw ipw7 in this file; did you mean ipw1?\n',
  });
  const command = commands.get('clpcfset');
  const env = environment(on);
  const within = { ...env, here: { files: env.files, path: '/opt/nec/clusterpro/etc' } };
  const report = await command?.run(within, ['add', 'srv', 'a', '0']);
  t.is(report?.code, 1);
  t.regex(report?.stderr ?? '', /a copy to edit does not go into \/opt\/nec\/clusterpro/);
});

const asked: [line: string, stdout: string][] = [
  ['clpcfget -g /root/resource/md@md1/parameters/nmppath', '/dev/NMP1\n'],
  ['clpcfget -e /root/resource/md', 'md1\n'],
  ['clpcfget -e /root/monitor/types', 'userw\nmdw\nmdnw\nipw\npidw\n'],
  ['clpcfget -e /root/monitor/ipw -i /opt/nec/clusterpro/etc/clp.conf', 'ipw1\n'],
];

for (const [line, stdout] of asked) {
  test(`${line} prints what a client reads`, async (t) => {
    t.deepEqual(await run(stage(), line), { code: 0, stdout, stderr: '' });
  });
}

const failing: [line: string, code: number, stderr: string][] = [
  ['clpcfget -g /root/nothing', 1, 'clpcfget: there is no value at /root/nothing\n'],
  ['clpcfget -e /root/resource/hd', 1, 'clpcfget: nothing is at /root/resource/hd\n'],
  ['clpcfget -g root/x', 2, 'clpcfget: root/x is no path of elements; e.g. /root/cluster\n'],
  ['clpcfget', 2, 'clpcfget: nothing to do; give one of -g, -e\n'],
  ['clpcfget -e /root -i lost.conf', 1, 'clpcfget: there is no /root/lost.conf\n'],
];

for (const [line, code, stderr] of failing) {
  test(`${line} is one clear line`, async (t) => {
    t.deepEqual(await run(stage(), line), { code, stdout: '', stderr });
  });
}
