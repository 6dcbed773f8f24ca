/** Archives of logs, on a twin; what is in them is read by the machine's own tar. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { archiveOf } from '../../../src/commands/clp/archive.ts';
import { bytesOfText } from '../../../src/core/byte-text.ts';
import { CONFIG_PATH, ECAP_PATH, INSTALL_PATH, LICENCE_PATH } from '../../../src/core/paths.ts';
import { buildTwin, type Twin } from '../../../src/sim/twin.ts';
import { unpacked } from '../../support/unpacked.ts';

const CONFIG = fileURLToPath(new URL('../../../fixtures/clusters/v3le.clp.conf', import.meta.url));

test('what is put into an archive comes out of it, byte for byte', async (t) => {
  const long = `${'folder/'.repeat(20)}${'x'.repeat(90)}`;
  // No header of ustar has room for it.
  const longer = `p/${'x'.repeat(101)}`;
  const members = [
    { name: 'empty', text: '' },
    { name: 'a/one', text: 'x' },
    { name: 'a/block', text: 'y'.repeat(512) },
    { name: 'a/bytes', text: 'é\udcff\udc80\n' },
    { name: long, text: 'far below\n' },
    { name: longer, text: 'a long name\n' },
  ];
  const found = await unpacked(await archiveOf(members, 1_700_000_000_000));
  t.deepEqual(
    found,
    Object.fromEntries(members.map(({ name, text }) => [name, Buffer.from(bytesOfText(text))])),
  );
});

async function twinUp(): Promise<Twin> {
  const twin = await buildTwin({
    configText: readFileSync(CONFIG, 'utf8'),
    seed: 5,
    dataBytes: 1024 * 1024,
  });
  await twin.up();
  for (const { files } of twin.servers) {
    files.put(`${INSTALL_PATH}/perf/disk/nmp1.cur`, 'mirror');
    files.put(`${INSTALL_PATH}/perf/cluster/group/failover1.cur`, 'group');
    files.put(`${INSTALL_PATH}/log/rc/rc.log.cur`, 'a log');
    files.put(`${ECAP_PATH}/20260131235959_rc_32.tar.gz`, 'an archive');
    files.put(`${INSTALL_PATH}/scripts/failover1/exec1/start.sh`, 'exit 0\n');
    files.put(LICENCE_PATH, 'a licence');
  }
  return twin;
}

const archiveAt = (twin: Twin, path: string) =>
  unpacked(bytesOfText(twin.server('server1').files.get(path) ?? ''));

/** Paths within a server's part of its archive, without what its system says. */
const pathsOf = (all: object) =>
  Object.keys(all)
    .map((name) => name.slice('server1'.length))
    .filter((name) => !name.startsWith('/os/') && !name.startsWith(`${INSTALL_PATH}/messages/`))
    .sort();

const CLUSTER = [
  `${INSTALL_PATH}/alert/log/alertlog.alt`,
  CONFIG_PATH,
  `${ECAP_PATH}/20260131235959_rc_32.tar.gz`,
  `${INSTALL_PATH}/log/rc/rc.log.cur`,
];
const SCRIPT = `${INSTALL_PATH}/scripts/failover1/exec1/start.sh`;
const held: [type: string, paths: string[], asksSystem: boolean][] = [
  ['type1', [...CLUSTER, SCRIPT, '/var/log/messages'], true],
  ['type2', [...CLUSTER, SCRIPT, '/var/log/messages'], true],
  ['type3', [...CLUSTER, '/var/log/messages'], true],
  ['type4', CLUSTER, true],
  ['type5', [`${INSTALL_PATH}/perf/disk/nmp1.cur`], false],
  ['type6', [`${INSTALL_PATH}/perf/cluster/group/failover1.cur`], false],
];

for (const [type, paths, asksSystem] of held) {
  test(`${type}: what is in the archive`, async (t) => {
    const twin = await twinUp();
    const { stdout } = await twin.exec('server1', ['clplogcc', '-l', '-t', type, '-o', '/tmp']);
    t.is(stdout, 'Collect log of server1 : /tmp/server1-log.tar.gz\n');
    const all = await archiveAt(twin, '/tmp/server1-log.tar.gz');
    t.deepEqual(pathsOf(all), [...paths].sort());
    t.is(String(all['server1/os/hostname.txt'] ?? ''), asksSystem ? 'server1\n' : '');
  });
}

test('all servers, each with its own logs and its own system; one that is off is named', async (t) => {
  const twin = await twinUp();
  const collected = await twin.exec('server1', ['clplogcc']);
  const folderOf = `${INSTALL_PATH}/tmp`;
  t.is(
    `${collected.stdout}${collected.stderr}${collected.exitCode}`,
    `Collect log of server1 : ${folderOf}/server1-log.tar.gz\n` +
      `Collect log of server2 : ${folderOf}/server2-log.tar.gz\n0`,
  );
  const second = await archiveAt(twin, `${folderOf}/server2-log.tar.gz`);
  t.is(String(second['server2/os/hostname.txt']), 'server2\n');
  t.is(
    String(second['server2/var/log/messages']),
    twin.server('server2').files.get('/var/log/messages') ?? '',
  );
  t.regex(String(second['server2/os/ps_-ef.txt']), /clprc/);

  await twin.run(twin.faults.killServer('server2'));
  await twin.advance(10_000);
  const alone = await twin.exec('server1', ['clplogcc', '-o', '/tmp', '-t', 'type5']);
  t.is(alone.stdout, 'Collect log of server1 : /tmp/server1-log.tar.gz\n');
  t.regex(alone.stderr, /^clplogcc: server2: .+\n$/);
  t.is(alone.exitCode, 1);
});

test('of a long file the end is taken, and that is said', async (t) => {
  const twin = await twinUp();
  const long = `${'old line\n'.repeat(200_000)}the last line\n`;
  twin.server('server1').files.put('/var/log/messages.1', long);
  await twin.exec('server1', ['clplogcc', '-l', '-t', 'type3', '-o', '/tmp']);
  const all = await archiveAt(twin, '/tmp/server1-log.tar.gz');
  const taken = all['server1/var/log/messages.1'];
  t.is(taken?.length, 1024 * 1024);
  t.true(String(taken).endsWith('the last line\n'));
  t.is(
    String(all['server1/left-out.txt']),
    'server1/var/log/messages.1: only its last 1048576 bytes are there\n',
  );
});

for (const [words, why] of [
  ['-t type7', 'type7 is no type; say one of type1, type2, type3, type4, type5, type6'],
  ['-l -n server2', '-l and -n exclude each other'],
  ['-n server9', 'unknown server server9'],
  ['-o /opt/nec/clusterpro/etc', 'an archive of logs does not go into /opt/nec/clusterpro'],
] as const) {
  test(`refused, and nothing is left: clplogcc ${words}`, async (t) => {
    const twin = await twinUp();
    const { stdout, stderr } = await twin.exec('server1', ['clplogcc', ...words.split(' ')]);
    t.is(stdout, '');
    t.true(stderr.startsWith(`clplogcc: ${why}`), stderr);
  });
}
