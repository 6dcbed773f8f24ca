/**
 * The partition table of a shared disk lies on the disk, not in a server: what one server writes
 * there the others have in force from their next boot on. It is read as a boot begins; one that was
 * never written since the disk came is as each server knows it.
 *
 *     server1  fdisk /dev/sdb ──► table SERIAL ──► read at the next boot  server2
 *
 * So it is with a volume on such a disk: its size, and the room that is left, are its group's.
 */
import type { Disk } from './state.ts';
import { change, emit, own, type Turn } from './turn.ts';

type Table = Pick<Disk, 'label' | 'partitions'> & Partial<Pick<Disk, 'sizeBytes' | 'roomBytes'>>;

const READ = 'table:';
const WRITTEN = 'table-written';
const keyOf = (serial: string): string => `table ${serial}`;

/** Nobody waits for it: the others boot later. */
export function writeTable(turn: Turn, disk: Disk, { label, partitions }: Table): void {
  const { serial, shared } = disk;
  if (!shared) return;
  const text = JSON.stringify({ ...(label ? { label } : {}), partitions });
  emit(turn, { type: 'askOutside', id: WRITTEN, op: 'take', key: keyOf(serial), text });
}

export function readSharedTables(turn: Turn): void {
  for (const [device, { serial, shared }] of Object.entries(turn.state.disks)) {
    if (!shared) continue;
    const id = `${READ}${device}`;
    emit(turn, { type: 'askOutside', id, op: 'look', key: keyOf(serial), text: '' });
  }
}

/** A volume that was extended. */
export function writeVolume(turn: Turn, volume: Disk): void {
  if (!volume.shared) return;
  const { serial, sizeBytes, roomBytes, partitions } = volume;
  const text = JSON.stringify({ sizeBytes, roomBytes, partitions });
  emit(turn, { type: 'askOutside', id: WRITTEN, op: 'take', key: keyOf(serial), text });
}

/** Only this file writes such a text. */
const tableIn = (text: string | null): Table | null =>
  text === null ? null : (JSON.parse(text) as Table);

/** False when it is somebody else's answer. */
export function sharedTableRead(turn: Turn, id: string, text: string | null): boolean {
  if (!id.startsWith(READ)) return false;
  const device = id.slice(READ.length);
  const disk = own(turn.state.disks, device);
  const table = tableIn(text);
  if (disk && table) {
    change(turn, { disks: { ...turn.state.disks, [device]: { ...disk, ...table } } });
  }
  return true;
}
