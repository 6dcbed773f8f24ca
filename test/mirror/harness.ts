/**
 * Two servers with one mirror in memory: virtual time, disks that lose or reorder what was not
 * flushed, a mirror disk connect and an interconnect that can be cut, hosts that keep files.
 */
import { Buffer } from 'node:buffer';
import type { JsonObject } from '../../src/core/json.ts';
import type { Address, PartName } from '../../src/core/part.ts';
import { MirrorAgent } from '../../src/mirror/agent/agent.ts';
import { formatConstructed } from '../../src/mirror/copy/cluster-partition.ts';
import { DeviceError } from '../../src/ports/devices.ts';
import type { AgentView } from '../../src/ports/views.ts';
import { RemoteError, type Wire, WireError } from '../../src/ports/wire.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { configuration } from './configuration.ts';
import { MemoryBulk } from './memory-bulk.ts';
import { MemoryLink } from './memory-link.ts';
import { MemoryPartition, seeded } from './memory-partition.ts';
import { askHost, filesOf, type ServerOf } from './memory-server.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

export { MemoryPartition, seeded };

export const KIB = 1024;
export const BLOCK = 64 * KIB;
export const MIRROR = 'md1';
export const KEY_FILE = '/root/mirror.key';

export interface WorldOptions {
  dataBytes?: number;
  /** Of the mirror, where it does not take up its data partition; null: it does. */
  mirrorBytes?: number | null;
  autoRecovery?: boolean;
  /** Parameters of the mirror disk resource, over those of configuration.ts. */
  parameters?: Record<string, string | number>;
  /** Licences that the configuration lists; null: it lists none. */
  licences?: string[] | null;
  /** Key file on both servers. */
  key?: Uint8Array | null;
  fencing?: boolean;
  constructed?: boolean;
  seed?: number;
}

export class World {
  readonly clock = new VirtualClock();
  readonly servers: Record<string, ServerOf> = {};
  readonly config: ClusterConfiguration;
  readonly options: Required<WorldOptions>;
  readonly random: () => number;
  /** `cut`: frames vanish, nothing is closed. */
  mdc: 'up' | 'cut' = 'up';
  /** The mirror disk connect takes no frame, and does not say so. */
  stuck = false;
  /** What was sent over the mirror disk connect lately. */
  readonly tapped: Uint8Array[] = [];
  tamper: ((payload: Uint8Array) => void) | null = null;
  /** As of `MemoryLink`, of both ends. */
  spoil: MemoryLink['spoil'] = null;
  /** Nets of mirror disk connects that lead nowhere. */
  readonly deadNets = new Set<string>();
  lan: 'up' | 'cut' = 'up';
  bmc: 'up' | 'cut' = 'up';
  /** Of the mirror disk connect, one way. */
  latencyMs = 0;
  #links: MemoryLink[] = [];
  #ids = 0;

  constructor(options: WorldOptions = {}) {
    this.options = {
      dataBytes: 16 * BLOCK,
      autoRecovery: false,
      mirrorBytes: null,
      parameters: {},
      licences: null,
      key: null,
      fencing: false,
      constructed: true,
      seed: 1,
      ...options,
    };
    this.random = seeded(this.options.seed);
    this.config = configuration(this.options);
    for (const name of ['server1', 'server2']) {
      this.servers[name] = {
        name,
        cp: new MemoryPartition(256 * KIB),
        dp: new MemoryPartition(this.options.dataBytes),
        agent: null,
        files: new Map(),
        bulk: new MemoryBulk(),
        serial: `S-${name}`,
        power: 'on',
        boots: 1,
        goingDown: false,
        extra: {},
        diskErrors: [],
        log: [],
        events: [],
        handler: null,
        listener: null,
      };
    }
    const { key } = this.options;
    if (key) this.putKey(key, 'server1', 'server2');
  }

  /** Lays the key file on servers. */
  putKey(key: Uint8Array, ...names: string[]): void {
    for (const name of names) this.at(name).bulk.files.set(KEY_FILE, key);
  }

  at(name: string): ServerOf {
    return this.servers[name]!;
  }

  /** Prepares both copies and starts both agents. */
  async up(): Promise<void> {
    if (this.options.constructed) {
      for (const { cp } of Object.values(this.servers)) {
        const { mirrorBytes, dataBytes } = this.options;
        await formatConstructed(cp.open(), MIRROR, mirrorBytes ?? dataBytes, 'g0');
      }
    }
    await this.start('server1');
    await this.start('server2');
    await this.until(() => this.view('server1').connected === true, 'both connected');
  }

