/**
 * Mirrors over real sockets and processes: encrypted with a change of the key (x5 2.29), restored on
 * both sides with --skip-copy (x5 2.20.1), asynchronous over a slow line, beside a hung agent.
 */

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { buildPrograms } from '../../scripts/build.ts';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import { SCRIPTS_PATH } from '../../src/core/paths.ts';
import { type Lab, labDown, labUp } from '../../src/lab/lab.ts';
import { layoutOf } from '../../src/lab/layout.ts';
import { scriptsFor } from '../../src/lab/prepare.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { fixture, makePlace, processesIn, untilStatus, untilSwitchedOn } from './support.ts';

const MIB = 1024 * 1024;
const SERVERS = ['server1', 'server2'];
const KEY_PATH = `${SCRIPTS_PATH}/mirror.key`;
const key = (): string => randomBytes(16).toString('hex');

/** A lab whose mirror has these parameters more, and patience for a busy machine. */
async function lab(t: ExecutionContext, parameters: string, outside = ''): Promise<Lab> {
  const place = makePlace();
  t.teardown(async () => {
    await labDown(place.lab);
    const left = processesIn(place.lab);
    place.remove();
    if (left.length > 0) throw new Error(`left running: ${left.join(', ')}`);
  });
  await buildPrograms();
  const patient =
    '<acktimeout>4</acktimeout><hbinterval>1</hbinterval><pingtimeout>4</pingtimeout>';
  const configText = fixture('x5mirror')
    .replace(/<acktimeout>1<\/acktimeout>/, '')
    .replace(/<hbinterval>0.3<\/hbinterval>/, `${patient}${parameters}`)
    .replace('<fs>', `${outside}<fs>`);
  const scripts = {
    ...scriptsFor(parseClusterConfiguration(configText, 'clp.conf')),
    'mirror.key': key(),
  };
  return await labUp({ folder: place.lab, configText, scripts, dataBytes: 4 * MIB });
}

const isNormal = ({ mirrors }: Status): boolean => mirrors.md1?.state === 'Normal';
const colorsOf = ({ mirrors }: Status): string =>
  SERVERS.map((name) => mirrors.md1?.servers[name]?.color).join(' ');

async function done(t: ExecutionContext, one: Lab, server: string, ...argv: string[]) {
  const record = await one.exec(server, argv);
  t.is(record.exitCode, 0, `${argv.join(' ')}: ${record.stdout}${record.stderr}`);
  return record.stdout;
}

const isServer2Up = ({ servers }: Status): boolean =>
  servers.server2?.state === 'Online' && servers.server2.agent === 'running';
const isConnected = (mirrors: Status['mirrors']) => mirrors.md1?.servers.server1?.connected;

async function isWhole(t: ExecutionContext, one: Lab): Promise<void> {
  // Asynchronous: what is on its way counts as difference.
  const isSent = ({ mirrors }: Status) => mirrors.md1?.servers.server1?.dirtyBytes === 0;
  await untilStatus(one, 'normal', (status) => isNormal(status) && isSent(status));
  t.deepEqual((await one.io.verify('md1')).wrong, []);
  t.true((await one.io.compareCopies('md1')).identical);
}

function putKey(one: Lab, text: string, ...servers: string[]): void {
  for (const server of servers) {
    writeFileSync(join(layoutOf(one.folder).server(server).root, KEY_PATH), text, { mode: 0o600 });
  }
}

test.serial('the key of a mirror connection is changed while the application writes', async (t) => {
  const one = await lab(
    t,
    `<crypto><use>1</use><keyfile>${KEY_PATH}</keyfile></crypto><compress>1</compress>`,
  );
  let isWriting = true;
  const writing = (async () => {
    let rounds = 0;
    for (; isWriting; rounds++) await one.io.write('md1', { blocks: 8, from: rounds * 8 });
    return rounds;
  })();
  for (let turn = 0; turn < 2; turn++) {
    putKey(one, key(), ...SERVERS);
    await done(t, one, 'server1', 'clpmdctrl', '--updatekey', 'md1');
  }
  isWriting = false;
  t.true((await writing) > 0);
  t.is(viewOf(await one.status()).mirrors.md1?.state, 'Normal', 'it did not break');
  await isWhole(t, one);
  // A server with another key stays outside until it has the right one.
  const right = key();
  putKey(one, right, ...SERVERS);
  await done(t, one, 'server1', 'clpmdctrl', '--updatekey', 'md1');
  for (const text of [key(), right]) {
    putKey(one, text, 'server2');
    await one.fault({ kind: 'kill', server: 'server2' });
    await untilStatus(one, 'lost', ({ mirrors }) => isConnected(mirrors) === false);
    await untilSwitchedOn(one, 'server2 is up', isServer2Up, ['server2']);
    await one.io.write('md1', { blocks: 5, from: 3 });
    if (text === right) continue;
    t.is(isConnected(viewOf(await one.status()).mirrors), false);
    t.not((await one.exec('server1', ['clpmdctrl', '--recovery', 'md1'])).exitCode, 0);
  }
  await isWhole(t, one);
});

