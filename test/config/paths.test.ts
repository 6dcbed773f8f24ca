/** Which cable each kind of heartbeat goes over, and what a server needs for it. */
import test from 'ava';
import {
  carriersOf,
  hasDeviceFor,
  heartbeatKind,
  lanTo,
  legsOf,
  legsOutside,
  netOf,
  netsOf,
  outsideOf,
  parseClusterConfiguration,
} from '../../src/config/index.ts';
import { madeCluster } from '../support/made-cluster.ts';

const config = parseClusterConfiguration(
  madeCluster(['x5', 'hb=lanhb,lankhb,comhb,diskhb,bmchb,witnesshb', 'np=pingnp,disknp,httpnp']),
  'clp.conf',
);

test('each kind of heartbeat has its cable', (t) => {
  t.deepEqual(
    config.heartbeats.map((resource) => [resource.name, netOf(config, resource)]),
    [
      ['lanhb1', 'lan0'],
      ['lankhb1', 'lan1'],
      ['comhb1', 'com200'],
      ['diskhb1', 'disk300'],
      ['bmchb1', 'bmc'],
      ['witnesshb1', 'witness'],
    ],
  );
  t.is(netOf(config, { type: 'snailhb', device: 0 }), null);
  t.is(heartbeatKind('constructor'), null);
  t.deepEqual(netsOf(config).toSorted(), [
    'bmc',
    'com200',
    'disk300',
    'disk350',
    'lan0',
    'lan1',
    'witness',
  ]);
  t.deepEqual(outsideOf(config), ['outside', '10.0.0.254', '10.0.0.253']);
});

test('a LAN heartbeat may go over a mirror disk connect', (t) => {
  const text = madeCluster(['x5']).replaceAll(
    '<type>lan</type><info>10.0.1',
    '<type>mdc</type><info>10.0.1',
  );
  const read = parseClusterConfiguration(text, 'clp.conf');
  t.is(netOf(read, read.heartbeats[1]!), 'mdc1');
});

for (const [net, from, to, legs] of [
  ['lan0', 'a', 'b', [['a', 'b']]],
  ['bmc', 'a', 'b', [['a', 'b']]],
  [
    'disk300',
    'a',
    'b',
    [
      ['a', 'b'],
      ['a', 'outside'],
      ['outside', 'b'],
    ],
  ],
  [
    'witness',
    'a',
    'b',
    [
      ['a', 'b'],
      ['a', 'outside'],
      ['outside', 'b'],
    ],
  ],
  ['witness', 'a', 'outside', [['a', 'outside']]],
] as const) {
  test(`from ${from} to ${to} over ${net}: ${legs.length} cables`, (t) => {
    t.deepEqual(
      legsOf(net, from, to),
      legs.map(([one, other]) => [one, other]),
    );
  });
}

test('what is outside answers over the cable of its net and over its own, both ways', (t) => {
  t.deepEqual(legsOutside('a', '10.0.0.254'), [
    ['a', 'outside'],
    ['outside', 'a'],
    ['a', '10.0.0.254'],
    ['10.0.0.254', 'a'],
  ]);
  const [server] = config.servers;
  t.is(lanTo(server, '10.0.1.254'), 'lan1');
  t.is(lanTo(server, '192.168.0.1'), 'lan0');
});

test('a server without the device that a heartbeat hangs on is refused, one without a controller is not', (t) => {
  const text = madeCluster(['x5', 'hb=lanhb,comhb,bmchb']);
  const without = (id: number) => text.replace(new RegExp(`<device id="${id}">.*</device>\\n`), '');
  const error = t.throws(() => parseClusterConfiguration(without(200), 'clp.conf'));
  t.regex(error.message, /server1 has no device 200, which comhb1 needs/);
  const read = parseClusterConfiguration(without(10_300), 'clp.conf');
  t.true(hasDeviceFor(read.servers[0], { type: 'bmchb', device: 10_300 }));
});

const lines: [string, string, string | null][] = [
  ['two servers', madeCluster(['v3', 'hb=lanhb,comhb']), null],
  [
    'three servers',
    madeCluster(['v3', 'servers=3', 'hb=lanhb,comhb']),
    'comhb1 joins two servers only, and this cluster has 3',
  ],
  [
    'XE',
    madeCluster(['v3', 'hb=lanhb,comhb']).replace('<savededition>SE', '<savededition>XE'),
    'comhb1: XE has no such heartbeat',
  ],
];

for (const [what, text, why] of lines) {
  test(`a COM heartbeat: ${what}`, (t) => {
    if (why === null) t.notThrows(() => parseClusterConfiguration(text, 'clp.conf'));
    else t.true(t.throws(() => parseClusterConfiguration(text, 'clp.conf'))?.message.includes(why));
  });
}

test('devices that may fail are named with their nets', (t) => {
  t.deepEqual(
    carriersOf(config, 'server1').map(({ resource, path, net }) => [resource, path, net]),
    [
      ['lanhb1', '10.0.0.1', 'lan0'],
      ['lankhb1', '10.0.1.1', 'lan1'],
      ['comhb1', '/dev/ttyS0', 'com200'],
      ['diskhb1', '/dev/sdq1', 'disk300'],
      ['disknp1', '/dev/sdq51', 'disk350'],
    ],
  );
});
