/** Tests that need programs of the machine, or root: skipped where they lack, and it is said why. */

import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import test, { type ExecutionContext, type ImplementationFn } from 'ava';
import { execaSync } from 'execa';

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

export function hasProgram(name: string): boolean {
  return FOLDERS.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why real file systems cannot be mounted here, or null. */
export function whyNoMount(): string | null {
  if (process.getuid?.() !== 0) return 'not root';
  const lacking = ['nbdfuse', 'losetup', 'unshare', 'mkfs.ext4'].filter(
    (name) => !hasProgram(name),
  );
  if (lacking.length > 0) return `${lacking.join(', ')} not installed`;
  try {
    execaSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    accessSync('/dev/loop-control', constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return 'this place allows no mounts';
  }
}

/** As `test`; `why`: the reason for which it is skipped, or null. */
export function testUnless(why: string | null, title: string, body: ImplementationFn<[]>): void {
  if (why === null) test.serial(title, body);
  else test.serial.skip(`${title} (${why})`, body);
}

/** As `test`, where all of these programs are installed. */
export function testWith(programs: string[], title: string, body: ImplementationFn<[]>): void {
  const lacking = programs.filter((name) => !hasProgram(name));
  testUnless(lacking.length > 0 ? `${lacking.join(', ')} not installed` : null, title, body);
}

/** As `test`, as root where these programs are installed and a mount namespace may be made. */
export function testAsRoot(programs: string[], title: string, body: ImplementationFn<[]>): void {
  testUnless(whyNotAsRoot(programs), title, body);
}

function whyNotAsRoot(programs: string[]): string | null {
  if (process.getuid?.() !== 0) return 'not root';
  const lacking = programs.filter((name) => !hasProgram(name));
  if (lacking.length > 0) return `${lacking.join(', ')} not installed`;
  try {
    const words = ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt'];
    execaSync('unshare', words, { stdio: 'ignore' });
    return null;
  } catch {
    return 'this place allows no mounts';
  }
}

/** As `test`, as root where file systems can be mounted in a namespace of their own. */
export function testWithMounts(title: string, body: ImplementationFn<[]>): void {
  testUnless(whyNoMount(), title, body);
}

/** Why no disk can be made bad below a server here, or null. */
function whyNoBadDisks(): string | null {
  const lacking = ['nbdkit', 'nbdfuse'].filter((name) => !hasProgram(name));
  if (lacking.length > 0) return `${lacking.join(', ')} not installed`;
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    const filters = ['--filter=error', '--filter=delay'];
    execaSync('nbdkit', [...filters, 'memory', '1M', '--run', 'true'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no FUSE, or no error and delay filters of nbdkit';
  }
}

/** As `test`, where nbdkit's filters can lie below a disk's image. */
export function testWithBadDisks(title: string, body: ImplementationFn<[]>): void {
  testUnless(whyNoBadDisks(), title, body);
}

/** A Python in which all of these lines run, Debian's own first; null where there is none. */
function pythonWith(lines: readonly string[]): string | null {
  const found = ['/usr/bin/python3', 'python3'].find((python) => {
    try {
      execaSync(python, ['-c', lines.join('\n')], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  return found ?? null;
}

/** As `test`, where a Python has all of these modules; `lines` import them. */
export function testWithPython(
  lines: string[],
  title: string,
  body: (t: ExecutionContext, python: string) => Promise<void>,
): void {
  const python = pythonWith(lines);
  const why = python === null ? `no Python runs ${lines.join('; ')}` : null;
  testUnless(why, title, (t) => body(t, python ?? ''));
}

/** Why no loop device can be set up in a namespace of its own here, or null. */
function whyNoLoops(programs: string[]): string | null {
  const needed = ['unshare', 'losetup', ...programs];
  const lacking = needed.filter((name) => !hasProgram(name));
  if (lacking.length > 0) return `${lacking.join(', ')} not installed`;
  if (process.getuid?.() !== 0) return 'not root';
  try {
    execaSync('unshare', ['--mount', '--propagation', 'private', 'true'], { stdio: 'ignore' });
    accessSync('/dev/loop-control', constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return 'this place allows no loop devices';
  }
}

/** As `test`, as root where loop devices can be set up, and these programs are installed. */
export function testWithLoops(programs: string[], title: string, body: ImplementationFn<[]>): void {
  testUnless(whyNoLoops(programs), title, body);
}

/** Why no such OCF agents can be run here, or null. */
function whyNoAgents(agents: string[]): string | null {
  const lacking = agents.filter((name) => {
    return !existsSync(join('/usr/lib/ocf/resource.d', name));
  });
  return lacking.length > 0 ? `no OCF agents ${lacking.join(', ')} installed` : null;
}

/** As `test`, where all of these OCF agents (`heartbeat/Dummy`) are installed. */
export function testWithAgents(agents: string[], title: string, body: ImplementationFn<[]>): void {
  testUnless(whyNoAgents(agents), title, body);
}
