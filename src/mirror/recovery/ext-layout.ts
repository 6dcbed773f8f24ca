/**
 * The fields of ext2, ext3 and ext4 that tell which blocks are in use: superblock, group
 * descriptors. Pure: bytes in, numbers out; null for whatever is not surely understood.
 *
 *     byte 1024: superblock │ next block: one descriptor a group │ … bitmap of group 0 …
 *
 * Understood: block sizes up to 64 KiB, descriptors of 32 and of 64 bytes, flexible groups, groups
 * whose bitmap was never written. Not: meta groups, clusters, an external journal, features that
 * came later. Numbers after the kernel's description of the format.
 */

export const SUPERBLOCK_AT = 1024;
export const SUPERBLOCK_BYTES = 1024;
const MAGIC = 0xef53;
const STATE_CLEAN = 1;

const INCOMPATIBLE = {
  fileTypes: 0x2,
  needsRecovery: 0x4,
  extents: 0x40,
  wide: 0x80,
  flexibleGroups: 0x200,
  valuesInInodes: 0x400,
  checksumSeed: 0x2000,
  largeFolders: 0x4000,
  inlineData: 0x8000,
  encryption: 0x1_0000,
  caseFolding: 0x2_0000,
};
/** A journal to be replayed is not among them: until then the bitmaps are old. */
const UNDERSTOOD_INCOMPATIBLE = Object.entries(INCOMPATIBLE).reduce(
  (all, [name, bit]) => (name === 'needsRecovery' ? all : all | bit),
  0,
);

const READ_ONLY = {
  sparseSuperblocks: 0x1,
  largeFiles: 0x2,
  folderTrees: 0x4,
  hugeFiles: 0x8,
  groupChecksums: 0x10,
  manyLinks: 0x20,
  extraInodeSpace: 0x40,
  quota: 0x100,
  metadataChecksums: 0x400,
  projects: 0x2000,
  verity: 0x8000,
};
const UNDERSTOOD_READ_ONLY = Object.values(READ_ONLY).reduce((all, bit) => all | bit, 0);

/** Two copies of the superblock, in places that are not looked up here: all of them are kept. */
const FEW_BACKUPS = 0x200;
const MOST_BLOCK_SHIFT = 6;
const LEAST_GROUP_BLOCKS = 256;
const LEAST_DESCRIPTOR_BYTES = 32;
const WIDE_DESCRIPTOR_BYTES = 64;
const BITMAP_NEVER_WRITTEN = 0x2;

export interface ExtLayout {
  blockBytes: number;
  blocks: number;
  freeBlocks: number;
  /** Block that the first group begins with: 1 where blocks have 1 KiB. */
  firstBlock: number;
  groupBlocks: number;
  groups: number;
  descriptorBytes: number;
  isWide: boolean;
  /** The flags of descriptors mean something. */
  hasFlags: boolean;
  isSparse: boolean;
  /** Of the tables that follow every copy of the superblock, kept free ones included. */
  tableBlocks: number;
  inodeTableBlocks: number;
}

export interface ExtGroup {
  blockBitmap: number;
  inodeBitmap: number;
  inodeTable: number;
  freeBlocks: number;
  isBitmapWritten: boolean;
}

const isUnderstood = (incompatible: number, readOnly: number): boolean =>
  (incompatible & ~UNDERSTOOD_INCOMPATIBLE) === 0 && (readOnly & ~UNDERSTOOD_READ_ONLY) === 0;

