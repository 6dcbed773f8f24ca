/**
 * The cluster partition of one copy, on disk:
 *
 *     0        slot A   16 KiB   magic, length, sha256, JSON of the record
 *     16 KiB   slot B   16 KiB   written in turn; the sound one with the higher sequence counts
 *     32 KiB   out-of-sync map    blocks that the other copy may lack
 *     …        activity map      blocks that may be in flight while both sides are connected
 *
 * A record is durable when `save` resolves. A torn slot is one whose save did not resolve, so the
 * other slot is the truth. Losing both is `damaged`: nothing is known of the copy then.
 *
 * Ours, after v3 6.7 and 11.10 (colours, times, disk error) and DRBD's metadata (generations).
 */
import { createHash } from 'node:crypto';
import { DrydockError } from '../../core/errors.ts';
import type { BlockStore } from '../../ports/devices.ts';
import { Coalesced } from '../coalesce.ts';
import { BlockMap, blockCount, mapBytes } from './block-map.ts';
import { blankCopy, type Copy, constructed, unknownCopy } from './generations.ts';

/** Everything durable about one copy. Times in ms since the epoch, this server's clock. */
export interface CopyRecord extends Copy {
  version: 1;
  mirror: string;
  sizeBytes: number;
  /** Active here; still set at start means that it ended without order. */
  active: boolean;
  /** The other copy may hold everything that this one holds under the present generation. */
  peerFollows: boolean;
  /** The other side has durably said that it does not count as the latest. */
  peerYielded: boolean;
  /** The other side has gone on alone under this generation: no evidence makes this copy the latest. */
  passedBy: string | null;
  /** The server whose copy the operator gave up by a forced recovery. */
  victim: string | null;
  autoRecoveryHeld: string | null;
  /** Source: an operator paused its recovery; the next one of its own accord begins so. */
  recoveryPaused?: boolean;
  /**
   * Initialised by `clpmdinit --create quick`: equal contents are compared, not copied. Restored
   * with --skip-copy: to be compared with another one of the kind (backup.ts).
   */
  quick: boolean;
  /** Where the victim is to keep what a forced recovery overwrites there. */
  victimKeeps?: string | null;
  /** Where the unfinished recovery keeps what it overwrites here (stored-blocks.ts). */
  keep?: string | null;
  /** The other side acknowledges writes that this copy may lack: asynchronous mode (queue.ts). */
  lagging?: boolean;
  /** Backup mode (x5 2.19): the copy rests for a disk image to be made; which backup. */
  backup?: string | null;
  /**
   * Which restoration it was last marked with: of a hybrid disk the same mark lies on every server of
   * the group, and is found there later (restoration.ts).
   */
  marked?: string | null;
  /** Serial of the disk that the data partition lay on: another one under it is a restored image. */
  diskSerial?: string | null;
  /** Written by whoever made both copies (a twin): its first life may believe it as it stands. */
  prepared?: boolean;
  /** The other server's boot in which no agent of it runs any more (peer-power.ts). */
  peerEnded?: string | null;
  lastUpdate: number | null;
  breakTime: number | null;
}

const SLOT_BYTES = 16384;
const HEAD_BYTES = 40;
const MAGIC = 0x44727950; // "DryP"
const MAPS_AT = 2 * SLOT_BYTES;

export function blankRecord(mirror: string, sizeBytes: number): CopyRecord {
  return {
    ...blankCopy(),
    version: 1,
    mirror,
    sizeBytes,
    active: false,
    peerFollows: false,
    peerYielded: false,
    passedBy: null,
    victim: null,
    autoRecoveryHeld: null,
    quick: false,
    lastUpdate: null,
    breakTime: null,
  };
}

/** Bytes that a cluster partition needs for a data partition of that size. */
export function partitionBytes(sizeBytes: number): number {
  return MAPS_AT + 2 * mapBytes(sizeBytes);
}

const NOBODY = (): void => {};

