/**
 * One mirror disk on one server: its state, and the upkeep that every other file of this room
 * shares. The work itself is in replicate, meeting, recover, takeover and orders.
 *
 *     phase   none ──meeting──► idle ──recover──► recovering ──finish──► inSync
 *              ▲                 │                    │                    │
 *              └──── link lost ──┴────────────────────┴──── break ─► idle ─┘
 *
 * Order of things, everywhere: what changes who counts as the latest is durable before it is acted
 * on (src/mirror/copy/generations.ts says what). Changes of state take turns; writes do not, they pass a
 * gate that is shut while a break is made durable. Nothing that holds the turn waits for a write.
 */
import {
  type MirrorChart,
  type MirrorEvent,
  mirrorMachine,
  whyNoAutomaticRecovery,
} from '../../machines/mirror.machine.ts';
import { moveChart, startChart } from '../core/chart.ts';
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import type { BulkFiles } from '../ports/bulk-files.ts';
import type { Clock } from '../ports/clock.ts';
import type { BlockStore, DeviceExport, DeviceExports, Devices } from '../ports/devices.ts';
import type { FileSystems } from '../ports/file-systems.ts';
import type { LogFiles } from '../ports/files.ts';
import type { Log, LogEntry } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { RemoteError, type Wire } from '../ports/wire.ts';
import type { MirrorParameters } from './agent/parameters.ts';
import { Coalesced, Gate, Turn } from './coalesce.ts';
import { heedRestoration } from './copy/backup.ts';
import { type Bytes, writeTo } from './copy/bytes.ts';
import { ClusterPartition, type CopyRecord } from './copy/cluster-partition.ts';
import { crashed, type Judgement } from './copy/generations.ts';
import { forever, mortal } from './copy/mortal.ts';
import { Shown } from './copy/shown.ts';
import { Keyring } from './link/keyring.ts';
import type { Session } from './link/session.ts';
import type { Loss } from './pair/loss.ts';
import type { Recovery } from './recovery/recovery.ts';
import type { Verification } from './recovery/verify.ts';
import type { Sampling } from './statistics/sampling.ts';
import { MOST_EXTENTS } from './writes/activity.ts';
import { flushRound } from './writes/flush.ts';
import { SendQueue } from './writes/queue.ts';
import { Ranges } from './writes/ranges.ts';

export interface MirrorPorts {
  server: string;
  clock: Clock;
  random: Random;
  wire: Wire;
  devices: Devices;
  log: Log;
  /** The own server's files, for marks of commands and statistics; without it there are none. */
  files?: LogFiles;
  /** The own server's binary files: key files, and what a forced recovery keeps. */
  bulk?: BulkFiles;
  /** How applications reach an active mirror as a device; without it by requests alone. */
  exports?: DeviceExports;
  /** Real file systems, where the world has them. */
  fileSystems?: FileSystems;
  /** The disk under a mirror failed: the host is to be reset (v3 10.8). Not called while starting. */
  onDiskError: (mirror: string, why: string) => void;
}

export type Phase = 'none' | 'idle' | 'inSync' | 'recovering';

/** What the other side said of itself when the two met, kept up to date by its notices. */
export interface PeerFacts {
  active: boolean;
  diskError: boolean;
  victim: string | null;
  /** Of its copy of the mirror. */
  sizeBytes: number;
}

