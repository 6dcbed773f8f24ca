/**
 * Every form of every command that is said to only look, run on a twin: what lies on its servers
 * is the same afterwards. A backup of the configuration, or a result, is one file outside the cluster.
 * What it hands over beside its words fits the schema that it names.
 */

import { readFileSync } from 'node:fs';
import test from 'ava';
import { commands } from '../../src/commands/index.ts';
import { CONFIG_PATH, INSTALL_PATH, isClusterPath } from '../../src/core/paths.ts';
import { ALERT_LOG_PATH } from '../../src/host/alert-log.ts';
import { SYSLOG_PATH } from '../../src/host/reports.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { formsOf } from '../support/command-forms.ts';
import { misfitsOf } from '../support/report-schemas.ts';

const CONFIG = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);
/** Files that a command was asked to leave. */
const LEFT: Record<string, RegExp> = {
  clpcfctrl: /^\/tmp\/clp\.conf$/,
  clpcfchk: /^\/tmp\/cfchk_result\.csv$/,
  clplogcc: /\/server\d-log\.tar\.gz$/,
};

async function twinUp(): Promise<Twin> {
  const configText = readFileSync(CONFIG, 'utf8');
  const twin = await buildTwin({ configText, seed: 5, dataBytes: 1024 * 1024 });
  await twin.up();
  const medium = twin.mediumOf('floppy');
  const body = { do: 'media.put', name: 'floppy', medium: { ...medium } };
  await twin.ask('server1', 'bmc', body, 1_000);
  await twin.ask('server1', 'bmc', { do: 'medium.insert', medium: 'floppy' }, 1_000);
  return twin;
}

/** What a command was asked to add to. */
const GROWN: Record<string, readonly string[]> = { clplogcmd: [SYSLOG_PATH, ALERT_LOG_PATH] };

/** Files by server and path; what the daemons and agents themselves write with time left out. */
function filesOf(twin: Twin, command: string): Record<string, string> {
  const own = twin.servers.flatMap(({ name, files }) =>
    [...files.texts]
      .filter(([path]) => !GROWN[command]?.includes(path))
      .filter(([path]) => !/^\/opt\/nec\/clusterpro\/(perf|log)\//.test(path))
      .map(([path, text]) => [`${name} ${path}`, text] as const),
  );
  return Object.fromEntries(own);
}

/** What of the hosts is durable, and no command’s own trace. */
function hostsOf(twin: Twin) {
  return twin.servers.map((server) => {
    const { services, disks, media, inserted, mounts, readOnly, node, lease, papers, notes } =
      server.state();
    return { services, disks, media, inserted, mounts, readOnly, node, lease, papers, notes };
  });
}

async function stateOf(twin: Twin) {
  const { groups, monitors, mirrors } = viewOf(await twin.look());
  const still = (all: object) => Object.entries(all).map(([name, { state }]) => [name, state]);
  return { groups: still(groups), mirrors: still(mirrors), monitors: monitorsOf(monitors) };
}

function monitorsOf(monitors: Record<string, { servers: Record<string, { state: unknown }> }>) {
  return Object.entries(monitors).map(([name, { servers }]) => [
    name,
    Object.values(servers).map(({ state }) => state),
  ]);
}

for (const command of commands.values()) {
  const forms = formsOf(command).filter((args) => !command.traits(args).changes);
  if (forms.length === 0) continue;
  test(`${command.name}: no form that only looks leaves anything behind`, async (t) => {
    const twin = await twinUp();
    const before = {
      files: filesOf(twin, command.name),
      hosts: hostsOf(twin),
      state: await stateOf(twin),
    };
    for (const args of forms) {
      const { data } = await twin.type('server1', 'bob', [command.name, ...args]);
      const { texts } = twin.server('server1').files;
      for (const path of [...texts.keys()]) if (LEFT[command.name]?.test(path)) texts.delete(path);
      const words = [command.name, ...args].join(' ');
      if (data !== null) t.deepEqual(misfitsOf(data), [], words);
      t.deepEqual(filesOf(twin, command.name), before.files, words);
      t.deepEqual(hostsOf(twin), before.hosts, words);
    }
    t.deepEqual(await stateOf(twin), before.state);
  });
}

test('A backup of the configuration goes everywhere but into the cluster’s own folders', async (t) => {
  const twin = await twinUp();
  const pull = async (folder: string) =>
    (await twin.type('server1', 'bob', ['clpcfctrl', '--pull', '-w', '-x', folder])).stderr;
  t.is(await pull('/tmp'), '');
  t.is(twin.server('server1').files.get('/tmp/clp.conf')?.includes('\r\n'), true);
  const refusal =
    'clpcfctrl: a backup does not go into /opt/nec/clusterpro; name a folder outside of it\n';
  const own = [
    '/opt/nec/clusterpro/etc',
    '/opt//nec/./clusterpro/etc/',
    '/x/../opt/nec/clusterpro',
  ];
  for (const folder of own) t.is(await pull(folder), refusal, folder);
  t.is(twin.server('server1').files.get(CONFIG_PATH), twin.configText);
});

test('A path is in the cluster’s own folders however it is written', (t) => {
  for (const path of [CONFIG_PATH, INSTALL_PATH, `${INSTALL_PATH}/`, `/a/..${INSTALL_PATH}/etc`]) {
    t.true(isClusterPath(path), path);
  }
  for (const path of ['/opt/nec', `${INSTALL_PATH}/../x`, `${INSTALL_PATH}x/etc`, '/tmp', '']) {
    t.false(isClusterPath(path), path);
  }
});