/** Of a file system that was left clean and lies within `deviceBytes`; else null. */
export function readSuperblock(bytes: Uint8Array, deviceBytes: number): ExtLayout | null {
  if (bytes.length < SUPERBLOCK_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SUPERBLOCK_BYTES);
  const word = (at: number): number => view.getUint32(at, true);
  const half = (at: number): number => view.getUint16(at, true);
  if (half(56) !== MAGIC || half(58) !== STATE_CLEAN) return null;
  const isOld = word(76) === 0;
  const compatible = isOld ? 0 : word(92);
  const incompatible = isOld ? 0 : word(96);
  const readOnly = isOld ? 0 : word(100);
  if (!isUnderstood(incompatible, readOnly)) return null;
  const isWide = (incompatible & INCOMPATIBLE.wide) !== 0;
  const shift = word(24);
  if (shift > MOST_BLOCK_SHIFT) return null;
  const blockBytes = 1024 << shift;
  const high = (at: number): number => (isWide ? word(at) * 2 ** 32 : 0);
  const blocks = word(4) + high(0x150);
  const firstBlock = word(20);
  const groupBlocks = word(32);
  const inodeBytes = isOld ? 128 : half(88);
  const descriptorBytes = isWide ? half(254) : LEAST_DESCRIPTOR_BYTES;
  const groups = Math.ceil((blocks - firstBlock) / groupBlocks);
  const layout: ExtLayout = {
    blockBytes,
    blocks,
    freeBlocks: word(12) + high(0x158),
    firstBlock,
    groupBlocks,
    groups,
    descriptorBytes,
    isWide,
    hasFlags: (readOnly & (READ_ONLY.groupChecksums | READ_ONLY.metadataChecksums)) !== 0,
    isSparse: (readOnly & READ_ONLY.sparseSuperblocks) !== 0 && (compatible & FEW_BACKUPS) === 0,
    tableBlocks: Math.ceil((groups * descriptorBytes) / blockBytes) + half(206),
    inodeTableBlocks: Math.ceil((word(40) * inodeBytes) / blockBytes),
  };
  return isSound(layout) && blocks * blockBytes <= deviceBytes ? layout : null;
}

function isSound(layout: ExtLayout): boolean {
  const { blockBytes, blocks, firstBlock, groupBlocks, descriptorBytes, isWide } = layout;
  const powerOfTwo = (descriptorBytes & (descriptorBytes - 1)) === 0;
  return (
    groupBlocks % 8 === 0 &&
    groupBlocks >= LEAST_GROUP_BLOCKS &&
    groupBlocks <= blockBytes * 8 &&
    firstBlock === (blockBytes === 1024 ? 1 : 0) &&
    blocks > firstBlock &&
    descriptorBytes >= (isWide ? WIDE_DESCRIPTOR_BYTES : LEAST_DESCRIPTOR_BYTES) &&
    descriptorBytes <= 1024 &&
    powerOfTwo &&
    layout.freeBlocks <= blocks &&
    layout.tableBlocks < groupBlocks &&
    layout.inodeTableBlocks > 0 &&
    layout.inodeTableBlocks < groupBlocks
  );
}

/** What the table says of group `index`, or null when it points out of the file system. */
export function readGroup(layout: ExtLayout, table: Uint8Array, index: number): ExtGroup | null {
  const at = index * layout.descriptorBytes;
  const view = new DataView(table.buffer, table.byteOffset + at, layout.descriptorBytes);
  const place = (low: number, high: number): number =>
    view.getUint32(low, true) + (layout.isWide ? view.getUint32(high, true) * 2 ** 32 : 0);
  const highFree = layout.isWide ? view.getUint16(44, true) : 0;
  const flags = layout.hasFlags ? view.getUint16(18, true) : 0;
  const group = {
    blockBitmap: place(0, 32),
    inodeBitmap: place(4, 36),
    inodeTable: place(8, 40),
    freeBlocks: view.getUint16(12, true) + highFree * 2 ** 16,
    isBitmapWritten: (flags & BITMAP_NEVER_WRITTEN) === 0,
  };
  const { blocks, firstBlock, inodeTableBlocks } = layout;
  const isInside = (block: number, length: number): boolean =>
    block >= firstBlock && block + length <= blocks;
  const inside =
    isInside(group.blockBitmap, 1) &&
    isInside(group.inodeBitmap, 1) &&
    isInside(group.inodeTable, inodeTableBlocks);
  return inside && group.freeBlocks <= layout.groupBlocks ? group : null;
}

/** Group `index` begins with a copy of the superblock and of the tables. */
export function hasSuperblock(layout: ExtLayout, index: number): boolean {
  if (!layout.isSparse || index <= 1) return true;
  return [3, 5, 7].some((base) => {
    let power = base;
    while (power < index) power *= base;
    return power === index;
  });
}
