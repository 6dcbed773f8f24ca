/**
 * The file systems on a server's devices. What was written where is known by the disk's serial and the
 * place on it, so that a table written anew finds the same file system at the same place, and a new
 * disk none.
 *
 *     never touched    a mirror's data partition, or a shared device, holds what it is configured
 *                      with, as large as it is; every other device nothing
 *     made             mkfs: `type`, as large as the device was
 *     wiped            `type: null`
 *
 * A file system that is mounted for writing has a journal to be replayed until it is unmounted in order.
 */
import { type ResolvedDevice, resolveDevice } from './devices.ts';
import { processState } from './processes.ts';
import type { FileSystem, HostState } from './state.ts';
import { change, own, type Turn } from './turn.ts';

const placeOf = ({ serial, offset }: ResolvedDevice): string => `${serial}@${offset}`;

/** The device below a path: a mirror's is its data partition while the agent runs. */
export function lowerDevice(state: HostState, path: string): string {
  const mirror = state.mirrors.find(({ device }) => device === path);
  return mirror && processState(state, 'agent') !== 'off' ? mirror.data : path;
}

/** What a device holds; null: no file system. */
export function fileSystemAt(state: HostState, path: string): FileSystem | null {
  const lower = lowerDevice(state, path);
  const found = resolveDevice(state, lower);
  if (!found) return null;
  const known = own(state.formats ?? {}, placeOf(found));
  if (known) return known.type === null ? null : known;
  const mirror = state.mirrors.find(({ data }) => data === lower);
  const type = mirror?.fileSystem ?? own(state.fileSystems ?? {}, lower);
  if (type === undefined || type === 'none') return null;
  return {
    type,
    sizeBytes: found.size,
    isDirty: false,
    isChecked: true,
    mark: mirror?.mirror ?? '',
  };
}

export function putFileSystem(turn: Turn, path: string, made: FileSystem): void {
  const found = resolveDevice(turn.state, lowerDevice(turn.state, path));
  const { formats = {} } = turn.state;
  if (found) change(turn, { formats: { ...formats, [placeOf(found)]: made } });
}

/** Notes what a device holds before the device changes: one that grows keeps its file system. */
export function keepFileSystem(turn: Turn, path: string): void {
  const there = fileSystemAt(turn.state, path);
  if (there) putFileSystem(turn, path, there);
}

/** It was mounted: for writing its journal is in use, and it has to be checked before it is resized. */
export function noteMounted(turn: Turn, path: string, readOnly: boolean, replays: boolean): void {
  const there = fileSystemAt(turn.state, path);
  if (!there) return;
  const isDirty = readOnly ? there.isDirty && !replays : true;
  putFileSystem(turn, path, { ...there, isDirty, isChecked: there.isChecked && readOnly });
}

export function noteUnmounted(turn: Turn, path: string, readOnly: boolean): void {
  const there = fileSystemAt(turn.state, path);
  if (there && !readOnly) putFileSystem(turn, path, { ...there, isDirty: false });
}

/** An orderly way down unmounts everything; a sudden one leaves journals to be replayed. */
export function unmountAll(turn: Turn): void {
  for (const { device, readOnly } of turn.state.mounts) noteUnmounted(turn, device, readOnly);
  change(turn, { mounts: [] });
}
