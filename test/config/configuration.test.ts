import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import {
  mirrorSides,
  parseClusterConfiguration,
  writeClusterConfiguration,
} from '../../src/config/index.ts';
import { DrydockError } from '../../src/core/errors.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { V3_TEXT, X5_TEXT } from '../cluster/fake-servers.ts';

const parse = (text: string) => parseClusterConfiguration(text, 'clp.conf');

/** White space and spelling of empty elements do not count. */
const tight = (text: string) =>
  text
    .replaceAll(/>\s+/g, '>')
    .replaceAll(/\s+</g, '<')
    .replaceAll(/<(\w+)([^<>]*)><\/\1>/g, '<$1$2/>');

test('the v3 fixture is read with its defaults', (t) => {
  const config = parse(V3_TEXT);
  t.is(config.manual, 'v3');
  t.is(config.edition, 'LE');
  t.deepEqual(config.heartbeat, { intervalMs: 300, timeoutMs: 1500 });
  t.is(config.startupWaitMs, 5000);
  t.true(config.autoRecovery);
  t.is(config.forceStop, null);
  const heartbeats = config.heartbeats.map(({ name }) => name);
  t.deepEqual(heartbeats, ['lanhb1', 'lanhb2', 'comhb1']);
  const md = config.resources.find(({ name }) => name === 'md1');
  t.deepEqual(md?.dependsOn, ['fip1']);
  t.is(md?.parameters.netdev, '400');
  t.is(md?.parameters['diskdev/cppath'], '/dev/sdb1');
  t.is(md?.activation.timeoutMs, 120_000);
  const exec = config.resources.find(({ name }) => name === 'exec1');
  t.deepEqual(exec?.dependsOn, ['fip1', 'md1']);
  t.is(exec?.deactivation.finalAction, 'stopDaemonAndShutdown');
  const ipw = config.monitors.find(({ name }) => name === 'ipw1');
  t.is(ipw?.when, 'active');
  t.like(ipw?.recovery, { targetKind: 'rsc', target: 'fip1', restart: 3, failover: 1 });
  const mdw = config.monitors.find(({ name }) => name === 'mdw1');
  t.like(mdw?.recovery, { restart: 0, failover: 0, finalAction: 'none' });
});

test('the x5 fixture has a forced stop by management controllers', (t) => {
  const config = parse(X5_TEXT);
  t.is(config.manual, 'x5');
  t.deepEqual(config.forceStop, { type: 'bmc', timeoutMs: 5000 });
  t.true(config.servers.every(({ devices }) => devices.some(({ kind }) => kind === 'bmc')));
});

for (const [name, text] of [
  ['v3le', V3_TEXT],
  ['x5mirror', X5_TEXT],
] as const) {
  test(`${name} written back unchanged is the same file`, (t) => {
    t.is(writeClusterConfiguration(parse(text), text), text);
  });

  test(`${name} written without the original is read as the same configuration`, (t) => {
    t.deepEqual(parse(writeClusterConfiguration(parse(text))), parse(text));
  });
}

test('what is not understood survives, and only what changed is touched', (t) => {
  const text = V3_TEXT.replace(
    '</root>',
    '<webmgr><client><objectnumber>9</objectnumber></client></webmgr><pm odd="1">x</pm></root>',
  );
  const config = { ...parse(text), autoRecovery: false, startupWaitMs: 300_000 };
  const written = writeClusterConfiguration(config, text);
  const expected = tight(text)
    .replace('<autorecovery>1<', '<autorecovery>0<')
    .replace('<startupwait>5</startupwait>', '');
  t.is(tight(written), expected);
  t.deepEqual(parse(written), config);
});

test('removed and added members leave and enter the file', (t) => {
  const before = parse(V3_TEXT);
  const config: ClusterConfiguration = {
    ...before,
    groups: before.groups.filter(({ name }) => name !== 'failover2'),
    resources: before.resources.filter(({ name }) => !name.endsWith('2')),
    monitors: [
      ...before.monitors,
      { ...before.monitors[0]!, name: 'genw9', type: 'genw', parameters: { path: 'a/b.sh' } },
    ],
  };
  const written = writeClusterConfiguration(config, V3_TEXT);
  t.deepEqual(parse(written), config);
  t.false(written.includes('failover2"'));
  t.true(written.includes('<types name="genw"/>'));
});

