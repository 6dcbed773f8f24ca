/** A live cluster for every runbook of the project: a twin in the state that the runbook is for. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { topologyOf } from '../../src/change/topology.ts';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { Plan } from '../../src/core/plan.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import {
  type Rehearsal,
  type RehearsalWorld,
  rehearse,
} from '../../src/runbook/rehearsal/rehearse.ts';
import type { Status as Now } from '../../src/schema/generated/status.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { upgradeStatus } from './upgrade-status.ts';

export interface Case {
  id: string;
  given: Record<string, Json>;
  choices?: Record<string, string>;
  cluster?: 'v3le' | 'x5mirror';
  autoRecovery?: boolean;
  arrange?: (twin: Twin) => Promise<unknown>;
  /** Or a status to begin with, where no sequence of faults leads there quickly. */
  from?: (normal: Status) => void;
  /** Another title than the id, where a runbook has two ways. */
  title?: string;
}

const DATA_BYTES = 1024 * 1024;

function configText(made: Case): string {
  const file = new URL(
    `../../fixtures/clusters/${made.cluster ?? 'v3le'}.clp.conf`,
    import.meta.url,
  );
  const text = readFileSync(fileURLToPath(file), 'utf8');
  if (made.autoRecovery) return text;
  return text.replace('<autorecovery>1</autorecovery>', '<autorecovery>0</autorecovery>');
}

async function breakMirror(twin: Twin): Promise<void> {
  await twin.run(twin.io.write('md1', 'server1', 0, 8));
  twin.faults.cut('mdc400', 'server1', 'server2');
  await twin.run(twin.io.write('md1', 'server1', 4, 8));
  await twin.until('broken', (status) => viewOf(status).mirrors.md1?.state === 'Abnormal');
}

async function healMirror(twin: Twin): Promise<void> {
  twin.faults.heal('mdc400', 'server1', 'server2');
  const isConnected = (now: Now) =>
    Object.values(viewOf(now).mirrors.md1!.servers).every(({ connected }) => connected === true);
  await twin.until('connected again', isConnected);
}

async function stopDaemons(twin: Twin): Promise<void> {
  await twin.exec('server1', ['clpcl', '-t', '-a']);
  await twin.atRest();
}

async function loseServer1(twin: Twin): Promise<void> {
  await twin.run(twin.faults.killServer('server1'));
  const isLost = (now: Now) =>
    Object.values(viewOf(now).servers.server2!.heartbeats.server1 ?? {}).every(
      (word) => word !== 'Normal',
    );
  await twin.until('server1 is lost', isLost);
  await twin.atRest();
}

/** An image of the standby, as x5-2.18-backup makes one; what is written afterwards it lacks. */
async function makeImage(twin: Twin): Promise<void> {
  const perform = twin.operator({}).perform;
  const server = 'server2';
  await twin.run(twin.io.write('md1', 'server1', 0, 8));
  await twin.exec('server1', ['clpgrp', '-t', 'failover1']);
  await twin.exec(server, ['clpbackup.sh', '--pre']);
  await twin.until('server2 is off', (status) => viewOf(status).servers.server2?.power === 'off');
  await twin.run(perform({ act: 'takeDiskImage', server, image: 'weekly', system: true }, ''));
  await twin.run(perform({ act: 'powerOn', server }, ''));
  await twin.until('server2 is up', (status) => viewOf(status).servers.server2?.node === 'stopped');
  await twin.exec(server, ['clpbackup.sh', '--post']);
  await twin.until(
    'server2 is back',
    (status) => viewOf(status).servers.server2?.node === 'online',
  );
  await twin.until('in step again', (status) => viewOf(status).mirrors.md1?.state === 'Normal');
  await twin.exec('server1', ['clpgrp', '-s', 'failover1']);
  await twin.run(twin.io.write('md1', 'server1', 4, 8));
}

