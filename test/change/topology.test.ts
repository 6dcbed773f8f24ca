import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import test from 'ava';
import { topologyHash, topologyOf } from '../../src/change/topology.ts';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';

const folder = fileURLToPath(new URL('../../fixtures', import.meta.url));
const [file = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('clp.conf') || name.endsWith('.conf'))
  .sort();
const text = readFileSync(`${folder}/${file}`, 'utf8');
const read = () => parseClusterConfiguration(text, file);
const ORIGINAL = topologyHash(read());

function after(change: (config: ClusterConfiguration) => void): string {
  const config = read();
  change(config);
  return topologyHash(config) === ORIGINAL ? 'same' : 'other';
}

const TABLE: [string, string, (config: ClusterConfiguration) => void][] = [
  ['nothing at all', 'same', () => {}],
  [
    'the comment of the cluster',
    'same',
    (config) => {
      config.comment = 'x';
    },
  ],
  [
    'comments of its members',
    'same',
    ({ servers, groups, resources, monitors }) => {
      for (const one of [...servers, ...groups, ...resources, ...monitors]) one.comment += 'x';
    },
  ],
  [
    'licences and statistics',
    'same',
    (config) => {
      config.licences = ['LE30'];
      config.mirrorStatistics = true;
    },
  ],
  [
    'the order of groups and resources',
    'same',
    ({ groups, resources }) => {
      groups.reverse();
      resources.reverse();
    },
  ],
  [
    'the name of a server',
    'other',
    ({ servers }) => {
      servers[0].name = 'stranger';
    },
  ],
  [
    'a server more',
    'other',
    ({ servers }) => {
      servers.push({ ...servers[0], name: 'server9' });
    },
  ],
  [
    'an address',
    'other',
    ({ servers }) => {
      servers[0].devices[0]!.info = '192.0.2.77';
    },
  ],
  [
    'a heartbeat less',
    'other',
    ({ heartbeats }) => {
      heartbeats.pop();
    },
  ],
  [
    'the order of priority of a group',
    'other',
    ({ groups }) => {
      groups[0]!.servers.reverse();
    },
  ],
  [
    'a resource of a group',
    'other',
    ({ groups }) => {
      groups[0]!.resources.pop();
    },
  ],
  [
    'a parameter of a resource',
    'other',
    ({ resources }) => {
      resources[0]!.parameters.ip = '192.0.2.1';
    },
  ],
  [
    'what a monitor does',
    'other',
    ({ monitors }) => {
      monitors[0]!.recovery.restart += 1;
    },
  ],
  [
    'the heartbeat timeout',
    'other',
    ({ heartbeat }) => {
      heartbeat.timeoutMs += 1;
    },
  ],
];

for (const [title, expected, change] of TABLE) {
  test(`${title} changed: the topology is the ${expected}`, (t) => t.is(after(change), expected));
}

test('a clp.conf gives a topology of the published form, whose fingerprint is what is approved', (t) => {
  const schema = new URL('../../src/schema/topology.schema.json', import.meta.url);
  const fits = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
  for (const name of ['v3le', 'x5mirror']) {
    const conf = `${folder}/clusters/${name}.clp.conf`;
    const config = parseClusterConfiguration(readFileSync(conf, 'utf8'), conf);
    const topology = topologyOf(config);
    t.true(fits(topology), JSON.stringify(fits.errors));
    t.is(topology.fingerprint, topologyHash(config));
    t.deepEqual(
      topology.servers.map(({ name: server, addresses }) => [server, addresses.length > 0]),
      config.servers.map((server) => [server.name, true]),
    );
    t.deepEqual(topology.volumes, [
      {
        name: 'md1',
        group: 'failover1',
        servers: ['server1', 'server2'],
        device: '/dev/NMP1',
        dataDevice: '/dev/sdb2',
        metaDevice: '/dev/sdb1',
        mountPoint: '/mnt/md1',
        fileSystem: name === 'v3le' ? 'ext3' : 'ext4',
      },
    ]);
  }
});
