/**
 * One server of the twin: its host supervisor, and what that moves (the port Machinery). Cluster
 * daemon, mirror agent and commands are the same code as in the lab, each behind a gate of its own
 * (src/sim/sim-process.ts) and with a wire of its own.
 *
 *     SimServer ─┬─ host process ── driveHost ── machinery ─► this
 *                ├─ daemon process ── driveDaemon
 *                ├─ agent process ── MirrorAgent ── MemoryDevices
 *                └─ a process for each command that runs
 *
 * When everything of a server ends at once, its disks lose what was not flushed: to be gone
 * without order and to lose power are the same thing here.
 */
import { commands } from '../commands/index.ts';
import { sharedConfiguration } from '../config/index.ts';
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { AGENTS_PATH, CONFIG_PATH, LICENCE_PATH, typesOfAgents } from '../core/paths.ts';
import { driveDaemon, wirePower } from '../engine/index.ts';
import { resolveDevice } from '../host/devices.ts';
import { type DrivenHost, driveHost } from '../host/drive.ts';
import { listProcesses } from '../host/processes.ts';
import type { Hardware, HostState } from '../host/state.ts';
import { isOsUp } from '../host/turn.ts';
import { MirrorAgent } from '../mirror/agent/agent.ts';
import type { Login } from '../ports/authority.ts';
import type { Log } from '../ports/log.ts';
import type { CommandRun, Machinery, Origin, Service } from '../ports/machinery.ts';
import type { MailMessage, MailServer } from '../ports/mail.ts';
import type { AgentView, DaemonView, ProcessView } from '../ports/views.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { MemoryBulkFiles } from './memory-bulk-files.ts';
import { MemoryDevices } from './memory-devices.ts';
import { MemoryEdition } from './memory-edition.ts';
import { MemoryFiles } from './memory-files.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { ServerWorld } from './server-world.ts';
import { type CommandOutput, runCommand, type Spoiled } from './sim-command.ts';
import { SimProcess } from './sim-process.ts';

/** How long it takes until killed processes are gone. */
const KILL_MS = 2;
/** The ids up to here belong to a system's own processes. */
const SYSTEM_PIDS = 1000;

interface Running {
  process: SimProcess;
  /** Of a part that answers to `status`, with what it would answer. */
  edition?: MemoryEdition;
  view?(): DaemonView | AgentView;
  /** Asks it to end in order. */
  stop(): void;
  /** As killed. */
  kill(): void;
}

type ExitFn = (process: string, how: { code: number | null; signal: string | null }) => void;

export class SimServer implements Machinery {
  readonly name: string;
  readonly files = new MemoryFiles();
  readonly bulk = new MemoryBulkFiles(this.files);
  readonly devices: MemoryDevices;
  /** How far its time is from the world's; what already runs goes on by its own, ms. */
  skewMs = 0;
  /** What it would have mailed: a twin sends nothing. */
  readonly mails: { server: MailServer; message: MailMessage }[] = [];
  /** The daemon's durable facts. */
  facts: Json = null;
  readonly #world: ServerWorld;
  readonly #random: SeededRandom;
  readonly #commandRandom: SeededRandom;
  #host: DrivenHost | null = null;
  #running = new Map<string, Running>();
  #commands = new Map<SimProcess, CommandRun>();
  #onExit: ExitFn = () => undefined;
  #onStop: (process: string, isStopped: boolean) => void = () => undefined;
  /** Those that were stopped one by one. */
  #stopped = new Set<string>();
  /** Every operation whose command was started, in their order. */
  readonly spawned: string[] = [];
  /** The fault: so fares the next command that somebody waits for. */
  spoiled: Spoiled | undefined;
  #starts = 0;
  #lastPid = SYSTEM_PIDS;

  constructor(world: ServerWorld, name: string) {
    this.#world = world;
    this.name = name;
    this.#random = world.random.fork(name);
    this.#commandRandom = this.#random.fork('command');
    this.devices = new MemoryDevices(0.1, world.sharedDisks);
  }