export class MirrorDisk {
  readonly p: MirrorParameters;
  readonly ports: MirrorPorts;
  readonly turn = new Turn();
  /** Shut while a break is made durable, and until it may be acted on. */
  readonly gate = new Gate();
  /** Shut while a recovery ends: writes under way end, no other begins. */
  readonly entry = new Gate();
  readonly ranges = new Ranges();
  /** Blocks of writes that are under way and not acknowledged. */
  readonly inFlight = new Map<number, [number, number]>();
  /** Blocks acknowledged on both copies and not flushed on both since; of the flush under way. */
  unflushed = new Set<number>();
  flushing = new Set<number>();
  readonly flushRound = new Coalesced(() => flushRound(this));
  /** Extents that may be hot at once (src/mirror/writes/activity.ts). */
  activityExtents = MOST_EXTENTS;
  /** What a recovery may have in hand, if less than it would: ranges, and blocks not flushed. */
  readonly copying = { lanes: 100, flushBlocks: 1000 };
  /** Writes of the other side that are being applied here. */
  readonly incoming = new Set<Promise<void>>();
  chart: MirrorChart;
  part: ClusterPartition | null = null;
  data: BlockStore | null = null;
  session: Session | null = null;
  phase: Phase = 'none';
  peer: PeerFacts | null = null;
  judgement: Judgement | null = null;
  recovery: Recovery | null = null;
  active = false;
  mounted = false;
  /** The device that applications use, while this side is active. */
  exported: DeviceExport | null = null;
  activating = false;
  /** Deactivation has begun: no new write is taken. */
  closing = false;
  /** The cluster partition could not be read at start. */
  diskErrorSeen = false;
  /** The disk failed in the life of this process. */
  failed = false;
  /** Lost while in step, in the life of this process: only then does a fence prove anything. */
  lostInSync = false;
  /** An operator broke the mirror or cancelled: no automatic recovery until the next meeting. */
  paused = false;
  loss: Loss | null = null;
  /** Set while a break waits until the other side knows of it or is off. */
  holding: symbol | null = null;
  stopped = false;
  /** The agent is ending in order: a disk that fails now resets nothing. */
  isStopping = false;
  /** The session on which the other agent said that it ends. */
  leaving: Session | null = null;
  /** The session whose waiting writes are being watched. */
  watched: Session | null = null;
  /** In the life of this process the claim to be the latest was vouched for (inquiry.ts). */
  vouched = false;
  /** When the two copies were last compared, or may have been; null while they are connected. */
  apartSince: number | null = null;
  lastUpdate: number | null = null;
  serial: string | null = null;
  /** Of the disk that is open, once the copy was found to be at home there (backup.ts). */
  homeSerial: string | null = null;
  /** Mirror statistics; null where they are not configured. Set by the agent before it opens. */
  sampling: Sampling | null = null;
  /** Keys of the mirror connection; null when it is not encrypted. */
  readonly keyring: Keyring | null;
  compress: boolean;
  /** False: writes are only noted, and no recovery begins of its own accord. */
  synchronises: boolean;
  changingKey = false;
  verification: Verification | null = null;
  /** For a verify from the other side. */
  readonly shown = new Shown();
  /** Writes that waited for a range a recovery was copying, in the life of this process. */
  waitedForRecovery = 0;
  readonly queue = new SendQueue();
  /** Mirror disk connects in the order they are tried. */
  nets: string[];
  #flush: Coalesced | null = null;
  /** Writes to the own copy that no flush was asked for, and how many of them one has covered. */
  #looseWrites = 0;
  #flushedWrites = 0;
  #stores: BlockStore[] = [];
  #idleWaiters: (() => void)[] = [];
  /** Set by the agent: asks the host for the serial of the disk. */
  learnSerial: () => Promise<void> = async () => {};
  /** Set by the agent: looks for the other side again. */
  reconnect: () => void = () => {};
  /** Set by the agent: starts a recovery of its own accord when v3 11.10.1 allows it. */
  considerRecovery: () => void = () => {};
  /** Set by the agent: answers the other side's questions on a session that has met. */
  serveSession: (session: Session) => void = () => {};
  /** Set by the agent: looks at the other server's power, while this copy is alone the latest. */
  watchPeer: () => void = () => {};
  /** Set by the agent: tells the daemon that the mirror broke. */
  announceBreak: () => void = () => {};

  constructor(p: MirrorParameters, ports: MirrorPorts) {
    this.p = p;
    this.ports = ports;
    this.chart = startChart(mirrorMachine, undefined).chart;
    this.keyring = p.keyFile === null ? null : new Keyring(p.keyFile, ports.bulk);
    this.compress = p.compress;
    this.synchronises = p.synchronises;
    this.nets = [...p.nets];
  }