/** Stops the group, takes both servers down, and up again with what `restore` put on their disks. */
async function restoreBoth(
  t: ExecutionContext,
  one: Lab,
  restore: () => Promise<void>,
): Promise<void> {
  await done(t, one, 'server1', 'clpgrp', '-t', 'failover1');
  for (const server of SERVERS) await one.exec(server, ['clprestore.sh', '--pre']);
  const areOff = ({ servers }: Status) => SERVERS.every((name) => servers[name]?.power === 'off');
  await untilStatus(one, 'both are off', areOff);
  await restore();
  for (const server of SERVERS) await one.fault({ kind: 'powerOn', server });
  await untilStatus(one, 'both are up', ({ servers }) =>
    SERVERS.every((name) => servers[name]?.node === 'stopped'),
  );
  for (const server of SERVERS) await one.exec(server, ['clprestore.sh', '--post', '--skip-copy']);
}

test.serial(
  'both sides restored with --skip-copy are compared, and a difference is told',
  async (t) => {
    const one = await lab(t, '', '<fullcopy>0</fullcopy>');
    await one.io.write('md1', { blocks: 12 });
    await restoreBoth(t, one, async () => {});
    await untilStatus(one, 'normal', isNormal);
    await untilStatus(one, 'served', ({ groups }) => groups.failover1?.state === 'Online');
    await isWhole(t, one);
    await restoreBoth(t, one, async () => {
      const copy = await one.io.openCopy('md1', 'server1');
      await copy.write(3 * MIB, new Uint8Array(512).fill(9));
      await copy.flush();
      await copy.close();
    });
    const isSaid = (status: Status) =>
      colorsOf(status) === 'RED RED' && status.mirrors.md1?.servers.server1?.connected === true;
    await untilStatus(one, 'it is left to an operator', isSaid);
    const refused = await one.exec('server1', ['clpmdctrl', '--recovery', 'md1']);
    t.not(refused.exitCode, 0);
    const forced = await one.exec('server1', ['clpmdctrl', '--force', 'server1', 'md1'], {
      answers: [{ prompt: '', reply: 'y' }],
    });
    t.is(forced.exitCode, 0, forced.stderr);
    await untilStatus(one, 'normal', isNormal);
    const copy = await one.io.openCopy('md1', 'server2');
    t.is((await copy.read(3 * MIB, 1))[0], 9);
    await copy.close();
  },
);

test.serial(
  'asynchronous, a slow line costs the application nothing, and a crash no write',
  async (t) => {
    const one = await lab(t, '<syncmode>1</syncmode><sendqueuesize>64</sendqueuesize>');
    const cable = { net: 'mdc400', from: 'server1', to: 'server2' } as const;
    await one.fault({ kind: 'delay', ...cable, ms: 300 });
    const from = one.clock.now();
    await one.io.write('md1', { blocks: 30 });
    const tookMs = one.clock.now() - from;
    // One after the other over that line they would take 30 times 600 ms.
    t.true(tookMs < 30 * 600, `${tookMs} ms`);
    await one.fault({ kind: 'delay', ...cable, ms: 0 });
    await isWhole(t, one);
    await one.fault({ kind: 'delay', ...cable, ms: 300 });
    await one.io.write('md1', { blocks: 10, from: 20 });
    await one.fault({ kind: 'killProcess', server: 'server1', part: 'agent' });
    await one.fault({ kind: 'delay', ...cable, ms: 0 });
    // What the other side lacks is not decided by who comes back: the active side's word is the latest.
    await untilStatus(one, 'whole again', (status) => {
      const { groups } = status;
      return isNormal(status) && groups.failover1?.state === 'Online';
    });
    t.deepEqual((await one.io.verify('md1')).wrong, []);
  },
);

test.serial('a hung agent breaks the mirror, and no write waits longer than that', async (t) => {
  const one = await lab(t, '');
  await one.io.write('md1', { blocks: 4 });
  await one.fault({ kind: 'stopProcess', server: 'server2', part: 'agent' });
  // The request gives up after five seconds: later than the acknowledgement does.
  await one.io.write('md1', { blocks: 20, from: 2 });
  const broken = viewOf(await one.status());
  t.is(broken.mirrors.md1?.servers.server1?.color, 'GREEN');
  t.is(broken.mirrors.md1?.servers.server1?.connected, false);
  await one.fault({ kind: 'continueProcess', server: 'server2', part: 'agent' });
  await isWhole(t, one);
});
