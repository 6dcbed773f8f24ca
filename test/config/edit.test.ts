/** clpcfset's edits: the words of the field's scripts, and that nothing else changes. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import {
  beginConfiguration,
  editConfiguration,
  namesAt,
  parseClusterConfiguration,
  valueAt,
} from '../../src/config/index.ts';
import { bytesOfText, textOfBytes } from '../../src/core/byte-text.ts';
import { describeError } from '../../src/core/errors.ts';
import { V3_TEXT } from '../cluster/fake-servers.ts';

const edit = (text: string, line: string) => editConfiguration(text, 'clp.conf', line.split(' '));

/** A cluster as a script of the field makes one, from nothing. */
const SCRIPT = `
add clsparam cluster/heartbeat/timeout 60000
add srv alpha 0
add srv beta 1
add device alpha lan 0 192.0.2.1
add device beta lan 0 192.0.2.2
add device alpha mdc 0 198.51.100.1
add device beta mdc 400 198.51.100.2
add device alpha ping 0 1
add device beta ping 0 1
add hb lankhb 0 0
add np pingnp 0 0 0 0 192.0.2.254
add np pingnp 10200 0 0 1 192.0.2.253
add grp failover failover1
add grpparam failover failover1 comment one
add rsc failover1 fip fip1
add rscparam fip fip1 parameters/ip 192.0.2.10
add rsc failover1 md md1
add rscparam md md1 parameters/netdev@0/priority 0
add rscparam md md1 parameters/netdev@0/device 400
add rscparam md md1 parameters/netdev@0/mdcname mdc1
add rscparam md md1 parameters/nmppath /dev/NMP1
add rscparam md md1 parameters/diskdev/dppath /dev/sdb2
add rscparam md md1 parameters/diskdev/cppath /dev/sdb1
add rscparam md md1 parameters/fsck/option -y
add rscdep md md1 fip1
add mon userw userw
add monparam userw userw relation/type cls
add monparam userw userw relation/name LocalServer
`;

const MADE = `<?xml version="1.0" encoding="EUC-JP"?>
<root>
  <all>
    <charset>EUC-JP</charset>
    <serveros>linux</serveros>
    <encode>EUC-JP</encode>
  </all>
  <cluster>
    <name>made</name>
    <comment/>
    <heartbeat>
      <timeout>60000</timeout>
    </heartbeat>
  </cluster>
  <server name="alpha">
    <priority>0</priority>
    <device id="0">
      <type>lan</type>
      <info>192.0.2.1</info>
    </device>
    <device id="400">
      <type>mdc</type>
      <info>198.51.100.1</info>
      <mdc>
        <info>198.51.100.1</info>
      </mdc>
    </device>
    <device id="10200">
      <type>ping</type>
      <info>1</info>
    </device>
  </server>
  <server name="beta">
    <priority>1</priority>
    <device id="0">
      <type>lan</type>
      <info>192.0.2.2</info>
    </device>
    <device id="400">
      <type>mdc</type>
      <info>198.51.100.2</info>
      <mdc>
        <info>198.51.100.2</info>
      </mdc>
    </device>
    <device id="10200">
      <type>ping</type>
      <info>1</info>
    </device>
  </server>
  <heartbeat>
    <types name="lankhb"/>
    <lankhb name="lankhb1">
      <priority>0</priority>
      <device>0</device>
    </lankhb>
  </heartbeat>
  <networkpartition>
    <types name="pingnp"/>
    <pingnp name="pingnp1">
      <priority>0</priority>
      <device>10200</device>
      <grp id="0">
        <list id="0">
          <ip>192.0.2.254</ip>
        </list>
        <list id="1">
          <ip>192.0.2.253</ip>
        </list>
      </grp>
    </pingnp>
  </networkpartition>
  <group name="failover1">
    <type>failover</type>
    <comment>one</comment>
    <gid>0</gid>
    <resource name="fip@fip1"/>
    <resource name="md@md1"/>
  </group>
  <resource>
    <types name="fip"/>
    <fip name="fip1">
      <comment/>
      <parameters>
        <ip>192.0.2.10</ip>
      </parameters>
    </fip>
    <types name="md"/>
    <md name="md1">
      <comment/>
      <parameters>
        <netdev id="0">
          <priority>0</priority>
          <device>400</device>
          <mdcname>mdc1</mdcname>
        </netdev>
        <nmppath>/dev/NMP1</nmppath>
        <diskdev>
          <dppath>/dev/sdb2</dppath>
          <cppath>/dev/sdb1</cppath>
        </diskdev>
        <fsck>
          <option>-y</option>
        </fsck>
      </parameters>
      <depend name="fip1"/>
    </md>
  </resource>
  <monitor>
    <types name="userw"/>
    <userw name="userw">
      <comment/>
      <relation>
        <type>cls</type>
        <name>LocalServer</name>
      </relation>
    </userw>
  </monitor>
</root>
`;

