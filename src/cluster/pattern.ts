/**
 * Data that knows what it is. Each block of 4 KiB carries the mirror's name, its own place, the
 * sequence number of the write and a checksum, and is filled from all of these; so a block that is
 * old, torn, misplaced or foreign is distinguished from a right one by itself.
 *
 *     0 magic(8) | 8 sequence u64 | 16 block u64 | 24 SHA-256 of all the rest (32) | 56 name | fill
 */
import { createHash } from 'node:crypto';

export const BLOCK_BYTES = 4096;
const SECTOR_BYTES = 512;
const MAGIC = Buffer.from('DRYBLOCK');
const SUM_AT = 24;
const NAME_AT = 56;
const NAME_BYTES = 64;
const FILL_AT = NAME_AT + NAME_BYTES;

function sumOf(block: Buffer): Buffer {
  return createHash('sha256')
    .update(block.subarray(0, SUM_AT))
    .update(block.subarray(NAME_AT))
    .digest();
}

/** xorshift32: the fill only has to differ and to come out the same again. */
function fill(block: Buffer, seed: number): void {
  let word = seed | 1;
  for (let at = FILL_AT; at + 4 <= BLOCK_BYTES; at += 4) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    block.writeInt32LE(word, at);
  }
}

export function makeBlock(mirror: string, number: number, sequence: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  MAGIC.copy(block, 0);
  block.writeBigUInt64BE(BigInt(sequence), 8);
  block.writeBigUInt64BE(BigInt(number), 16);
  block.write(mirror.slice(0, NAME_BYTES), NAME_AT, 'utf8');
  fill(block, (sequence * 2_654_435_761 + number * 40_503) >>> 0);
  sumOf(block).copy(block, SUM_AT);
  return block;
}

export type Seen =
  | { is: 'blank' }
  | { is: 'block'; mirror: string; number: number; sequence: number }
  | { is: 'damaged'; why: string };

export function readBlock(bytes: Uint8Array): Seen {
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (block.length !== BLOCK_BYTES) return { is: 'damaged', why: 'not a whole block' };
  if (block.every((byte) => byte === 0)) return { is: 'blank' };
  if (!block.subarray(0, MAGIC.length).equals(MAGIC)) return { is: 'damaged', why: 'foreign data' };
  if (!sumOf(block).equals(block.subarray(SUM_AT, SUM_AT + 32))) {
    return { is: 'damaged', why: 'the checksum is wrong' };
  }
  const name = block.subarray(NAME_AT, FILL_AT);
  const end = name.indexOf(0);
  return {
    is: 'block',
    mirror: name.subarray(0, end < 0 ? NAME_BYTES : end).toString('utf8'),
    number: Number(block.readBigUInt64BE(16)),
    sequence: Number(block.readBigUInt64BE(8)),
  };
}

/** What a block may hold: the newest acknowledged write (0: none), or one of unknown fate. */
export interface Expected {
  acknowledged: number;
  /** Sequences sent since, without an answer. */
  sent: number[];
}

export interface Problem {
  expected: string;
  found: string;
}

/**
 * A power loss in the middle of a write leaves sectors of it; those are whole, the block is not.
 * As long as nothing was acknowledged since, that is no loss.
 */
function isTornWrite(
  mirror: string,
  number: number,
  bytes: Uint8Array,
  { acknowledged, sent }: Expected,
): boolean {
  if (sent.length === 0 || bytes.length !== BLOCK_BYTES) return false;
  const contents = [acknowledged, ...sent].map((sequence) => {
    return sequence === 0 ? Buffer.alloc(BLOCK_BYTES) : makeBlock(mirror, number, sequence);
  });
  for (let at = 0; at < BLOCK_BYTES; at += SECTOR_BYTES) {
    const sector = bytes.subarray(at, at + SECTOR_BYTES);
    const isKnown = contents.some(
      (content) => Buffer.compare(sector, content.subarray(at, at + SECTOR_BYTES)) === 0,
    );
    if (!isKnown) return false;
  }
  return true;
}

/** What is wrong with a block as it was read, or null. */
export function problemOf(
  mirror: string,
  number: number,
  bytes: Uint8Array,
  awaited: Expected,
): Problem | null {
  const { acknowledged, sent } = awaited;
  const seen = readBlock(bytes);
  const expected = acknowledged ? `write ${acknowledged}` : 'nothing, or a write of unknown fate';
  if (seen.is === 'damaged') {
    return isTornWrite(mirror, number, bytes, awaited) ? null : { expected, found: seen.why };
  }
  if (seen.is === 'blank') return acknowledged === 0 ? null : { expected, found: 'nothing' };
  if (seen.mirror !== mirror || seen.number !== number) {
    return { expected, found: `block ${seen.number} of ${seen.mirror}` };
  }
  const isRight = seen.sequence === acknowledged || sent.includes(seen.sequence);
  return isRight ? null : { expected, found: `write ${seen.sequence}` };
}
