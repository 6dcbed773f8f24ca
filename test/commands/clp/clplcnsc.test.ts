/** clplcnsc on a server: what it keeps, shows, takes out and hands on. */
import test from 'ava';
import { LICENCE_PATH } from '../../../src/core/paths.ts';
import { buildTwin } from '../../../src/sim/twin.ts';
import { hostView, silence, V3_TEXT } from '../../cluster/fake-servers.ts';
import { run, stage } from './fake-environment.ts';

const A1 = 'product=LE30\nkind=product\nserial=A1\ncount=2\n';
const F1 = 'product=FSO30\nkind=product\nserial=F1\ncount=2\n';
const OK = { code: 0, stdout: 'Command succeeded.\n', stderr: '' };

function keyed() {
  const on = stage();
  on.files.set('/root/le.key', A1);
  on.files.set('/tmp/fso.key', F1);
  return on;
}

test('licences are registered once, from where it is called or by a whole path', async (t) => {
  const on = keyed();
  t.deepEqual(await run(on, 'clplcnsc -i le.key /tmp/fso.key'), OK);
  t.deepEqual(await run(on, 'clplcnsc -I le.key -p LE30'), OK);
  t.is(on.files.get(LICENCE_PATH), `${F1}\n${A1}`);
});

test('-l shows what is registered of the product that the cluster needs, and what it means', async (t) => {
  const on = keyed();
  t.is(
    (await run(on, 'clplcnsc -l')).stdout,
    '  <LE30>\n    Error: The license is not registered. (LE30)\n',
  );
  await run(on, 'clplcnsc -i le.key');
  t.is(
    (await run(on, 'clplcnsc -l -p LE30')).stdout,
    [
      '  <LE30>',
      '    Serial No : A1',
      '    Type      : product',
      '    Number    : 2',
      '    Info: The number of license is 2. (LE30)\n',
    ].join('\n'),
  );
});

test('-d takes out those of a product, then all', async (t) => {
  const on = keyed();
  await run(on, 'clplcnsc -i le.key /tmp/fso.key');
  t.deepEqual(await run(on, 'clplcnsc -d -p FSO30'), OK);
  t.is(on.files.get(LICENCE_PATH), A1);
  t.regex((await run(on, 'clplcnsc -d -p FSO30')).stderr, /no licence of FSO30 is registered/);
  t.deepEqual(await run(on, 'clplcnsc -d'), OK);
  t.is(on.files.get(LICENCE_PATH), '');
});

test('--distribute adds them to what the other servers have, and names whom it missed', async (t) => {
  const on = keyed();
  t.regex((await run(on, 'clplcnsc --distribute')).stderr, /no licence is registered on server1/);
  await run(on, 'clplcnsc -i le.key');
  let theirs = F1;
  on.servers.parts.set('server2/host', (body) => {
    if (body.do !== 'files') return hostView('server2');
    if (body.op === 'write') theirs = String(body.text);
    return { text: theirs };
  });
  const line = 'Distribute server2 : Command succeeded.\n';
  t.deepEqual(await run(on, 'clplcnsc --distribute'), { code: 0, stdout: line, stderr: '' });
  t.is(theirs, `${F1}\n${A1}`);
  on.servers.parts.set('server2/host', silence('timeout'));
  const missed = await run(on, 'clplcnsc --distribute');
  t.is(missed.code, 1);
  t.regex(missed.stdout, /^Distribute server2: Failed /);
});

const failing: [line: string, stderr: RegExp][] = [
  ['clplcnsc', /nothing to do; give one of -i, -l, -d/],
  ['clplcnsc -i lost.key', /there is no \/root\/lost\.key; nothing was registered/],
  ['clplcnsc -i le.key -p SE30', /licence A1 is for LE30, not for SE30/],
  ['clplcnsc --reregister /tmp', /there is no \*\.key file in \/tmp/],
];

for (const [line, stderr] of failing) {
  test(`${line} is one clear line, and nothing is kept`, async (t) => {
    const on = keyed();
    t.regex((await run(on, line)).stderr, stderr);
    t.is(on.files.get(LICENCE_PATH), undefined);
  });
}

test('a daemon does not stay where a trial has ended, and does once the product is registered', async (t) => {
  const twin = await buildTwin({ configText: V3_TEXT, seed: 4, dataBytes: 1024 * 1024 });
  const { texts } = twin.server('server1').files;
  texts.set(LICENCE_PATH, 'product=LE30\nkind=trial\nserial=T1\nuntil=2001-01-01\n');
  await twin.up();
  const software = async () => {
    const { servers } = await twin.look();
    return ['server1', 'server2'].map((name) => servers[name]?.membership.software);
  };
  t.deepEqual(await software(), ['stopped', 'running']);
  texts.set('/le.key', A1);
  t.is((await twin.exec('server1', ['clplcnsc', '-i', '/le.key'])).exitCode, 0);
  t.is((await twin.exec('server1', ['clpcl', '-s'])).exitCode, 0);
  await twin.atRest();
  t.deepEqual(await software(), ['running', 'running']);
});