export class ClusterPartition {
  outOfSync: BlockMap;
  activity: BlockMap;
  /** Neither slot is sound although something was written: it cannot be told what the copy is. */
  damaged = false;
  /** It bears the mark of another mirror: its disk was used for that one before (v3 6.4). */
  foreign: string | null = null;
  #deviceBytes: number;
  readonly #store: BlockStore;
  readonly #save: Coalesced;
  #sequence = 0;
  /** The record as it was last known to be on the disk. */
  #durable: CopyRecord;
  #record: CopyRecord;
  /** The record, or the blocks that are out of sync, are others. */
  readonly #changed: () => void;

  constructor(store: BlockStore, mirror: string, sizeBytes: number, changed = NOBODY) {
    const needed = partitionBytes(sizeBytes);
    if (store.sizeBytes < needed) {
      throw new DrydockError(
        `the cluster partition of ${mirror} has ${store.sizeBytes} bytes and needs ${needed}`,
        { code: 'mirror.partition', remedy: 'allocate a larger cluster partition' },
      );
    }
    this.#store = store;
    this.#deviceBytes = sizeBytes;
    this.#changed = changed;
    this.#record = { ...blankRecord(mirror, sizeBytes), ...unknownCopy() };
    this.#durable = this.#record;
    this.outOfSync = new BlockMap(store, MAPS_AT, sizeBytes, changed);
    this.activity = new BlockMap(store, MAPS_AT + mapBytes(sizeBytes), sizeBytes);
    this.#save = new Coalesced(() => this.#write());
  }

  get record(): CopyRecord {
    return this.#record;
  }

  /** Of the data partition, as it was opened; the mirror may be smaller. */
  get deviceBytes(): number {
    return this.#deviceBytes;
  }

  /** The data partition was opened anew, and is larger. */
  noteDevice(sizeBytes: number): void {
    this.#deviceBytes = sizeBytes;
  }

