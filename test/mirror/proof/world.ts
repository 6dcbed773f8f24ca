/**
 * Two servers with one mirror on the simulated network (src/sim): real agents, their hosts and
 * management controllers as far as an agent asks them, and everything that can happen to them.
 *
 *     server   off ──boot──► on, agent runs ──kill──► on, no agent ──start──► …
 *               ▲               │  ▲ freeze, thaw
 *               └── powerOff ───┘
 */
import { Buffer } from 'node:buffer';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { Address } from '../../../src/core/part.ts';
import { MirrorAgent } from '../../../src/mirror/agent/agent.ts';
import { formatConstructed } from '../../../src/mirror/copy/cluster-partition.ts';
import type { BulkFiles } from '../../../src/ports/bulk-files.ts';
import type { AgentView } from '../../../src/ports/views.ts';
import { RemoteError } from '../../../src/ports/wire.ts';
import type { ClusterConfiguration } from '../../../src/schema/generated/cluster-configuration.ts';
import type { PowerLoss } from '../../../src/sim/memory-block-store.ts';
import { MemoryDevices } from '../../../src/sim/memory-devices.ts';
import { Pump } from '../../../src/sim/pump.ts';
import type { SeededRandom } from '../../../src/sim/seeded-random.ts';
import { SimNetwork } from '../../../src/sim/sim-network.ts';
import { SimProcess } from '../../../src/sim/sim-process.ts';
import { VirtualClock } from '../../../src/sim/virtual-clock.ts';
import { configuration } from '../configuration.ts';
import { calm, type Mood, moodyDevices, timeOf } from './moody-devices.ts';

export const NAMES = ['server1', 'server2'] as const;
export type Name = (typeof NAMES)[number];
export const otherOf = (name: Name): Name => (name === 'server1' ? 'server2' : 'server1');
export const MIRROR = 'md1';
export const BLOCK = 65536;
const PARTITION_BYTES = 256 * 1024;
const START_MS = 1_000_000;

export interface Settings {
  blocks: number;
  fencing: boolean;
  autoRecovery: boolean;
  latencyMs: number;
  slowMs: number;
  powerLoss: PowerLoss;
  /** Extents of the activity log that may be hot at once. */
  extents: number;
  /** How much a recovery has in hand at once: little, so that some of it is still to come. */
  copying: { lanes: number; flushBlocks: number };
  /** Nets of the mirror disk connects, the preferred one first. */
  connects: string[];
  /** Further parameters of the mirror resource, as in the configuration file. */
  parameters: { [path: string]: string | number };
}

export interface Running {
  process: SimProcess;
  agent: MirrorAgent;
}

export interface Server {
  name: Name;
  power: 'on' | 'off';
  /** How often its power was turned on. */
  boots: number;
  /** Its system goes down in order, until the power is off. */
  goingDown: boolean;
  running: Running | null;
  devices: MemoryDevices;
  files: Map<string, string>;
  mood: Mood;
  /** Serial of the disk in the bay. */
  serial: string;
  /** It boots by itself after a reset; when it was killed by the power it stays off. */
  diskErrors: number;
}

/** Every path holds the same key; nothing is ever kept in a file. */
const keyFile: BulkFiles = {
  read: async (_path, limitBytes) => new Uint8Array(limitBytes).fill(7),
  remove: async () => {},
  create: async () => {
    throw new Error('no file is made in a storm');
  },
};

export class ProofWorld {
  readonly settings: Settings;
  readonly random: SeededRandom;
  readonly clock = new VirtualClock(START_MS);
  readonly network: SimNetwork;
  readonly pump: Pump;
  readonly config: ClusterConfiguration;
  readonly log: string[] = [];
  readonly #servers: { [name in Name]: Server };
  #control: SimProcess;
  #ids = 0;
  onPowerLoss: (name: Name) => void = () => {};

