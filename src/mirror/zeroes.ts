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
