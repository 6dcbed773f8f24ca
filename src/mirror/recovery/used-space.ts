/**
 * Which blocks of a copy its file system uses, so that a full copy need not send the others.
 *
 *     superblock clean? ─► every group's bitmap ─► counts agree? ─► used blocks
 *          │ no                 │ unreadable           │ no
 *          └────────────────────┴──────────────────────┴──► unknown: every block counts as used
 *
 * The rule: a block in use is sent. A block that is not in use is compared by digest, and sent only
 * where the two copies differ, zeroes as a word without the bytes. So the copies are equal
 * afterwards in every byte, GREEN stays the truth for whoever reads the device itself, and a map
 * that was read wrongly (a file system left behind under a database on the bare device) costs time
 * and never data. A file system that is mounted, was not unmounted or has a journal to replay is
 * ahead of its bitmaps: unknown. Ours; the manuals say nothing of it.
 */
import type { BlockStore } from '../../ports/devices.ts';
import { DeviceError } from '../../ports/devices.ts';
import { BLOCK_BYTES, blockCount } from '../copy/block-map.ts';
import {
  type ExtGroup,
  type ExtLayout,
  hasSuperblock,
  readGroup,
  readSuperblock,
  SUPERBLOCK_AT,
  SUPERBLOCK_BYTES,
} from './ext-layout.ts';

/** Longest read at once. */
const READ_BYTES = 1024 * 1024;

export interface UsedSpace {
  /** Blocks of the mirror, and those of them that hold nothing. */
  blocks: number;
  unused: number;
  isUsed(block: number): boolean;
}

/** Null: not known. A device that cannot be read is for the copy itself to find. */
export async function usedSpace(store: BlockStore): Promise<UsedSpace | null> {
  try {
    return await readExt(store);
  } catch (error) {
    if (error instanceof DeviceError) return null;
    throw error;
  }
}

async function readExt(store: BlockStore): Promise<UsedSpace | null> {
  if (store.sizeBytes < SUPERBLOCK_AT + SUPERBLOCK_BYTES) return null;
  const superblock = await store.read(SUPERBLOCK_AT, SUPERBLOCK_BYTES);
  const layout = readSuperblock(superblock, store.sizeBytes);
  if (!layout) return null;
  const tableBytes = layout.groups * layout.descriptorBytes;
  const tableAt = (layout.firstBlock + 1) * layout.blockBytes;
  if (tableAt + tableBytes > store.sizeBytes) return null;
  const table = await readAll(store, tableAt, tableBytes);
  const groups: ExtGroup[] = [];
  for (let index = 0; index < layout.groups; index++) {
    const group = readGroup(layout, table, index);
    if (!group) return null;
    groups.push(group);
  }
  return await readBitmaps(store, layout, groups);
}

async function readAll(store: BlockStore, offset: number, length: number): Promise<Uint8Array> {
  const whole = new Uint8Array(length);
  for (let at = 0; at < length; at += READ_BYTES) {
    whole.set(await store.read(offset + at, Math.min(READ_BYTES, length - at)), at);
  }
  return whole;
}

async function readBitmaps(
  store: BlockStore,
  layout: ExtLayout,
  groups: readonly ExtGroup[],
): Promise<UsedSpace | null> {
  const free = new FreeCount(layout, store.sizeBytes);
  const where = metadataPlaces(layout, groups);
  let total = 0;
  for (const [index, group] of groups.entries()) {
    const first = layout.firstBlock + index * layout.groupBlocks;
    const length = Math.min(layout.groupBlocks, layout.blocks - first);
    if (group.isBitmapWritten) {
      const at = group.blockBitmap * layout.blockBytes;
      const bitmap = await store.read(at, layout.groupBlocks / 8);
      if (free.add(first, length, bitmap) !== group.freeBlocks) return null;
    } else {
      free.addRun(first, length);
    }
    total += group.freeBlocks;
  }
  if (total !== layout.freeBlocks) return null;
  // Whatever the bitmaps say, and where none was written: this is in use.
  for (const [block, length] of where) free.take(block, length);
  return free.result();
}

/** `[block, length]` of superblocks, tables and bitmaps. */
function metadataPlaces(layout: ExtLayout, groups: readonly ExtGroup[]): [number, number][] {
  return groups.flatMap((group, index) => {
    const places: [number, number][] = [
      [group.blockBitmap, 1],
      [group.inodeBitmap, 1],
      [group.inodeTable, layout.inodeTableBlocks],
    ];
    const first = layout.firstBlock + index * layout.groupBlocks;
    if (hasSuperblock(layout, index)) places.push([first, 1 + layout.tableBlocks]);
    return places;
  });
}

/** Free blocks of the file system in each block of the mirror. */
class FreeCount {
  readonly #counts: Uint8Array;
  readonly #taken = new Set<number>();
  readonly #perBlock: number;
  readonly #blocks: number;

  constructor(layout: ExtLayout, sizeBytes: number) {
    this.#perBlock = BLOCK_BYTES / layout.blockBytes;
    this.#blocks = blockCount(sizeBytes);
    this.#counts = new Uint8Array(this.#blocks);
  }

  /** Counts the zero bits of a group's bitmap; answers how many there are. */
  add(first: number, length: number, bitmap: Uint8Array): number {
    let found = 0;
    for (let bit = 0; bit < length; bit++) {
      const byte = bitmap[bit >> 3] ?? 0xff;
      if (byte === 0xff && (bit & 7) === 0) bit += 7;
      else if ((byte & (1 << (bit & 7))) === 0) {
        found += 1;
        this.addRun(first + bit, 1);
      }
    }
    return found;
  }

  addRun(first: number, length: number): void {
    for (let block = first; block < first + length; block++) {
      this.#counts[Math.floor(block / this.#perBlock)]! += 1;
    }
  }

  take(first: number, length: number): void {
    const end = Math.ceil((first + length) / this.#perBlock);
    for (let at = Math.floor(first / this.#perBlock); at < end; at++) this.#taken.add(at);
  }

  result(): UsedSpace {
    const counts = this.#counts;
    const perBlock = this.#perBlock;
    for (const block of this.#taken) counts[block] = 0;
    let unused = 0;
    for (const count of counts) if (count === perBlock) unused += 1;
    return { blocks: this.#blocks, unused, isUsed: (block) => counts[block] !== perBlock };
  }
}
