/**
 * History files of asynchronous mode: writes that no longer fit the send queue wait on disk, in
 * order, until the other side has taken what went before (mddriver/historydir, historymax).
 *
 *     write ─► open segment ─┐                ┌─► oldest segment read, removed ─► sent in order
 *     write ─► open segment ─┴─ full: next ───┘
 *
 *     segment, per write:  magic 4 | offset 8 | length 4 | crc32 4 | bytes
 *
 * The files are this agent's memory, not a record: after its end the activity map says what may
 * differ, and what is left of them is removed. The layout is ours.
 */
import { crc32 } from 'node:zlib';
import type { BulkFile, BulkFiles } from '../../ports/bulk-files.ts';
import { RemoteError } from '../../ports/wire.ts';
import type { MirrorDisk } from '../disk.ts';
import { refused } from '../refused.ts';

const MAGIC = 0x4472794c; // "DryL"
const HEAD_BYTES = 20;
const SEGMENT_BYTES = 1024 * 1024;
/** A segment may hold one write more than fits. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface HistoryWrite {
  id: number;
  offset: number;
  length: number;
  durable: boolean;
}

interface Segment {
  path: string;
  bytes: number;
  writes: HistoryWrite[];
  file: Promise<BulkFile>;
  /** What was appended so far, in order. */
  written: Promise<void>;
}

function recordOf(offset: number, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(MAGIC, 0);
  head.writeBigUInt64BE(BigInt(offset), 4);
  head.writeUInt32BE(data.length, 12);
  head.writeUInt32BE(crc32(data), 16);
  return Buffer.concat([head, data]);
}

export class History {
  readonly #bulk: BulkFiles;
  readonly #prefix: string;
  #segments: Segment[] = [];
  #sequence = 0;
  /** On disk, and not sent. */
  bytes = 0;

  /** `folder`/`name`.N.history */
  constructor(bulk: BulkFiles, folder: string, name: string) {
    this.#bulk = bulk;
    this.#prefix = `${folder.replace(/\/+$/, '')}/${name}`;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /** Keeps its place at once; resolves when the bytes are in the file. */
  async add(write: HistoryWrite, data: Uint8Array): Promise<void> {
    const record = recordOf(write.offset, data);
    const segment = this.#segmentFor();
    segment.writes.push(write);
    segment.bytes += record.length;
    this.bytes += record.length;
    segment.written = segment.written.then(async () => (await segment.file).append(record));
    await segment.written;
  }

  #segmentFor(): Segment {
    const last = this.#segments.at(-1);
    if (last && last.bytes < SEGMENT_BYTES) return last;
    const path = `${this.#prefix}.${this.#sequence++}.history`;
    const file = this.#bulk.create(path);
    const segment = { path, bytes: 0, writes: [], file, written: file.then(() => undefined) };
    this.#segments.push(segment);
    return segment;
  }

  /** The oldest segment's writes with their bytes; its file is gone then. Rejects when it is damaged. */
  async take(): Promise<{ write: HistoryWrite; data: Uint8Array }[]> {
    const segment = this.#segments.shift();
    if (!segment) return [];
    this.bytes -= segment.bytes;
    try {
      await segment.written;
      await (await segment.file).close();
      const bytes = await this.#bulk.read(segment.path, MOST_BYTES);
      return readSegment(segment.path, segment.writes, bytes);
    } catch (cause) {
      throw new HistoryLost(segment.writes, cause);
    } finally {
      await this.#bulk.remove(segment.path).catch(() => {});
    }
  }

  /** Everything is dropped; answers what it was. */
  drop(): HistoryWrite[] {
    const segments = this.#segments.splice(0);
    this.bytes = 0;
    for (const { path, file, written } of segments) {
      const end = async () => {
        await written.catch(() => {});
        await (await file).close();
        await this.#bulk.remove(path);
      };
      end().catch(() => {});
    }
    return segments.flatMap(({ writes }) => writes);
  }
}

/** A segment that cannot be read again; its writes have to be sent as out of sync. */
export class HistoryLost extends RemoteError {
  readonly writes: HistoryWrite[];
  constructor(writes: HistoryWrite[], cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super('mirror.history', `the history file cannot be used: ${why}`);
    this.writes = writes;
  }
}

function readSegment(
  path: string,
  writes: readonly HistoryWrite[],
  bytes: Uint8Array | null,
): { write: HistoryWrite; data: Uint8Array }[] {
  if (!bytes) throw new Error(`${path} is gone`);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  return writes.map((write) => {
    const end = at + HEAD_BYTES + write.length;
    const data = file.subarray(at + HEAD_BYTES, end);
    const isSound =
      end <= file.length &&
      file.readUInt32BE(at) === MAGIC &&
      file.readBigUInt64BE(at + 4) === BigInt(write.offset) &&
      file.readUInt32BE(at + 16) === crc32(data);
    if (!isSound) throw new Error(`${path} is damaged`);
    at = end;
    return { write, data };
  });
}

/**
 * Takes the folder for history files into use where the configuration names one, and removes what
 * an earlier life left there. Rejects when there can be none: a full queue breaks the mirror then.
 */
export async function openHistory(disk: MirrorDisk): Promise<void> {
  const { historyFolder: folder, mode, number } = disk.p;
  const { bulk, files } = disk.ports;
  if (folder === null) return;
  if (mode !== 'async') throw refused('history files belong to asynchronous mode: not used');
  if (!folder.startsWith('/')) throw refused(`history files need an absolute path, not ${folder}`);
  if (!bulk) throw refused('there are no files here to hold history in');
  const name = `NMP${number}`;
  for (const one of (await files?.list(folder)) ?? []) {
    if (one.startsWith(`${name}.`) && one.endsWith('.history'))
      await bulk.remove(`${folder}/${one}`);
  }
  disk.writes.queue.spillTo(new History(bulk, folder, name));
}