  async start(name: string): Promise<void> {
    const server = this.at(name);
    if (server.power === 'off') server.boots++;
    server.power = 'on';
    server.goingDown = false;
    const agent = new MirrorAgent({
      server: name,
      config: this.config,
      clock: this.clock,
      random: {
        id: () => `g${String(++this.#ids).padStart(4, '0')}`,
        next: this.random,
      },
      wire: this.#wire(server, () => agent),
      devices: {
        open: async (path) => {
          if (path === '/dev/sdb1') return server.cp.open();
          if (path === '/dev/sdb2') return server.dp.open();
          throw new DeviceError('ENODEV', path);
        },
      },
      files: filesOf(server),
      edition: { next: () => undefined },
      bulk: server.bulk.port(),
      log: (entry) => server.log.push(entry),
      onDiskError: (mirror) => server.diskErrors.push(mirror),
      ...server.extra,
    });
    server.agent = agent;
    await this.orDead(name, () => agent.start());
  }

  /** SIGKILL of the agent: its sockets close, its half-done work ends. */
  kill(name: string): void {
    const server = this.at(name);
    server.agent?.stop();
    server.cp.life++;
    server.dp.life++;
    server.agent = null;
    server.handler = null;
    server.listener = null;
  }

  /** Power off without any order; unflushed writes are lost in part. */
  powerOff(name: string): void {
    const server = this.at(name);
    this.kill(name);
    server.power = 'off';
    server.cp.powerLoss(this.random);
    server.dp.powerLoss(this.random);
  }

  /** Pulls the cable of the mirror disk connect: silence, or both ends see it close. */
  cutMirror(how: 'silent' | 'closed' = 'closed'): void {
    this.mdc = 'cut';
    for (const link of this.#links) {
      if (how === 'closed') link.shut('cut');
      else link.silent = true;
    }
    this.#links = [];
  }

  /** Forgets links that were closed: a cut has nothing to do with them. */
  dropDeadLinks(): void {
    this.#links = this.#links.filter((link) => !link.isClosed);
  }

  heal(): void {
    this.mdc = 'up';
    this.lan = 'up';
  }

  /** Asks the agent of a server as a command there would. */
  async ask(name: string, body: JsonObject): Promise<JsonObject> {
    const { handler } = this.at(name);
    if (!handler) throw new WireError('refused', `no agent on ${name}`);
    const from: Address = { server: name, part: 'control' };
    return (await this.run(handler(from, { mirror: MIRROR, ...body }))) as JsonObject;
  }

  view(name: string): AgentView['mirrors'][string] {
    return this.at(name).agent!.view().mirrors[MIRROR]!;
  }

  colors(): string {
    return ['server1', 'server2']
      .map((name) => (this.at(name).agent ? this.view(name).color : 'off'))
      .join(' ');
  }

  async write(name: string, offset: number, data: Uint8Array): Promise<void> {
    await this.run(this.at(name).agent!.write(MIRROR, offset, data));
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return await this.run(this.at(name).agent!.read(MIRROR, offset, length));
  }

  /** Runs virtual time until the promise is settled. */
  async run<T>(promise: Promise<T>, limitMs = 600_000): Promise<T> {
    let ended = false;
    const mark = (): void => {
      ended = true;
    };
    promise.then(mark, mark);
    await this.until(() => ended, 'the promise', limitMs);
    return await promise;
  }

  /** As `run`, but null when it failed or the agent of that server is gone before it ended. */
  async orDead<T>(name: string, work: () => Promise<T>): Promise<T | null> {
    const { agent } = this.at(name);
    const promise = work();
    let ended = false;
    const mark = (): void => {
      ended = true;
    };
    promise.then(mark, mark);
    await this.until(() => ended || this.at(name).agent !== agent, 'the promise');
    return ended ? await promise.catch(() => null) : null;
  }

  async until(condition: () => boolean, what: string, limitMs = 600_000): Promise<void> {
    const from = this.clock.now();
    for (;;) {
      await settle();
      if (condition()) return;
      if (this.clock.now() - from > limitMs) throw new Error(`${what}: not in ${limitMs} ms`);
      if (!this.clock.step()) throw new Error(`${what}: nothing happens any more`);
    }
  }

  async pass(ms: number): Promise<void> {
    let over = false;
    this.clock.at(this.clock.now() + ms, () => {
      over = true;
    });
    await this.until(() => over, 'time');
  }

