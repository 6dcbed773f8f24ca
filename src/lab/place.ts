/** The built programs of this package, and the Node that runs them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DrydockError } from '../core/errors.ts';
import { packageRoot } from '../runbook/language/package-root.ts';

export type ProgramName = 'switchd' | 'hostd' | 'clusterd' | 'mirrord' | 'command';

export function programPath(name: ProgramName): string {
  const path = join(packageRoot(), 'dist', `${name}.js`);
  if (existsSync(path)) return path;
  throw new DrydockError(`the lab’s program ${name} is not built`, {
    code: 'lab.notBuilt',
    exit: 2,
    remedy: 'run `npm run build`',
  });
}

/** Where Node keeps compiled code, so that short programs start quickly. */
export function compileCache(): string {
  return join(packageRoot(), 'dist', '.compile-cache');
}
