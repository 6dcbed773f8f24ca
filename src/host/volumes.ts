/** Making, looking at and tending file systems, as the programs for that ask (file-systems.ts). */
import type { JsonObject } from '../core/json.ts';
import { isMounted, mirrorInUse, type ResolvedDevice, resolveDevice } from './devices.ts';
import { ioError, needDevice, writeProtected } from './disks.ts';
import { text, whole, word } from './fields.ts';
import { fileSystemAt, lowerDevice, putFileSystem } from './file-systems.ts';
import type { HostState } from './state.ts';
import { changeLive, emit, refusal, reply, type Turn } from './turn.ts';

const TYPES = ['ext2', 'ext3', 'ext4', 'xfs'];

function show(state: HostState, path: string): JsonObject {
  const found = resolveDevice(state, lowerDevice(state, path));
  const there = fileSystemAt(state, path);
  const fileSystem = there === null ? null : { ...there };
  return { sizeBytes: found?.size ?? null, failed: found?.failed ?? null, fileSystem };
}

/** → { sizeBytes, failed, fileSystem }: null where there is no such device, or no file system. */
export function showVolume(turn: Turn, id: string, body: JsonObject): void {
  reply(turn, id, show(turn.state, text(body, 'device')));
}

/** Who writes to a device past its owner would damage what is there. */
function needFree(turn: Turn, path: string): ResolvedDevice {
  const lower = lowerDevice(turn.state, path);
  const found = needDevice(turn, lower);
  if (isMounted(turn.state, path)) throw refusal('device.mounted', `${path} is mounted`);
  const used = lower === path ? mirrorInUse(turn.state, path) : null;
  if (used) throw refusal('device.busy', `${path} is apparently in use by the system`);
  if (found.failed === 'all' || found.failed === 'write') throw ioError(path);
  if (found.readOnly) throw writeProtected(path);
  return found;
}

/** A new file system over whatever is there; `mark`: its UUID. */
export function format(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const type = word(body, 'type', TYPES);
  const { size } = needFree(turn, device);
  const sizeBytes = body.sizeBytes === undefined ? size : whole(body, 'sizeBytes', 1);
  if (sizeBytes > size) throw refusal('device.small', `${device} has ${size} bytes only`);
  const made = { type, sizeBytes, isDirty: false, isChecked: true, mark: text(body, 'mark') };
  putFileSystem(turn, device, made);
  reply(turn, id, made);
}

const nothing = (sizeBytes: number) => ({
  type: null,
  sizeBytes,
  isDirty: false,
  isChecked: true,
  mark: '',
});

export function wipe(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const { size } = needFree(turn, device);
  putFileSystem(turn, device, nothing(size));
  reply(turn, id, {});
}

/** Zeros over all of a device, and whatever file system it held is gone. → { sizeBytes } */
export function clear(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const { size } = needFree(turn, device);
  putFileSystem(turn, device, nothing(size));
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: 'device' } });
  emit(turn, { type: 'clearDevice', id, device: lowerDevice(turn.state, device) });
}

/** A file system to a size, or a check of it; which of them is allowed now the programs know. */
export function tendFileSystem(turn: Turn, id: string, body: JsonObject): void {
  const device = text(body, 'device');
  const op = word(body, 'op', ['resize', 'check', 'replay']);
  const there = fileSystemAt(turn.state, device);
  if (!there) throw refusal('device.empty', `${device} holds no file system`);
  const { size, failed } = needDevice(turn, lowerDevice(turn.state, device));
  if (failed !== null) throw ioError(device);
  if (op !== 'resize') {
    const isChecked = there.isChecked || op === 'check';
    putFileSystem(turn, device, { ...there, isDirty: false, isChecked });
  } else {
    const sizeBytes = whole(body, 'sizeBytes', 1);
    if (sizeBytes > size) throw refusal('device.small', `${device} has ${size} bytes only`);
    putFileSystem(turn, device, { ...there, sizeBytes });
  }
  reply(turn, id, show(turn.state, device));
}
