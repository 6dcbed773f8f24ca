/**
 * The copy of a mirror disk on this server, and the only writer of what is known of it: the two
 * devices, the record with its maps (cluster-partition.ts), and whether its claim to be the latest
 * holds in the life of this process.
 *
 *     opened ─► record read ─► what the last life left is made durable ─► read, written, saved
 *
 * What a save means for the pair is told to its chart once it is durable.
 */

import type { MirrorEvent } from '../../../machines/mirror-events.ts';
import { failureOf } from '../../messages/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BlockStore } from '../../ports/devices.ts';
import { RemoteError } from '../../ports/wire.ts';
import type { MirrorParameters } from '../agent/parameters.ts';
import { Coalesced } from '../coalesce.ts';
import type { Life } from '../life.ts';
import type { MirrorPorts } from '../ports.ts';
import type { BlockMap } from './block-map.ts';
import { type Bytes, writeTo } from './bytes.ts';
import { ClusterPartition, type CopyRecord } from './cluster-partition.ts';
import { crashed } from './generations.ts';
import { mortal } from './mortal.ts';
import { noticing } from './noticing.ts';
import { Shown } from './shown.ts';

export interface CopyOptions {
  p: MirrorParameters;
  ports: Pick<MirrorPorts, 'devices' | 'clock'>;
  life: Life;
  /** Something of the cluster partition could not be read, or written: once each time it is opened. */
  partitionFailed: (how: 'read' | 'write') => void;
  /** The data partition, with what is read and written there counted. */
  count: (store: BlockStore) => BlockStore;
  tell: (event: MirrorEvent) => void;
  /** The copy is shown as another one. */
  changed: () => void;
}

export class OwnCopy {
  /** For a verify from the other side. */
  readonly shown = new Shown();
  readonly #options: CopyOptions;
  readonly #clock: Clock;
  #partition: ClusterPartition | null = null;
  #data: BlockStore | null = null;
  #stores: BlockStore[] = [];
  #flush: Coalesced | null = null;
  /** Writes that no flush was asked for, and how many of them one has covered. */
  #unflushedWrites = 0;
  #flushedWrites = 0;
  #lastUpdate: number | null = null;
  #serial: string | null = null;
  /** Of the disk that is open, once the copy was found to be at home there (restoration.ts). */
  #homeSerial: string | null = null;
  #isUnreadable = false;
  #isVouched = false;

  constructor(options: CopyOptions) {
    this.#options = options;
    this.#clock = options.ports.clock;
  }

  /** What the cluster partition says. Throws RemoteError `mirror.disk` when it is not open. */
  get record(): CopyRecord {
    return this.partition.record;
  }

  /** As `record`; null when it is not open. */
  get stored(): CopyRecord | null {
    return this.#partition?.record ?? null;
  }

  get partition(): ClusterPartition {
    if (this.#partition) return this.#partition;
    throw new RemoteError('mirror.disk', failureOf('md.noPartition').text);
  }

  get isOpen(): boolean {
    return this.#partition !== null;
  }

  /** Blocks that the other copy may lack. */
  get outOfSync(): BlockMap {
    return this.partition.outOfSync;
  }

  /** Blocks that may be in flight while both sides are connected. */
  get activity(): BlockMap {
    return this.partition.activity;
  }

  /** The data partition, as much of it as the mirror takes up. */
  get store(): BlockStore {
    if (this.#data) return this.#data;
    throw new RemoteError('mirror.disk', 'the disk is not open');
  }

  /** Of the mirror, in bytes; 0 while it is not open. */
  get sizeBytes(): number {
    return this.#data?.sizeBytes ?? 0;
  }

  get isConstructed(): boolean {
    return this.stored?.state === 'constructed';
  }

  /** In the life of this process the claim to be the latest was vouched for (inquiry.ts). */
  get isVouched(): boolean {
    return this.#isVouched;
  }

  get isProvedLatest(): boolean {
    return this.#isVouched && this.stored?.latest === true;
  }

  /** The cluster partition could not be read when it was opened last. */
  get isUnreadable(): boolean {
    return this.#isUnreadable;
  }

  /** ms since the epoch; null: not known. */
  get lastUpdate(): number | null {
    return this.#lastUpdate;
  }

  get serial(): string | null {
    return this.#serial;
  }

  /**
   * Opens both partitions and reads what the copy was; `heed` may change that first. Found active:
   * it ended without order, so what was in flight counts as out of sync. Rejects with DeviceError.
   */
  async open(heed: (partition: ClusterPartition) => Promise<void>): Promise<void> {
    const partition = await this.#openDevices();
    try {
      await partition.load();
      await heed(partition);
      if (partition.record.state === 'unknown') return;
      await this.#closeLastLife(partition);
    } catch (error) {
      this.#beUnreadable();
      throw error;
    }
    const { state, lastUpdate, autoRecoveryHeld } = partition.record;
    this.follow(lastUpdate);
    const { tell } = this.#options;
    tell({
      type: 'partition.read',
      worth: state === 'blank' ? 'blank' : this.isProvedLatest ? 'latest' : 'behind',
    });
    if (autoRecoveryHeld !== null) tell({ type: 'autoRecovery.held' });
  }

  /** A copy that others may have gone on from is not provably the latest after a start. */
  async #closeLastLife(part: ClusterPartition): Promise<void> {
    const { record } = part;
    // A killed agent may have left writes in the page cache: what is read must not vanish later.
    await this.#data?.flush();
    if (record.active) {
      const { activity } = part;
      await part.outOfSync.merge(activity.toBytes());
    }
    const mayBePassed = record.peerFollows && !record.peerYielded;
    const copy = record.active ? crashed(record, record.peerFollows) : record;
    this.#isVouched = record.prepared === true || this.#options.p.peer === '';
    const latest = record.latest && !mayBePassed;
    await part.save({ ...copy, active: false, latest, prepared: false });
    part.activity.clearAll();
    await part.activity.commit();
  }

  async #openDevices(): Promise<ClusterPartition> {
    const { ports, p, life, changed, partitionFailed } = this.#options;
    await this.close();
    this.#homeSerial = null;
    this.shown.forgetAll();
    const isDead = () => life.isOver;
    const opened = mortal(await ports.devices.open(p.partitionDevice), isDead);
    const partition = noticing(opened, partitionFailed);
    const device = await ports.devices.open(p.dataDevice);
    const part = new ClusterPartition(partition, p.name, device.sizeBytes, changed);
    this.#partition = part;
    this.#stores = [partition];
    this.#useData(device, part);
    changed();
    return part;
  }

