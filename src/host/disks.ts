/** Disks and what is mounted: the operating system's side, and the bay a person reaches into. */
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
import { flag, objects, text, texts, whole, word } from './fields.ts';
import { nextSerial } from './hardware.ts';
import type { Disk } from './state.ts';
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

const DRIVE = '/dev/fd0';
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

/** A new blank disk of the same size in the same bay. Its serial follows the old one's. */
export function replaceDisk(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const old = diskAt(turn, device);
  const { server, hotplug, live, blank } = turn.state;
  if (isPowerOn(turn.state) && !hotplug) {
    throw refusal(
      'power.on',
      `cannot replace ${device}: the power of ${server} is on; shut it down`,
    );
  }
  const serial = nextSerial(old.serial);
  const { sizeBytes } = old;
  putDisk(turn, device, { serial, sizeBytes, failed: null, partitions: [] });
  change(turn, { blank: [...blank.filter((made) => made !== old.serial), serial] });
  changeLive(turn, { diskWaiters: { ...live.diskWaiters, [serial]: [id] } });
  log(turn, 'host', 'Info', 4, `Disk ${device} of ${server} is replaced: ${serial}.`);
  emit(turn, { type: 'createDisk', serial, sizeBytes });
}

export function createBlankDisks(turn: Turn): void {
  for (const { serial, sizeBytes } of Object.values(turn.state.disks)) {
    if (turn.state.blank.includes(serial)) emit(turn, { type: 'createDisk', serial, sizeBytes });
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
  log(turn, 'host', 'Error', 5, `Disk ${device} (${disk.serial}) fails: ${failed}.`);
  reply(turn, id, { serial: disk.serial, failed });
}

export function healDisk(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const disk = { ...diskAt(turn, device), failed: null };
  putDisk(turn, device, disk);
  reply(turn, id, { serial: disk.serial, failed: null });
}

function refuseBusy(turn: Turn, device: string, what: string): void {
  if (isMounted(turn.state, device)) {
    throw refusal('device.busy', `cannot ${what} ${device}: it is mounted`);
  }
  const used = mirrorInUse(turn.state, device);
  if (used) {
    const { mirror } = used;
    throw refusal(
      'device.busy',
      `cannot ${what} ${device}: the mirror agent uses it for ${mirror}`,
    );
  }
}

/** The whole partition table of a disk at once. */
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
  refuseBusy(turn, device, 'write a partition table to');
  if (disk.failed === 'all' || disk.failed === 'write') throw ioError(device);
  if (turn.state.readOnly.includes(device)) throw writeProtected(device);
  const fault = faultOfTable(table, disk.sizeBytes);
  if (fault) throw refusal('partition.bad', `${device}: ${fault}; nothing was written`);
  putDisk(turn, device, { ...disk, partitions: table });
  reply(turn, id, {});
}

export function showDisks(turn: Turn, id: string): void {
  reply(turn, id, { disks: turn.state.disks });
}

function ioError(device: string): Error {
  return refusal('device.error', `${device}: Input/output error`);
}

function writeProtected(device: string): Error {
  return refusal('device.readOnly', `${device} is write-protected`);
}

function needDevice(turn: Turn, device: string): ResolvedDevice {
  const found = resolveDevice(turn.state, device);
  if (!found) throw refusal('device.missing', `${device} is not a block device here`);
  return found;
}

/** Whether the device can be mounted at all; throws what mount(8) would say. */
function checkMountable(turn: Turn, device: string, readOnly: boolean): void {
  const { inserted, mirrors, processes } = turn.state;
  if (device === DRIVE) {
    if (inserted === null) throw refusal('medium.none', `${DRIVE}: no medium found`);
    return;
  }
  if (mirrors.some((mirror) => mirror.device === device)) {
    if (processes.agent !== 'off') return;
    throw refusal('device.missing', `${device} is not there: the mirror agent does not run`);
  }
  refuseBusy(turn, device, 'mount');
  const found = needDevice(turn, device);
  if (found.failed === 'all' || found.failed === 'read') throw ioError(device);
  if (found.readOnly && !readOnly) throw writeProtected(device);
}

export function mount(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const point = text(body, 'point').replace(/(.)\/+$/, '$1');
  const fs = text(body, 'fs');
  const readOnly = flag(body, 'readOnly');
  const options = texts(body, 'options');
  if (!/^\/[^\0\n]+$/.test(point) || point.split('/').includes('..')) {
    throw refusal('mount.point', `${point} is not a mount point: it is an absolute path below /`);
  }
  const taken = turn.state.mounts.find((known) => known.point === point || known.device === device);
  if (taken) {
    throw refusal('mount.busy', `${taken.device} is already mounted on ${taken.point}`);
  }
  checkMountable(turn, device, readOnly);
  const added = { device, point, fs, readOnly, options };
  change(turn, { mounts: [...turn.state.mounts, added] });
  reply(turn, id, added);
}

export function umount(turn: Turn, id: string, body: JsonObject): void {
  const target = text(body, 'target').replace(/(.)\/+$/, '$1');
  const is = (known: { device: string; point: string }) =>
    known.device === target || known.point === target;
  if (!turn.state.mounts.some(is)) throw refusal('mount.none', `${target}: not mounted`);
  change(turn, { mounts: turn.state.mounts.filter((known) => !is(known)) });
  reply(turn, id, {});
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

/** Bytes of a mounted device, for a backup while no agent runs (v3 11.8.2 step 4). */
export function readDevice(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const offset = whole(body, 'offset', 0);
  const length = whole(body, 'length', 1);
  const found = needDevice(turn, device);
  if (!turn.state.mounts.some((known) => known.device === device)) {
    throw refusal('mount.none', `${device} is not mounted`);
  }
  if (length > MOST_BYTES_READ || offset + length > found.size) {
    throw refusal('device.range', `${device} has no ${length} bytes at ${offset}`);
  }
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: 'device' } });
  emit(turn, { type: 'readDevice', id, device, offset, length });
}