  #become(record: CopyRecord): void {
    this.#record = record;
    this.#changed();
  }

  /** Reads record and maps. Rejects with DeviceError when the disk does not answer. */
  async load(): Promise<void> {
    const slots = [await this.#readSlot(0), await this.#readSlot(1)];
    const sound = slots.filter((slot) => slot !== 'zero' && slot !== 'torn');
    const newest = sound.sort((a, b) => b.sequence - a.sequence)[0];
    this.damaged = newest === undefined && slots.includes('torn');
    if (!newest) return;
    const { mirror, sizeBytes } = this.record;
    const stored = newest.record;
    // A partition of another mirror, or of more than is here, says nothing about this one (v3 6.4).
    if (stored.version !== 1 || stored.mirror !== mirror || stored.sizeBytes > sizeBytes) {
      this.damaged = true;
      this.foreign = stored.mirror === mirror ? null : stored.mirror;
      return;
    }
    if (stored.sizeBytes !== sizeBytes) this.#layOut(stored.sizeBytes);
    this.#sequence = newest.sequence;
    this.#become(stored);
    this.#durable = stored;
    await this.outOfSync.load();
    await this.activity.load();
  }

  /**
   * Changes the record at once in memory; durable when it resolves. Rejected, it did not happen: a
   * later save must not bring what was refused.
   */
  async save(change: Partial<CopyRecord>): Promise<void> {
    this.#become({ ...this.record, ...change });
    try {
      await this.#save.run();
    } catch (error) {
      this.#takeBack(change);
      throw error;
    }
  }

  #takeBack(change: Partial<CopyRecord>): void {
    const mine = Object.entries(change).filter(([key, value]) => {
      return this.record[key as keyof CopyRecord] === value;
    });
    const was = mine.map(([key]) => [key, this.#durable[key as keyof CopyRecord]]);
    this.#become({ ...this.record, ...Object.fromEntries(was) });
  }

  /**
   * The mirror takes up more of its data partition. Nothing may be in flight: the old activity map
   * may be overwritten. What the maps say is kept, and durable under both sizes until the record
   * says the new one. `all`: every block counts as out of sync.
   */
  async resize(sizeBytes: number, all: boolean): Promise<void> {
    if (partitionBytes(sizeBytes) > this.#store.sizeBytes || sizeBytes > this.deviceBytes) {
      throw new DrydockError(`${this.record.mirror} has no room for ${sizeBytes} bytes`, {
        code: 'mirror.size',
        remedy: 'extend the data partition or the cluster partition first',
      });
    }
    await this.outOfSync.commit();
    const old = this.outOfSync.blocks;
    const outOfSync = new BlockMap(this.#store, MAPS_AT, sizeBytes, this.#changed);
    const activity = new BlockMap(this.#store, MAPS_AT + mapBytes(sizeBytes), sizeBytes);
    await outOfSync.load();
    outOfSync.clear(old, outOfSync.blocks);
    if (all) await outOfSync.setAll();
    await outOfSync.commit();
    await activity.format();
    await this.save({ sizeBytes });
    this.outOfSync = outOfSync;
    this.#changed();
    this.activity = activity;
  }

  #layOut(sizeBytes: number): void {
    this.outOfSync = new BlockMap(this.#store, MAPS_AT, sizeBytes, this.#changed);
    this.activity = new BlockMap(this.#store, MAPS_AT + mapBytes(sizeBytes), sizeBytes);
  }

  /** Makes it a blank one: clpmdinit, clpmdchng. What it said before is gone. */
  async format(change: Partial<CopyRecord>): Promise<void> {
    const { mirror } = this.record;
    const sizeBytes = this.deviceBytes;
    if (this.outOfSync.blocks !== blockCount(sizeBytes)) this.#layOut(sizeBytes);
    this.#become({ ...blankRecord(mirror, sizeBytes), ...change });
    this.foreign = null;
    await this.#save.run();
    await this.outOfSync.format();
    await this.activity.format();
    // Both slots, so that no older record can come back.
    await this.#save.run();
    this.damaged = false;
  }

  async #write(): Promise<void> {
    const sequence = this.#sequence + 1;
    const { record } = this;
    const text = JSON.stringify({ sequence, record });
    const body = new TextEncoder().encode(text);
    if (body.length > SLOT_BYTES - HEAD_BYTES) {
      throw new DrydockError('defect: the record of a copy outgrew its slot', {
        code: 'defect',
        exit: 70,
      });
    }
    const slot = new Uint8Array(HEAD_BYTES + body.length);
    const view = new DataView(slot.buffer);
    view.setUint32(0, MAGIC);
    view.setUint32(4, body.length);
    slot.set(createHash('sha256').update(body).digest(), 8);
    slot.set(body, HEAD_BYTES);
    await this.#store.write((sequence % 2) * SLOT_BYTES, slot);
    await this.#store.flush();
    // Only now: what follows a write that failed goes to the same slot, and spares the sound one.
    this.#sequence = sequence;
    this.#durable = record;
  }

  async #readSlot(index: number): Promise<Slot | 'zero' | 'torn'> {
    const raw = await this.#store.read(index * SLOT_BYTES, SLOT_BYTES);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    const length = view.getUint32(4);
    if (raw.every((byte) => byte === 0)) return 'zero';
    if (view.getUint32(0) !== MAGIC || length > SLOT_BYTES - HEAD_BYTES) return 'torn';
    const body = raw.subarray(HEAD_BYTES, HEAD_BYTES + length);
    const sum = createHash('sha256').update(body).digest();
    if (!sum.equals(raw.subarray(8, HEAD_BYTES))) return 'torn';
    try {
      return JSON.parse(new TextDecoder().decode(body)) as Slot;
    } catch {
      return 'torn';
    }
  }
}

interface Slot {
  sequence: number;
  record: CopyRecord;
}

/**
 * Prepares the cluster partition of a copy that is known to equal the other one (two blank disks):
 * both sides with the same `generation` start GREEN, nothing is copied. For `lab up` and twins.
 */
export async function formatConstructed(
  store: BlockStore,
  mirror: string,
  sizeBytes: number,
  generation: string,
): Promise<void> {
  const partition = new ClusterPartition(store, mirror, sizeBytes);
  const copy = constructed(blankCopy(), generation);
  await partition.format({
    ...copy,
    latest: false,
    peerFollows: true,
    contact: { confirmed: generation, proposed: null },
  });
}