const script = SCRIPT.trim().split('\n');

test('a script of the field makes a whole cluster, which loads', (t) => {
  const made = script.reduce(edit, beginConfiguration(['made', 'EUC-JP', 'linux'], 'clp.conf'));
  t.is(made, MADE);
  const config = parseClusterConfiguration(made, 'clp.conf');
  t.is(config.heartbeat.timeoutMs, 60_000);
  t.deepEqual(config.resources[1]?.dependsOn, ['fip1']);
  t.is(script.reduce(edit, made), made, 'once more changes nothing');
});

/** What `del` takes out again of what stands in the fixture, and what is left of the file. */
const gone: [line: string, taken: RegExp][] = [
  ['del clsparam mdagent/autorecovery', /\n {2}<mdagent>[\s\S]*?<\/mdagent>/],
  ['del device server1 com 0', /\n {4}<device id="200">.*/],
  ['del hb comhb 200', /\n {4}<types name="comhb"\/>\n {4}<comhb .*/],
  [
    'del rsc failover2 fip fip2',
    /\n {4}<resource name="fip@fip2"\/>|\n {4}<fip name="fip2">[\s\S]*?<\/fip>/g,
  ],
  ['del rscparam exec exec1 parameters/timeout', /\n {8}<timeout>.*/],
  ['del mon ipw ipw1', /\n {4}<types name="ipw"\/>\n {4}<ipw [\s\S]*?<\/ipw>/],
  ['del monparam ipw ipw1 target', /\n {6}<target>fip1<\/target>/],
];

for (const [line, taken] of gone) {
  test(`${line} takes out just that`, (t) => {
    t.not(V3_TEXT.replace(taken, ''), V3_TEXT);
    t.is(edit(V3_TEXT, line), V3_TEXT.replace(taken, ''));
  });
}

test('a server that goes is taken out of the policies, a resource out of the dependencies', (t) => {
  const without = edit(V3_TEXT, 'del srv server2');
  t.false(without.includes('name="server2"'));
  const depends = edit(V3_TEXT, 'add rscdep exec exec1 md1');
  t.true(depends.includes('<depend name="md1"/>'));
  t.false(edit(depends, 'del rsc failover1 md md1').includes('md1"/>'));
});

test('a heartbeat over the second device is the second, whichever way its number is written', (t) => {
  for (const id of ['1', '301']) {
    const kind = id === '1' ? 'lankhb' : 'diskhb';
    const written = edit(V3_TEXT, `add hb ${kind} ${id} 5`);
    t.is(valueAt(written, 'clp.conf', `/root/heartbeat/${kind}@${kind}2/device`), id);
  }
  const witness = edit(V3_TEXT, 'add hb witnesshb 0 6 witness.example:8080');
  const at = '/root/heartbeat/witnesshb@witnesshb1';
  t.is(valueAt(witness, 'clp.conf', `${at}/host`), 'witness.example');
  t.is(valueAt(witness, 'clp.conf', `${at}/port`), '8080');
  t.is(valueAt(witness, 'clp.conf', `${at}/device`), '700');
});

const wrong: [line: string, RegExp][] = [
  ['add', /^add what\?; known: clsparam, srv, /],
  ['put srv a 0', /put is no act; give create, add or del/],
  ['add monpara ipw ipw1 target x', /nothing is called monpara; did you mean monparam\?/],
  ['add srv', /too few arguments for add srv; give clpcfset add srv SERVER PRIORITY/],
  ['add srv a 0 1', /too many arguments for add srv/],
  [
    'add rscparam exec exec9 parameters/x 1',
    /there is no exec exec9 in this file; did you mean exec1/,
  ],
  ['add rscparam exec exec1 parameters 1', /holds elements, no value/],
  ['add rscparam exec exec1 a//b 1', /is no path of elements/],
  ['add rscparam exec exec1 <x> 1', /is no path of elements/],
  ['add device server9 lan 0 x', /no server server9 in this file; did you mean server1/],
  ['add device server1 lan first x', /first is no number/],
  ['add hb lankbh 0 0', /no hb is of the type lankbh; did you mean lankhb/],
  ['add np pingnp 0 0', /too few arguments for a pingnp/],
  ['add np httpnp 0 0 host 1 x', /too many arguments for a httpnp/],
  ['add mon a/b c', /is not a name/],
  ['del mon ipw ipw9', /no ipw ipw9 in this file; did you mean ipw1/],
  ['del grp failover failover1', /group failover1 has resources/],
  ['del monparam ipw ipw1 nothing', /there is no nothing in this file/],
];

