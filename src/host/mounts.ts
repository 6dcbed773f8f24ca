/**
 * What is mounted where, with mount(8)'s refusals (util-linux 2.38).
 *
 * A device is mounted as the file system that is there (file-systems.ts); another type is refused.
 */
import type { JsonObject } from '../core/json.ts';
import type { MountStatus } from '../schema/generated/status.ts';
import { isMounted, mirrorInUse, resolveDevice } from './devices.ts';
import { ioError, needDevice, writeProtected } from './disks.ts';
import { flag, text, texts } from './fields.ts';
import { fileSystemAt, lowerDevice, noteMounted, noteUnmounted } from './file-systems.ts';
import { processState } from './processes.ts';
import { change, refusal, reply, type Turn } from './turn.ts';

const DRIVE = '/dev/fd0';

/** Types under which each file system can be mounted; ext4's driver takes the older ones. */
const MOUNTS_AS: Record<string, string[]> = {
  ext2: ['ext2', 'ext4'],
  ext3: ['ext3', 'ext2', 'ext4'],
  ext4: ['ext4'],
};
/** What mount(8) and the kernel take for every file system. */
const OF_ALL = `defaults loop ro rw async sync dirsync atime noatime diratime nodiratime relatime
  norelatime strictatime nostrictatime dev nodev exec noexec suid nosuid auto noauto user nouser
  users nofail _netdev`;
const OF_EXT = 'acl noacl user_xattr nouser_xattr barrier nobarrier errors';
const OF_JOURNALS = `${OF_EXT} noload norecovery data commit`;
/** What the driver takes besides, by the type that is mounted; any other option is refused. */
const TAKES: Record<string, string> = {
  ext2: OF_EXT,
  ext3: OF_JOURNALS,
  ext4: OF_JOURNALS,
  xfs: 'norecovery nouuid inode64 noquota',
};

interface Wanted extends MountStatus {
  /** Of a file: the device of which it is an image. */
  holds: string | null;
  strict: boolean;
}

function badType(device: string): Error {
  return refusal('mount.type', `wrong fs type, bad option, bad superblock on ${device}`);
}

/**
 * What the device holds; null where that is not known here: of a device of another server, whose
 * image lies in a file, and of a mirror of a server that was put up long ago.
 */
function fileSystemOn(turn: Turn, device: string): string | null {
  const there = fileSystemAt(turn.state, device);
  if (there?.type) return there.type;
  const mirror = turn.state.mirrors.find(({ data, device: path }) => [data, path].includes(device));
  const isOld = mirror !== undefined && mirror.fileSystem === undefined;
  if (isOld || resolveDevice(turn.state, lowerDevice(turn.state, device)) === null) return null;
  throw badType(device);
}

function typeOf(turn: Turn, { device, holds, fs, options, readOnly }: Wanted): string {
  const there = device === DRIVE ? null : fileSystemOn(turn, holds ?? device);
  if (there === null) return fs;
  const type = fs === 'auto' ? there : fs;
  const known = `${OF_ALL} ${TAKES[type] ?? ''}`.split(/\s+/);
  const isTaken = options.every((option) => known.includes(option.split('=')[0] ?? ''));
  // For writing, xfs replays its journal or is not mounted.
  const isWritten = type === 'xfs' && options.includes('norecovery') && !readOnly;
  const fits = (MOUNTS_AS[there] ?? [there]).includes(type);
  if (!fits || !isTaken || isWritten) throw badType(device);
  return type;
}

/** Whether it can be mounted at all, and whether for reading only. */
function checkDevice(turn: Turn, { device, readOnly, strict }: Wanted): boolean {
  const { inserted, mirrors } = turn.state;
  if (device === DRIVE) {
    if (inserted === null) throw refusal('medium.none', `${DRIVE}: no medium found`);
    return readOnly;
  }
  if (mirrors.some((mirror) => mirror.device === device)) {
    if (processState(turn.state, 'agent') !== 'off') return readOnly;
    throw refusal('device.missing', `${device} is not there: the mirror agent does not run`);
  }
  const used = mirrorInUse(turn.state, device);
  if (used) {
    const words = `cannot mount ${device}: the mirror agent uses it for ${used.mirror}`;
    throw refusal('device.busy', words);
  }
  const found = needDevice(turn, device);
  if (found.failed === 'all' || found.failed === 'read') throw ioError(device);
  if (found.readOnly && strict) throw writeProtected(device);
  return readOnly || found.readOnly;
}

/** One device may be mounted on several points, but in one way only: reading or writing. */
function checkMounts(turn: Turn, { device, point, readOnly }: MountStatus): void {
  const known = turn.state.mounts.find((mount) => mount.device === device);
  if (known && (known.point === point || known.readOnly !== readOnly)) {
    throw refusal('mount.busy', `${device} is already mounted on ${known.point}`);
  }
  const isWhole = !known && isMounted(turn.state, device);
  if (isWhole) throw refusal('mount.busy', `${device} is busy: a part of it is mounted`);
}

export function mount(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const point = text(body, 'point').replace(/(.)\/+$/, '$1');
  const options = texts(body, 'options');
  const readOnly = flag(body, 'readOnly');
  const wanted = { device, point, fs: text(body, 'fs'), readOnly, options };
  const strict = flag(body, 'strict');
  const holds = body.holds === undefined ? null : text(body, 'holds');
  if (!/^\/[^\0\n]+$/.test(point) || point.split('/').includes('..')) {
    throw refusal('mount.point', `${point} is not a mount point: it is an absolute path below /`);
  }
  const isFile = options.includes('loop');
  const asked = { ...wanted, strict, holds };
  const added: MountStatus = isFile
    ? { ...wanted, fs: typeOf(turn, asked) }
    : { ...wanted, readOnly: checkDevice(turn, asked), fs: typeOf(turn, asked) };
  checkMounts(turn, added);
  change(turn, { mounts: [...turn.state.mounts, added] });
  const isKept = options.includes('noload') || options.includes('norecovery');
  const isProtected = resolveDevice(turn.state, device)?.readOnly === true;
  if (!isFile) noteMounted(turn, device, added.readOnly, !isKept && !isProtected);
  reply(turn, id, added);
}

/** The last one on the point, or of the device. */
export function umount(turn: Turn, id: string, body: JsonObject): void {
  const target = text(body, 'target').replace(/(.)\/+$/, '$1');
  const { mounts } = turn.state;
  const at = mounts.findLastIndex(({ device, point }) => device === target || point === target);
  if (at < 0) throw refusal('mount.none', `${target}: not mounted`);
  const { device, readOnly } = mounts[at]!;
  change(turn, { mounts: mounts.toSpliced(at, 1) });
  if (!isMounted(turn.state, device)) noteUnmounted(turn, device, readOnly);
  reply(turn, id, {});
}
