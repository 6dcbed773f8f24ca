/**
 * Real file systems in a lab: opt-in, as root. Every server's supervisor gets a mount namespace of
 * its own, so that what is mounted below the lab's folder is seen by that server's processes alone
 * and goes with them.
 */
import { accessSync, constants } from 'node:fs';
import { kernelMounts } from '../adapters/kernel-mounts.ts';
import { badInput } from '../core/errors.ts';
import type { FileSystems } from '../ports/file-systems.ts';
import { type ServerLayout, socketPath } from './layout.ts';

export const UNSHARE = '/usr/bin/unshare';
export const IN_OWN_NAMESPACE = [UNSHARE, '--mount', '--propagation', 'private', '--'];

const NEEDED = [UNSHARE, '/usr/bin/nbdfuse', '/dev/fuse', '/dev/loop-control'];

export function labFileSystems(layout: ServerLayout): FileSystems {
  const { run, root } = layout;
  const socket = (device: string) => socketPath(layout, device.replace(/^\/dev\//, ''));
  return kernelMounts({ run, root, socket });
}

/** Throws a refusal that names what lacks. */
export function checkRealMounts(): void {
  const lacking = NEEDED.filter((path) => {
    try {
      accessSync(path, constants.R_OK);
      return false;
    } catch {
      return true;
    }
  });
  if (process.getuid?.() === 0 && lacking.length === 0) return;
  const why = lacking.length > 0 ? `${lacking.join(', ')} is not here` : 'this is not root';
  throw badInput(`real file systems cannot be mounted: ${why}`, {
    code: 'lab.mounts',
    remedy: 'install libnbd-bin and e2fsprogs and be root, or bring the lab up without them',
  });
}
