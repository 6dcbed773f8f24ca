/** Where a command of a lab was called, which its relative paths begin at. */
import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { nodeFiles } from '../adapters/node-files.ts';
import type { Here } from '../commands/environment.ts';
import type { Files } from '../ports/files.ts';

/** The way down from a folder; null: it does not lie within. */
function below(folder: string, path: string): string | null {
  const way = relative(realpathSync(folder), path);
  return way === '..' || way.startsWith('../') ? null : way;
}

/**
 * Within a lab it is a folder of the server's own tree, whose root stands for every other folder
 * there; outside it is the machine's. `path` has no links in it.
 */
export function hereIn(
  { folder, root }: { folder: string; root: string },
  files: Files,
  path: string,
): Here {
  const own = below(root, path);
  if (own !== null) return { files, path: `/${own}` };
  return below(folder, path) === null ? { files: nodeFiles('/'), path } : { files, path: '/' };
}
