/** What is mounted on a server: by its operating system, and by its mirror agent. */
import { soundAnswer } from '../../cluster/index.ts';
import { fileSystemOf, mirrorsOf } from '../../config/index.ts';
import type { Json } from '../../core/json.ts';
import type { AgentView } from '../../ports/views.ts';
import { WireError } from '../../ports/wire.ts';
import type { DiskStatus, MountStatus } from '../../schema/generated/status.ts';
import type { Environment } from '../environment.ts';
import { configOf } from './addresses.ts';
import { askHost } from './host.ts';

export interface Mounted extends MountStatus {
  /** Of the device; null: not known. */
  sizeBytes: number | null;
}

async function agentView(env: Environment): Promise<AgentView | null> {
  const to = { server: env.server, part: 'agent' } as const;
  const body: Json = { do: 'status' };
  try {
    return soundAnswer(to, body, await env.request(to, body)) as unknown as AgentView;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

async function mirrorMounts(env: Environment): Promise<Mounted[]> {
  const config = await configOf(env);
  const mirrors = config ? mirrorsOf(config) : [];
  const view = mirrors.length > 0 ? await agentView(env) : null;
  if (!config || !view) return [];
  return mirrors.flatMap((resource) => {
    const { nmppath, 'mount/point': point } = resource.parameters;
    const side = view.mirrors[resource.name];
    if (!side?.active || !side.mounted || typeof point !== 'string') return [];
    const fs = fileSystemOf(config, resource);
    const words = { device: String(nmppath), point, fs, readOnly: false, options: [] };
    return [{ ...words, sizeBytes: side.sizeBytes }];
  });
}

export async function mountsHere(env: Environment): Promise<Mounted[]> {
  const { mounts, disks } = await askHost(env, { do: 'status' });
  const sizes = Object.values(disks as unknown as Record<string, DiskStatus>)
    .flatMap(({ partitions }) => partitions)
    .map(({ device, sizeBytes }) => [device, sizeBytes] as const);
  const bySize = new Map(sizes);
  const own = (mounts as unknown as MountStatus[]).map((mount) => {
    return { ...mount, sizeBytes: bySize.get(mount.device) ?? null };
  });
  return [...own, ...(await mirrorMounts(env))];
}
