/**
 * Archives and copies of a device, as files of a server. The servers of lab and twin keep no file
 * system of their own in a mirror, so what is backed up is the image of the device that is mounted
 * there: its bytes, without the empty blocks, one JSON line a block, with a SHA-256 over the whole.
 *
 *     { schema, of, from, member, sizeBytes, generation, takenAt }
 *     { offset, data: base64 } …
 *     { end: sha256 }
 *
 * A folder with nothing mounted on it is an image of no bytes.
 */
import { createHash } from 'node:crypto';
import type { Environment } from '../environment.ts';

const BLOCK = 256 * 1024;
const SCHEMA = 'drydock.image/1';

export interface Source {
  /** What is read, for people: `md1 (/dev/NMP1)` or `/dev/sdb2`. */
  of: string;
  sizeBytes: number;
  generation: string | null;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface ImageHead {
  of: string;
  from: string;
  /** Name in the archive, without the leading `/`; a copy of a device has none. */
  member?: string;
  sizeBytes: number;
  generation: string | null;
  takenAt: number;
}

interface Line {
  offset?: number;
  data?: string;
  end?: string;
}

const hashOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Whether the source is otherwise than when its blocks had these digests. */
async function hasChanged(source: Source, digests: readonly string[]): Promise<boolean> {
  const { sizeBytes, read } = source;
  for (const [at, digest] of digests.entries()) {
    const offset = at * BLOCK;
    if (hashOf(await read(offset, Math.min(BLOCK, sizeBytes - offset))) !== digest) return true;
  }
  return false;
}

/** Writes the image to a file of the server; tells whether the source changed meanwhile. */
export async function writeImage(
  env: Environment,
  path: string,
  source: Source,
  member?: string,
): Promise<{ sha256: string; changed: boolean }> {
  const { of, sizeBytes, generation, read } = source;
  const named = member === undefined ? {} : { member };
  const takenAt = env.clock.now();
  const head = { schema: SCHEMA, of, from: env.server, ...named, sizeBytes, generation, takenAt };
  const lines = [JSON.stringify(head)];
  const hash = createHash('sha256');
  const digests: string[] = [];
  for (let offset = 0; offset < sizeBytes; offset += BLOCK) {
    const data = await read(offset, Math.min(BLOCK, sizeBytes - offset));
    hash.update(data);
    digests.push(hashOf(data));
    const isEmpty = data.every((byte) => byte === 0);
    if (!isEmpty) {
      lines.push(JSON.stringify({ offset, data: Buffer.from(data).toString('base64') }));
    }
  }
  const sha256 = hash.digest('hex');
  await env.files.write(path, `${lines.join('\n')}\n${JSON.stringify({ end: sha256 })}\n`);
  return { sha256, changed: await hasChanged(source, digests) };
}

/** SHA-256 over the whole image that the lines describe. */
function hashOfImage(blocks: ReadonlyMap<number, string>, sizeBytes: number): string {
  const hash = createHash('sha256');
  for (let offset = 0; offset < sizeBytes; offset += BLOCK) {
    const data = blocks.get(offset);
    const empty = () => Buffer.alloc(Math.min(BLOCK, sizeBytes - offset));
    hash.update(data === undefined ? empty() : Buffer.from(data, 'base64'));
  }
  return hash.digest('hex');
}

/** The image in a file, checked; null when the file is damaged or something else. */
export function readImage(
  text: string,
): { head: ImageHead; sha256: string; source: Source } | null {
  try {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [head, ...rest] = lines;
    const end = rest.pop() as Line | undefined;
    if (head?.schema !== SCHEMA || !Number.isSafeInteger(head.sizeBytes)) return null;
    const blocks = new Map((rest as Line[]).map(({ offset, data }) => [offset ?? -1, data ?? '']));
    const sha256 = hashOfImage(blocks, head.sizeBytes);
    if (end?.end !== sha256) return null;
    const { of, sizeBytes, generation } = head as ImageHead;
    const read = async (offset: number, length: number) =>
      Buffer.from(blocks.get(offset) ?? Buffer.alloc(length).toString('base64'), 'base64');
    return { head, sha256, source: { of, sizeBytes, generation, read } };
  } catch {
    return null;
  }
}
