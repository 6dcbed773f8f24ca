/** Archives that a server of X makes by itself when something failed (x5 2.9), on a twin. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { bytesOfText } from '../../../src/core/byte-text.ts';
import { ECAP_PATH } from '../../../src/core/paths.ts';
import { buildTwin, type Twin } from '../../../src/sim/twin.ts';
import { unpacked } from '../../support/unpacked.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/clusters/${name}.clp.conf`, import.meta.url), 'utf8');

const WATCHES = `<types name="ddnsw"/>
    <ddnsw name="ddnsw1">
      <target>ddns1</target>
      <relation><type>rsc</type><name>ddns1</name></relation>
      <polling><interval>1</interval><timeout>10</timeout></polling>
    </ddnsw>
    <types name="miiw"/>
    <miiw name="miiw1">
      <relation><type>cls</type><name>LocalServer</name></relation>
      <polling><interval>1</interval><timeout>10</timeout></polling>
      <parameters><object>eth0</object></parameters>
    </miiw>
    <types name="userw"/>`;
const NAMED = `<types name="ddns"/>
    <ddns name="ddns1">
      <parameters><hostname>shop</hostname><ip>10.0.0.12</ip></parameters>
    </ddns>
    <types name="exec"/>`;
/** Its second group has a name, and a network interface is watched. */
const X5 = fixture('x5mirror')
  .replace('<types name="userw"/>', WATCHES)
  .replace('<types name="exec"/>', NAMED)
  .replace('<resource name="exec@exec2"/>', '<resource name="ddns@ddns1"/>$&');
/** The second group begins on the second server, with the address of the first. */
const taken = (text: string) =>
  text
    .replace('<ip>10.0.0.12</ip>', '<ip>10.0.0.11</ip>')
    .replace(
      /(<group name="failover2">.*?<policy name=")server1(.*?<policy name=")server2/s,
      '$1server2$2server1',
    );

async function twinOf(configText: string): Promise<Twin> {
  const twin = await buildTwin({ configText, seed: 5, dataBytes: 1024 * 1024 });
  await twin.up();
  return twin;
}

const archivesOn = (twin: Twin, server: string) => twin.server(server).files.names(ECAP_PATH);

async function textsOf(twin: Twin, server: string, name: string): Promise<Record<string, string>> {
  const bytes = bytesOfText(twin.server(server).files.get(`${ECAP_PATH}/${name}`) ?? '');
  const all = Object.entries(await unpacked(bytes));
  return Object.fromEntries(all.map(([path, content]) => [path, String(content)]));
}

const COMMON = [
  'common/date.txt',
  'common/df.txt',
  'common/free.txt',
  'common/hostname.txt',
  'common/ip_addr.txt',
  'common/ip_n.txt',
  'common/lsmod.txt',
  'common/mount.txt',
  'common/ps_-ef.txt',
  'common/rpm_-qa.txt',
];

/** `ms`: of the first answer. */
const addressText = (name: string, address: string, other: string[], ms: string) => `# ${name}

## ip n

${other.map((line) => `    ${line} REACHABLE`).join('\n')}

Exit status: 0

## ping -w 3 ${address}

    PING ${address} (${address}) 56(84) bytes of data.
    64 bytes from ${address}: icmp_seq=1 ttl=64 time=${ms} ms
    64 bytes from ${address}: icmp_seq=2 ttl=64 time=0.050 ms
    64 bytes from ${address}: icmp_seq=3 ttl=64 time=0.050 ms

    --- ${address} ping statistics ---
    3 packets transmitted, 3 received, 0% packet loss, time 3000ms

Exit status: 0
`;
const SERVER1 = [
  '10.0.0.1 dev eth0 lladdr 02:16:3f:f7:17:13',
  '10.0.1.1 dev eth1 lladdr 02:16:3e:f7:15:80',
];
const SERVER2 = [
  '10.0.0.2 dev eth0 lladdr 02:16:85:be:2a:cc',
  '10.0.1.2 dev eth1 lladdr 02:16:86:be:2c:5f',
];

const nameText = (name: string) => `# ${name}

## nslookup -timeout=3 shop

    Name:\tshop
    Address: 10.0.0.12

Exit status: 0

## dig any +time=3 shop

    ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
    ;; ANSWER SECTION:
    shop.\t60\tIN\tA\t10.0.0.12

Exit status: 0
`;

const linkText = (speed: string, duplex: string, isUp: string) => `# miiw1

## ethtool eth0

    Settings for eth0:
    \tSpeed: ${speed}
    \tDuplex: ${duplex}
    \tLink detected: ${isUp}

Exit status: 0
`;

for (const [cluster, isMade] of [
  ['x5mirror', true],
  ['v3le', false],
] as const) {
  test(`${cluster}: an address is not activated: ${isMade ? 'an archive' : 'none'}`, async (t) => {
    const twin = await twinOf(taken(fixture(cluster)));
    await twin.advance(10_000);
    const failed = twin.log.filter(({ module, id }) => module === 'rc' && id === 32);
    t.deepEqual([...new Set(failed.map(({ server }) => server))], ['server2']);
    const at = new Date(failed[0]!.at).toISOString().replaceAll(/\D/g, '').slice(0, 14);
    const made = isMade ? [`${at}_rc_32.tar.gz`] : [];
    t.deepEqual([archivesOn(twin, 'server1'), archivesOn(twin, 'server2')], [[], made]);
    for (const name of made) {
      const all = await textsOf(twin, 'server2', name);
      t.deepEqual(Object.keys(all).sort(), [...COMMON, 'fip.ecap.md']);
      t.is(all['common/hostname.txt'], 'server2\n');
      t.is(all['fip.ecap.md'], addressText('fip2', '10.0.0.11', SERVER1, '1.000'));
    }
  });
}

