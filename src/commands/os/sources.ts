/**
 * What tar and dd read on a server:
 *
 *     mounted device or file   host `device.read`, or the image in that file
 *     active mirror            agent `read`
 */
import { soundAnswer } from '../../cluster/index.ts';
import { mirrorsOf, sharedConfiguration } from '../../config/index.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { AgentView } from '../../ports/views.ts';
import { WireError } from '../../ports/wire.ts';
import type { DiskStatus, MountStatus } from '../../schema/generated/status.ts';
import type { Environment } from '../environment.ts';
import { askHost } from './host.ts';
import { readImage, type Source } from './image.ts';

function bytesOf(answer: Json): Uint8Array {
  return Buffer.from(String((answer as JsonObject).data), 'base64');
}

/** A block device of the operating system; null when there is none of that name. */
export async function deviceSource(env: Environment, device: string): Promise<Source | null> {
  const { disks } = await askHost(env, { do: 'status' });
  const parts = Object.values(disks as unknown as Record<string, DiskStatus>).flatMap(
    (disk) => disk.partitions,
  );
  const sizeBytes = parts.find((part) => part.device === device)?.sizeBytes;
  if (sizeBytes === undefined) return null;
  const read = async (offset: number, length: number) =>
    bytesOf(await askHost(env, { do: 'device.read', device, offset, length }));
  return { of: device, sizeBytes, generation: null, read };
}

/** What the operating system has mounted at a point, the last of it. */
async function mountedSource(env: Environment, path: string): Promise<Source | null> {
  const { mounts } = await askHost(env, { do: 'status' });
  const found = (mounts as unknown as MountStatus[]).findLast((mount) => mount.point === path);
  if (!found) return null;
  if (!found.options.includes('loop')) return deviceSource(env, found.device);
  const text = await env.files.read(found.device);
  return text === null ? null : (readImage(text)?.source ?? null);
}

/** A mirror that is active here, by its mount point; null when none is mounted there. */
async function mirrorSource(env: Environment, path: string): Promise<Source | null> {
  const text = await env.files.read(CONFIG_PATH);
  if (text === null) return null;
  const resource = mirrorsOf(sharedConfiguration(text, CONFIG_PATH)).find(
    ({ parameters }) => parameters['mount/point'] === path,
  );
  if (!resource) return null;
  const to = { server: env.server, part: 'agent' } as const;
  const ask = async (body: Json) => soundAnswer(to, body, await env.request(to, body));
  const view = (await ask({ do: 'status' })) as unknown as AgentView;
  const mirror = resource.name;
  const side = view.mirrors[mirror];
  if (!side?.active || side.sizeBytes === null) return null;
  const { sizeBytes, generation } = side;
  const read = async (offset: number, length: number) =>
    bytesOf(await ask({ do: 'read', mirror, offset, length }));
  return { of: `${mirror} (${resource.parameters.nmppath})`, sizeBytes, generation, read };
}

/** What stands at a mount point; null when nothing is mounted there. */
export async function sourceAt(env: Environment, path: string): Promise<Source | null> {
  return (await mountedSource(env, path)) ?? (await mirrorSource(env, path).catch(ifNoAgent));
}

/** Without its agent a mirror is not mounted. */
function ifNoAgent(error: unknown): null {
  if (error instanceof WireError) return null;
  throw error;
}