  areEqual(): boolean {
    const [a, b] = [this.at('server1').dp.cache, this.at('server2').dp.cache];
    return Buffer.compare(a, b) === 0;
  }

  #tap(header: JsonObject, payload: Uint8Array): void {
    if (payload.length > 0) this.tamper?.(payload);
    this.tapped.push(Buffer.from(JSON.stringify(header)), Buffer.from(payload));
    if (this.tapped.length > 4000) this.tapped.splice(0, 2000);
  }

  #other(name: string): ServerOf {
    return this.at(name === 'server1' ? 'server2' : 'server1');
  }

  #wire(server: ServerOf, mine: () => MirrorAgent): Wire {
    const isDead = (): boolean => server.agent !== mine();
    return {
      server: server.name,
      request: async (to, body, timeoutMs) => {
        await Promise.resolve();
        if (isDead()) return await new Promise(() => {});
        const target = this.at(to.server);
        const fail = async (): Promise<never> => {
          await new Promise<void>((resolve) => {
            this.clock.at(this.clock.now() + timeoutMs, resolve);
          });
          throw new WireError('timeout', `${to.server}/${to.part} does not answer`);
        };
        const copy = structuredClone(body) as JsonObject;
        if (to.part === 'bmc' && this.bmc === 'cut') return await fail();
        if (to.part === 'bmc') {
          return { power: target.power, bootId: null, lastBootId: `boot ${target.boots}` };
        }
        if (target !== server && this.lan === 'cut') return await fail();
        if (target.power === 'off') return await fail();
        if (to.part === 'host') return await askHost(target, copy);
        if (to.part === 'daemon') {
          server.events.push(copy);
          return {};
        }
        if (!target.handler) throw new WireError('refused', `no agent on ${to.server}`);
        const from: Address = { server: server.name, part: 'agent' };
        return await Promise.race([target.handler(from, copy), fail()]);
      },
      serve: (part: PartName, handler) => {
        if (part === 'agent') server.handler = handler;
        return () => {
          if (server.handler === handler) server.handler = null;
        };
      },
      datagram: () => {},
      onDatagram: () => () => {},
      reaches: async () => true,
      connect: async (peer, net, timeoutMs) => {
        await Promise.resolve();
        const target = this.#other(server.name);
        if (target.name !== peer) throw new WireError('unreachable', peer);
        if (this.mdc === 'cut' || this.deadNets.has(net) || !target.listener) {
          await new Promise<void>((resolve) => {
            this.clock.at(this.clock.now() + Math.min(timeoutMs, 50), resolve);
          });
          throw new WireError('timeout', `${peer} on ${net}`);
        }
        const later = (fn: () => void): void => {
          if (this.latencyMs === 0) queueMicrotask(fn);
          else this.clock.at(this.clock.now() + this.latencyMs, fn);
        };
        const here = new MemoryLink(peer, net, later);
        const there = new MemoryLink(server.name, net, later);
        here.other = there;
        there.other = here;
        for (const end of [here, there]) end.stuck = () => this.stuck;
        for (const end of [here, there]) {
          end.spoil = (...frame) => this.spoil?.(...frame) ?? [frame];
        }
        for (const end of [here, there]) end.tap = (header, payload) => this.#tap(header, payload);
        this.#links.push(here, there);
        target.listener(there);
        return here;
      },
      listen: (fn) => {
        server.listener = fn;
        return () => {
          if (server.listener === fn) server.listener = null;
        };
      },
    };
  }
}

/** A block of bytes that tells where and when it was written. */
export function pattern(length: number, tag: number): Uint8Array {
  return new Uint8Array(length).fill(tag & 0xff || 1);
}

/** The code of a RemoteError, for assertions on refusals. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'done';
  } catch (error) {
    return error instanceof RemoteError ? error.code : String(error);
  }
}

/** The order that makes a side active without forcing anything. */
export const activate = { do: 'activate', mount: false, force: false, evidence: null };

export async function started(options: WorldOptions = {}): Promise<World> {
  const world = new World(options);
  await world.up();
  return world;
}

export async function activeOn1(options: WorldOptions = {}): Promise<World> {
  const world = await started(options);
  await world.ask('server1', activate);
  return world;
}

export async function recovered(world: World): Promise<void> {
  await world.until(() => world.colors() === 'GREEN GREEN', 'both GREEN');
}
