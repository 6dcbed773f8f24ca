/** What is mounted on a server, and what its devices hold, by its host's word. */
import { mirrorsOf } from '../../config/index.ts';
import type { AgentView } from '../../ports/views.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import type { MountStatus } from '../../schema/generated/status.ts';
import type { Environment } from '../environment.ts';
import { configOf } from './addresses.ts';
import { askHost } from './host.ts';

export interface FileSystemHere {
  type: string;
  sizeBytes: number;
  isDirty: boolean;
  isChecked: boolean;
  mark: string;
}

export interface Volume {
  /** null: there is no such device. */
  sizeBytes: number | null;
  failed: 'all' | 'write' | 'read' | null;
  fileSystem: FileSystemHere | null;
}

export interface Mounted extends MountStatus {
  /** Of the file system; null: not known. */
  sizeBytes: number | null;
}

/** Of a mirror on this device, which may take up a part of its data partition only; else null. */
async function mirrorBytes(env: Environment, device: string): Promise<number | null> {
  const config = await configOf(env);
  const mirror =
    config && mirrorsOf(config).find(({ parameters }) => parameters.nmppath === device);
  if (!mirror) return null;
  const agent = { server: env.server, part: 'agent' } as const;
  const answer = await env.request(agent, { do: 'status' }).catch((error: unknown) => {
    if (error instanceof WireError || error instanceof RemoteError) return null;
    throw error;
  });
  return (answer as unknown as AgentView | null)?.mirrors?.[mirror.name]?.sizeBytes ?? null;
}

export async function volumeAt(env: Environment, device: string): Promise<Volume> {
  const volume = (await askHost(env, { do: 'volume', device })) as unknown as Volume;
  const most = await mirrorBytes(env, device);
  if (volume.sizeBytes === null || most === null) return volume;
  return { ...volume, sizeBytes: Math.min(volume.sizeBytes, most) };
}

export async function mountsOf(env: Environment): Promise<MountStatus[]> {
  const { mounts } = await askHost(env, { do: 'status' });
  return mounts as unknown as MountStatus[];
}

export async function mountsHere(env: Environment): Promise<Mounted[]> {
  const mounts = await mountsOf(env);
  const volumes = await Promise.all(mounts.map(({ device }) => volumeAt(env, device)));
  return mounts.map((mount, at) => {
    const { fileSystem, sizeBytes } = volumes[at]!;
    return { ...mount, sizeBytes: fileSystem?.sizeBytes ?? sizeBytes };
  });
}

/** A UUID, out of the server's source of chance. */
export function freshUuid({ random }: Environment): string {
  const hex = random.id() + random.id();
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}
