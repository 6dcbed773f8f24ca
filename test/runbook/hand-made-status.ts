/**
 * A status of two servers and one mirror, made by hand in the words of the manuals: all normal,
 * mirror active on server1.
 */

import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import type { Status as Made } from '../../src/schema/generated/status.ts';
import type {
  GroupStatus,
  MirrorSideStatus,
  MirrorStatus,
  MonitorStatus,
  Observed,
  ResourceStatus,
  ServerStatus,
  Status,
} from '../../src/schema/generated/status-1.ts';
import { serverInOrder, sideInOrder } from '../support/status-parts.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

const AT = Date.UTC(2026, 0, 5, 9, 0, 0);

export function seen(by: string): Observed {
  return { by, at: AT, unknown: null };
}

export function unseen(why: string): Observed {
  return { by: null, at: null, unknown: why };
}

/** A copy of which nothing is known. */
const GRAY: Omit<MirrorSideStatus, 'observed'> = {
  color: 'GRAY',
  active: null,
  mounted: null,
  generation: null,
  latest: null,
  lastUpdate: null,
  breakTime: null,
  dirtyBytes: null,
  differencePercent: null,
  diskError: null,
  connected: null,
  autoRecoveryHeld: null,
  serial: null,
  sizeBytes: null,
};

const SERVICES: Record<'v3' | 'x5', string[]> = {
  v3: [
    'clusterpro',
    'clusterpro_alertsync',
    'clusterpro_evt',
    'clusterpro_md',
    'clusterpro_trn',
    'clusterpro_webmgr',
  ],
  x5: ['clusterpro', 'clusterpro_md'],
};

function serverStatus(name: string, peer: string, manual: 'v3' | 'x5'): ServerStatus {
  const services = SERVICES[manual].map((service) => [service, { enabled: true, running: true }]);
  return serverInOrder(name, seen, {
    heartbeats: { [peer]: { lanhb1: 'Normal' } },
    services: Object.fromEntries(services),
    disks: {
      '/dev/sdb': {
        serial: `SN-${name}`,
        failed: false,
        sizeBytes: 17825792,
        partitions: [
          { number: 1, device: '/dev/sdb1', sizeBytes: 1048576 },
          { number: 2, device: '/dev/sdb2', sizeBytes: 16777216 },
        ],
      },
    },
    bays: { '/dev/sdb': { serial: `SN-${name}`, failed: false } },
  });
}

function side(name: string, active: boolean): MirrorSideStatus {
  const more = { active, mounted: active, lastUpdate: AT, serial: `SN-${name}` };
  return sideInOrder(name, seen, { ...more, sizeBytes: 16777216 });
}

function group(): GroupStatus {
  return {
    name: 'failover1',
    comment: '',
    observed: seen('server1/daemon'),
    state: 'Online',
    current: 'server1',
    activeOn: ['server1'],
    resources: ['md1', 'fip1', 'exec1'],
  };
}

function resource(name: string, type: string): ResourceStatus {
  return {
    name,
    type,
    comment: '',
    group: 'failover1',
    observed: seen('server1/daemon'),
    state: 'Online',
    current: 'server1',
  };
}

function monitor(name: string): MonitorStatus {
  const one = (server: string) => ({
    observed: seen(`${server}/daemon`),
    state: 'Normal' as const,
    message: null,
  });
  return {
    name,
    type: 'userw',
    comment: '',
    servers: { server1: one('server1'), server2: one('server2') },
  };
}

export function handMadeStatus(
  change: (status: Status) => void = () => {},
  manual: 'v3' | 'x5' = 'v3',
): Made {
  const mirror: MirrorStatus = {
    name: 'md1',
    group: 'failover1',
    state: 'Normal',
    differencePercent: 0,
    servers: { server1: side('server1', true), server2: side('server2', false) },
    recovery: null,
  };
  const status: Status = {
    schema: 'drydock.status/1',
    takenAt: AT,
    cluster: {
      name: 'cluster',
      uuid: 'b1f0c1de-0000-4000-8000-000000000001',
      manual,
      edition: manual === 'v3' ? 'LE' : 'X',
      observed: seen('server1/daemon'),
      heartbeatTimeoutMs: 90000,
      timeoutRatio: 1,
      timeoutRatioUntil: null,
      autoRecovery: false,
      configHashes: { server1: 'c1', server2: 'c1' },
    },
    servers: {
      server1: serverStatus('server1', 'server2', manual),
      server2: serverStatus('server2', 'server1', manual),
    },
    groups: { failover1: group() },
    resources: {
      md1: resource('md1', 'md'),
      fip1: resource('fip1', 'fip'),
      exec1: resource('exec1', 'exec'),
    },
    monitors: { userw1: monitor('userw1') },
    mirrors: { md1: mirror },
    leases: {
      server1: { observed: seen('server1/host'), holder: null, token: 0 },
      server2: { observed: seen('server2/host'), holder: null, token: 0 },
    },
  };
  change(status);
  return upgradeStatus(status);
}

/** Breaks the mirror as a lost connection does: server1 goes on alone. */
export function breakMirror(status: Status): void {
  const mirror = status.mirrors.md1!;
  mirror.state = 'Abnormal';
  Object.assign(mirror.servers.server2!, { color: 'RED', latest: false, breakTime: AT });
  Object.assign(mirror.servers.server1!, { generation: 'g2', dirtyBytes: 65536 });
}

/** Nothing answers on that server but, perhaps, its management controller. */
export function silence(status: Status, name: string, power: 'on' | 'off' | null): void {
  const why = `${name} does not answer`;
  const server = status.servers[name]!;
  Object.assign(server, {
    observed: unseen(why),
    daemonObserved: unseen(why),
    power,
    powerObserved: power ? seen(`${name}/bmc`) : unseen(why),
    node: null,
    bootId: null,
    runLevel: null,
    state: 'Unknown',
    daemon: null,
    agent: null,
    heartbeats: {},
    services: null,
    disks: null,
    bays: power ? (server.bays ?? null) : null,
    mounts: null,
    medium: null,
    addresses: null,
    operations: null,
  });
  Object.assign(status.mirrors.md1!.servers[name]!, {
    observed: unseen(why),
    ...GRAY,
  });
}

/** As much configuration as the defaults of parameters ask for. */
export function handMadeConfig(manual: 'v3' | 'x5' = 'v3'): ClusterConfiguration {
  const rules = { retry: 0, failover: 0, finalAction: 'none' as const, timeoutMs: 60000 };
  const server = (name: string, priority: number) => ({ name, priority, comment: '', devices: [] });
  return {
    schema: 'drydock.cluster/1',
    manual,
    edition: manual === 'v3' ? 'LE' : 'X',
    name: 'cluster',
    uuid: 'b1f0c1de-0000-4000-8000-000000000001',
    comment: '',
    heartbeat: { intervalMs: 3000, timeoutMs: 90000 },
    startupWaitMs: 300000,
    autoRecovery: false,
    servers: [server('server1', 0), server('server2', 1)],
    heartbeats: [],
    networkPartition: [],
    forceStop: null,
    groups: [],
    resources: [
      {
        name: 'md1',
        type: 'md',
        comment: '',
        dependsOn: [],
        activation: rules,
        deactivation: rules,
        parameters: {
          nmppath: '/dev/NMP1',
          'diskdev/cppath': '/dev/sdb1',
          'diskdev/dppath': '/dev/sdb2',
          'mount/point': '/mnt/md1',
          fs: 'ext3',
        },
      },
    ],
    monitors: [],
    noActivationRecovery: false,
    noMonitorRecovery: false,
  };
}