  get record(): CopyRecord {
    if (!this.part)
      throw new RemoteError('mirror.disk', 'Failed to get cluster partition information.');
    return this.part.record;
  }

  get isProvedLatest(): boolean {
    return this.vouched && this.part?.record.latest === true;
  }
  get isConstructed(): boolean {
    return this.part?.record.state === 'constructed';
  }

  /**
   * Opens both partitions and reads what the copy was. Found active: it ended without order, so
   * what was in flight counts as difference. Rejects with DeviceError.
   */
  async open(): Promise<void> {
    const part = await this.openDevices();
    try {
      await part.load();
      await heedRestoration(this, part);
      if (part.record.state === 'unknown') return;
      await this.#settleLastLife(part);
    } catch (error) {
      this.part = null;
      this.diskErrorSeen = true;
      throw error;
    }
    this.lastUpdate = part.record.lastUpdate;
    const { state, breakTime } = part.record;
    this.apartSince = breakTime ?? this.lastUpdate ?? this.ports.clock.now();
    this.move({
      type: 'partition.read',
      worth: state === 'blank' ? 'blank' : this.isProvedLatest ? 'latest' : 'behind',
    });
    if (part.record.autoRecoveryHeld !== null) this.move({ type: 'autoRecovery.held' });
  }

  /** Opens the devices, again after a disk was replaced. Nothing is read. */
  async openDevices(): Promise<ClusterPartition> {
    const { devices } = this.ports;
    await this.closeDevices();
    this.homeSerial = null;
    this.shown.forgetAll();
    const isDead = () => this.stopped;
    const partition = mortal(await devices.open(this.p.partitionDevice), isDead);
    const device = await devices.open(this.p.dataDevice);
    const part = new ClusterPartition(partition, this.p.name, device.sizeBytes);
    // The mirror may be smaller than its partition: see resize.ts.
    const data = mortal(device, isDead, () => part.record.sizeBytes);
    this.part = part;
    this.data = this.sampling?.count(data) ?? data;
    this.#stores = [partition, data];
    this.#flush = new Coalesced(async () => {
      const covered = this.#looseWrites;
      await data.flush();
      this.#flushedWrites = covered;
    });
    return this.part;
  }

  async closeDevices(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close().catch(() => {});
    this.part = null;
    this.data = null;
  }

  /** A copy that others may have gone on from is not provably the latest after a start. */
  async #settleLastLife(part: ClusterPartition): Promise<void> {
    const { record } = part;
    // A killed agent may have left writes in the page cache: what is read must not vanish later.
    await this.data?.flush();
    if (record.active) {
      const { activity } = part;
      await part.difference.merge(activity.toBytes());
    }
    const mayBePassed = record.peerFollows && !record.peerYielded;
    const copy = record.active ? crashed(record, record.peerFollows) : record;
    this.vouched = record.prepared === true || this.p.peer === '';
    const latest = record.latest && !mayBePassed;
    await part.save({ ...copy, active: false, latest, prepared: false });
    part.activity.clearAll();
    await part.activity.commit();
  }

  /** Moves the chart and carries out its effects. */
  move(event: MirrorEvent): void {
    const { chart, effects } = moveChart(mirrorMachine, this.chart, event);
    this.chart = chart;
    for (const { type } of effects) {
      if (type === 'considerRecovery') this.considerRecovery();
      else if (type === 'announceBreak') this.announceBreak();
    }
  }

  /** Changes the record; durable when it resolves. */
  async save(change: Partial<CopyRecord>): Promise<void> {
    if (!this.part) return;
    const before = this.part.record;
    const counted = this.isProvedLatest;
    const home = this.homeSerial === null ? {} : { diskSerial: this.homeSerial };
    const { latest, autoRecoveryHeld } = change;
    const serves = latest ? { unserved: false } : {};
    await this.part.save({ lastUpdate: this.lastUpdate, ...home, ...change, ...serves });
    if (latest === true) {
      this.vouched = true;
      this.watchPeer();
    }
    if (latest !== undefined && latest !== counted) {
      this.move({ type: latest ? 'latest.proved' : 'latest.lost' });
    }
    const held = autoRecoveryHeld !== null;
    if (autoRecoveryHeld === undefined || held === (before.autoRecoveryHeld !== null)) return;
    this.move({ type: held ? 'autoRecovery.held' : 'autoRecovery.released' });
  }

  /** Writes to the own copy. Rejects with DeviceError. */
  async writeLocal(offset: number, bytes: Bytes, durable: boolean): Promise<void> {
    if (!this.data) throw new RemoteError('mirror.disk', 'the disk is not open');
    await writeTo(this.data, offset, bytes);
    if (durable) await this.flushLocal();
    else this.#looseWrites += 1;
    this.lastUpdate = this.ports.clock.now();
  }

  /** What was written to the own copy before is durable when it resolves. */
  async flushLocal(): Promise<void> {
    if (!this.#flush) throw new RemoteError('mirror.disk', 'the disk is not open');
    await this.#flush.run();
  }

  /** As flushLocal, for what is about to be relied on; at once when nothing is due. */
  async flushLoose(): Promise<void> {
    if (this.#looseWrites > this.#flushedWrites) await this.flushLocal();
  }

  /** Nobody writes any more. Must not be awaited while holding the turn. */
  async drained(): Promise<void> {
    while (this.inFlight.size > 0 && !this.stopped) {
      await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    }
  }

  /** `loose`: acknowledged by both, and a flush on both is still due. */
  writeEnded(id: number, loose: boolean): void {
    const [first, end] = this.inFlight.get(id) ?? [0, 0];
    if (loose) for (let block = first; block < end; block++) this.unflushed.add(block);
    this.inFlight.delete(id);
    if (this.inFlight.size === 0) for (const go of this.#idleWaiters.splice(0)) go();
  }

  /** Blocks of unacknowledged and of unflushed writes may differ between the copies from now on. */
  async markInFlight(): Promise<void> {
    const { difference } = this.part!;
    for (const [first, end] of this.inFlight.values()) difference.note(first, end);
    for (const block of [...this.unflushed, ...this.flushing]) difference.note(block, block + 1);
    this.unflushed.clear();
    await difference.commit();
  }

  log(level: LogEntry['level'], module: string, id: number, text: string): void {
    if (this.stopped) return;
    const { clock, server } = this.ports;
    this.ports.log({ at: clock.now(), server, module, level, id, text });
  }

  /** A message of the mirror driver (v3 12.2). */
  driverLog(level: LogEntry['level'], text: string): void {
    this.log(level, 'liscal', 0, text.replace('%1', this.p.number));
  }

  async ask(part: 'host' | 'daemon', body: Json, timeoutMs = 1000): Promise<Json> {
    return await this.request({ server: this.ports.server, part }, body, timeoutMs);
  }

  /** Wire.request that ends with the agent's life. */
  async request(to: Address, body: Json, timeoutMs: number): Promise<Json> {
    if (this.stopped) return await forever<Json>();
    return await this.ports.wire.request(to, body, timeoutMs);
  }

  /** Why no automatic recovery starts from here now, or null (v3 11.10.1). */
  whyNotAutomatic(): string | null {
    const peer = this.peer;
    return whyNoAutomaticRecovery({
      configured: this.p.autoRecovery,
      held: this.paused || !this.synchronises || this.part?.record.autoRecoveryHeld !== null,
      active: this.active,
      latest: this.part?.record.latest === true,
      connected: this.session !== null,
      peerStatusKnown: peer !== null,
      peerDiskError: peer?.diskError ?? false,
      peerActive: peer?.active ?? false,
      peerIsBehind: this.judgement?.verdict === 'sourceMe',
      differs: this.phase === 'idle',
    });
  }

  /** As killed: nothing happens afterwards, nothing is written. */
  kill(): void {
    this.stopped = true;
    this.gate.shut();
    for (const gate of [this.gate, this.entry]) {
      gate.turnAway(new RemoteError('mirror.stopped', 'the mirror agent stopped'));
    }
    const { session } = this;
    this.session = null;
    session?.close('the mirror agent stopped');
  }
}