/** An image of each server's mirror disk, as x5-2.19.1 makes them; what is written afterwards both lack. */
async function makeOwnImages(twin: Twin): Promise<void> {
  const { perform } = twin.operator({});
  const servers = ['server2', 'server1'];
  await twin.run(twin.io.write('md1', 'server1', 0, 8));
  await twin.exec('server1', ['clpgrp', '-t', 'failover1']);
  for (const server of servers) {
    await twin.exec(server, ['clpbackup.sh', '--pre', '--no-shutdown']);
  }
  for (const server of servers) {
    await twin.run(perform({ act: 'takeDiskImage', server, image: 'weekly', system: false }, ''));
  }
  for (const server of servers) {
    await twin.exec(server, ['clpbackup.sh', '--post', '--no-reboot']);
  }
  await twin.until('in step again', (status) => viewOf(status).mirrors.md1?.state === 'Normal');
  await twin.atRest();
  await twin.exec('server1', ['clpgrp', '-s', 'failover1']);
  await twin.run(twin.io.write('md1', 'server1', 4, 8));
}

/** Neither copy can be proved to be the newer one: each was written without the other. */
function bothRed(status: Status): void {
  const mirror = status.mirrors.md1!;
  for (const [index, side] of Object.values(mirror.servers).entries()) {
    Object.assign(side, { color: 'RED', active: false, mounted: false, latest: false });
    Object.assign(side, { generation: `${index + 1}`.repeat(16), breakTime: status.takenAt });
    Object.assign(side, { dirtyBytes: 65_536, differencePercent: 6 });
  }
  mirror.state = 'Abnormal';
  Object.assign(status.groups.failover1!, { state: 'Offline', current: null, activeOn: [] });
  for (const name of status.groups.failover1!.resources) {
    Object.assign(status.resources[name]!, { state: 'Offline', current: null });
  }
  for (const server of Object.values(status.servers)) {
    server.mounts = [];
    server.addresses = server.addresses!.filter((address) => address !== '10.0.0.11');
  }
}

export const CASES: Case[] = [
  { id: 'v3-5.1', given: {} },
  {
    id: 'v3-5.2.deactivate',
    given: { server: 'server2' },
  },
  {
    id: 'v3-5.2.activate',
    given: { server: 'server2' },
    arrange: async (twin) => {
      for (const name of ['clusterpro', 'clusterpro_md']) {
        await twin.exec('server2', ['chkconfig', '--del', name]);
      }
    },
  },
  { id: 'v3-6.1.4', given: {} },
  {
    id: 'v3-6.7.2',
    given: { failed: 'server2' },
    arrange: async (twin) => {
      await twin.run(twin.io.write('md1', 'server1', 0, 8));
      await twin.run(twin.faults.failDisk('server2', '/dev/sdb'));
      await twin.run(twin.io.write('md1', 'server1', 4, 8));
      await twin.atRest();
    },
  },
  { id: 'v3-9.1.1', given: {} },
  { id: 'v3-11.8.1', given: {}, arrange: stopDaemons },
  { id: 'v3-11.8.2', given: { latest: 'server1' }, arrange: stopDaemons },
  { id: 'v3-11.10.1', given: {}, autoRecovery: true },
  { id: 'v3-11.10.2', given: {} },
  { id: 'v3-11.10.3', given: {} },
  {
    id: 'v3-11.10.4',
    given: {},
    arrange: async (twin) => {
      await breakMirror(twin);
      await healMirror(twin);
    },
  },
  {
    id: 'v3-11.10.5',
    given: {},
    choices: { means: 'command', latest: 'server2' },
    from: bothRed,
  },
  {
    id: 'v3-11.10.5',
    title: 'v3-11.10.5 by looking at the data',
    given: {},
    choices: { means: 'data', latest: 'server1' },
    from: bothRed,
    arrange: (twin) => twin.exec('server1', ['clpgrp', '-t', 'failover2']),
  },
  {
    id: 'v3-11.10.6',
    given: { survivor: 'server2' },
    arrange: async (twin) => {
      await breakMirror(twin);
      await loseServer1(twin);
    },
  },
  {
    id: 'x5-2.19.3',
    given: { image: 'weekly' },
    cluster: 'x5mirror',
    arrange: (twin) => twin.run(twin.io.write('md1', 'server1', 0, 8)),
  },
  {
    id: 'x5-2.19.3',
    title: 'x5-2.19.3 with the business at rest and automatic recovery',
    given: { image: 'weekly', restart: false },
    cluster: 'x5mirror',
    autoRecovery: true,
  },
  {
    id: 'x5-2.19.1',
    given: { image: 'weekly' },
    cluster: 'x5mirror',
    arrange: (twin) => twin.run(twin.io.write('md1', 'server1', 0, 8)),
  },
  {
    id: 'x5-2.19.4',
    given: { image: 'weekly' },
    cluster: 'x5mirror',
    arrange: async (twin) => {
      await twin.run(twin.io.write('md1', 'server1', 0, 8));
      await twin.exec('server2', ['clpdown']);
      await twin.atRest();
      await twin.run(twin.io.write('md1', 'server1', 4, 8));
    },
  },
  {
    id: 'x5-2.20.2',
    given: { image: 'weekly', latest: 'server1' },
    cluster: 'x5mirror',
    choices: { way: 'serve' },
    arrange: (twin) => makeOwnImages(twin),
  },
  {
    id: 'x5-2.20.2',
    title: 'x5-2.20.2 with the copy first',
    given: { image: 'weekly', latest: 'server2' },
    cluster: 'x5mirror',
    choices: { way: 'copy' },
    arrange: (twin) => makeOwnImages(twin),
  },
  {
    id: 'x5-2.20.3-active',
    given: { image: 'weekly', server: 'server1' },
    cluster: 'x5mirror',
    arrange: async (twin) => {
      await makeOwnImages(twin);
      await twin.exec('server2', ['clpdown']);
      await twin.atRest();
    },
  },
  {
    id: 'x5-2.20.3-standby',
    given: { image: 'weekly', target: 'server2' },
    cluster: 'x5mirror',
    arrange: (twin) => makeOwnImages(twin),
  },
  { id: 'x5-2.18-backup', given: { image: 'weekly' }, cluster: 'x5mirror' },
  { id: 'x5-2.18', given: { image: 'weekly' }, cluster: 'x5mirror', arrange: makeImage },
  { id: 'x5-2.13-timeout-adjust', given: {}, cluster: 'x5mirror' },
  {
    id: 'x5-2.13-timeout-release',
    given: {},
    cluster: 'x5mirror',
    arrange: (twin) => twin.exec('server1', ['clptoratio', '-r', '3', '-t', '1h']),
  },
  { id: 'x5-2.13-monitor-suspend', given: {}, cluster: 'x5mirror' },
  {
    id: 'x5-2.13-monitor-resume',
    given: {},
    cluster: 'x5mirror',
    arrange: async (twin) => {
      for (const server of ['server1', 'server2']) await twin.exec(server, ['clpmonctrl', '-s']);
    },
  },
];

