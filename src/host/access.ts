/** What a host reads and writes for whoever asks it, files and devices: the answer follows. */
import type { Json } from '../core/json.ts';
import { INSTALL_PATH } from '../core/paths.ts';
import type { Devices } from '../ports/devices.ts';
import type { LogFiles } from '../ports/files.ts';
import type { Machinery } from '../ports/machinery.ts';
import type { Outside } from '../ports/outside.ts';
import { readFacts } from './read-facts.ts';
import type { HostEffect, HostEvent } from './state.ts';

export interface AccessWorld {
  files: LogFiles;
  devices?: Devices;
  outside: Outside;
  machinery: Pick<Machinery, 'clearFiles' | 'placeProduct'>;
}

type Tell = (event: HostEvent) => void;
type EffectOf<Type extends HostEffect['type']> = Extract<HostEffect, { type: Type }>;

async function readBytes(
  devices: Devices | undefined,
  { device, offset, length }: { device: string; offset: number; length: number },
): Promise<string> {
  if (!devices) throw new Error(`${device}: this server has no way to read its devices`);
  const store = await devices.open(device);
  try {
    return Buffer.from(await store.read(offset, length)).toString('base64');
  } finally {
    await store.close();
  }
}

const CLEARED_AT_ONCE = 1024 * 1024;

async function clearBytes(devices: Devices | undefined, device: string): Promise<number> {
  if (!devices) throw new Error(`${device}: this server has no way to write to its devices`);
  const store = await devices.open(device);
  try {
    for (let at = 0; at < store.sizeBytes; at += CLEARED_AT_ONCE) {
      const left = Math.min(CLEARED_AT_ONCE, store.sizeBytes - at);
      await store.write(at, new Uint8Array(left));
    }
    await store.flush();
    return store.sizeBytes;
  } finally {
    await store.close();
  }
}

async function askThere(
  outside: Outside,
  { op, key, text }: EffectOf<'askOutside'>,
): Promise<string | null> {
  if (op !== 'look') await outside[op](key, text);
  return outside.look(key);
}

/** Reports what came of an access for request `id`; a failure refuses it. */
export function access(tell: Tell, id: string, work: Promise<HostEvent>): void {
  work.then(tell, (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const known = error instanceof Error && 'code' in error ? error.code : undefined;
    const code = typeof known === 'string' ? known : 'access.failed';
    tell({ type: 'access.failed', id, code, message });
  });
}

async function placeFiles(files: LogFiles, texts: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) await files.write(path, text);
}

/** The event that tells what came of it; null: the effect is no access. */
function workFor(world: AccessWorld, effect: HostEffect, id: string): Promise<HostEvent> | null {
  const { files, devices, outside, machinery } = world;
  const written = (body: Json) => (): HostEvent => ({ type: 'file.written', id, body });
  switch (effect.type) {
    case 'readFile':
      return files.read(effect.path).then((text) => ({ type: 'file.read', id, text }));
    case 'listFiles':
      return files.list(effect.path).then((names) => {
        return { type: 'files.listed', id, body: { names } };
      });
    case 'writeFile':
      return files.write(effect.path, effect.text).then(written({}));
    case 'placeFiles':
      return placeFiles(files, effect.files).then(written(effect.body));
    case 'placeProduct':
      return machinery.placeProduct().then(written({}));
    case 'removeProduct':
      return machinery.clearFiles(INSTALL_PATH).then(written({}));
    case 'readFacts':
      return readFacts(world, effect).then((facts) => ({ type: 'facts.read', id, facts }));
    case 'readDevice':
      return readBytes(devices, effect).then((data) => {
        return { type: 'device.read', id, body: { data } };
      });
    case 'clearDevice':
      return clearBytes(devices, effect.device).then((sizeBytes) => {
        return { type: 'device.cleared', id, body: { sizeBytes } };
      });
    case 'askOutside':
      return askThere(outside, effect).then((text) => ({ type: 'outside.said', id, text }));
    default:
      return null;
  }
}

export function carryOutAccess(world: AccessWorld, tell: Tell, effect: HostEffect): void {
  if (!('id' in effect) || typeof effect.id !== 'string') return;
  const work = workFor(world, effect, effect.id);
  if (work) access(tell, effect.id, work);
}