for (const [line, words] of wrong) {
  test(`clpcfset ${line} is one clear error`, (t) => {
    t.regex(describeError(t.throws(() => edit(V3_TEXT, line))), words);
  });
}

const SETS = ['EUC-JP', 'Shift_JIS', 'GB2312'] as const;
const VALUES = { 'EUC-JP': '訓練', Shift_JIS: '表示', GB2312: '生产' };

test('a value in the set of the file is written in it, one that it lacks is refused', (t) => {
  for (const name of SETS) {
    const text = textOfBytes(iconv.encode(V3_TEXT.replaceAll('UTF-8', name), name));
    const written = edit(text, `add clsparam cluster/comment ${VALUES[name]}`);
    t.true(Buffer.from(bytesOfText(written)).includes(iconv.encode(VALUES[name], name)), name);
    t.regex(describeError(t.throws(() => edit(text, 'add clsparam a/b 😀'))), /lacks 😀/);
  }
});

test('any edits in any order leave every other line, and taken back leave no trace', (t) => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,6}$/).filter((one) => !(one in Object));
  const one = fc.tuple(fc.constantFrom('srv', 'mon', 'rsc', 'grp'), word, word, fc.string());
  const edits = fc.uniqueArray(one, { minLength: 1, maxLength: 6, selector: ([, , name]) => name });
  fc.assert(
    fc.property(edits, fc.constantFrom('\n', '\r\n'), (made, lineEnd) => {
      const before = V3_TEXT.replaceAll('\n', lineEnd);
      const words = made.map(([kind, type, name]) => {
        const all = {
          srv: [`x-${name}`],
          mon: [type, `x-${name}`],
          grp: ['failover', `x-${name}`],
        };
        return [kind, ...(kind === 'rsc' ? ['failover1', type, `x-${name}`] : all[kind as 'srv'])];
      });
      const added = words.reduce((text, said) => {
        const values = said[0] === 'srv' ? ['7'] : [];
        return editConfiguration(text, 'clp.conf', ['add', ...said, ...values]);
      }, before);
      const lines = added.split(lineEnd);
      let from = 0;
      for (const line of before.split(lineEnd)) {
        from = lines.indexOf(line, from) + 1;
        if (from === 0) return t.fail(`lost: ${line}`);
      }
      const back = words.reduceRight(
        (text, said) => editConfiguration(text, 'clp.conf', ['del', ...said]),
        added,
      );
      t.is(back, before);
    }),
    { numRuns: 60 },
  );
});

test('values and names are found by the paths that clients ask', (t) => {
  const value = (path: string) => valueAt(V3_TEXT, 'clp.conf', path);
  const names = (path: string) => namesAt(V3_TEXT, 'clp.conf', path);
  t.is(value('/root/resource/md@md1/parameters/nmppath'), '/dev/NMP1');
  t.is(value('/root/cluster/name'), 'harbour');
  t.is(value('/root/group@failover1/resource@md@md1'), '');
  t.is(value('/root/resource/md@md1/parameters'), null);
  t.is(value('/root/nothing'), null);
  t.is(value('/cluster/name'), null);
  t.deepEqual(names('/root/resource/md'), ['md1']);
  t.deepEqual(names('/root/resource/exec'), ['exec1', 'exec2']);
  t.deepEqual(names('/root/monitor/types'), ['userw', 'mdw', 'mdnw', 'ipw', 'pidw']);
  t.deepEqual(names('/root/server'), ['server1', 'server2']);
  t.deepEqual(names('/root/server/device'), ['0', '1', '200', '400']);
  t.deepEqual(names('/root/cluster/heartbeat'), ['interval', 'timeout']);
  t.deepEqual(names('/root/cluster/name'), []);
  t.is(names('/root/resource/hd'), null);
});

const HYBRID = readFileSync(
  new URL('../../fixtures/clusters/x5hybrid.clp.conf', import.meta.url),
  'utf8',
);

test('a server that is gone is gone from server groups too', (t) => {
  const left = parseClusterConfiguration(edit(HYBRID, 'del srv server2'), 'clp.conf');
  const members = left.serverGroups?.map(({ servers }) => servers);
  t.deepEqual(members, [['server1'], ['server3']]);
});

test('a mirror that is gone takes the monitors of its copies along, and no other', (t) => {
  const text = edit(HYBRID, 'del rsc failover1 hd hd1');
  const left = parseClusterConfiguration(text, 'clp.conf');
  const names = left.monitors.map(({ name }) => name);
  t.deepEqual(names, ['userw', 'fipw1', 'pidw1']);
  t.false(/types name="(hdw|hdnw|hd)"/.test(text));
});
