/** Two servers that answer from a table; tests change the table, and read what was asked. */
import { readFileSync } from 'node:fs';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { Address } from '../../src/core/part.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { AgentView, DaemonView, GroupState, HostView } from '../../src/ports/views.ts';
import { RemoteError, WireError } from '../../src/ports/wire.ts';

export const V3_TEXT = fixture('v3le');
export const X5_TEXT = fixture('x5mirror');
export const CONFIG = parseClusterConfiguration(V3_TEXT, 'v3le.clp.conf');

export function fixture(name: string): string {
  const url = new URL(`../../fixtures/clusters/${name}.clp.conf`, import.meta.url);
  return readFileSync(url, 'utf8');
}

/** 2004/03/04 17:30:05 UTC, the time of the manual's sample. */
export const NOW = Date.UTC(2004, 2, 4, 17, 30, 5);

export interface FakeClock extends Clock {
  pass(ms: number): void;
}

/** Time that jumps to the next deadline as soon as the loop is idle. */
export function fakeClock(): FakeClock {
  let now = NOW;
  return {
    now: () => now,
    at: (when, fn) => {
      let isCancelled = false;
      setImmediate(() => {
        if (isCancelled) return;
        now = Math.max(now, when);
        fn();
      });
      return () => {
        isCancelled = true;
      };
    },
    pass: (ms) => {
      now += ms;
    },
  };
}

type Part = Address['part'];
export type Handler = (body: { [key: string]: Json }) => unknown;

export interface Asked {
  server: string;
  part: Part;
  body: { [key: string]: Json };
}

export interface FakeServers {
  /** `server1/daemon` → what answers; missing: nobody listens. */
  parts: Map<string, Handler>;
  asked: Asked[];
  server: string;
  request(to: Address, body: Json, timeoutMs?: number): Promise<Json>;
  /** Requests that are not looks. */
  orders(): string[];
}

const LOOKS = new Set(['look', 'status', 'power.status', 'medium']);

export function silence(code: 'timeout' | 'refused' | 'unreachable' = 'timeout'): Handler {
  return () => {
    throw new WireError(code, `no answer: ${code}`);
  };
}

export function refusal(code: string, message: string): Handler {
  return () => {
    throw new RemoteError(code, message);
  };
}

export function hostView(server: string, change: Partial<HostView> = {}): HostView {
  const services = ['clusterpro', 'clusterpro_md', 'clusterpro_webmgr', 'clusterpro_alertsync'];
  return {
    bootId: `boot-${server}`,
    now: NOW,
    runLevel: 3,
    node: 'online',
    services: Object.fromEntries(services.map((name) => [name, { enabled: true, running: true }])),
    disks: {
      '/dev/sdb': {
        serial: `disk-${server}`,
        failed: false,
        sizeBytes: 1 << 24,
        partitions: [
          { number: 1, device: '/dev/sdb1', sizeBytes: 1 << 20 },
          { number: 2, device: '/dev/sdb2', sizeBytes: 1 << 23 },
        ],
      },
    },
    mounts: [],
    medium: null,
    addresses: [],
    operations: [],
    lease: { holder: null, token: 0, about: '', since: 0 },
    configHash: 'hash',
    ...change,
  };
}

export function daemonView(server: string, change: Partial<DaemonView> = {}): DaemonView {
  const isFirst = server === 'server1';
  const other = isFirst ? 'server2' : 'server1';
  const state: GroupState = isFirst ? 'Online' : 'Offline';
  const groups = CONFIG.groups.map((group) => {
    const resources = Object.fromEntries(group.resources.map((name) => [name, state]));
    return [group.name, { state, resources }] as const;
  });
  const monitors = CONFIG.monitors.map(({ name, when }) => {
    const word = when === 'always' || isFirst ? 'Normal' : 'Offline';
    return [name, { state: word, message: null }] as const;
  });
  const heard = CONFIG.heartbeats.map(({ name }) => [name, 'Normal'] as const);
  return {
    server,
    now: NOW,
    state: 'Online',
    heartbeats: { [other]: Object.fromEntries(heard) },
    peers: { [other]: 'Online' },
    groups: Object.fromEntries(groups),
    monitors: Object.fromEntries(monitors) as DaemonView['monitors'],
    timeoutRatio: 1,
    timeoutRatioUntil: null,
    waitingUntil: null,
    ...change,
  };
}

type Side = AgentView['mirrors'][string];

export function agentView(server: string, change: Partial<Side> = {}): AgentView {
  const isActive = server === 'server1';
  return {
    server,
    now: NOW,
    mirrors: {
      md1: {
        color: 'GREEN',
        active: isActive,
        mounted: isActive,
        generation: '00000000000000a1',
        latest: true,
        lastUpdate: null,
        breakTime: null,
        dirtyBytes: 0,
        differencePercent: null,
        diskError: false,
        connected: true,
        autoRecoveryHeld: false,
        serial: `disk-${server}`,
        sizeBytes: 1 << 23,
        recovery: null,
        constructed: true,
        ...change,
      },
    },
  };
}

/** Both servers up, everything normal, groups on server1. */
export function fakeServers(): FakeServers {
  const parts = new Map<string, Handler>();
  for (const server of ['server1', 'server2']) {
    parts.set(`${server}/host`, ({ do: what }) => (what === 'status' ? hostView(server) : {}));
    parts.set(`${server}/bmc`, ({ do: what }) =>
      what === 'power.status' ? { power: 'on', bootId: `boot-${server}` } : {},
    );
    parts.set(`${server}/daemon`, ({ do: what }) => (what === 'status' ? daemonView(server) : {}));
    parts.set(`${server}/agent`, ({ do: what }) => {
      if (what === 'switch-connect') return { net: 'mdc400' };
      return what === 'status' ? agentView(server) : {};
    });
  }
  const asked: Asked[] = [];
  const call = async (server: string, part: Part, body: Asked['body']) => {
    const handler = parts.get(`${server}/${part}`) ?? silence('refused');
    await Promise.resolve();
    return structuredClone(await handler(body)) as Json;
  };
  /** As a server's supervisor puts it together. */
  const look = async (server: string) => {
    const said = async (part: Part) => {
      try {
        return { view: await call(server, part, { do: 'status' }), agoMs: 0 };
      } catch (error) {
        const { code, message: words } = error as WireError | RemoteError;
        const isSilence = error instanceof WireError;
        return {
          ...(isSilence ? { silent: { code, words } } : { refused: { code, words } }),
          agoMs: 0,
        };
      }
    };
    const power = await call(server, 'bmc', { do: 'power.status' });
    return {
      power,
      host: await said('host'),
      daemon: await said('daemon'),
      agent: await said('agent'),
    };
  };
  return {
    server: 'control',
    parts,
    asked,
    orders: () =>
      asked
        .filter(({ body }) => !LOOKS.has(String(body.do)))
        .map(({ server, part, body }) => `${server}/${part} ${JSON.stringify(body)}`),
    request: async (to, body) => {
      const asking = body as Asked['body'];
      asked.push({ server: to.server, part: to.part, body: asking });
      if (asking.do === 'look') return (await look(to.server)) as unknown as Json;
      return call(to.server, to.part, asking);
    },
  };
}

/** One part's status, its other requests answered with `{}`. */
export function says(view: unknown): Handler {
  return ({ do: what }) => (what === 'status' || what === 'power.status' ? view : {});
}

/** The operating system's word when the daemon (or agent) does not run. */
export function withStopped(server: string, ...services: string[]): Handler {
  const view = hostView(server);
  for (const name of services) view.services[name] = { enabled: true, running: false };
  return says(view);
}