  /** Puts the supervisor to work; the power stays off. */
  open(hardware: Hardware): void {
    const { clock, network, outside } = this.#world;
    const process = new SimProcess(clock, this.name, 'host', true);
    this.devices.resolve = (path) => {
      const found = resolveDevice(this.state(), path);
      if (!found) return null;
      const holder = found.shared ? this.#world.holderOf(found.serial) : null;
      // What another server has reserved cannot be written from here.
      const isReserved = holder !== null && holder !== this.name;
      const failed = found.failed ?? (isReserved ? ('write' as const) : null);
      return { ...found, sizeBytes: found.size, failed };
    };
    this.#host = driveHost({
      server: this.name,
      hardware,
      clock: process.clock,
      random: this.#random.fork('host'),
      wire: network.wire(process, 'host'),
      alertWire: network.wire(process, 'host', undefined, this.#random.fork('alerts')),
      machinery: this,
      keep: { load: () => null, save: () => undefined },
      files: this.files.forProcess(process),
      devices: this.devices.forProcess(process),
      outside,
      mail: { send: async (server, message) => void this.mails.push({ server, message }) },
      log: this.#log,
    });
  }

  /** For the twin, and for the logs of this server. */
  readonly #log: Log = (entry) => {
    this.#world.log(entry);
    this.#host?.report(entry);
  };

  state(): HostState {
    if (!this.#host) throw new Error(`defect: ${this.name} was not opened`);
    return this.#host.state();
  }

  processes(): ProcessView[] {
    return listProcesses(this.state());
  }

  isUp(): boolean {
    return this.#host !== null && isOsUp(this.#host.state());
  }

  /** Whether something of this server is on its way: booting, going down, a command that counts. */
  isMoving(): boolean {
    const { node } = this.state();
    const isSettled = ['poweredOff', 'online', 'stopped', 'suspended'].includes(node.value);
    return !isSettled || [...this.#commands.values()].some(({ isAside }) => !isAside);
  }

  isRunning(process: string): boolean {
    return this.#running.has(process);
  }

  /** What that process knows now, whoever has asked; null: it does not run. For oracles. */
  viewOf(service: Service): DaemonView | AgentView | null {
    return this.#running.get(service)?.view?.() ?? null;
  }

  startProcess(key: string, bootId: string): number {
    if (key === 'daemon' || key === 'agent') this.#startPart(key, bootId);
    else {
      const process = new SimProcess(this.#world.clock, this.name, key, true);
      const stop = () => this.#ended(key, process, 0);
      this.#running.set(key, { process, stop, kill: () => undefined });
    }
    return ++this.#lastPid;
  }

  #startPart(service: Service, bootId: string): void {
    const { clock } = this.#world;
    const name = `${service}${++this.#starts}`;
    const process = new SimProcess(clock, this.name, name, service === 'daemon', this.skewMs);
    const start = service === 'daemon' ? this.#startDaemon : this.#startAgent;
    try {
      const config = sharedConfiguration(this.files.get(CONFIG_PATH) ?? '', CONFIG_PATH);
      this.#running.set(service, start.call(this, process, config, bootId));
    } catch (error) {
      if (!(error instanceof DrydockError)) throw error;
      process.clock.at(process.clock.now(), () => this.#ended(service, process, 78));
    }
  }

  stopProcess(key: string): void {
    const running = this.#running.get(key);
    this.signalProcess(key, false);
    running?.process.enter(() => running.stop());
  }

  killAll(): Promise<void> {
    const { powerLoss, random, ocf } = this.#world;
    for (const running of this.#running.values()) {
      running.process.kill();
      running.kill();
    }
    for (const process of this.#commands.keys()) process.kill();
    this.#running.clear();
    this.#stopped.clear();
    this.#commands.clear();
    this.devices.powerLoss(powerLoss, random);
    ocf.powerOff(this.name);
    const { clock } = this.#world;
    return new Promise((resolve) => void clock.at(clock.exact() + KILL_MS, resolve));
  }

  freeze(): void {
    for (const process of this.#processes()) process.freeze();
  }

  thaw(): void {
    for (const key of [...this.#stopped]) this.signalProcess(key, false);
    for (const process of this.#processes()) process.thaw();
  }

  onProcessExit(fn: ExitFn): void {
    this.#onExit = fn;
  }

  onProcessStopped(fn: (process: string, isStopped: boolean) => void): void {
    this.#onStop = fn;
  }

  spawnCommand(run: CommandRun, on: CommandOutput): void {
    this.spawned.push(run.operation);
    this.#spawn(run, on);
  }

  /** Somebody logged in to the server types a command; nobody else knows of it. */
  typeCommand(typedBy: Login, run: CommandRun, on: CommandOutput): void {
    this.#spawn(run, on, typedBy);
  }

  #spawn(run: CommandRun, on: CommandOutput, typedBy?: Login): void {
    const { clock, network, scripts: shared } = this.#world;
    const name = run.argv[0] ?? 'command';
    const process = new SimProcess(clock, this.name, name, false, this.skewMs);
    this.#commands.set(process, run);
    process.onDeath(() => this.#commands.delete(process));
    // Nothing else depends on whether something runs aside.
    const aside = run.isAside && this.#random.fork('aside');
    const wire = network.wire(process, 'control', undefined, aside);
    const files = this.files.forProcess(process);
    const random = this.#commandRandom;
    const scripts = shared.forProcess(process);
    const spoiled = run.isAside ? undefined : this.spoiled;
    if (!run.isAside) this.spoiled = undefined;
    const world = { process, wire, files, random, commands, scripts, spoiled };
    runCommand(typedBy ? { ...world, typedBy } : world, run, on);
  }

  /** Nothing here is a process: who started a command is said where it is started. */
  originOf(): Origin {
    return { operation: null, byCluster: false };
  }

  editionOf(service: Service): string | null {
    const running = this.#running.get(service);
    if (!running?.edition || running.process.frozen || running.process.dead) return null;
    return `${running.process.name} ${running.edition.count}`;
  }

  async createDisk(serial: string, sizeBytes: number, isShared = false): Promise<void> {
    this.#world.clock.stir();
    this.devices.createDisk(serial, sizeBytes, isShared);
  }

  setCable(net: string, up: boolean): void {
    this.#world.network.cables.setPlugged(net, this.name, up);
  }

  async copyDisk(from: string, to: string): Promise<void> {
    this.#world.clock.stir();
    this.devices.copyDisk(from, to);
  }

  async clearFiles(folder: string): Promise<void> {
    this.#world.clock.stir();
    this.files.clear(folder);
    this.bulk.clear(folder);
    this.facts = null;
  }

  /** None of a twin's servers has them: what is there is as delivered. */
  async placeProduct(): Promise<void> {
    this.#world.clock.stir();
  }

  /** The fault: SIGSTOP for one process, or SIGCONT. */
  signalProcess(key: string, isStopped: boolean): void {
    const running = this.#running.get(key);
    if (!running || this.#stopped.has(key) === isStopped) return;
    if (isStopped) this.#stopped.add(key);
    else this.#stopped.delete(key);
    running.process[isStopped ? 'freeze' : 'thaw']();
    if (running.view === undefined) this.#onStop(key, isStopped);
  }

  /** The fault: one process is killed, its system lives on. */
  killProcess(key: string): void {
    const running = this.#running.get(key);
    if (!running) return;
    this.#stopped.delete(key);
    running.process.kill();
    running.kill();
    this.#running.delete(key);
    this.#onExit(key, { code: null, signal: 'SIGKILL' });
  }

  #processes(): SimProcess[] {
    return [...[...this.#running.values()].map(({ process }) => process), ...this.#commands.keys()];
  }

  #ended(key: string, process: SimProcess, code: number): void {
    const running = this.#running.get(key);
    if (running && running.process !== process) return;
    this.#running.delete(key);
    this.#stopped.delete(key);
    process.kill();
    running?.kill();
    this.#onExit(key, { code, signal: null });
  }

  #startDaemon(process: SimProcess, config: ClusterConfiguration, bootId: string): Running {
    const { network, scripts, ocf, clock } = this.#world;
    const edition = new MemoryEdition();
    const wire = network.wire(process, 'daemon');
    const daemon = driveDaemon({
      server: this.name,
      config,
      bootId,
      clock: process.clock,
      wire,
      power: wirePower(wire),
      scripts: scripts.forProcess(process),
      ocf: ocf.forProcess(process),
      agents: typesOfAgents(this.files.names(AGENTS_PATH)),
      licences: this.files.get(LICENCE_PATH) ?? null,
      facts: {
        load: () => this.facts,
        save: (facts) => {
          this.facts = structuredClone(facts);
        },
        settled: () => Promise.resolve(),
      },
      edition,
      log: this.#log,
      onExit: () => void clock.at(clock.now(), () => this.#ended('daemon', process, 0)),
    });
    const stop = () => daemon.requestStop();
    const kill = () => daemon.stop();
    return { process, edition, view: () => daemon.view(), stop, kill };
  }

  #startAgent(process: SimProcess, config: ClusterConfiguration): Running {
    const { network } = this.#world;
    const edition = new MemoryEdition();
    const wire = network.wire(process, 'agent');
    const host = { server: this.name, part: 'host' as const };
    const agent = new MirrorAgent({
      server: this.name,
      config,
      clock: process.clock,
      random: this.#random.fork(process.name),
      wire,
      devices: this.devices.forProcess(process),
      files: this.files.forProcess(process),
      bulk: this.bulk.forProcess(process),
      edition,
      log: this.#log,
      onDiskError: (mirror, why) => {
        const body = { do: 'reset', why: `disk error of ${mirror}: ${why}` };
        wire.request(host, body, 10_000).catch(() => undefined);
      },
    });
    void agent.start();
    const stop = () => {
      agent.close().then(
        () => this.#ended('agent', process, 0),
        () => undefined,
      );
    };
    return { process, edition, view: () => agent.view(), stop, kill: () => agent.stop() };
  }
}
