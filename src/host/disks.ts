/** Disks: the operating system's side of them, and the bay a person reaches into. */
import { partitionDevice, splitPartition } from '../core/device-names.ts';
import type { JsonObject } from '../core/json.ts';
import {
  faultOfTable,
  isMounted,
  layOut,
  mirrorInUse,
  type ResolvedDevice,
  resolveDevice,
  SECTOR,
} from './devices.ts';
import { flag, objects, text, whole, word } from './fields.ts';
import { keepFileSystem } from './file-systems.ts';
import { nextSerial } from './hardware.ts';
import { writeTable } from './shared-tables.ts';
import type { Disk, Partition } from './state.ts';
import {
  change,
  changeLive,
  emit,
  isPowerOn,
  log,
  own,
  refusal,
  reply,
  type Turn,
  without,
} from './turn.ts';

const LEAST_DISK = 4 * 1024 * 1024;
const MOST_BYTES_READ = 1024 * 1024;

function diskAt(turn: Turn, device: string): Disk {
  const disk = own(turn.state.disks, device);
  if (disk) return disk;
  const names = Object.keys(turn.state.disks).join(', ') || 'none';
  const { server } = turn.state;
  throw refusal('device.missing', `${server} has no disk ${device}; its disks: ${names}`);
}

function putDisk(turn: Turn, device: string, disk: Disk): void {
  change(turn, { disks: { ...turn.state.disks, [device]: disk } });
}

/** What it may ever hold: a volume with the room to grow. */
function capacityOf({ sizeBytes, roomBytes = 0 }: Disk): number {
  return sizeBytes + roomBytes;
}

export function replaceDisk(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const serial = nextSerial(diskAt(turn, device).serial);
  const { server, hotplug, live } = turn.state;
  if (isPowerOn(turn.state) && !hotplug) {
    throw refusal(
      'power.on',
      `cannot replace ${device}: the power of ${server} is on; shut it down`,
    );
  }
  changeLive(turn, { diskWaiters: { ...live.diskWaiters, [serial]: [id] } });
  log(turn, 'diskReplaced', device, server, serial);
  blankInPlace(turn, device);
}

/** A further disk, blank and as large as the largest one there. A choice: nobody says how large. */
export function addDisk(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const { server, hotplug, live, disks, blank } = turn.state;
  if (!/^\/dev\/[a-z]{2,8}$/.test(device)) {
    throw refusal('device.name', `${device} is no name of a whole disk, as /dev/sdc is one`);
  }
  if (own(disks, device)) throw refusal('device.taken', `${server} has a disk ${device} already`);
  if (isPowerOn(turn.state) && !hotplug) {
    throw refusal('power.on', `cannot add ${device}: the power of ${server} is on; shut it down`);
  }
  const sizeBytes = Math.max(LEAST_DISK, ...Object.values(disks).map((disk) => disk.sizeBytes));
  const serial = `SN-${server}-${device.replace('/dev/', '')}-1`;
  changeLive(turn, { diskWaiters: { ...live.diskWaiters, [serial]: [id] } });
  log(turn, 'diskAdded', device, server, serial);
  putDisk(turn, device, { serial, sizeBytes, failed: null, partitions: [] });
  change(turn, { blank: [...blank, serial] });
  emit(turn, { type: 'createDisk', serial, sizeBytes });
}

/** A new blank disk of the same size in the same bay. Its serial follows the old one's. */
export function blankInPlace(turn: Turn, device: string): void {
  const old = diskAt(turn, device);
  const { blank } = turn.state;
  const serial = nextSerial(old.serial);
  const { sizeBytes } = old;
  const room = old.roomBytes === undefined ? {} : { roomBytes: old.roomBytes };
  // A shared disk is replaced once for each server that reaches it: its serial is the same then.
  const shared = old.shared ? { shared: old.shared } : {};
  putDisk(turn, device, { serial, sizeBytes, failed: null, partitions: [], ...room, ...shared });
  change(turn, { blank: [...blank.filter((made) => made !== old.serial), serial] });
  emit(turn, { type: 'createDisk', serial, sizeBytes: capacityOf(old), ...shared });
}

export function createBlankDisks(turn: Turn): void {
  for (const disk of Object.values(turn.state.disks)) {
    const { serial, shared } = disk;
    if (!turn.state.blank.includes(serial)) continue;
    const sizeBytes = capacityOf(disk);
    emit(turn, { type: 'createDisk', serial, sizeBytes, ...(shared ? { shared } : {}) });
  }
}

export function diskCreated(turn: Turn, serial: string): void {
  for (const id of own(turn.state.live.diskWaiters, serial) ?? []) reply(turn, id, { serial });
  changeLive(turn, { diskWaiters: without(turn.state.live.diskWaiters, serial) });
  change(turn, { blank: turn.state.blank.filter((made) => made !== serial) });
}

export function failDisk(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const failed = word(body, 'mode', ['all', 'write', 'read']);
  const disk = { ...diskAt(turn, device), failed };
  putDisk(turn, device, disk);
  log(turn, 'diskFailed', device, disk.serial, failed);
  reply(turn, id, { serial: disk.serial, failed });
}

