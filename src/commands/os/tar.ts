/**
 * tar, for backups of a mounted mirror (v3 9.1.1, 11.8.2 step 4). The servers of lab and twin keep
 * no file system of their own in a mirror, so what is backed up is the image of the device that is
 * mounted there: its bytes, without the empty blocks, one JSON line a block, with a SHA-256 over
 * the whole. `-t` says what an archive holds and checks it.
 *
 *   active mirror    ─ agent `read`  ─┐
 *   mounted device   ─ host `device.read` ─┴─► archive in the server's files
 *
 * Whoever writes to the mirror meanwhile is in the backup in part, as with any backup of a mounted
 * device: stop the application first, or take it as after a crash.
 */
import { createHash } from 'node:crypto';
import { soundAnswer } from '../../cluster/index.ts';
import { parseClusterConfiguration } from '../../config/index.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { AgentView } from '../../ports/views.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage, unknownOption } from './host.ts';

const BLOCK = 256 * 1024;
const SCHEMA = 'drydock.image/1';

interface Source {
  /** What is read, for people: `md1 (/dev/NMP1)` or `/dev/sdb2`. */
  of: string;
  sizeBytes: number;
  generation: string | null;
  read(offset: number, length: number): Promise<Uint8Array>;
}

function bytesOf(answer: Json): Uint8Array {
  return Buffer.from(String((answer as JsonObject).data), 'base64');
}

/** A device that the operating system has mounted there. */
async function mountedSource(env: Environment, path: string): Promise<Source | null> {
  const { mounts, disks } = await askHost(env, { do: 'status' });
  const found = (mounts as unknown as { device: string; point: string }[]).find(
    (mount) => mount.point === path || mount.device === path,
  );
  if (!found) return null;
  const { device } = found;
  const parts = Object.values(
    disks as unknown as Record<string, { partitions: { device: string; sizeBytes: number }[] }>,
  ).flatMap((disk) => disk.partitions);
  const sizeBytes = parts.find((part) => part.device === device)?.sizeBytes;
  if (sizeBytes === undefined) return null;
  const read = async (offset: number, length: number) =>
    bytesOf(await askHost(env, { do: 'device.read', device, offset, length }));
  return { of: device, sizeBytes, generation: null, read };
}

/** A mirror that is active here, by its mount point, its device or its name. */
async function mirrorSource(env: Environment, path: string): Promise<Source | null> {
  const text = await env.files.read(CONFIG_PATH);
  if (text === null) return null;
  const resource = parseClusterConfiguration(text, CONFIG_PATH).resources.find(
    ({ type, name, parameters }) =>
      type === 'md' &&
      [name, parameters['mount/point'], parameters.nmppath].some((known) => known === path),
  );
  if (!resource) return null;
  const to = { server: env.server, part: 'agent' } as const;
  const ask = async (body: Json) => soundAnswer(to, body, await env.request(to, body));
  const view = (await ask({ do: 'status' })) as unknown as AgentView;
  const mirror = resource.name;
  const side = view.mirrors[mirror];
  if (!side?.active) throw new Usage(`${mirror} is not active on ${env.server}`);
  const { sizeBytes, generation } = side;
  if (sizeBytes === null) throw new Usage(`the size of ${mirror} is not known`);
  const read = async (offset: number, length: number) =>
    bytesOf(await ask({ do: 'read', mirror, offset, length }));
  return { of: `${mirror} (${resource.parameters.nmppath})`, sizeBytes, generation, read };
}

async function create(env: Environment, archive: string, path: string): Promise<Report> {
  const source = (await mountedSource(env, path)) ?? (await mirrorSource(env, path));
  if (!source) return failed(`tar: ${path}: nothing is mounted there that can be backed up`);
  const { of, sizeBytes, generation, read } = source;
  const takenAt = env.clock.now();
  const head = { schema: SCHEMA, of, from: env.server, sizeBytes, generation, takenAt };
  const lines = [JSON.stringify(head)];
  const hash = createHash('sha256');
  for (let offset = 0; offset < sizeBytes; offset += BLOCK) {
    const data = await read(offset, Math.min(BLOCK, sizeBytes - offset));
    hash.update(data);
    const isEmpty = data.every((byte) => byte === 0);
    if (!isEmpty)
      lines.push(JSON.stringify({ offset, data: Buffer.from(data).toString('base64') }));
  }
  const sha256 = hash.digest('hex');
  await env.files.write(archive, `${lines.join('\n')}\n${JSON.stringify({ end: sha256 })}\n`);
  return done(`tar: ${archive}: image of ${of}, ${sizeBytes} bytes, SHA-256 ${sha256}\n`);
}

interface Line {
  offset?: number;
  data?: string;
  end?: string;
}

/** SHA-256 over the whole image that the lines describe. */
function hashOfImage(lines: Line[], sizeBytes: number): string {
  const hash = createHash('sha256');
  const byOffset = new Map(lines.map((line) => [line.offset, line.data]));
  for (let offset = 0; offset < sizeBytes; offset += BLOCK) {
    const data = byOffset.get(offset);
    const empty = () => Buffer.alloc(Math.min(BLOCK, sizeBytes - offset));
    hash.update(data === undefined ? empty() : Buffer.from(data, 'base64'));
  }
  return hash.digest('hex');
}

async function list(env: Environment, archive: string): Promise<Report> {
  const text = await env.files.read(archive);
  if (text === null) return failed(`tar: ${archive}: cannot open: no such file`);
  const bad = failed(`tar: ${archive} is damaged, or no image of a mirror`);
  try {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [head, ...rest] = lines;
    const end = rest.pop() as Line | undefined;
    if (head?.schema !== SCHEMA || !Number.isSafeInteger(head.sizeBytes)) return bad;
    if (end?.end !== hashOfImage(rest, head.sizeBytes)) return bad;
    const taken = new Date(head.takenAt).toISOString();
    const words = `image of ${head.of} on ${head.from}, ${head.sizeBytes} bytes, taken ${taken}`;
    return done(`${words}, SHA-256 ${end.end}\n`);
  } catch {
    return bad;
  }
}

export const tar = osCommand({
  name: 'tar',
  summary: 'back up the device mounted at a point as an image; list and check one',
  usage: ['tar -cf ARCHIVE POINT', 'tar -tf ARCHIVE'],
  changes: (args) => !/^-?[ctfv]*t[ctfv]*$/.test(args[0] ?? ''),
  async run(env, args) {
    const [words = '', archive, path, more] = args;
    const letters = words.replace(/^-/, '');
    const unknown = [...letters].find((letter) => !'ctfv'.includes(letter));
    if (words.startsWith('--') || unknown) throw unknownOption(words);
    if (!letters.includes('f') || !archive) throw new Usage('name the archive: -cf or -tf ARCHIVE');
    if (!archive.startsWith('/')) throw new Usage(`${archive}: name the archive from / on`);
    if (letters.includes('t')) return list(env, archive);
    if (!letters.includes('c')) throw new Usage('say -c (create) or -t (list)');
    if (!path || more) throw new Usage('name one mount point to back up');
    return create(env, archive, path);
  },
});
