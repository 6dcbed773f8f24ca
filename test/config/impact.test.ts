import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  editConfiguration,
  type ImpactLevel,
  impactOf,
  writeClusterConfiguration,
} from '../../src/config/index.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { CONFIG, V3_TEXT } from '../cluster/fake-servers.ts';

const monitors = CONFIG.monitors.map((one) => ({ ...one, intervalMs: 99_000 }));
const [group, ...groups] = CONFIG.groups;
const md = CONFIG.resources.map((one) =>
  one.type === 'md' ? { ...one, parameters: { ...one.parameters, fs: 'xfs' } } : one,
);

const table: [string, Partial<ClusterConfiguration>, ImpactLevel][] = [
  ['nothing', {}, 'none'],
  ['a comment', { comment: 'new words' }, 'upload'],
  [
    'the startup attribute of a group',
    { groups: [{ ...group!, startup: 'manual' }, ...groups] },
    'upload',
  ],
  ['a monitor', { monitors }, 'suspend'],
  ['a monitor that is gone', { monitors: CONFIG.monitors.slice(1) }, 'suspend'],
  ['the heartbeat timeout', { heartbeat: { intervalMs: 300, timeoutMs: 9000 } }, 'suspend'],
  ['automatic mirror recovery', { autoRecovery: false }, 'suspend'],
  [
    'mirror statistics, which an agent counts from its start on',
    { mirrorStatistics: true },
    'shutdown',
  ],
  ['a group that is gone', { groups }, 'stop'],
  ['heartbeat resources', { heartbeats: CONFIG.heartbeats.slice(1) }, 'stop'],
  ['a mirror disk', { resources: md }, 'shutdown'],
  ['a comment and a mirror disk', { comment: 'new', resources: md }, 'shutdown'],
  ['the name of the cluster', { name: 'other' }, 'shutdown'],
];

for (const [what, change, level] of table) {
  test(`a change of ${what} needs: ${level}`, (t) => {
    const text = writeClusterConfiguration({ ...CONFIG, ...change }, V3_TEXT);
    const impact = impactOf(V3_TEXT, text);
    t.is(impact.level, level);
    t.is(impact.because.length > 0, level !== 'none');
  });
}

const END = '</root>';
const edits: [
  what: string,
  from: string | RegExp,
  to: string,
  level: ImpactLevel,
  because: string,
][] = [
  [
    'a section that nobody knows',
    END,
    `<newpart><mode>1</mode></newpart>${END}`,
    'stop',
    'newpart/mode changed',
  ],
  ['a key of an unread element', END, `<newpart name="x"/>${END}`, 'stop', 'newpart x added'],
  [
    'who shows the cluster',
    END,
    `<webmgr><port>1</port></webmgr>${END}`,
    'upload',
    'webmgr/port changed',
  ],
  ['an empty element', END, `<newpart/>${END}`, 'none', ''],
  ['a comment of the file', END, `<!-- kept -->${END}`, 'none', ''],
  ['white space', /\n */g, '\n', 'none', ''],
  [
    'a setting of one server',
    '</device>',
    '<speed>1</speed></device>',
    'shutdown',
    'device 0 of server server1',
  ],
  [
    'what a forced stop needs of a server',
    '</device>',
    '<bmc><user>x</user></bmc></device>',
    'suspend',
    'device 0 of server server1',
  ],
  [
    'a second of what stood there once',
    '<gid>0</gid>',
    '<gid>0</gid><gid>1</gid>',
    'stop',
    'gid of group failover1',
  ],
  [
    'an attempt at an exec resource',
    '<exec name="exec1">',
    '<exec name="exec1"><act><retry>9</retry></act>',
    'upload',
    'act of resource exec1',
  ],
  [
    'the order of a group’s servers',
    /(<policy name="server1">[\s\S]*?<.policy>)\s*(<policy name="server2">[\s\S]*?<.policy>)/,
    '$2$1',
    'stop',
    'policy server2 of group failover1',
  ],
];

for (const [what, from, to, level, because] of edits) {
  test(`another text of ${what} needs: ${level}`, (t) => {
    const text = V3_TEXT.replace(from, to);
    t.not(text, V3_TEXT);
    t.deepEqual(impactOf(V3_TEXT, text), { level, because: because === '' ? [] : [because] });
  });
}

const clusters = new URL('../../fixtures/clusters/', import.meta.url);
const THREE = readFileSync(new URL('x5three.clp.conf', clusters), 'utf8');
const HYBRID = readFileSync(new URL('x5hybrid.clp.conf', clusters), 'utf8');
const without = (text: string, server: string) =>
  editConfiguration(text, 'clp.conf', ['del', 'srv', server]);
const fewer = without(THREE, 'server3');

const memberships: [what: string, before: string, after: string, level: ImpactLevel][] = [
  ['a server that is taken out', THREE, fewer, 'suspend'],
  ['a server that is added', fewer, THREE, 'suspend'],
  ['a server that is taken out beside a mirror', HYBRID, without(HYBRID, 'server2'), 'shutdown'],
  ['a place in a group alone', THREE, THREE.replace(/<policy name="server3">.*/, ''), 'stop'],
  [
    'a server that is taken out, and an address',
    THREE,
    fewer.replace('<info>10.0.0.2<', '<info>10.0.0.9<'),
    'shutdown',
  ],
];

for (const [what, before, after, level] of memberships) {
  test(`${what} needs: ${level}`, (t) => t.is(impactOf(before, after).level, level));
}