  constructor(settings: Settings, random: SeededRandom) {
    this.settings = settings;
    this.random = random;
    this.network = new SimNetwork({
      clock: this.clock,
      random: random.fork('net'),
      nets: ['lan0', ...settings.connects],
      latencyMs: settings.latencyMs,
      bytesPerMs: 100_000,
    });
    this.network.isUp = (name) => name === 'control' || this.at(name as Name).power === 'on';
    this.pump = new Pump(this.clock, () => this.network.pending());
    this.config = configuration(settings);
    const netdev = settings.connects.map((net) => net.slice('mdc'.length)).join(',');
    Object.assign(this.config.resources[0]!.parameters, { netdev, ...settings.parameters });
    this.#servers = { server1: this.#server('server1'), server2: this.#server('server2') };
    this.#control = new SimProcess(this.clock, 'control', 'control');
    for (const name of NAMES) this.#serveHost(this.at(name));
  }

  get sizeBytes(): number {
    return this.settings.blocks * BLOCK;
  }

  at(name: Name): Server {
    return this.#servers[name];
  }

  /** Both copies constructed and equal, both agents running. */
  async format(): Promise<void> {
    for (const name of NAMES) {
      const { devices } = this.at(name);
      const store = await this.run(devices.forProcess(this.#control).open('/dev/sdb1'));
      await this.run(formatConstructed(store, MIRROR, this.sizeBytes, 'g0'));
    }
  }

  start(name: Name): void {
    const server = this.at(name);
    if (server.power === 'off') server.boots++;
    server.power = 'on';
    if (server.running) return;
    const process = new SimProcess(this.clock, name, 'agent');
    const random = this.random.fork(`agent ${++this.#ids}`);
    const agent = new MirrorAgent({
      server: name,
      config: this.config,
      clock: process.clock,
      random,
      wire: this.network.wire(process, 'agent'),
      devices: moodyDevices(
        server.devices.forProcess(process),
        process,
        { clock: this.clock, random },
        server.mood,
      ),
      bulk: keyFile,
      edition: { next: () => undefined },
      log: ({ text }) => this.note(`${name}: ${text}`),
      onDiskError: () => {
        server.diskErrors++;
        // v3 10.8: the host is reset. Not inside of the agent's own call.
        this.clock.at(this.clock.exact() + 1, () => {
          if (server.running?.process === process) this.powerOff(name);
        });
      },
    });
    for (const disk of agent.disks) {
      disk.writes.limitExtents(this.settings.extents);
      disk.recovery.limit(this.settings.copying);
    }
    server.running = { process, agent };
    process.enter(() => void agent.start().catch((error) => this.note(`${name} start: ${error}`)));
  }

  /** SIGKILL: what was written stays in the page cache, what was not begun does not happen. */
  kill(name: Name): void {
    const { running } = this.at(name);
    this.at(name).running = null;
    running?.process.kill();
    running?.agent.stop();
  }

  powerOff(name: Name): void {
    const server = this.at(name);
    if (server.power === 'off') return;
    server.power = 'off';
    server.goingDown = false;
    this.kill(name);
    server.devices.powerLoss(this.settings.powerLoss, this.random);
    this.onPowerLoss(name);
  }

  freeze(name: Name): void {
    this.at(name).running?.process.freeze();
  }

  thaw(name: Name): void {
    this.at(name).running?.process.thaw();
  }

  isFrozen(name: Name): boolean {
    return this.at(name).running?.process.frozen === true;
  }

  /** Another disk in the bay: blank, or with what an older image held. */
  insertDisk(name: Name, image: Uint8Array | null): void {
    const server = this.at(name);
    server.serial = `${name}-${++this.#ids}`;
    server.devices.createDisk(server.serial, PARTITION_BYTES + this.sizeBytes);
    if (image) this.overwriteDisk(name, image);
  }

  /** The disk that is in the bay holds what an older image held. */
  overwriteDisk(name: Name, image: Uint8Array): void {
    const { devices, serial } = this.at(name);
    const disk = devices.disks.get(serial)!;
    disk.write(0, image);
    disk.flush();
  }

  image(name: Name): Uint8Array {
    const { devices, serial } = this.at(name);
    return devices.disks.get(serial)!.read(0, PARTITION_BYTES + this.sizeBytes);
  }

  /** The data partition as a process on that server would read it, whatever is broken. */
  contents(name: Name): Uint8Array {
    const { devices, serial } = this.at(name);
    return devices.disks.get(serial)!.read(PARTITION_BYTES, this.sizeBytes);
  }

  areEqual(): boolean {
    return Buffer.compare(this.contents('server1'), this.contents('server2')) === 0;
  }

  view(name: Name): AgentView['mirrors'][string] | null {
    return this.at(name).running?.agent.view().mirrors[MIRROR] ?? null;
  }

  active(): Name | null {
    return NAMES.find((name) => this.view(name)?.active) ?? null;
  }

  /** Asks the agent of a server as a command there would; null when it does not answer. */
  async ask(name: Name, body: JsonObject): Promise<'done' | string> {
    const wire = this.network.wire(new SimProcess(this.clock, name, 'command'), 'control');
    const to: Address = { server: name, part: 'agent' };
    return await wire.request(to, { mirror: MIRROR, ...body }, 20_000).then(
      () => 'done',
      (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
    );
  }

  async run<T>(promise: Promise<T>): Promise<T> {
    return await this.pump.run(promise, 600_000);
  }

  async pass(ms: number): Promise<void> {
    await this.pump.advanceTo(this.clock.exact() + ms);
  }

  note(words: string): void {
    this.log.push(`${(this.clock.exact() - START_MS).toFixed(1)} ${words}`);
  }

  #server(name: Name): Server {
    const random = this.random.fork(`flushes of ${name}`);
    const devices = new MemoryDevices(() => timeOf(server.mood, random));
    const server: Server = {
      name,
      power: 'on',
      boots: 1,
      goingDown: false,
      running: null,
      devices,
      files: new Map(),
      mood: { ...calm(), slowMs: this.settings.slowMs },
      serial: `${name}-0`,
      diskErrors: 0,
    };
    const size = this.sizeBytes;
    devices.createDisk(server.serial, PARTITION_BYTES + size);
    devices.resolve = (path) => {
      const { serial } = server;
      const place = { serial, failed: null };
      if (path === '/dev/sdb1') return { ...place, offset: 0, sizeBytes: PARTITION_BYTES };
      if (path === '/dev/sdb2') return { ...place, offset: PARTITION_BYTES, sizeBytes: size };
      return null;
    };
    return server;
  }

  /** Host and management controller: the latter answers whatever becomes of the former. */
  #serveHost(server: Server): void {
    const wire = this.network.wire(new SimProcess(this.clock, server.name, 'chassis'), 'bmc');
    wire.serve('bmc', async () => ({ power: server.power, lastBootId: `boot ${server.boots}` }));
    wire.serve('daemon', async () => ({}));
    wire.serve('host', async (_from, body) => {
      if (server.power === 'off') return await new Promise<never>(() => {});
      return this.#host(server, body as JsonObject);
    });
  }

  #host(server: Server, body: JsonObject): Json {
    const path = String(body.path);
    if (body.do === 'files' && body.op === 'write') {
      server.files.set(path, String(body.text));
      return {};
    }
    if (body.do === 'files' && body.op === 'read') {
      return { text: server.files.get(path) ?? null };
    }
    if (body.do === 'status') {
      const node = server.goingDown ? 'shuttingDown' : 'online';
      const disks = { '/dev/sdb': { serial: server.serial } };
      return { disks, node, bootId: `boot ${server.boots}` };
    }
    throw new RemoteError('host.unknown', `no ${String(body.do)} here`);
  }
}
