/** The block devices of a lab server: its kept chassis says which disk a path means. */
import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { OWNER_ONLY, writeDurablySync } from '../adapters/durable-file.ts';
import { type DiskFault, openFileBlockStore } from '../adapters/file-block-store.ts';
import { resolveDevice } from '../host/devices.ts';
import { reservationOf } from '../host/outside.ts';
import type { HostState } from '../host/state.ts';
import { type Devices, deviceErrors } from '../ports/devices.ts';
import { outsidePath } from './lab-outside.ts';
import { faultPath, imagePath, type ServerLayout } from './layout.ts';

const FAULTS = new Set(['all', 'write', 'read', 'gone']);

export function readHostState(server: ServerLayout): HostState | null {
  try {
    return JSON.parse(readFileSync(server.host, 'utf8')) as HostState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function faultOf(path: string): DiskFault {
  // Asked before every access: a file that is not there must not cost an exception.
  if (!statSync(path, { throwIfNoEntry: false })) return null;
  try {
    const word = readFileSync(path, 'utf8').trim();
    return FAULTS.has(word) ? (word as DiskFault) : 'all';
  } catch {
    return null;
  }
}

/** What another server has reserved cannot be written from here. */
function reserved(server: ServerLayout, serial: string): DiskFault {
  const path = outsidePath(server.outside, reservationOf(serial));
  if (!statSync(path, { throwIfNoEntry: false })) return null;
  try {
    return readFileSync(path, 'utf8') === basename(server.folder) ? null : 'write';
  } catch {
    return 'write';
  }
}

export function labDevices(server: ServerLayout): Devices {
  return {
    async open(path) {
      const state = readHostState(server);
      const found = state && resolveDevice(state, path);
      if (!found) throw deviceErrors.missing(path);
      const fault = faultPath(server.disks, found.serial);
      return openFileBlockStore({
        device: path,
        image: imagePath(found.shared ? server.sharedDisks : server.disks, found.serial),
        offset: found.offset,
        sizeBytes: found.size,
        readOnly: found.readOnly,
        fault: () => faultOf(fault) ?? (found.shared ? reserved(server, found.serial) : null),
      });
    },
  };
}

/**
 * Makes the fault files say what the chassis' state says. A disk that left its bay is `gone` for
 * whoever still holds it open.
 */
export function showFaults(server: ServerLayout, before: HostState | null, after: HostState): void {
  const present = new Set(Object.values(after.disks).map((disk) => disk.serial));
  for (const { serial } of Object.values(before?.disks ?? {})) {
    if (!present.has(serial))
      writeDurablySync(faultPath(server.disks, serial), 'gone\n', { mode: OWNER_ONLY });
  }
  for (const { serial, failed } of Object.values(after.disks)) {
    const old = Object.values(before?.disks ?? {}).find((disk) => disk.serial === serial);
    if (old && old.failed === failed) continue;
    const path = faultPath(server.disks, serial);
    if (failed) writeDurablySync(path, `${failed}\n`, { mode: OWNER_ONLY });
    else void rm(path, { force: true });
  }
}