const broken: [string, (text: string) => string, RegExp][] = [
  ['an empty file', () => '', /not well-formed|no element/],
  ['text that is no XML', () => 'hello', /not well-formed/],
  ['a truncated file', (text) => text.slice(0, 900), /not well-formed/],
  ['two roots', (text) => `${text}<root/>`, /more than one root|not well-formed/],
  ['another root', () => '<configuration/>', /root element is <configuration>/],
  [
    'a DOCTYPE',
    (text) => text.replace('<root>', '<!DOCTYPE a [<!ENTITY b "c">]><root>'),
    /DOCTYPE/,
  ],
  ['too deep a file', () => `${'<a>'.repeat(60)}${'</a>'.repeat(60)}`, /nested|deep/i],
  ['a huge file', () => `<root>${'x'.repeat(5_000_000)}</root>`, /4 MiB/],
  ['no cluster', (text) => text.replaceAll('cluster>', 'klaster>'), /no <cluster>/],
  [
    'no server',
    (text) => text.replaceAll('server name', 'host name').replaceAll('</server>', '</host>'),
    /no server/,
  ],
  [
    'two servers of a name',
    (text) => text.replace('name="server2"', 'name="server1"'),
    /two servers named server1/,
  ],
  [
    'two resources of a name',
    (text) => text.replace('fip name="fip2"', 'fip name="fip1"'),
    /two resources named fip1/,
  ],
  [
    'an unknown resource in a group',
    (text) => text.replace('exec@exec2', 'exec@exec9'),
    /unknown resource exec9/,
  ],
  ['a member without its type', (text) => text.replace('exec@exec2', 'exec2'), /without its type/],
  [
    'an unknown server in a policy',
    (text) => text.replace('policy name="server2"', 'policy name="serverx"'),
    /unknown server serverx/,
  ],
  [
    'an unknown target',
    (text) => text.replace('<target>fip1', '<target>fip7'),
    /unknown resource fip7/,
  ],
  [
    'a device that a heartbeat lacks',
    (text) => text.replace('<device>1</device>', '<device>9</device>'),
    /no device 9/,
  ],
  [
    'a connect that a mirror lacks',
    (text) => text.replace('<device>400', '<device>402'),
    /no device 402/,
  ],
  [
    'a timeout that is no number',
    (text) => text.replace('<timeout>1500', '<timeout>soon'),
    /"soon" is not a whole number/,
  ],
  [
    'a timeout below the interval',
    (text) => text.replace('<timeout>1500', '<timeout>200'),
    /not longer than its interval/,
  ],
  [
    'a resource in two groups',
    (text) => text.replace('fip@fip2', 'fip@fip1'),
    /in failover1 and in failover2/,
  ],
  [
    'a circle of dependencies',
    (text) =>
      text
        .replace('<fip name="fip1">', '<fip name="fip1"><depend name="exec1"/>')
        .replace('<exec name="exec1">', '<exec name="exec1"><depend name="fip1"/>'),
    /depends on itself/,
  ],
  [
    'a section twice',
    (text) => text.replace('<monitor>', '<monitor/><monitor>'),
    /stands in the file twice/,
  ],
  [
    'a name of Object.prototype',
    (text) => text.replaceAll('server1', 'constructor'),
    /is not a name/,
  ],
];

for (const [what, damage, message] of broken) {
  test(`${what} is refused with its place and a remedy`, (t) => {
    const error = t.throws(() => parse(damage(V3_TEXT)), { instanceOf: DrydockError });
    t.is(error.exit, 2);
    t.is(error.place?.file, 'clp.conf');
    t.truthy(error.remedy);
    t.regex(error.message, message);
  });
}

test('an error names line and element', (t) => {
  const text = V3_TEXT.replace('<timeout>1500', '<timeout>soon');
  const error = t.throws(() => parse(text), { instanceOf: DrydockError });
  t.is(error.place?.field, 'root/cluster/heartbeat/timeout');
  t.is(error.place?.line, text.split('\n').findIndex((line) => line.includes('soon')) + 1);
});

test('an unknown name suggests the nearest', (t) => {
  const error = t.throws(() => parse(V3_TEXT.replace('exec@exec2', 'exec@exce2')), {
    instanceOf: DrydockError,
  });
  t.is(error.remedy, 'did you mean exec2?');
});

