/** Paths of clp.conf files as a command is given them: relative ones begin where it was called. */
import { posix } from 'node:path';
import { INSTALL_PATH, isClusterPath } from '../../core/paths.ts';
import type { Environment, Here } from '../environment.ts';
import { refused } from './context.ts';

export const FILE = 'clp.conf';

/** A file by its path, the clp.conf where it was called when none is given. */
export function fileAt(env: Environment, given = FILE): Here {
  const path = posix.normalize(given);
  if (path.startsWith('/')) return { files: env.files, path };
  return { files: env.here.files, path: posix.join(env.here.path, path) };
}

/** A copy is edited and kept outside: only a push changes what the cluster runs with. */
export function refuseOwnFolder(env: Environment, { files, path }: Here, what: string): void {
  if (files !== env.files || !isClusterPath(path)) return;
  throw refused(`${what} does not go into ${INSTALL_PATH}`, 'name a folder outside of it');
}