  #useData(device: BlockStore, part: ClusterPartition): void {
    const { life, count } = this.#options;
    // The mirror may be smaller than its partition: see resize.ts.
    const data = mortal(
      device,
      () => life.isOver,
      () => part.record.sizeBytes,
    );
    this.#data = count(data);
    this.#stores.push(data);
    this.#flush = new Coalesced(async () => {
      const covered = this.#unflushedWrites;
      await data.flush();
      this.#flushedWrites = covered;
    });
  }

  /** Of the data partition as it is now, in bytes: a volume may have been extended meanwhile. */
  async measure(): Promise<number> {
    const { ports, p } = this.#options;
    const device = await ports.devices.open(p.dataDevice);
    await device.close().catch(() => {});
    return device.sizeBytes;
  }

  /** Opens the data partition anew, as large as it is now. Nothing may be in flight. */
  async reopenData(): Promise<void> {
    const { ports, p } = this.#options;
    const { partition } = this;
    const device = await ports.devices.open(p.dataDevice);
    await this.flush();
    const old = this.#stores.pop();
    partition.noteDevice(device.sizeBytes);
    this.#useData(device, partition);
    await old?.close().catch(() => {});
  }

  async close(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close().catch(() => {});
    this.#partition = null;
    this.#data = null;
    this.#options.changed();
  }

  /**
   * Opens the devices anew, perhaps of another disk, and makes the cluster partition that of a blank
   * copy, at home on the disk whose serial `learn` finds. Rejects with what the disk said; nothing
   * is open then.
   */
  async initialise(quick: boolean, learn: () => Promise<void>): Promise<void> {
    this.#isUnreadable = false;
    this.#options.changed();
    try {
      const partition = await this.#openDevices();
      await partition.format({ quick });
      this.#serial = null;
      this.#options.changed();
      await learn();
      this.beAtHome();
    } catch (error) {
      this.#beUnreadable();
      throw error;
    }
    this.follow(null);
  }

  #beUnreadable(): void {
    this.#partition = null;
    this.#isUnreadable = true;
    this.#options.changed();
  }

  /** Of the disk that holds the data partition, as the host tells it. */
  noteSerial(serial: string): void {
    this.#serial = serial;
    this.#options.changed();
  }

  /** The copy lies where it belongs: the serial goes into its record with the next save. */
  beAtHome(): void {
    this.#homeSerial = this.#serial;
  }

  /** Changes the record; durable when it resolves. Does nothing when it is not open. */
  async save(change: Partial<CopyRecord>): Promise<void> {
    if (!this.#partition) return;
    const before = this.#partition.record;
    const counted = this.isProvedLatest;
    const home = this.#homeSerial === null ? {} : { diskSerial: this.#homeSerial };
    const { latest, autoRecoveryHeld } = change;
    const serves = latest ? { unserved: false } : {};
    const lastUpdate = this.#lastUpdate;
    await this.#partition.save({ ...home, ...change, ...serves, lastUpdate });
    const { tell } = this.#options;
    if (latest === true) this.vouch();
    else if (latest === false && counted) tell({ type: 'latest.lost' });
    const held = autoRecoveryHeld !== null;
    if (autoRecoveryHeld === undefined || held === (before.autoRecoveryHeld !== null)) return;
    tell({ type: held ? 'autoRecovery.held' : 'autoRecovery.released' });
  }

  /** It holds what another copy held at its last update, in ms since the epoch of its server. */
  follow(lastUpdate: number | null): void {
    this.#lastUpdate = lastUpdate;
    this.#options.changed();
  }

  /** Somebody vouches for the claim of this copy to be the latest. */
  vouch(): void {
    this.#isVouched = true;
    this.#options.changed();
    if (this.isProvedLatest) this.#options.tell({ type: 'latest.proved' });
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.store.read(offset, length);
  }

  /** Rejects with DeviceError. */
  async write(offset: number, bytes: Bytes, durable: boolean): Promise<void> {
    await writeTo(this.store, offset, bytes);
    if (durable) await this.flush();
    else this.#unflushedWrites += 1;
    this.follow(this.#clock.now());
  }

  /** What was written before is durable when it resolves. */
  async flush(): Promise<void> {
    if (!this.#flush) throw new RemoteError('mirror.disk', 'the disk is not open');
    await this.#flush.run();
  }

  /** As flush, for what is about to be relied on; at once when nothing is due. */
  async flushWritten(): Promise<void> {
    if (this.#unflushedWrites > this.#flushedWrites) await this.flush();
  }
}
