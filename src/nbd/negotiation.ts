/**
 * What is agreed before the first request, in the fixed newstyle:
 *
 *     server                                  client
 *     NBDMAGIC IHAVEOPT flags ──────────────►
 *              ◄────────────────────────────── flags
 *              ◄────────────────────────────── option: LIST, INFO, …   any number
 *     reply … ack or a structured refusal ──►
 *              ◄────────────────────────────── option: GO (or EXPORT_NAME, or ABORT)
 *     what the export is ───────────────────► transmission
 *
 * Pure: bytes in, bytes out. What cannot be part of a negotiation ends it, with a reason.
 */
import type { NbdExport } from './export.ts';
import type { Pieces } from './pieces.ts';
import {
  exportFlags,
  handshakeFlags,
  infos,
  MAGIC,
  MOST_OPTION_BYTES,
  MOST_OPTIONS,
  MOST_REQUEST_BYTES,
  OPTION_MAGIC,
  options,
  REPLY_MAGIC,
  replies,
} from './words.ts';

export interface Exports {
  names(): string[];
  find(name: string): NbdExport | null;
}

/** Why a connection ends: the other side is no NBD client, or hostile, or wants it so. */
export class NbdEnd extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'NbdEnd';
  }
}

const PREFERRED_BLOCK_BYTES = 4096;
const ZEROES_AFTER_EXPORT = 124;

export function flagsOf(found: NbdExport): number {
  const { hasFlags, readOnly, flush, fua, trim, writeZeroes, multiConnection } = exportFlags;
  const always = hasFlags | flush | fua | trim | writeZeroes | multiConnection;
  return found.readOnly ? always | readOnly : always;
}

/** What a server says first. */
export function greeting(): Buffer {
  const bytes = Buffer.alloc(18);
  bytes.writeBigUInt64BE(MAGIC, 0);
  bytes.writeBigUInt64BE(OPTION_MAGIC, 8);
  bytes.writeUInt16BE(handshakeFlags.fixedNewstyle | handshakeFlags.noZeroes, 16);
  return bytes;
}