test('a monitor that finds its error, and a forced stop that fails: where it was', async (t) => {
  const twin = await twinOf(X5);
  await twin.ask('server2', 'bmc', { do: 'cable.pull', net: 'lan0' }, 1_000);
  await twin.advance(10_000);
  const [monitor = '', ...others] = archivesOn(twin, 'server2');
  t.regex(monitor, /^\d{14}_rm_9\.tar\.gz$/);
  t.deepEqual([others, archivesOn(twin, 'server1')], [[], []]);
  const all = await textsOf(twin, 'server2', monitor);
  t.is(all['miiw.ecap.md'], linkText('Unknown!', 'Unknown! (255)', 'no'));

  twin.faults.cut('bmc', 'server1', 'server2');
  await twin.run(twin.faults.killServer('server1'));
  await twin.advance(60_000);
  const stop = archivesOn(twin, 'server2').find((name) => name.includes('_rc_')) ?? '';
  t.regex(stop, /^\d{14}_rc_420\.tar\.gz$/);
  t.deepEqual(Object.keys(await textsOf(twin, 'server2', stop)).sort(), COMMON);
});

const bySort: [what: string, member: string | null, text: string][] = [
  ['-m rc -e 32 -n fip2', 'fip.ecap.md', addressText('fip2', '10.0.0.12', SERVER2, '0.050')],
  ['-m rm -e 9 -n fipw1', 'fipw.ecap.md', addressText('fipw1', '10.0.0.11', SERVER2, '0.050')],
  ['-m rc -e 32 -n ddns1', 'ddns.ecap.md', nameText('ddns1')],
  ['-m rm -e 9 -n ddnsw1', 'ddnsw.ecap.md', nameText('ddnsw1')],
  ['-m rm -e 9 -n miiw1', 'miiw.ecap.md', linkText('1000Mb/s', 'Full', 'yes')],
  ['-m rc -e 32 -n exec1', null, ''],
  ['-m rm -e 9 -n userw', null, ''],
  ['-m rc -e 420', null, ''],
];

test('what each type has of its own', async (t) => {
  const twin = await twinOf(X5);
  for (const [at, [what, member, text]] of bySort.entries()) {
    const time = `2026013123595${at}`;
    const words = `clpecap -t ${time} ${what}`;
    const { stdout, stderr } = await twin.exec('server1', words.split(' '));
    const [, module, , id] = what.split(' ');
    const file = `${time}_${module}_${id}.tar.gz`;
    t.is(`${stdout}${stderr}`, `${ECAP_PATH}/${file}\n`, what);
    const all = await textsOf(twin, 'server1', file);
    t.deepEqual(Object.keys(all).sort(), [...COMMON, ...(member === null ? [] : [member])], what);
    if (member !== null) t.is(all[member], text, what);
  }
});

test('of two events of one second the first counts; the oldest archives go', async (t) => {
  const twin = await twinOf(fixture('x5mirror'));
  const { files } = twin.server('server1');
  const nameOf = (second: number) => `202601312359${second}_rc_32.tar.gz`;
  for (let second = 10; second < 31; second += 1)
    files.put(`${ECAP_PATH}/${nameOf(second)}`, 'old');
  files.put(`${ECAP_PATH}/notes.txt`, 'not ours');
  const collect = (time: string) =>
    twin.exec('server1', ['clpecap', '-t', time, '-m', 'rc', '-e', '32']);
  t.is((await collect('20260131235930')).stdout, `${nameOf(30)} is there already\n`);
  t.is(files.get(`${ECAP_PATH}/${nameOf(30)}`), 'old');
  t.is((await collect('20260131235931')).exitCode, 0);
  const kept = Array.from({ length: 20 }, (_, at) => nameOf(12 + at));
  t.deepEqual(archivesOn(twin, 'server1'), [...kept, 'notes.txt']);
  // One of before, after the clock was set back, is the newest all the same.
  t.is((await collect('20250131235931')).exitCode, 0);
  const early = '20250131235931_rc_32.tar.gz';
  t.deepEqual(archivesOn(twin, 'server1'), [early, ...kept.slice(1), 'notes.txt']);
});

for (const [words, why] of [
  ['', 'no event is named; give its time as 14 digits'],
  ['-t 1 -m rc -e 32', 'no event is named'],
  ['-t 20260131235959 -m ../rc -e 32', 'no event is named'],
  ['-t 20260131235959 -m rc -e x', 'no event is named'],
  ['-t 20260131235959 -m rc -e 32 -n fipw1', 'unknown resource fipw1'],
  ['-t 20260131235959 -m rm -e 9 -n fip1', 'unknown monitor fip1'],
  ['-t 20260131235959 -m rm -e 9 fip1', 'unexpected argument fip1'],
] as const) {
  test(`refused, and nothing is left: clpecap ${words}`, async (t) => {
    const twin = await twinOf(X5);
    const argv = ['clpecap', ...words.split(' ').filter((word) => word !== '')];
    const { stderr, exitCode } = await twin.exec('server1', argv);
    t.true(stderr.startsWith(`clpecap: ${why}`), stderr);
    t.is(exitCode, 2);
    t.deepEqual(archivesOn(twin, 'server1'), []);
  });
}
