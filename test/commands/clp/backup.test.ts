/** clpbackup.sh, clprestore.sh and the marks of clpmdctrl, on a twin: what each form leaves behind. */

import { readFileSync } from 'node:fs';
import test from 'ava';
import { expressClusterView as viewOf } from '../../../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../../../src/schema/generated/status.ts';
import { buildTwin, type Twin } from '../../../src/sim/twin.ts';
import { run, stage } from './fake-environment.ts';

const TEXT = readFileSync(
  new URL('../../../fixtures/clusters/x5mirror.clp.conf', import.meta.url),
  'utf8',
);
const STATISTICS = TEXT.replace(
  '<startupwait>',
  '<statistics><mirror>1</mirror></statistics>\n    <startupwait>',
);
const NO_CONSTRUCTION = TEXT.replace('<fs>ext4</fs>', '<fs>ext4</fs><fullcopy>0</fullcopy>');

const HYBRID = readFileSync(
  new URL('../../../fixtures/clusters/x5hybrid.clp.conf', import.meta.url),
  'utf8',
).replace('<fs>ext4</fs>', '<fs>ext4</fs><fullcopy>0</fullcopy>');

async function up(configText = TEXT): Promise<Twin> {
  const twin = await buildTwin({ configText, seed: 3, dataBytes: 1024 * 1024 });
  await twin.up();
  await twin.atRest();
  return twin;
}

const words = (server: string, line: string) => [server, line.split(' ')] as const;

async function exec(twin: Twin, server: string, line: string) {
  const record = await twin.exec(...words(server, line));
  return { code: record.exitCode, said: record.stdout + record.stderr };
}

async function node(twin: Twin, server: string): Promise<string> {
  const { node: state, services } = viewOf(await twin.look()).servers[server]!;
  const enabled = ['clusterpro', 'clusterpro_md'].map((name) => services?.[name]?.enabled);
  return `${state}${services ? ` ${enabled.every(Boolean) ? 'auto' : 'manual'}` : ''}`;
}

const until = (twin: Twin, server: string, state: string) =>
  twin.until(`${server} ${state}`, (status) => viewOf(status).servers[server]?.node === state);

test('backup mode with the server left up, and back', async (t) => {
  const twin = await up();
  await exec(twin, 'server1', 'clpgrp -t failover1');
  t.is((await exec(twin, 'server2', 'clpbackup.sh --pre --no-shutdown')).code, 0);
  await twin.atRest();
  t.is(await node(twin, 'server2'), 'stopped manual');
  await exec(twin, 'server1', 'clpgrp -s failover1');
  await twin.run(twin.io.write('md1', 'server1', 0, 4));
  t.is((await exec(twin, 'server2', 'clpbackup.sh --post --no-reboot')).code, 0);
  await until(twin, 'server2', 'online');
  t.is(await node(twin, 'server2'), 'online auto');
  await twin.until('in step', (status) => viewOf(status).mirrors.md1?.state === 'Normal');
});

test('backup mode with the server shut down, and back with a reboot', async (t) => {
  const twin = await up();
  await exec(twin, 'server1', 'clpgrp -t failover1');
  t.is((await exec(twin, 'server2', 'clpbackup.sh --pre')).code, 0);
  await until(twin, 'server2', 'poweredOff');
  await twin.ask('server2', 'bmc', { do: 'power.on' }, 1000);
  await until(twin, 'server2', 'stopped');
  t.is(await node(twin, 'server2'), 'stopped manual');
  const before = viewOf(await twin.look()).servers.server2!.bootId;
  t.is((await exec(twin, 'server2', 'clpbackup.sh --post')).code, 0);
  await until(twin, 'server2', 'online');
  t.not(viewOf(await twin.look()).servers.server2!.bootId, before);
  t.is(await node(twin, 'server2'), 'online auto');
  await twin.until('in step', (status) => viewOf(status).mirrors.md1?.state === 'Normal');
});

test('online, the mode alone changes; an active mirror does not', async (t) => {
  const twin = await up();
  const refused = await exec(twin, 'server1', 'clpbackup.sh --pre --online');
  t.is(refused.code, 1);
  t.regex(refused.said, /Some invalid status\. Check the status of cluster\./);
  t.is((await exec(twin, 'server2', 'clpbackup.sh --pre --online')).code, 0);
  t.is(await node(twin, 'server2'), 'online auto');
  t.regex((await exec(twin, 'server2', 'clpmdctrl --getreplace md1')).said, /in backup mode/);
  t.is((await exec(twin, 'server2', 'clpbackup.sh --post --online')).code, 0);
  await twin.until('in step', (status) => viewOf(status).mirrors.md1?.state === 'Normal');
});

test('the forms that only switch a server off or reboot it leave the mirror as it is', async (t) => {
  const twin = await up();
  await exec(twin, 'server2', 'clpbackup.sh --pre --only-shutdown');
  await until(twin, 'server2', 'poweredOff');
  await twin.ask('server2', 'bmc', { do: 'power.on' }, 1000);
  await until(twin, 'server2', 'stopped');
  await exec(twin, 'server2', 'clpbackup.sh --post --only-reboot');
  await until(twin, 'server2', 'online');
  t.is(await node(twin, 'server2'), 'online auto');
});