function reply(option: number, kind: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(20);
  head.writeBigUInt64BE(REPLY_MAGIC, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(kind, 12);
  head.writeUInt32BE(data.length, 16);
  return Buffer.concat([head, data]);
}

function refusal(option: number, kind: number, words: string): Buffer {
  return reply(option, kind, Buffer.from(words));
}

export class Negotiation {
  readonly #exports: Exports;
  #clientFlags: number | null = null;
  #option: { kind: number; length: number } | null = null;
  #count = 0;

  constructor(exports: Exports) {
    this.#exports = exports;
  }

  /**
   * Takes what can be taken. Answers what is to be sent, and the export once one is chosen; what
   * then is left in `input` are requests. Throws NbdEnd; `last` is sent before.
   */
  take(input: Pieces, send: (bytes: Buffer) => void): NbdExport | null {
    if (this.#clientFlags === null) {
      if (input.length < 4) return null;
      const flags = input.take(4).readUInt32BE(0);
      const known = handshakeFlags.fixedNewstyle | handshakeFlags.noZeroes;
      if ((flags & ~known) !== 0) throw new NbdEnd(`client flags ${flags} are not known`);
      this.#clientFlags = flags;
    }
    for (;;) {
      this.#option ??= input.length >= 16 ? this.#takeHead(input) : null;
      if (!this.#option || input.length < this.#option.length) return null;
      const { kind, length } = this.#option;
      this.#option = null;
      const data = length > 0 ? input.take(length) : Buffer.alloc(0);
      const chosen = this.#answer(kind, data, send);
      if (chosen) return chosen;
    }
  }

  #takeHead(input: Pieces): { kind: number; length: number } {
    const head = input.take(16);
    if (head.readBigUInt64BE(0) !== OPTION_MAGIC) throw new NbdEnd('not an option');
    const [kind, length] = [head.readUInt32BE(8), head.readUInt32BE(12)];
    if (length > MOST_OPTION_BYTES) throw new NbdEnd(`an option of ${length} bytes`);
    this.#count += 1;
    if (this.#count > MOST_OPTIONS) throw new NbdEnd('options without end');
    return { kind, length };
  }

  #answer(kind: number, data: Buffer, send: (bytes: Buffer) => void): NbdExport | null {
    switch (kind) {
      case options.exportName:
        return this.#exportName(data, send);
      case options.abort:
        send(reply(kind, replies.ack));
        throw new NbdEnd('the client gave up');
      case options.list:
        this.#list(data, send);
        return null;
      case options.info:
      case options.go:
        return this.#describe(kind, data, send);
      default:
        send(refusal(kind, replies.unsupported, 'this option is not provided'));
        return null;
    }
  }

  /** The old way to choose: there is no refusal but the end. */
  #exportName(data: Buffer, send: (bytes: Buffer) => void): NbdExport {
    const found = this.#exports.find(data.toString('utf8'));
    if (!found) throw new NbdEnd('no such export');
    const zeroes = ((this.#clientFlags ?? 0) & handshakeFlags.noZeroes) === 0;
    const bytes = Buffer.alloc(10 + (zeroes ? ZEROES_AFTER_EXPORT : 0));
    bytes.writeBigUInt64BE(BigInt(found.sizeBytes), 0);
    bytes.writeUInt16BE(flagsOf(found), 8);
    send(bytes);
    return found;
  }

  #list(data: Buffer, send: (bytes: Buffer) => void): void {
    if (data.length > 0) {
      send(refusal(options.list, replies.invalid, 'this option has no data'));
      return;
    }
    for (const name of this.#exports.names()) {
      const text = Buffer.from(name);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      send(reply(options.list, replies.server, Buffer.concat([length, text])));
    }
    send(reply(options.list, replies.ack));
  }

  #describe(kind: number, data: Buffer, send: (bytes: Buffer) => void): NbdExport | null {
    const wanted = readWanted(data);
    if (!wanted) {
      send(refusal(kind, replies.invalid, 'lengths that contradict one another'));
      return null;
    }
    const found = this.#exports.find(wanted.name);
    if (!found) {
      send(refusal(kind, replies.unknown, 'no such export'));
      return null;
    }
    send(reply(kind, replies.info, exportInfo(found)));
    if (wanted.infos.includes(infos.name)) {
      const head = Buffer.alloc(2);
      head.writeUInt16BE(infos.name);
      send(reply(kind, replies.info, Buffer.concat([head, Buffer.from(found.name)])));
    }
    if (wanted.infos.includes(infos.blockSize)) send(reply(kind, replies.info, blockSizeInfo()));
    send(reply(kind, replies.ack));
    return kind === options.go ? found : null;
  }
}

function readWanted(data: Buffer): { name: string; infos: number[] } | null {
  if (data.length < 6) return null;
  const length = data.readUInt32BE(0);
  if (length > data.length - 6) return null;
  const count = data.readUInt16BE(4 + length);
  if (data.length !== 6 + length + 2 * count) return null;
  const name = data.toString('utf8', 4, 4 + length);
  const from = 6 + length;
  return {
    name,
    infos: Array.from({ length: count }, (_, at) => data.readUInt16BE(from + 2 * at)),
  };
}

function exportInfo(found: NbdExport): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(infos.export, 0);
  bytes.writeBigUInt64BE(BigInt(found.sizeBytes), 2);
  bytes.writeUInt16BE(flagsOf(found), 10);
  return bytes;
}

function blockSizeInfo(): Buffer {
  const bytes = Buffer.alloc(14);
  bytes.writeUInt16BE(infos.blockSize, 0);
  bytes.writeUInt32BE(1, 2);
  bytes.writeUInt32BE(PREFERRED_BLOCK_BYTES, 6);
  bytes.writeUInt32BE(MOST_REQUEST_BYTES, 10);
  return bytes;
}
