/**
 * Disks that are really bad: under each server's image lies nbdkit, whose filters delay every
 * access and fail it at will, shown as a file by nbdfuse. The agents know nothing of it.
 *
 *     agent ─► servers/NAME/disks/SERIAL.img ─► FUSE ─► nbdkit: error, delay ─► the bytes
 */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import { layoutOf } from '../../src/lab/layout.ts';
import { sleep } from '../../src/ports/clock.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { testWithBadDisks } from '../support/tools.ts';
import { makePlace, startLab, untilStatus, untilSwitchedOn } from './support.ts';

const SERVERS = ['server1', 'server2'] as const;
type Name = (typeof SERVERS)[number];

interface Bad {
  /** Every access from now on fails as the disk was told to. */
  fail(): Promise<void>;
  heal(): void;
}

interface Kind {
  /** What an access answers that fails. */
  error: 'EIO' | 'ENOSPC';
  /** Which ones fail. */
  what: 'error' | 'error-pwrite';
  delayMs: number;
}

type Bridges = ReturnType<typeof bridge>[];

function bridge(shown: string, bytes: string, settings: string[]) {
  const filters = ['--filter=error', '--filter=delay'];
  const nbdkit = ['nbdkit', '--exit-with-parent', ...filters, 'file', bytes, ...settings];
  return execa('nbdfuse', [shown, '[', ...nbdkit, ']'], { reject: false });
}

/** Moves the images of a server, which must be off, below nbdkit. */
async function spoil(
  lab: Lab,
  bridges: Bridges,
  folder: string,
  name: Name,
  kind: Kind,
): Promise<Bad> {
  const { disks } = layoutOf(lab.folder).server(name);
  const shown = join(folder, 'shown');
  mkdirSync(shown, { recursive: true });
  const trigger = join(folder, 'fails');
  const settings = [
    `error=${kind.error}`,
    `${kind.what}-rate=100%`,
    `${kind.what}-file=${trigger}`,
    `rdelay=${kind.delayMs}ms`,
    `wdelay=${kind.delayMs}ms`,
  ];
  for (const image of readdirSync(disks).filter((file) => file.endsWith('.img'))) {
    const bytes = join(folder, image);
    renameSync(join(disks, image), bytes);
    const shows = bridge(join(shown, image), bytes, settings);
    bridges.push(shows);
    let ended: string | null = null;
    void shows.then(({ stderr }) => {
      ended = stderr;
    });
    while (!existsSync(join(shown, image))) {
      if (ended !== null) throw new Error(`nbdfuse: ${ended}`);
      await sleep(lab.clock, 20);
    }
    symlinkSync(join(shown, image), join(disks, image));
  }
  return {
    fail: () => writeFile(trigger, ''),
    heal: () => rmSync(trigger, { force: true }),
  };
}

function isWhole({ servers, mirrors, groups }: Status): boolean {
  return (
    Object.values(servers).every(({ state }) => state === 'Online') &&
    mirrors.md1?.state === 'Normal' &&
    Object.values(groups).every(({ state, activeOn: on }) => state === 'Online' && on?.length === 1)
  );
}

const isActiveOn = (server: Name) => (status: Status) =>
  status.mirrors.md1?.servers[server]?.active === true;

async function powerCycle(lab: Lab, server: Name): Promise<void> {
  await lab.fault({ kind: 'kill', server });
  await lab.fault({ kind: 'powerOn', server });
}

/** A lab on such disks, whole. */
async function spoiltLab(t: ExecutionContext, kinds: { [name in Name]: Kind }) {
  const place = makePlace();
  const bridges: Bridges = [];
  t.teardown(async () => {
    await labDown(place.lab);
    for (const bridge of bridges) bridge.kill();
    await Promise.all(bridges);
    place.remove();
  });
  const lab = await startLab(place.lab, 'x5mirror', { autoRecovery: true });
  await untilStatus(lab, 'whole at first', isWhole);
  for (const name of SERVERS) await lab.fault({ kind: 'kill', server: name });
  const [server1, server2] = await Promise.all(
    SERVERS.map((name) =>
      spoil(lab, bridges, join(place.folder, `bad-${name}`), name, kinds[name]),
    ),
  );
  await untilSwitchedOn(lab, 'whole on bad disks', isWhole);
  return { lab, bad: { server1: server1!, server2: server2! } };
}

async function check(t: ExecutionContext, lab: Lab): Promise<void> {
  t.deepEqual((await lab.io.verify('md1')).wrong, []);
  t.true((await lab.io.compareCopies('md1')).identical);
}

testWithBadDisks(
  'what was acknowledged outlives a slow disk, a disk that fails and a disk that is full',
  async (t) => {
    const { lab, bad } = await spoiltLab(t, {
      server1: { error: 'ENOSPC', what: 'error-pwrite', delayMs: 3 },
      server2: { error: 'EIO', what: 'error', delayMs: 12 },
    });
    t.true(isActiveOn('server1')(viewOf(await lab.status())));
    await lab.io.write('md1', { blocks: 20 });
    await check(t, lab);

    // v3 6.7.2: the standby's disk fails; the active side goes on alone.
    await bad.server2.fail();
    await lab.io.write('md1', { blocks: 20, from: 10 });
    await untilStatus(lab, 'the standby is behind', ({ mirrors }) => {
      const { server1, server2 } = mirrors.md1!.servers;
      return server1?.color === 'GREEN' && server2?.color !== 'GREEN';
    });
    bad.server2.heal();
    await powerCycle(lab, 'server2');
    await untilSwitchedOn(lab, 'whole after the standby’s disk', isWhole);
    await check(t, lab);

    // v3 10.8: the active side's disk is full; the other one takes over what was acknowledged.
    if (!isActiveOn('server1')(viewOf(await lab.status()))) {
      await lab.exec('server2', ['clpgrp', '-m', 'failover1']);
      await untilStatus(lab, 'back on server1', isActiveOn('server1'));
    }
    await bad.server1.fail();
    await lab.io.write('md1', { blocks: 1, from: 5, timeoutMs: 2000 }).catch(() => undefined);
    await untilStatus(lab, 'taken over', isActiveOn('server2'));
    await lab.io.write('md1', { blocks: 10, from: 25 });
    bad.server1.heal();
    await powerCycle(lab, 'server1');
    await untilSwitchedOn(lab, 'whole after the full disk', isWhole);
    await check(t, lab);
  },
);
