/**
 * Where the package lies, from src/ as from the bundle in dist/: the nearest folder upwards whose
 * package.json bears the project's name. Everything read at run time (runbooks, fixtures) is
 * found from here.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrydockError } from '../../core/errors.ts';

let known: string | null = null;

function isOurs(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === 'drydock';
  } catch {
    return false;
  }
}

/** Absolute path of the package's folder, without a slash at the end. */
export function packageRoot(): string {
  if (known) return known;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isOurs(folder)) {
    const above = dirname(folder);
    if (above === folder) {
      throw new DrydockError('cannot find the folder that holds the runbooks', {
        code: 'package.missing',
        remedy: 'run drydock from its checkout',
        exit: 70,
      });
    }
    folder = above;
  }
  known = folder;
  return folder;
}