test('a restored server comes back with a copy that needs all of the other one', async (t) => {
  const twin = await up(TEXT.replace('<autorecovery>1', '<autorecovery>0'));
  t.is((await exec(twin, 'server2', 'clprestore.sh --pre')).code, 0);
  await until(twin, 'server2', 'poweredOff');
  await twin.ask('server2', 'bmc', { do: 'power.on' }, 1000);
  await until(twin, 'server2', 'stopped');
  t.is((await exec(twin, 'server2', 'clprestore.sh --post')).code, 0);
  await until(twin, 'server2', 'online');
  const met = (status: Status) => viewOf(status).mirrors.md1?.servers.server1?.connected === true;
  await twin.until('met', met);
  t.regex((await exec(twin, 'server2', 'clpmdctrl --getreplace md1')).said, /: replaced$/m);
  const { color, generation } = viewOf(await twin.look()).mirrors.md1!.servers.server2!;
  t.is(color, 'RED');
  t.not(generation, viewOf(await twin.look()).mirrors.md1!.servers.server1!.generation);
});

test('restoring is refused while the agent runs, and without copy where one is constructed', async (t) => {
  const twin = await up();
  const busy = await exec(twin, 'server2', 'clprestore.sh --post');
  t.is(busy.code, 1);
  t.regex(busy.said, /the mirror agent of server2 runs/);
  await exec(twin, 'server2', 'clpcl -t');
  await exec(twin, 'server2', 'systemctl stop clusterpro_md');
  const constructed = await exec(twin, 'server2', 'clprestore.sh --post --skip-copy');
  t.is(constructed.code, 1);
  t.regex(constructed.said, /initial mirror construction/);
});

test('with the copy skipped on both servers the mirror is compared and GREEN again', async (t) => {
  const twin = await up(NO_CONSTRUCTION);
  await exec(twin, 'server1', 'clpcl -t -a');
  for (const server of ['server1', 'server2']) {
    await exec(twin, server, 'systemctl stop clusterpro_md');
  }
  for (const server of ['server1', 'server2']) {
    t.is((await exec(twin, server, 'clprestore.sh --post --skip-copy')).code, 0);
  }
  await twin.until('in step', (status) => viewOf(status).mirrors.md1?.state === 'Normal');
});

test('a copy is marked as replaced by hand, unless it serves or is the only good one', async (t) => {
  const twin = await up(TEXT.replace('<autorecovery>1', '<autorecovery>0'));
  t.regex((await exec(twin, 'server1', 'clpmdctrl --setreplace md1')).said, /active here/);
  t.regex((await exec(twin, 'server2', 'clpmdctrl --getreplace md1')).said, /not replaced/);
  t.is((await exec(twin, 'server2', 'clpmdctrl --setreplace md1')).code, 0);
  await twin.until('RED', (status) => viewOf(status).mirrors.md1?.servers.server2?.color === 'RED');
  await exec(twin, 'server1', 'clpgrp -t failover1');
  t.regex((await exec(twin, 'server1', 'clpmdctrl --setreplace md1')).said, /only one known/);
});

test('clpmdstat --perf shows the ten values for commands, where statistics are on', async (t) => {
  const off = await up();
  t.regex((await exec(off, 'server1', 'clpmdstat --perf md1')).said, /not enabled/);
  const twin = await up(STATISTICS);
  await twin.run(twin.io.write('md1', 'server1', 0, 4));
  t.is((await exec(twin, 'server1', 'clpmdctrl --statsave md1')).code, 0);
  const { said } = await exec(twin, 'server1', 'clpmdstat -p md1');
  t.deepEqual(
    said.match(/^[^:\n]+?(?= *:)/gm),
    ['Write, Total', 'Write, Avg', 'Read, Total', 'Read, Avg', 'Send, Total', 'Send, Avg'].concat([
      'Sync Time, Max',
      'Sync Time, Avg',
      'Sync Diff, Max',
      'Sync Diff, Cur',
    ]),
  );
  t.regex(said, /^Write, Total +: \d+\.\d\d MB$/m);
  t.regex((await exec(twin, 'server2', 'clpmdstat -p md1')).said, /^Write, Total +: -$/m);
});

for (const line of [
  'clpbackup.sh',
  'clpbackup.sh --pre --post',
  'clpbackup.sh --pre --no-reboot',
  'clpbackup.sh --post --only-shutdown',
  'clpbackup.sh --pre --no-shutdown --only-shutdown',
  'clpbackup.sh --pre md1',
  'clprestore.sh --pre --skip-copy',
  'clprestore.sh --post --only-shutdown',
  'clprestore.sh --post --skip-copy --only-reboot',
]) {
  test(`${line}: wrong usage, nothing done`, async (t) => {
    t.is((await run(stage(), line)).code, 2);
  });
}

test('a version that knows no disk images is told so, and nothing is done', async (t) => {
  const on = stage(TEXT.replace(/<savedversion>.*?</, '<savedversion>4.2.2-1<'));
  for (const line of [
    'clpbackup.sh --pre',
    'clpbackup.sh --post --online',
    'clprestore.sh --post',
  ]) {
    const report = await run(on, line);
    t.is(report.code, 1, line);
    t.regex(report.stderr, /need version 4\.3 on every server, not 4\.2\.2-1/, line);
  }
  t.deepEqual(on.servers.asked, []);
});

test('a hybrid disk whose images are one: each group is told once, and both are GREEN when compared', async (t) => {
  const twin = await up(HYBRID);
  await exec(twin, 'server1', 'clpgrp -t failover1');
  for (const server of ['server1', 'server2', 'server3']) {
    t.is((await exec(twin, server, 'clprestore.sh --pre')).code, 0);
    await until(twin, server, 'poweredOff');
  }
  for (const server of ['server1', 'server2', 'server3']) {
    await twin.ask(server, 'bmc', { do: 'power.on' }, 1000);
    await until(twin, server, 'stopped');
  }
  for (const server of ['server2', 'server3']) {
    t.is((await exec(twin, server, 'clprestore.sh --post --skip-copy')).code, 0);
  }
  t.is((await exec(twin, 'server1', 'clprestore.sh --post --only-reboot')).code, 0);
  await twin.until('equal', (status) => viewOf(status).mirrors.hd1?.state === 'Normal');
});
