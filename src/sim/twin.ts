/**
 * The twin: a whole cluster in one process, in virtual time, from a seed. The parts are those of
 * the lab; clock, network, disks, files and the way a command runs are simulated.
 *
 *     control ──wire──┐            ┌─ SimServer server1 ─ host, daemon, agent, commands
 *     observer ─wire──┼─ network ──┤
 *                     │  cables    └─ SimServer server2 ─ …
 *     clock ◄── pump ─┘
 *
 * Nothing happens by itself: `run` and `advance` let virtual time pass. One seed and one sequence
 * of calls give one history.
 */
import { collectStatus, configurationOn, createDoor, physicalActs } from '../cluster/index.ts';
import { mirrorSides, mirrorsOf, netsOf, sharedConfiguration } from '../config/index.ts';
import { badInput } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { PartName } from '../core/part.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import { cableEnds } from '../host/faults.ts';
import { hardwareFor } from '../host/hardware.ts';
import { reservationOf } from '../host/outside.ts';
import { formatConstructed } from '../mirror/copy/cluster-partition.ts';
import type { Authority } from '../ports/authority.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import type { OperationRecord } from '../ports/commands.ts';
import type { LogEntry } from '../ports/log.ts';
import type { Operator } from '../ports/operator.ts';
import type { Medium } from '../ports/views.ts';
import type { Wire } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';
import { memoryOutside } from './memory-outside.ts';
import { violations } from './oracles.ts';
import { PatternedIo } from './patterned-io.ts';
import { Pump } from './pump.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimNetwork } from './sim-network.ts';
import { SimOcf } from './sim-ocf.ts';
import { SimProcess } from './sim-process.ts';
import { SimScripts } from './sim-scripts.ts';
import { SimServer } from './sim-server.ts';
import { agentScripts, runningMonitors } from './twin-agents.ts';
import { type TwinFaults, twinFaults } from './twin-faults.ts';
import { hardwareFromStatus } from './twin-hardware.ts';
import { TAKEN_FOR_UNTOLD, untoldMedium } from './twin-media.ts';
import type { OperatorPolicy, TwinOptions, Typed, TypedOrder } from './twin-options.ts';
import { stageTwin } from './twin-staging.ts';
import { VirtualClock } from './virtual-clock.ts';

/** No fault touches its cables: for oracles and acts of the twin itself. */
const OBSERVER = 'observer';
const RUN_LIMIT_MS = 24 * 3600_000;
const LOOK_TIMEOUT_MS = 50;
const REST_STEP_MS = 250;
const REST_LIMIT_MS = 15 * 60_000;
/** 2026-01-01T00:00:00Z */
const START_MS = 1_767_225_600_000;

export class Twin {
  readonly clock: VirtualClock;
  readonly config: ClusterConfiguration;
  readonly configText: string;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly scripts = new SimScripts();
  readonly ocf = new SimOcf();
  readonly log: LogEntry[] = [];
  readonly faults: TwinFaults;
  readonly io: PatternedIo;
  /** What a twin made from a status does not know, in words. */
  readonly unknowns: string[] = [];
  readonly #servers = new Map<string, SimServer>();
  readonly #pump: Pump;
  readonly #control: SimProcess;
  readonly #controlWire: Wire;
  readonly #observerWire: Wire;
  #doors = 0;

