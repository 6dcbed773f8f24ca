/** Zeroes to write: always the same bytes, so that they are known again and need not be sent. */
import { type Bytes, isWhole } from './bytes.ts';

const MOST = 4 * 1024 * 1024;
let shared: Uint8Array | null = null;

/** `length` zeroes, for reading only; 4 MiB at most. */
export function zeroes(length: number): Uint8Array {
  shared ??= new Uint8Array(MOST);
  return shared.subarray(0, length);
}

export function areZeroes(data: Bytes): boolean {
  return shared !== null && isWhole(data) && data.buffer === shared.buffer;
}

/** Looks at every byte. */
export function isAllZero(data: Uint8Array): boolean {
  for (let at = 0; at < data.length; at += MOST) {
    const piece = data.subarray(at, at + MOST);
    if (Buffer.compare(piece, zeroes(piece.length)) !== 0) return false;
  }
  return true;
}