/** A status that is changed in the words of the manuals. */
function changed(status: Now, change: (status: Status) => void): Now {
  const view = structuredClone(viewOf(status));
  change(view);
  return upgradeStatus(view);
}

/** The cluster that the run meets; the same seed gives the same one every time. */
export async function liveTwin(made: Case): Promise<Twin> {
  const options = { configText: configText(made), seed: 7, dataBytes: DATA_BYTES };
  const normal = await buildTwin(options);
  await normal.up();
  const from = made.from ? changed(await normal.status(), made.from) : null;
  const twin = from ? await buildTwin({ configText: options.configText, seed: 7, from }) : normal;
  await made.arrange?.(twin);
  await twin.atRest();
  return twin;
}

export function worldOf(twin: Twin, made: Case): RehearsalWorld {
  return {
    door: twin.door(),
    operator: twin.operator({ choices: made.choices ?? {} }),
    clock: twin.controlClock(),
    random: twin.random,
    run: (promise) => twin.run(promise),
    unknowns: twin.unknowns,
  };
}

export async function planFor(twin: Twin, made: Case): Promise<Plan> {
  const library = loadRunbooks();
  return makePlan({
    runbook: library.get(made.id)!,
    library,
    parameters: made.given,
    status: await twin.status(),
    topology: topologyOf(parseClusterConfiguration(twin.configText, 'clp.conf')),
  });
}

/** A rehearsal on a twin that is made from the status of the live one. */
export async function rehearsed(twin: Twin, made: Case): Promise<Rehearsal> {
  const from = await twin.status();
  return rehearse({
    plan: await planFor(twin, made),
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: twin.configText, seed: 11, from }), made),
  });
}