  constructor(options: TwinOptions) {
    this.configText = options.configText;
    this.config = sharedConfiguration(options.configText, 'clp.conf');
    this.clock = new VirtualClock(options.startMs ?? START_MS);
    this.random = new SeededRandom(options.seed);
    this.network = new SimNetwork({
      clock: this.clock,
      random: this.random.fork('network'),
      nets: netsOf(this.config),
      latencyMs: options.latencyMs ?? 0.2,
      bytesPerMs: options.bytesPerMs ?? 100_000,
    });
    this.network.isUp = (name) => this.#servers.get(name)?.isUp() ?? true;
    this.#pump = new Pump(this.clock, () => this.network.pending());
    this.#control = new SimProcess(this.clock, 'control', 'control');
    this.#controlWire = this.network.wire(this.#control, 'control');
    const observer = new SimProcess(this.clock, OBSERVER, OBSERVER);
    this.#observerWire = this.network.wire(observer, 'control');
    this.io = new PatternedIo(this.#observerWire);
    const outside = memoryOutside(this.clock);
    const world = {
      clock: this.clock,
      network: this.network,
      random: this.random,
      scripts: this.scripts,
      ocf: this.ocf,
      log: (entry: LogEntry) => void this.log.push(entry),
      powerLoss: options.powerLoss ?? ('drop' as const),
      outside,
      holderOf: (serial: string) => outside.peek(reservationOf(serial)),
      sharedDisks: new Map(),
    };
    const members = this.config.servers.map(({ name }) => name);
    for (const name of [...members, ...(options.spares ?? [])]) {
      this.#servers.set(name, new SimServer(world, name));
    }
    this.faults = twinFaults({
      cables: this.network.cables,
      servers: this.#servers,
      wire: this.#observerWire,
      ends: cableEnds(this.config),
    });
  }

  get servers(): SimServer[] {
    return [...this.#servers.values()];
  }

  server(name: string): SimServer {
    const server = this.#servers.get(name);
    if (server) return server;
    const known = [...this.#servers.keys()].join(', ');
    throw badInput(`the twin has no server ${name}`, {
      code: 'server.unknown',
      remedy: `its servers are ${known}`,
    });
  }

  get machines(): string[] {
    return [...this.#servers.keys()];
  }

  /** What lies on its servers now: a run may have changed it. */
  atHand(): { text: string; config: ClusterConfiguration } {
    const textOn = (name: string) => this.#servers.get(name)?.files.get(CONFIG_PATH) ?? null;
    const found = configurationOn(this.machines, textOn);
    return found ?? { text: this.configText, config: this.config };
  }

  /** The wire of the control host, or one that speaks as that server's host. */
  wire(server: string): Wire {
    if (server === 'control') return this.#controlWire;
    const process = new SimProcess(this.clock, this.server(server).name, 'guest');
    return this.network.wire(process, 'control');
  }

  /** The clock as the control host sees it. */
  controlClock(): Clock {
    return this.#control.clock;
  }

  /** `who`: the person at the control host, as the servers know them. */
  door(who?: string): ClusterDoor {
    const { machines } = this;
    const config = () => this.atHand().config;
    const wire =
      who === undefined ? this.#controlWire : this.network.wire(this.#control, 'control', who);
    return createDoor({ wire, machines, config, clock: this.#control.clock });
  }

  operator(policy: OperatorPolicy = {}): Operator {
    const { confirms = true, choices = {} } = policy;
    const { perform } = physicalActs(this.#controlWire);
    return {
      perform: async (act, words) => {
        if ('medium' in act) await this.#shelve(act.server, act.medium);
        return perform(act, words);
      },
      confirm: async (_step, _question, typeName) => (confirms ? (typeName ?? 'yes') : null),
      choose: async (step, _question, options) => choices[step] ?? options[0] ?? null,
    };
  }

  /** Asks a part of a server, past every fault of the cables. */
  ask(server: string, part: PartName, body: Json, timeoutMs: number): Promise<Json> {
    return this.run(this.#observerWire.request({ server, part }, body, timeoutMs));
  }

  /** A medium whose contents nobody told. */
  mediumOf(label: string): Medium {
    return untoldMedium(label, this.config, this.configText);
  }

  async #shelve(server: string, name: string): Promise<void> {
    if (this.server(server).state().media[name]) return;
    this.unknowns.push(`what is on medium ${name}: the twin takes ${TAKEN_FOR_UNTOLD}`);
    const body = { do: 'media.put', name, medium: this.mediumOf(name) };
    await this.#observerWire.request({ server, part: 'bmc' }, body as unknown as Json, 10_000);
  }

  /** The cluster as the control host sees it, faults included. */
  status(): Promise<Status> {
    return this.#collect(this.#controlWire, this.#control.clock);
  }

  /** The cluster as it is: no cable hides anything from the observer. */
  look(): Promise<Status> {
    return this.#collect(this.#observerWire, this.clock, LOOK_TIMEOUT_MS);
  }

  #collect(wire: Wire, clock: Clock, timeoutMs?: number): Promise<Status> {
    return this.run(collectStatus(wire, this.atHand().config, clock, timeoutMs, this.machines));
  }

  /** The promise's outcome; virtual time passes until it has one. */
  run<T>(promise: Promise<T>, limitMs = RUN_LIMIT_MS): Promise<T> {
    return this.#pump.run(promise, limitMs);
  }

  /** Lets that much virtual time pass. */
  advance(ms: number): Promise<void> {
    return this.#pump.advanceTo(this.clock.exact() + ms);
  }

  /** A command on a server, under an operation id of its own, as that authority's person. */
  exec(
    server: string,
    argv: string[],
    answers: { prompt: string; reply: string }[] = [],
    timeoutMs = 600_000,
    authority: Authority | null = null,
  ): Promise<OperationRecord> {
    return this.run(this.order({ server, argv, answers, timeoutMs, authority }));
  }

  /** The same, begun; no time passes. */
  order(typed: TypedOrder): Promise<OperationRecord> {
    const { answers = [], timeoutMs = 600_000, authority = null, ...rest } = typed;
    const operation = `twin-${++this.#doors}`;
    const order = { ...rest, operation, answers, timeoutMs, lease: null, authority };
    return this.door(authority?.who).commands.exec(order);
  }

  /** A command that somebody types on a server, logged in as that name. */
  type(server: string, name: string, argv: string[]): Promise<Typed> {
    const login = { uid: 1000, name };
    const run = { operation: `typed-${++this.#doors}`, argv, answers: [], timeoutMs: 600_000 };
    const typed: Omit<Typed, 'exitCode'> = { data: null, stdout: '', stderr: '' };
    const ended = new Promise<Typed>((resolve) => {
      this.server(server).typeCommand({ real: login, effective: login, terminal: null }, run, {
        output: (stream, text) => {
          typed[stream] += text;
        },
        data: (data) => {
          typed.data = data;
        },
        end: ({ exitCode }) => resolve({ ...typed, exitCode }),
      });
    });
    return this.run(ended);
  }

  /** Lets time pass until `holds` says so of the status; throws after `limitMs`. */
  async until(
    words: string,
    holds: (status: Status) => boolean,
    limitMs = 60_000,
  ): Promise<Status> {
    const deadline = this.clock.now() + limitMs;
    for (;;) {
      const seen = await this.look();
      if (holds(seen)) return seen;
      if (this.clock.now() >= deadline) {
        throw badInput(`${words}: not within ${limitMs} ms`, { code: 'twin.limit' });
      }
      await this.advance(50);
    }
  }

  /** Lets time pass until nothing is on its way any more. */
  async atRest(limitMs = REST_LIMIT_MS): Promise<Status> {
    const deadline = this.clock.now() + limitMs;
    for (let calm = 0; ; ) {
      await this.advance(REST_STEP_MS);
      const seen = await this.look();
      calm = this.isCalm(seen) ? calm + 1 : 0;
      if (calm >= 2) return seen;
      if (this.clock.now() >= deadline) {
        throw badInput(`the twin did not come to rest within ${limitMs} ms`, {
          code: 'twin.limit',
        });
      }
    }
  }

  /** Powers every server on and waits until the cluster is at rest. */
  async up(): Promise<Status> {
    await this.run(Promise.all(this.servers.map(({ name }) => this.faults.powerOn(name))));
    return this.atRest();
  }

  /** What is wrong now, by the standing oracles. */
  async violations(): Promise<string[]> {
    return violations(this, await this.look());
  }

  /** By what is seen of it: nothing is on its way. */
  isCalm(seen: Status): boolean {
    return (
      this.servers.every((server) => !server.isMoving()) &&
      Object.values(seen.groups).every(
        ({ state }) => state !== 'starting' && state !== 'stopping',
      ) &&
      Object.values(seen.volumes).every(({ sync }) => sync === null)
    );
  }
}

export interface BuildOptions extends TwinOptions {
  /** The cluster's status: the twin starts from where the cluster is. */
  from?: Status;
}

/**
 * A twin of a cluster: from its status when there is one, else as installed, constructed mirrors
 * and every server off (`up` starts it).
 */
export async function buildTwin(options: BuildOptions): Promise<Twin> {
  const { from, ...rest } = options;
  if (!from) {
    const twin = await openTwin(rest);
    await constructMirrors(twin);
    return twin;
  }
  const config = sharedConfiguration(options.configText, 'clp.conf');
  const members = config.servers.map(({ name }) => name);
  const spares = Object.keys(from.servers).filter((name) => !members.includes(name));
  const hardware = { ...hardwareFromStatus(config, from), ...options.hardware };
  const agentMonitors = runningMonitors(from);
  const twin = await openTwin({ startMs: from.takenAt, ...rest, spares, hardware, agentMonitors });
  for (const path of keyFiles(config)) {
    twin.unknowns.push(`what is in ${path}: the twin takes one key on all servers`);
  }
  await stageTwin(twin, from);
  return twin;
}

/** A key of a mirror's line is in no status: the same one lies on every server of a twin. */
const LINE_KEY = 'twin'.repeat(8);

function keyFiles(config: ClusterConfiguration): string[] {
  return mirrorsOf(config).flatMap(({ parameters }) =>
    String(parameters['mddriver/crypto/use'] ?? '0') === '1'
      ? [String(parameters['mddriver/crypto/keyfile'] ?? '')]
      : [],
  );
}

/** Servers with their disks and files, the power off; both copies of each mirror alike. */
export async function openTwin(options: TwinOptions): Promise<Twin> {
  const twin = new Twin(options);
  const { dataBytes } = options;
  const scripts = agentScripts(twin.config, options.agentMonitors ?? []);
  for (const server of twin.servers) {
    const { machines } = twin;
    const derived = hardwareFor(twin.config, server.name, {
      machines,
      ...(dataBytes && { dataBytes }),
    });
    const isSpare = options.spares?.includes(server.name);
    if (!isSpare) server.files.put(CONFIG_PATH, twin.configText);
    for (const path of scripts) server.files.put(path, '');
    for (const path of isSpare ? [] : keyFiles(twin.config)) server.files.put(path, LINE_KEY);
    server.open(options.hardware?.[server.name] ?? derived);
  }
  await twin.advance(1);
  return twin;
}

/** Makes both copies of every mirror known to be equal, as after an initial construction. */
export async function constructMirrors(twin: Twin): Promise<void> {
  for (const { name, parameters } of mirrorsOf(twin.config)) {
    const generation = twin.random.id();
    for (const { servers } of mirrorSides(twin.config, name)) {
      const server = twin.server(servers[0] ?? '');
      const setup = new SimProcess(twin.clock, server.name, 'setup');
      const devices = server.devices.forProcess(setup);
      const data = server.devices.resolve(String(parameters['diskdev/dppath']));
      const store = await twin.run(devices.open(String(parameters['diskdev/cppath'])));
      await twin.run(formatConstructed(store, name, data?.sizeBytes ?? 0, generation));
      setup.kill();
    }
  }
}
