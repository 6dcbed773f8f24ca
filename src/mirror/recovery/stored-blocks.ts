/**
 * What a forced recovery overwrites: the victim's blocks that differ from what comes, in a file of
 * its server, durable before the block is.
 *
 *     head    "DryKept1", u32 length, JSON { mirror, server, generation }
 *     block   u32 magic | u64 offset | u32 length | u32 crc32 | bytes
 *
 * Numbers are big-endian. A crash may leave a torn block at the end, which was not overwritten yet.
 * A recovery that goes on after an interruption keeps the rest in FILE.2, FILE.3 …; where a block
 * stands in several files, the first one has the victim's.
 */
import { crc32 } from 'node:zlib';
import type { BulkFile } from '../../ports/bulk-files.ts';
import { BLOCK_BYTES } from '../copy/block-map.ts';
import { zeroes } from '../copy/zeroes.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Frame } from '../link/session.ts';
import { refused } from '../refused.ts';

const HEAD = 'DryKept1';
const MAGIC = 0x44724b62; // "DrKb"
const BLOCK_HEAD_BYTES = 20;
const MOST_FILES = 100;

export interface BlockFile {
  path: string;
  file: BulkFile;
}

/** A new file beside what was kept before. Rejects `mirror.keep`: nothing is overwritten then. */
export async function openBlockFile(disk: MirrorDisk, path: string): Promise<BlockFile> {
  const { bulk, server } = disk.ports;
  if (!bulk) throw refused(`${server} can keep nothing in a file`, 'mirror.keep');
  let why = '';
  for (let number = 1; number <= MOST_FILES; number++) {
    const name = number === 1 ? path : `${path}.${number}`;
    try {
      const file = await bulk.create(name);
      await file.append(headOf(disk));
      await file.flush();
      return { path: name, file };
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
      if ((await bulk.read(name, 0).catch(() => 'there')) === null) break;
    }
  }
  throw refused(`${path} cannot be made on ${server}: ${why}`, 'mirror.keep');
}

function headOf(disk: MirrorDisk): Uint8Array {
  const { generation } = disk.copy.record;
  const about = { mirror: disk.p.name, server: disk.ports.server, generation };
  const text = Buffer.from(JSON.stringify(about));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([Buffer.from(HEAD), length, text]);
}

/** Keeps what the frame is about to overwrite, block by block, where it differs. */
export async function storeDiffering(
  disk: MirrorDisk,
  blockFile: BlockFile,
  frame: Frame,
): Promise<void> {
  const offset = Number(frame.header.offset);
  const { zeroes: wiped } = frame.header;
  const payload = typeof wiped === 'number' ? zeroes(wiped) : frame.payload;
  const old = await disk.copy.read(offset, payload.length);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < old.length; at += BLOCK_BYTES) {
    const mine = old.subarray(at, at + BLOCK_BYTES);
    if (Buffer.compare(mine, payload.subarray(at, at + BLOCK_BYTES)) === 0) continue;
    const head = Buffer.alloc(BLOCK_HEAD_BYTES);
    head.writeUInt32BE(MAGIC, 0);
    head.writeBigUInt64BE(BigInt(offset + at), 4);
    head.writeUInt32BE(mine.length, 12);
    head.writeUInt32BE(crc32(mine), 16);
    pieces.push(head, mine);
  }
  if (pieces.length === 0) return;
  await blockFile.file.append(Buffer.concat(pieces));
  await blockFile.file.flush();
}

export interface StoredBlocks {
  mirror: string;
  server: string;
  /** What the copy bore when it was given up. */
  generation: string | null;
  /** By offset in bytes. */
  blocks: Map<number, Uint8Array>;
}

/** Reads such a file; a torn end is left out. Throws when it is none. */
export function readStoredBlocks(bytes: Uint8Array): StoredBlocks {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = HEAD.length + 4;
  const isOurs = file.length >= headEnd && file.toString('latin1', 0, HEAD.length) === HEAD;
  if (!isOurs) throw refused('not a file of kept blocks', 'mirror.keep');
  const aboutEnd = headEnd + file.readUInt32BE(HEAD.length);
  const about = JSON.parse(file.toString('utf8', headEnd, aboutEnd)) as Omit<
    StoredBlocks,
    'blocks'
  >;
  const blocks = new Map<number, Uint8Array>();
  for (let at = aboutEnd; at + BLOCK_HEAD_BYTES <= file.length; ) {
    const length = file.readUInt32BE(at + 12);
    const from = at + BLOCK_HEAD_BYTES;
    const block = file.subarray(from, from + length);
    if (file.readUInt32BE(at) !== MAGIC || block.length < length) break;
    if (crc32(block) !== file.readUInt32BE(at + 16)) break;
    blocks.set(Number(file.readBigUInt64BE(at + 4)), block);
    at = from + length;
  }
  return { ...about, blocks };
}
