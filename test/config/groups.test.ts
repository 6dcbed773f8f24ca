/** Groups in a clp.conf: policies, waits, server groups, exclusion, and what depends on what. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';
import { DrydockError } from '../../src/core/errors.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
} from '../../src/schema/generated/cluster-configuration.ts';

const X5 = readFileSync(
  new URL('../../fixtures/clusters/x5mirror.clp.conf', import.meta.url),
  'utf8',
);
const parse = (text: string) => parseClusterConfiguration(text, 'clp.conf');

const conf = (groups: string, rest = '') => `<root>
  <cluster><name>c</name></cluster>
  <server name="s1"><priority>0</priority></server>
  <server name="s2"><priority>1</priority></server>
  <server name="s3"><priority>2</priority></server>
  ${rest}
  ${groups}
</root>`;

const group = (inside: string) => parse(conf(`<group name="g">${inside}</group>`)).groups[0]!;

const plain: ConfiguredGroup = {
  name: 'g',
  comment: '',
  startup: 'auto',
  failover: 'auto',
  servers: ['s1', 's2', 's3'],
  resources: [],
};

const read: [string, string, Partial<ConfiguredGroup>][] = [
  ['nothing is said of what is left out', '', {}],
  [
    'the defaults by their numbers are left out as well',
    '<failback>0</failback><exclusive>0</exclusive><failoverpolicy>0</failoverpolicy>',
    {},
  ],
  ['manual start', '<start>0</start>', { startup: 'manual' }],
  ['manual failover', '<failover>0</failover>', { failover: 'none' }],
  ['automatic failback', '<failback>1</failback>', { autoFailback: true }],
  ['normal exclusion', '<exclusive>1</exclusive>', { exclusive: 'normal' }],
  ['absolute exclusion', '<exclusive>2</exclusive>', { exclusive: 'absolute' }],
  ['dynamic failover', '<failoverpolicy>1</failoverpolicy>', { failoverPolicy: 'dynamic' }],
  [
    'the server group first',
    '<failoverpolicy>2</failoverpolicy>',
    { failoverPolicy: 'serverGroupFirst' },
  ],
  [
    'the server group only',
    '<failoverpolicy>3</failoverpolicy>',
    { failoverPolicy: 'serverGroupOnly' },
  ],
  [
    'servers by their order',
    '<policy name="s3"><order>0</order></policy><policy name="s1"><order>1</order></policy>',
    { servers: ['s3', 's1'] },
  ],
];

for (const [title, inside, expected] of read) {
  test(`of a group: ${title}`, (t) => {
    t.deepEqual(group(inside), { ...plain, ...expected });
  });
}

test('waits for other groups, with the times of the field and its defaults', (t) => {
  const { groups } = parse(
    conf(`<group name="a"/><group name="b"><depend>
      <act><depend name="a"><sameserver>1</sameserver></depend><timeout>90</timeout></act>
      <deact><depend name="c"/><cluster><use>0</use></cluster><server><use>1</use></server></deact>
    </depend></group><group name="c"><depend><act><depend name="a"/></act>
      <deact><depend name="a"/></deact></depend></group>`),
  );
  t.deepEqual(
    groups.map(({ startAfter, stopAfter }) => [startAfter, stopAfter]),
    [
      [undefined, undefined],
      [
        { groups: [{ name: 'a', sameServer: true }], timeoutMs: 90_000 },
        { groups: ['c'], timeoutMs: 1_800_000, onClusterStop: false, onServerStop: true },
      ],
      [
        { groups: [{ name: 'a', sameServer: false }], timeoutMs: 1_800_000 },
        { groups: ['a'], timeoutMs: 1_800_000, onClusterStop: true, onServerStop: false },
      ],
    ],
  );
});

test('a group of server groups has their servers, in the order of both', (t) => {
  const config = parse(
    conf(
      `<group name="g"><svgpolicy name="far"><order>1</order></svgpolicy>
        <svgpolicy name="near"><order>0</order></svgpolicy></group>`,
      `<servergroup name="near"><policy name="s2"><order>0</order></policy><policy name="s1"><order>1</order></policy></servergroup>
       <servergroup name="far"><policy name="s3"/></servergroup>`,
    ),
  );
  t.deepEqual(config.groups[0]!.serverGroups, ['near', 'far']);
  t.deepEqual(config.groups[0]!.servers, ['s2', 's1', 's3']);
});

const refused: [string, string, RegExp][] = [
  [
    'a wait for an unknown group',
    '<group name="g"><depend><act><depend name="h"/></act></depend></group>',
    /unknown group h/,
  ],
  [
    'a wait for itself',
    '<group name="g"><depend><act><depend name="g"/></act></depend></group>',
    /group g waits for itself/,
  ],
  [
    'groups that wait for one another',
    '<group name="a"><depend><deact><depend name="b"/></deact></depend></group><group name="b"><depend><deact><depend name="a"/></deact></depend></group>',
    /group a waits for itself/,
  ],
  [
    'an exclusion of an unknown group',
    '<group name="g"/><xclrule name="x"><group name="h"/></xclrule>',
    /unknown group h/,
  ],
  [
    'an unknown server in a server group',
    '<servergroup name="n"><policy name="s9"/></servergroup>',
    /unknown server s9/,
  ],
  [
    'an unknown server group',
    '<group name="g"><svgpolicy name="n"/></group>',
    /unknown server group n/,
  ],
  [
    'an exclusion that is none',
    '<group name="g"><exclusive>3</exclusive></group>',
    /"3" is not a whole number/,
  ],
];

for (const [title, groups, words] of refused) {
  test(`refused: ${title}`, (t) => {
    const error = t.throws(() => parse(conf(groups)), { instanceOf: DrydockError });
    t.regex(error.message, words);
  });
}

const members = `<group name="g"><resource name="disk@disk1"/><resource name="volmgr@vol1"/><resource name="exec@exec1"/></group>
  <resource><types name="disk"/><disk name="disk1">%disk%<parameters/></disk>
  <types name="volmgr"/><volmgr name="vol1"><parameters/></volmgr>
  <types name="exec"/><exec name="exec1"><parameters/></exec></resource>`;

const dependencies: [string, string, Record<string, string[]>][] = [
  [
    'by the default a disk comes after its volume manager',
    '',
    { disk1: ['vol1'], vol1: [], exec1: ['disk1', 'vol1'] },
  ],
  [
    'a list makes no cycle with a default',
    '<depend name="vol1"/>',
    { disk1: ['vol1'], vol1: [], exec1: ['disk1', 'vol1'] },
  ],
  [
    'not even one that turns the default round',
    '<depend name="exec1"/>',
    { disk1: ['exec1'], vol1: [], exec1: ['vol1'] },
  ],
  [
    'a list may name a type',
    '<depend name="volmgr"/>',
    { disk1: ['vol1'], vol1: [], exec1: ['disk1', 'vol1'] },
  ],
  [
    'a type that the group has none of is left out',
    '<depend name="fip"/><depend name="vol1"/>',
    { disk1: ['vol1'], vol1: [], exec1: ['disk1', 'vol1'] },
  ],
];

for (const [title, listed, expected] of dependencies) {
  test(`dependencies: ${title}`, (t) => {
    const text = conf(members.replace('%disk%', listed));
    const config = parse(text);
    const found = Object.fromEntries(config.resources.map((one) => [one.name, one.dependsOn]));
    t.deepEqual(found, expected);
    t.is(writeClusterConfiguration(config, text), text);
    t.deepEqual(parse(writeClusterConfiguration(config)), config);
  });
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const wait = fc.integer({ min: 1, max: 9_999_000 });

const made = fc.record({
  failback: maybe(fc.constant(true)),
  exclusive: maybe(fc.constantFrom('normal' as const, 'absolute' as const)),
  policy: maybe(
    fc.constantFrom('dynamic' as const, 'serverGroupFirst' as const, 'serverGroupOnly' as const),
  ),
  startAfter: maybe(fc.record({ sameServer: fc.boolean(), timeoutMs: wait })),
  stopAfter: maybe(
    fc.record({ timeoutMs: wait, onClusterStop: fc.boolean(), onServerStop: fc.boolean() }),
  ),
  rule: maybe(fc.constantFrom('none' as const, 'normal' as const, 'absolute' as const)),
  near: maybe(fc.shuffledSubarray(['server1', 'server2'], { minLength: 2 })),
  off: fc.record({
    noDeactivationRecovery: maybe(fc.boolean()),
    noAutoStartup: maybe(fc.constant(true)),
    noServerFailover: maybe(fc.constant(true)),
    processAction: maybe(fc.constantFrom('stopDaemonAndReboot' as const, 'none' as const)),
    managementAddress: maybe(fc.constantFrom('10.0.0.200', '10.0.0.201')),
    rebootLimit: maybe(
      fc.record({
        max: fc.integer({ min: 1, max: 99 }),
        resetMs: fc.integer({ min: 0, max: 999 }).map((minutes) => minutes * 60_000),
      }),
    ),
    stallAction: maybe(fc.constantFrom('none' as const, 'bmcNmi' as const, 'stopDaemon' as const)),
  }),
});

/** Without what is undefined: it is left out. */
const tidy = (value: object) => JSON.parse(JSON.stringify(value)) as ClusterConfiguration;

