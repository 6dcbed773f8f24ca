/**
 * Requests and replies, once an export was chosen. Pure: bytes in, requests out.
 *
 *     u32 magic | u16 flags | u16 command | u64 cookie | u64 offset | u32 length | data of a write
 *     u32 magic | u32 error | u64 cookie | data of a read that went well
 *
 * A request that is sound in form and wrong in content is refused by its reply, its data skipped;
 * one that is not sound ends the connection, for nothing after it can be told apart.
 */
import type { NbdExport } from './export.ts';
import { NbdEnd } from './negotiation.ts';
import type { Pieces } from './pieces.ts';
import {
  commandFlags,
  commands,
  errors,
  MOST_REQUEST_BYTES,
  REQUEST_MAGIC,
  SIMPLE_REPLY_MAGIC,
} from './words.ts';

const HEAD_BYTES = 28;

export interface NbdRequest {
  command: number;
  fua: boolean;
  cookie: bigint;
  offset: number;
  length: number;
  /** Of a write. */
  pieces: Buffer[];
  /** Refused already: this error is the answer. 0: to be carried out. */
  error: number;
}

const { fua, noHole } = commandFlags;
const KNOWN_FLAGS: Record<number, number> = {
  [commands.read]: fua,
  [commands.write]: fua,
  [commands.flush]: fua,
  [commands.trim]: fua,
  [commands.writeZeroes]: fua | noHole,
};

export class RequestReader {
  readonly #size: number;
  readonly #readOnly: boolean;
  #waiting: NbdRequest | null = null;

  constructor({ sizeBytes, readOnly }: Pick<NbdExport, 'sizeBytes' | 'readOnly'>) {
    this.#size = sizeBytes;
    this.#readOnly = readOnly;
  }

  /** The next whole request, or null. Throws NbdEnd, also when the client disconnects. */
  next(input: Pieces): NbdRequest | null {
    this.#waiting ??= input.length >= HEAD_BYTES ? this.#takeHead(input) : null;
    const request = this.#waiting;
    if (!request) return null;
    if (request.command === commands.write) {
      if (input.length < request.length) return null;
      request.pieces = input.takePieces(request.length);
    }
    this.#waiting = null;
    return request;
  }

  #takeHead(input: Pieces): NbdRequest {
    const head = input.take(HEAD_BYTES);
    if (head.readUInt32BE(0) !== REQUEST_MAGIC) throw new NbdEnd('not a request');
    const flags = head.readUInt16BE(4);
    const command = head.readUInt16BE(6);
    if (command === commands.disconnect) throw new NbdEnd('the client disconnected');
    const length = head.readUInt32BE(24);
    if (command === commands.write && length > MOST_REQUEST_BYTES) {
      throw new NbdEnd(`a write of ${length} bytes`);
    }
    // Two words instead of one of 64 bits: no BigInt for every request.
    const offset = head.readUInt32BE(16) * 2 ** 32 + head.readUInt32BE(20);
    return {
      command,
      fua: (flags & fua) !== 0,
      cookie: head.readBigUInt64BE(8),
      offset,
      length,
      pieces: [],
      error: this.#refuse(command, flags, offset, length),
    };
  }

  #refuse(command: number, flags: number, offset: number, length: number): number {
    const known = KNOWN_FLAGS[command];
    if (known === undefined || (flags & ~known) !== 0) return errors.EINVAL;
    if (command === commands.flush) return offset === 0 && length === 0 ? 0 : errors.EINVAL;
    const isRead = command === commands.read;
    if (!isRead && this.#readOnly) return errors.EPERM;
    if (offset + length > this.#size) {
      return isRead || command === commands.trim ? errors.EINVAL : errors.ENOSPC;
    }
    return isRead && length > MOST_REQUEST_BYTES ? errors.EOVERFLOW : 0;
  }
}

/** The head of a reply; the data of a read follow it. */
export function replyHead(cookie: bigint, error: number): Buffer {
  const head = Buffer.allocUnsafe(16);
  head.writeUInt32BE(SIMPLE_REPLY_MAGIC, 0);
  head.writeUInt32BE(error, 4);
  head.writeBigUInt64BE(cookie, 8);
  return head;
}

/** The number that NBD has for what went wrong. */
export function errorNumber(error: unknown): number {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOSPC') return errors.ENOSPC;
  if (code === 'EROFS' || code === 'EPERM') return errors.EPERM;
  if (code === 'mirror.range' || code === 'EINVAL') return errors.EINVAL;
  if (code === 'mirror.notActive' || code === 'mirror.stopped') return errors.ESHUTDOWN;
  return errors.EIO;
}