test('damaged files never end in anything but a configuration or a typed error', (t) => {
  const damaged = fc.tuple(
    fc.nat(V3_TEXT.length),
    fc.nat(60),
    fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('<', '>', '&', '"', '&#0;', '</x>')),
  );
  fc.assert(
    fc.property(fc.array(damaged, { minLength: 1, maxLength: 4 }), (cuts) => {
      const text = cuts.reduce(
        (all, [at, length, put]) => all.slice(0, at) + put + all.slice(at + length),
        V3_TEXT,
      );
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof DrydockError) || error.exit !== 2) throw error;
      }
    }),
    { numRuns: 300 },
  );
  t.pass();
});

const name = fc
  .stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
  .filter((one) => !(one in Object.prototype));
const comment = fc
  .string({ unit: 'grapheme-ascii', maxLength: 20 })
  .map((text) => text.trim().replaceAll(/\s+/g, ' '));
const action = fc.constantFrom('none', 'stopDaemon', 'stopDaemonAndReboot') as fc.Arbitrary<
  'none' | 'stopDaemon' | 'stopDaemonAndReboot'
>;

const variations = fc.record({
  comment,
  startupWaitMs: fc.integer({ min: 0, max: 900_000 }),
  autoRecovery: fc.boolean(),
  noMonitorRecovery: fc.boolean(),
  interval: fc.integer({ min: 1, max: 3000 }),
  resources: fc.uniqueArray(name, { maxLength: 4 }),
  retry: fc.integer({ min: 0, max: 99 }),
  finalAction: action,
  when: fc.constantFrom('always', 'active') as fc.Arbitrary<'always' | 'active'>,
  value: fc.oneof(
    // A text that is a numeral is a number to the reader: the file has no types.
    comment.filter((text) => text !== '' && String(Number(text)) !== text),
    fc.integer({ min: -5, max: 99_999 }),
  ),
  forceStop: fc.boolean(),
});

test('any configuration is read back as it was written, with and without the original', (t) => {
  fc.assert(
    fc.property(variations, (made) => {
      const before = parse(X5_TEXT);
      const added = made.resources.map((one) => ({
        name: `x-${one}`,
        type: 'volmgr',
        comment: made.comment,
        dependsOn: [],
        activation: {
          retry: made.retry,
          failover: 1,
          finalAction: made.finalAction,
          timeoutMs: 7500,
        },
        deactivation: { retry: 0, failover: 0, finalAction: made.finalAction, timeoutMs: 60_000 },
        parameters: { 'a/b': made.value },
      }));
      const config: ClusterConfiguration = {
        ...before,
        comment: made.comment,
        startupWaitMs: made.startupWaitMs,
        autoRecovery: made.autoRecovery,
        noMonitorRecovery: made.noMonitorRecovery,
        heartbeat: { intervalMs: made.interval, timeoutMs: made.interval + 1 },
        resources: [...added, ...before.resources],
        monitors: before.monitors.map((one) => ({ ...one, when: made.when, retry: made.retry })),
        forceStop: made.forceStop ? { type: 'bmc', timeoutMs: made.interval } : null,
      };
      const expected = structuredClone(config);
      t.deepEqual(parse(writeClusterConfiguration(config)), expected);
      t.deepEqual(parse(writeClusterConfiguration(config, X5_TEXT)), expected);
    }),
    { numRuns: 60 },
  );
});

const HYBRID = readFileSync(
  new URL('../../fixtures/clusters/x5hybrid.clp.conf', import.meta.url),
  'utf8',
);

test('a hybrid disk lies between two server groups, each a side of its own', (t) => {
  const config = parseClusterConfiguration(HYBRID, 'clp.conf');
  t.deepEqual(mirrorSides(config, 'hd1'), [
    { name: 'svg1', servers: ['server1', 'server2'] },
    { name: 'svg2', servers: ['server3'] },
  ]);
});

const wrongSides: [string, [string, string], RegExp][] = [
  [
    'one server group',
    ['    <svgpolicy name="svg2"><order>1</order></svgpolicy>\n', ''],
    /hd1 is in a group of 1 server groups/,
  ],
  [
    'a server in both',
    ['<policy name="server3">', '<policy name="server2">'],
    /server2 is in both server groups of hd1/,
  ],
];

for (const [what, [from, to], message] of wrongSides) {
  test(`a hybrid disk with ${what} is refused`, (t) => {
    t.throws(() => parseClusterConfiguration(HYBRID.replace(from, to), 'clp.conf'), { message });
  });
}