test('policies, waits, server groups and rules are read back as they were written', (t) => {
  const before = parse(X5);
  fc.assert(
    fc.property(fc.array(made, { minLength: 2, maxLength: 2 }), (versions) => {
      let original = X5;
      for (const one of versions) {
        const [first, second] = before.groups;
        const config = tidy({
          ...before,
          groups: [
            first!,
            {
              ...second!,
              servers: one.near ?? second!.servers,
              serverGroups: one.near && ['near'],
              autoFailback: one.failback,
              exclusive: one.exclusive,
              failoverPolicy: one.policy,
              startAfter: one.startAfter && {
                groups: [{ name: first!.name, sameServer: one.startAfter.sameServer }],
                timeoutMs: one.startAfter.timeoutMs,
              },
              stopAfter: one.stopAfter && { groups: [first!.name], ...one.stopAfter },
            },
          ],
          serverGroups: one.near && [{ name: 'near', comment: '', servers: one.near }],
          exclusionRules: one.rule && [
            { name: 'x', comment: '', kind: one.rule, groups: [first!.name, second!.name] },
          ],
          ...one.off,
        });
        t.deepEqual(parse(writeClusterConfiguration(config)), config);
        original = writeClusterConfiguration(config, original);
        t.deepEqual(parse(original), config);
      }
      t.deepEqual(parse(writeClusterConfiguration(before, original)), before);
    }),
    { numRuns: 40 },
  );
});

test('the server that stays up where a group runs on two is read and written again', (t) => {
  const text = X5.replace('<server name="server2">', '$&<survive>1</survive>');
  const config = parse(text);
  t.deepEqual(
    config.servers.map(({ survives }) => survives),
    [undefined, true],
  );
  t.is(writeClusterConfiguration(config, text), text);
  const anew = parse(writeClusterConfiguration(config));
  t.true(anew.servers[1]?.survives);
});
