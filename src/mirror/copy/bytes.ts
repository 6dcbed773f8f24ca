/** Bytes in one piece or in several, one after the other, as a socket brought them. */
import type { BlockStore } from '../../ports/devices.ts';

export type Bytes = Uint8Array | readonly Uint8Array[];

export const isWhole = (bytes: Bytes): bytes is Uint8Array => bytes instanceof Uint8Array;

export function lengthOf(bytes: Bytes): number {
  if (isWhole(bytes)) return bytes.length;
  let length = 0;
  for (const piece of bytes) length += piece.length;
  return length;
}

/** In one piece: joined only when they are not. */
export function whole(bytes: Bytes): Uint8Array {
  if (isWhole(bytes)) return bytes;
  const [only] = bytes;
  if (only && bytes.length === 1) return only;
  const joined = new Uint8Array(lengthOf(bytes));
  let at = 0;
  for (const piece of bytes) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** The part from `from` on, `length` bytes long, as it lies. */
export function part(pieces: readonly Uint8Array[], from: number, length: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  for (const piece of pieces) {
    const begin = Math.max(0, from - at);
    const end = Math.min(piece.length, from + length - at);
    if (begin < end) found.push(piece.subarray(begin, end));
    at += piece.length;
  }
  return found;
}

export function writeTo(store: BlockStore, offset: number, bytes: Bytes): Promise<void> {
  if (isWhole(bytes) || !store.writePieces) return store.write(offset, whole(bytes));
  return store.writePieces(offset, bytes);
}
