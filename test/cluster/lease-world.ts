/**
 * Some hosts as they are, from two to many, with nothing around them but a network and a clock in
 * memory: enough to switch them off and on in turn while runs want the lease.
 */
import { createDoor } from '../../src/cluster/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { Address } from '../../src/core/part.ts';
import { type DrivenHost, driveHost, type HostWorld } from '../../src/host/drive.ts';
import { stepHost } from '../../src/host/step.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ClusterDoor } from '../../src/ports/cluster.ts';
import type { LeaseHeld } from '../../src/ports/lease.ts';
import { WireError } from '../../src/ports/wire.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { hardware } from '../host/harness.ts';

const START = 1_767_225_600_000;

type Handler = Parameters<HostWorld['wire']['serve']>[1];

/** Time that passes only while somebody waits for something. */
class HandClock implements Clock {
  #now = START;
  #timers: { at: number; fn: () => void }[] = [];

  now = () => this.#now;

  at(at: number, fn: () => void): () => void {
    const timer = { at, fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async run<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (isSettled) return promise;
      this.#fireNext(Number.POSITIVE_INFINITY);
    }
  }

  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#fireNext(until));
    this.#now = until;
  }

  #fireNext(until: number): boolean {
    const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
    if (!next || next.at > until) return false;
    this.#timers = this.#timers.filter((other) => other !== next);
    this.#now = Math.max(this.#now, next.at);
    next.fn();
    return true;
  }
}

export class LeaseWorld {
  readonly names: string[];
  readonly clock = new HandClock();
  readonly door: ClusterDoor;
  /** What each run believes to hold. */
  readonly held = new Map<string, LeaseHeld>();
  readonly #hosts = new Map<string, DrivenHost>();
  readonly #served = new Map<string, Handler>();
  #operations = 0;

  constructor(count: number) {
    this.names = Array.from({ length: count }, (_, at) => `server${at + 1}`);
    for (const name of this.names) this.#hosts.set(name, this.#host(name));
    const config = { servers: this.names.map((name) => ({ name })) };
    this.door = createDoor({
      wire: { server: 'control', request: (to, body) => this.#request('control', to, body) },
      machines: this.names,
      config: () => config as unknown as ClusterConfiguration,
      clock: this.clock,
    });
  }

  #host(server: string): DrivenHost {
    const peers = this.names.filter((name) => name !== server);
    const disks = {};
    return driveHost({
      server,
      hardware: { ...hardware(peers), disks, mirrors: [] },
      clock: this.clock,
      random: { id: () => server, next: () => 0.5 },
      wire: {
        server,
        request: (to, body) => this.#request(server, to, body),
        serve: (part, handler) => {
          this.#served.set(`${server}/${part}`, handler);
          return () => this.#served.delete(`${server}/${part}`);
        },
        datagram: () => undefined,
        onDatagram: () => () => undefined,
        reaches: async () => true,
        connect: () => Promise.reject(new Error('not asked')),
        listen: () => () => undefined,
      },
      machinery: {
        startProcess: () => null,
        stopProcess: () => undefined,
        killAll: async () => undefined,
        freeze: () => undefined,
        thaw: () => undefined,
        onProcessExit: () => undefined,
        onProcessStopped: () => undefined,
        spawnCommand: (_run, on) => on.end({ exitCode: 0, answered: [] }),
        createDisk: async () => undefined,
        copyDisk: async () => undefined,
        setCable: () => undefined,
        clearFiles: async () => undefined,
        placeProduct: async () => undefined,
        originOf: () => ({ operation: null, byCluster: false }),
        editionOf: () => null,
      },
      keep: { load: () => null, save: () => undefined },
      files: {
        read: async () => null,
        write: async () => undefined,
        list: async () => [],
        remove: async () => undefined,
        append: async () => 0,
        rename: async () => undefined,
      },
      outside: {
        look: async () => null,
        take: async () => undefined,
        release: async () => undefined,
      },
      mail: { send: async () => undefined },
      log: () => undefined,
    } as HostWorld);
  }

  async #request(from: string, to: Address, body: Json): Promise<Json> {
    const isSilent = to.part !== 'bmc' && !this.isOn(to.server);
    const handler = this.#served.get(`${to.server}/${to.part}`);
    if (isSilent || !handler) throw new WireError('timeout', `${to.server} does not answer`);
    const copy = JSON.parse(JSON.stringify(body)) as Json;
    const part = from === 'control' ? ('control' as const) : ('host' as const);
    return JSON.parse(JSON.stringify(await handler({ server: from, part }, copy))) as Json;
  }

  isOn(server: string): boolean {
    return this.#hosts.get(server)!.state().node.value !== 'poweredOff';
  }

  on(): string[] {
    return this.names.filter((name) => this.isOn(name));
  }

  off(): string[] {
    return this.names.filter((name) => !this.isOn(name));
  }

  async power(server: string, on: boolean): Promise<void> {
    const to = { server, part: 'bmc' as const };
    const body = on ? { do: 'power.on', singleUser: true } : { do: 'power.cut' };
    await this.clock.run(this.#request('control', to, body));
    await this.clock.pass(5_000);
  }

  /** True when the run holds the cluster now; else the code of the refusal. */
  async take(run: string, giveUp: string[] = []): Promise<true | string> {
    const before = this.held.get(run) ?? null;
    try {
      const lease = await this.clock.run(this.door.lease.acquire(run, '', { giveUp, before }));
      this.held.set(run, lease);
      return true;
    } catch (error) {
      return String((error as { code?: unknown }).code);
    }
  }

  /** A person's word for a run on a server that was restarted alone. */
  async vouch(run: string, server: string, giveUp: string[]): Promise<true | string> {
    const lease = this.held.get(run);
    if (!lease) return 'nothing held';
    try {
      await this.clock.run(this.door.lease.vouch(server, lease, giveUp));
      return true;
    } catch (error) {
      return String((error as { code?: unknown }).code);
    }
  }

  async giveBack(run: string): Promise<void> {
    const lease = this.held.get(run);
    this.held.delete(run);
    if (lease) await this.clock.run(this.door.lease.release(lease));
  }

  /** True when it ran; else the code of the refusal. */
  async exec(run: string, server: string): Promise<true | string> {
    this.#operations += 1;
    const lease = this.held.get(run) ?? null;
    const operation = `${run}/${this.#operations}`;
    const order = { server, operation, argv: ['date'], answers: [], timeoutMs: 1_000, lease };
    try {
      await this.clock.run(this.door.commands.exec(order));
      return true;
    } catch (error) {
      return String((error as { code?: unknown }).code);
    }
  }

  /** Which runs' commands would be started now, and where; nothing is changed by asking. */
  passing(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const [run, lease] of this.held) {
      const where = this.on().filter((server) => {
        const body = { do: 'exec', operation: 'probe', argv: ['date'], answers: [], timeoutMs: 1 };
        const moved = stepHost(
          this.#hosts.get(server)!.state(),
          {
            type: 'request.received',
            id: 'probe',
            from: { server: 'control', part: 'control' },
            to: 'host',
            body: { ...body, lease: { ...lease } },
          },
          this.clock.now(),
        );
        return moved.effects.some(({ type }) => type === 'spawnCommand');
      });
      if (where.length > 0) found.set(run, where);
    }
    return found;
  }

  stop(): void {
    for (const host of this.#hosts.values()) host.stop();
  }
}

/** Every server on, each told by the others. */
export async function worldOf(count: number): Promise<LeaseWorld> {
  const world = new LeaseWorld(count);
  for (const name of world.names) await world.power(name, true);
  return world;
}
