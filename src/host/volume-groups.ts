/**
 * Logical volumes: devices /dev/GROUP/VOLUME, each with the space that its group has left for it, in
 * extents of 4 MiB. A group lies on one physical volume. A volume grows where it is.
 */
import type { JsonObject } from '../core/json.ts';
import { text, whole } from './fields.ts';
import { keepFileSystem } from './file-systems.ts';
import { writeVolume } from './shared-tables.ts';
import { change, own, refusal, reply, type Turn } from './turn.ts';

export const EXTENT_BYTES = 4 * 1024 * 1024;
/** Folders below /dev that are no volume group. */
const FOLDERS = ['mapper', 'disk', 'vx', 'raw', 'dm', 'md'];

/** null: the path names no logical volume. */
export function volumeName(path: string): { group: string; volume: string } | null {
  const [, group = '', volume = ''] = /^\/dev\/([\w.+-]+)\/([\w.+-]+)$/.exec(path) ?? [];
  return group === '' || FOLDERS.includes(group) ? null : { group, volume };
}

export function wholeExtents(bytes: number): number {
  return Math.ceil(bytes / EXTENT_BYTES) * EXTENT_BYTES;
}

export function extendVolume(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const sizeBytes = wholeExtents(whole(body, 'sizeBytes', 1));
  const disk = own(turn.state.disks, device);
  if (!disk || !volumeName(device)) throw refusal('device.missing', `${device} is no volume`);
  if (disk.failed !== null) throw refusal('device.error', 'PVs are missing');
  const added = sizeBytes - disk.sizeBytes;
  if (added <= 0) throw refusal('volume.size', `${device} has ${disk.sizeBytes} bytes already`);
  const roomBytes = (disk.roomBytes ?? 0) - added;
  if (roomBytes < 0) throw refusal('volume.room', `there is room for ${disk.roomBytes ?? 0} bytes`);
  keepFileSystem(turn, device);
  const extended = { ...disk, sizeBytes, roomBytes };
  change(turn, { disks: { ...turn.state.disks, [device]: extended } });
  writeVolume(turn, extended);
  reply(turn, id, { sizeBytes });
}
