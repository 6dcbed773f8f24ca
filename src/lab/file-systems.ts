/**
 * Real file systems in a lab: opt-in, as root. Every server's supervisor gets a mount namespace of
 * its own, so that what is mounted below the lab's folder is seen by that server's processes alone
 * and goes with them.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { kernelMounts, PATH } from '../adapters/kernel-mounts.ts';
import { fileSystemOf, mirrorsOf } from '../config/index.ts';
import { badInput, type DrydockError } from '../core/errors.ts';
import type { FileSystems } from '../ports/file-systems.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { type ServerLayout, socketPath } from './layout.ts';

export const IN_OWN_NAMESPACE = ['/usr/bin/unshare', '--mount', '--propagation', 'private', '--'];

const MIB = 1024 * 1024;
const DEVICES = ['/dev/fuse', '/dev/loop-control'];
/** Program → the Debian package that has it. */
const PROGRAMS = {
  unshare: 'util-linux',
  mount: 'mount',
  nbdfuse: 'libnbd-bin',
};
/** What makes and checks a file system, and the smallest that is made. */
const KINDS: Record<string, { programs: Record<string, string>; leastBytes: number }> = {
  xfs: { programs: { 'mkfs.xfs': 'xfsprogs', xfs_repair: 'xfsprogs' }, leastBytes: 300 * MIB },
};

function needsOf(fs: string): { programs: Record<string, string>; leastBytes: number } {
  const ext = { [`mkfs.${fs}`]: 'e2fsprogs', [`fsck.${fs}`]: 'e2fsprogs' };
  return KINDS[fs] ?? { programs: ext, leastBytes: MIB };
}

export function labFileSystems(layout: ServerLayout): FileSystems {
  const { run, root } = layout;
  const socket = (device: string) => socketPath(layout, device.replace(/^\/dev\//, ''));
  return kernelMounts({ run, root, socket });
}

/** File systems that mirrors of this configuration are mounted with. */
function kindsIn(config: ClusterConfiguration): string[] {
  return [...new Set(mirrorsOf(config).map((mirror) => fileSystemOf(config, mirror)))];
}

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

const isInstalled = (program: string): boolean =>
  PATH.split(delimiter).some((folder) => isThere(join(folder, program), constants.X_OK));

function refusal(why: string, remedy: string): DrydockError {
  const words = `real file systems cannot be mounted: ${why}`;
  return badInput(words, { code: 'lab.mounts', remedy: `${remedy}, or leave --real-mounts out` });
}

/** Throws a refusal that names everything that lacks, and how to get it. */
export function checkRealMounts(
  config: ClusterConfiguration,
  dataBytes: number,
  isRoot = process.getuid?.() === 0,
): void {
  if (!isRoot) throw refusal('this is not root', 'be root');
  const kinds = kindsIn(config);
  const needs = Object.assign({}, PROGRAMS, ...kinds.map((fs) => needsOf(fs).programs));
  const lacking = Object.entries<string>(needs).filter(([program]) => !isInstalled(program));
  if (lacking.length > 0) {
    const packages = [...new Set(lacking.map(([, from]) => from))];
    const why = `${lacking.map(([program]) => program).join(', ')} not found`;
    throw refusal(why, `install ${packages.join(' ')}`);
  }
  const closed = DEVICES.filter((path) => !isThere(path, constants.R_OK | constants.W_OK));
  if (closed.length > 0) {
    throw refusal(
      `${closed.join(', ')} cannot be opened`,
      'load fuse and loop, on a machine that has them',
    );
  }
  for (const fs of kinds) {
    const { leastBytes } = needsOf(fs);
    if (dataBytes >= leastBytes) continue;
    const why = `${fs} wants ${leastBytes / MIB} MiB at least`;
    throw refusal(why, `give --size ${Math.ceil(leastBytes / MIB)} or more`);
  }
}