export function healDisk(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const disk = { ...diskAt(turn, device), failed: null };
  putDisk(turn, device, disk);
  reply(turn, id, { serial: disk.serial, failed: null });
}

/** Partitions of a disk that are mounted, or that the mirror agent has open. */
function inUse(turn: Turn, device: string, { partitions }: Disk): Partition[] {
  const { mounts } = turn.state;
  const mirror = mirrorInUse(turn.state, device);
  const open = new Set([...mounts.map((mount) => mount.device), mirror?.data, mirror?.cluster]);
  if (open.has(device)) return partitions;
  return partitions.filter(({ number }) => open.has(partitionDevice(device, number)));
}

/** A partition in use can only grow or shrink where it is. */
function keepsItsPlace(table: Partition[]): (used: Partition) => boolean {
  return ({ number, offsetBytes }) =>
    table.some((part) => part.number === number && part.offsetBytes === offsetBytes);
}

/**
 * The whole partition table of a disk at once, as fdisk writes it: it is on the disk in any case,
 * and in force now unless a partition in use would move or go.
 */
export function partition(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const disk = diskAt(turn, device);
  const table = layOut(
    objects(body, 'partitions').map((item) => ({
      number: whole(item, 'number', 1),
      sizeBytes: whole(item, 'sizeBytes', SECTOR),
      offsetBytes: item.offsetBytes === undefined ? undefined : whole(item, 'offsetBytes', 0),
    })),
  );
  const label = body.label === undefined ? 'dos' : word(body, 'label', ['dos', 'gpt']);
  if (disk.failed === 'all' || disk.failed === 'write') throw ioError(device);
  if (turn.state.readOnly.includes(device)) throw writeProtected(device);
  const fault = faultOfTable(table, disk.sizeBytes);
  if (fault) throw refusal('partition.bad', `${device}: ${fault}; nothing was written`);
  const used = inUse(turn, device, disk);
  if (flag(body, 'idle') && (used.length > 0 || isMounted(turn.state, device))) {
    throw refusal(
      'device.busy',
      'This disk is currently in use - repartitioning is probably a bad idea.',
    );
  }
  for (const { number } of disk.partitions) keepFileSystem(turn, partitionDevice(device, number));
  const inTheWay = used.filter((part) => !keepsItsPlace(table)(part));
  if (inTheWay.length > 0) {
    putDisk(turn, device, { ...disk, label, written: table });
  } else {
    const { written: _, ...rest } = disk;
    putDisk(turn, device, { ...rest, label, partitions: table });
    forgetProtection(turn, device, used);
  }
  writeTable(turn, disk, { label, partitions: table });
  reply(turn, id, { kept: inTheWay.map(({ number }) => number) });
}

/** A table that is read again makes its partitions anew: their protection is silently gone. */
function forgetProtection(turn: Turn, disk: string, used: Partition[]): void {
  const stay = new Set(used.map(({ number }) => partitionDevice(disk, number)));
  const isForgotten = (path: string) => splitPartition(path)?.disk === disk && !stay.has(path);
  change(turn, { readOnly: turn.state.readOnly.filter((path) => !isForgotten(path)) });
}

/** At a boot every disk's table is read as it was written. */
export function readTables(disks: Record<string, Disk>): Record<string, Disk> {
  const entries = Object.entries(disks).map(([device, { written, ...disk }]) => {
    return [device, written ? { ...disk, partitions: written } : disk] as const;
  });
  return Object.fromEntries(entries);
}

export function showDisks(turn: Turn, id: string): void {
  reply(turn, id, { disks: turn.state.disks });
}

export function ioError(device: string): Error {
  return refusal('device.error', `${device}: Input/output error`);
}

export function writeProtected(device: string): Error {
  return refusal('device.readOnly', `${device} is write-protected`);
}

export function needDevice(turn: Turn, device: string): ResolvedDevice {
  const found = resolveDevice(turn.state, device);
  if (!found) throw refusal('device.missing', `${device} is not a block device here`);
  return found;
}

/** Write protection of a device, until the next boot. */
export function blockdev(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const op = word(body, 'op', ['setro', 'setrw', 'getro']);
  const found = needDevice(turn, device);
  if (op === 'getro') {
    reply(turn, id, { readOnly: found.readOnly });
    return;
  }
  const others = turn.state.readOnly.filter((known) => known !== device);
  change(turn, { readOnly: op === 'setro' ? [...others, device] : others });
  reply(turn, id, { readOnly: op === 'setro' });
}

/** Bytes of a device, for a backup or a copy while no agent uses it (v3 11.8.2 step 4). */
export function readDevice(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const offset = whole(body, 'offset', 0);
  const length = whole(body, 'length', 1);
  const found = needDevice(turn, device);
  const isMounted = turn.state.mounts.some((known) => known.device === device);
  const used = isMounted ? null : mirrorInUse(turn.state, device);
  if (used) {
    throw refusal('device.busy', `${device}: the mirror agent uses it for ${used.mirror}`);
  }
  if (length > MOST_BYTES_READ || offset + length > found.size) {
    throw refusal('device.range', `${device} has no ${length} bytes at ${offset}`);
  }
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: 'device' } });
  emit(turn, { type: 'readDevice', id, device, offset, length });
}
