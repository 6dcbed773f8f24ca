/**
 * A small scripted cluster behind the ClusterDoor: two servers that keep operation records, a
 * lease with tokens, and a status that commands change. Commands are functions by program name.
 */

import { DrydockError } from '../../src/core/errors.ts';
import { reveal } from '../../src/core/secrets.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ClusterDoor } from '../../src/ports/cluster.ts';
import type { Commands, ExecRequest, OperationRecord } from '../../src/ports/commands.ts';
import type { Documents } from '../../src/ports/documents.ts';
import type { Lease, LeaseHeld, LeaseView } from '../../src/ports/lease.ts';
import type { Observation } from '../../src/ports/observation.ts';
import type { Operator } from '../../src/ports/operator.ts';
import type { Random } from '../../src/ports/random.ts';
import { RemoteError, WireError } from '../../src/ports/wire.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import type { Observed, ServerStatus, Status } from '../../src/schema/generated/status-1.ts';
import { serverInOrder, sideInOrder } from './status-parts.ts';
import { upgradeStatus } from './upgrade-status.ts';

/** Virtual time that moves whenever somebody waits. */
export function jumpingClock(startAt = 1_700_000_000_000): Clock {
  let now = startAt;
  const timers: { at: number; fn: () => void }[] = [];
  let isRunning = false;
  function pump(): void {
    if (isRunning) return;
    isRunning = true;
    setImmediate(() => {
      isRunning = false;
      timers.sort((a, b) => a.at - b.at);
      const next = timers.shift();
      if (!next) return;
      now = Math.max(now, next.at);
      next.fn();
      pump();
    });
  }
  return {
    now: () => now,
    at(at, fn) {
      const timer = { at, fn };
      timers.push(timer);
      pump();
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
  };
}

export function countingRandom(): Random {
  let count = 0;
  return {
    id: () => (++count).toString(16).padStart(8, '0').padEnd(16, '0'),
    next: () => 0.5,
  };
}

const seen = (by: string): Observed => ({ by, at: 1, unknown: null });

function server(name: string): ServerStatus {
  return serverInOrder(name, seen, {
    services: { clusterpro: { enabled: true, running: true } },
    bays: { '/dev/sdb': { serial: `S-${name}`, failed: false } },
    disks: {
      '/dev/sdb': {
        serial: `S-${name}`,
        failed: false,
        sizeBytes: 1000,
        partitions: [{ number: 1, device: '/dev/sdb1', sizeBytes: 100 }],
      },
    },
    mounts: [{ device: '/dev/NMP1', point: '/mnt', fs: 'ext3', readOnly: false, options: [] }],
    addresses: ['10.0.0.9'],
  });
}

export function fakeStatus(): Status {
  const side = (name: string) => {
    const active = name === 'server1';
    return sideInOrder(name, seen, {
      active,
      mounted: active,
      serial: `S-${name}`,
      sizeBytes: 900,
    });
  };
  return {
    schema: 'drydock.status/1',
    takenAt: 0,
    cluster: {
      name: 'fake',
      uuid: 'fake-uuid',
      manual: 'v3',
      edition: 'LE',
      observed: seen('server1/daemon'),
      heartbeatTimeoutMs: 1000,
      timeoutRatio: 1,
      timeoutRatioUntil: null,
      autoRecovery: true,
      configHashes: { server1: 'h', server2: 'h' },
    },
    servers: { server1: server('server1'), server2: server('server2') },
    groups: {
      failover1: {
        name: 'failover1',
        comment: '',
        observed: seen('server1/daemon'),
        state: 'Online',
        current: 'server1',
        activeOn: ['server1'],
        resources: ['exec1'],
      },
    },
    resources: {
      exec1: {
        name: 'exec1',
        type: 'exec',
        comment: '',
        group: 'failover1',
        observed: seen('server1/daemon'),
        state: 'Online',
        current: 'server1',
      },
    },
    monitors: {
      mdw1: {
        name: 'mdw1',
        type: 'mdw',
        comment: '',
        servers: {
          server1: { observed: seen('server1/daemon'), state: 'Normal', message: null },
        },
      },
    },
    mirrors: {
      md1: {
        name: 'md1',
        group: 'failover1',
        state: 'Normal',
        differencePercent: 0,
        servers: { server1: side('server1'), server2: side('server2') },
        recovery: null,
      },
    },
    leases: {
      server1: { observed: seen('server1/host'), holder: null, token: 0 },
      server2: { observed: seen('server2/host'), holder: null, token: 0 },
    },
  };
}

export interface Ran {
  exitCode?: number | null;
  refused?: OperationRecord['refused'];
  stdout?: string;
  stderr?: string;
  state?: OperationRecord['state'];
}

export interface FakeCluster {
  status: Status;
  door: ClusterDoor;
  /** How often each operation was really started: never more than once. */
  started: Map<string, number>;
  records: Map<string, OperationRecord>;
  /** Every command line that was started, in order. */
  log: string[];
  programs: Record<string, (argv: string[], request: ExecRequest) => Ran | Promise<Ran>>;
  unreachable: Set<string>;
  lease: { holder: string | null; token: number };
  /** Papers of change windows, as every server holds them. */
  papers: SignedDocument[];
  operator: Operator;
}

export function fakeCluster(clock: Clock): FakeCluster {
  const cluster = {
    status: fakeStatus(),
    started: new Map<string, number>(),
    records: new Map<string, OperationRecord>(),
    log: [] as string[],
    programs: {} as FakeCluster['programs'],
    unreachable: new Set<string>(),
    lease: { holder: null as string | null, token: 0 },
    papers: [] as SignedDocument[],
  };

  async function start(request: ExecRequest): Promise<OperationRecord> {
    const { operation, argv } = request;
    cluster.started.set(operation, (cluster.started.get(operation) ?? 0) + 1);
    cluster.log.push(`${request.server}: ${argv.join(' ')}`);
    const record: OperationRecord = {
      operation,
      argv,
      state: 'running',
      exitCode: null,
      stdout: '',
      stderr: '',
      answered: request.answers.map(({ prompt, reply }) => ({ prompt, reply })),
      bootId: cluster.status.servers[request.server]?.bootId ?? '',
      startedAt: clock.now(),
      endedAt: null,
    };
    cluster.records.set(operation, record);
    const program = cluster.programs[argv[0] as string];
    const ran: Ran = program
      ? await program(reveal(request, request.secrets).argv, request)
      : { exitCode: 127, stderr: 'not found' };
    record.state = ran.state ?? 'exited';
    record.exitCode = ran.exitCode === undefined ? 0 : ran.exitCode;
    record.refused = ran.refused ?? null;
    record.stdout = ran.stdout ?? '';
    record.stderr = ran.stderr ?? '';
    record.endedAt = clock.now();
    return record;
  }

  function requireReachable(name: string): void {
    if (cluster.unreachable.has(name)) throw new WireError('timeout', `${name} does not answer`);
  }

  function requireLease(lease: LeaseHeld | null): void {
    const { holder, token } = cluster.lease;
    if (lease?.holder !== holder || lease.token !== token) {
      throw new RemoteError('lease.stale', 'another run holds the cluster');
    }
  }

  const commands: Commands = {
    async exec(request) {
      requireReachable(request.server);
      requireLease(request.lease);
      return structuredClone(cluster.records.get(request.operation) ?? (await start(request)));
    },
    async operation(name, operation) {
      requireReachable(name);
      return structuredClone(cluster.records.get(operation) ?? null);
    },
    typed: async () => [],
  };

  const observation: Observation = {
    async status() {
      const status = structuredClone(cluster.status);
      status.takenAt = clock.now();
      for (const lease of Object.values(status.leases)) Object.assign(lease, cluster.lease);
      for (const name of cluster.unreachable) {
        const known = status.servers[name] as ServerStatus;
        known.observed = { by: null, at: null, unknown: `${name} does not answer` };
        known.powerObserved = known.observed;
        known.daemonObserved = known.observed;
        Object.assign(known, { power: null, node: null, bootId: null, daemon: null, agent: null });
        Object.assign(known, { services: null, disks: null, mounts: null, addresses: null });
      }
      return upgradeStatus(status);
    },
    async clockOf(name) {
      requireReachable(name);
      return clock.now();
    },
  };

  const lease: Lease = {
    async acquire(holder, _about, wish) {
      const { lease: now } = cluster;
      const mayTake = [holder, ...(wish?.over ?? []), ...(wish?.giveUp ?? [])];
      if (now.holder !== null && !mayTake.includes(now.holder)) {
        throw new DrydockError(`held by run ${now.holder}`, { code: 'lease.held', exit: 5 });
      }
      cluster.lease = { holder, token: now.token + 1 };
      return { ...cluster.lease, holder };
    },
    async release(given) {
      if (given.token === cluster.lease.token) cluster.lease.holder = null;
    },
    async vouch() {},
    async show() {
      const view: LeaseView = { ...cluster.lease, about: '', since: 0 };
      return { server1: view, server2: view };
    },
  };

  const documents: Documents = {
    async held() {
      const held = { policy: null, lacks: [] };
      const servers = { server1: held, server2: held };
      const now = clock.now();
      return {
        papers: [...cluster.papers],
        servers,
        clocks: { server1: now, server2: now },
        receipts: {},
      };
    },
    async put(paper) {
      cluster.papers.push(paper);
      return { server1: { kept: true }, server2: { kept: true } };
    },
    glass: async () => null,
    async breakGlass() {},
  };

  const door: ClusterDoor = {
    commands,
    observation,
    lease,
    documents,
    capabilities: () => ({ lease: null, documents: null, power: null, physicalActs: null }),
  };

  const operator: Operator = {
    perform: async () => ({ done: false, why: 'nobody is there' }),
    confirm: async () => null,
    choose: async () => null,
  };
  return Object.assign(cluster, { door, operator });
}
