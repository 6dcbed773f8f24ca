/** Where a site's settings and its folder of runbooks lie on this machine. */
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../adapters/durable-file.ts';
import type { SettingsFiles } from '../../service/settings.ts';
import type { Cli } from '../context.ts';
import { readIfThere, readText } from '../words/reading.ts';

const OWN = /\.(runbook|overlay)\.yaml$/;
const VARIABLE = 'DRYDOCK_RUNBOOKS';

function list(folder: string) {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => OWN.test(name))
    .sort()
    .map((name) => join(folder, name))
    .map((file) => ({ file, text: readText(file) }));
}

/** `config.yaml` lies where the inventory's folder does; `DRYDOCK_RUNBOOKS` goes before it. */
export function settingsOf(cli: Pick<Cli, 'inventory'>): SettingsFiles {
  const folder = dirname(cli.inventory);
  const file = join(folder, 'config.yaml');
  const named = process.env[VARIABLE];
  return {
    file,
    read: () => readIfThere(file),
    runbooks: named ? { folder: resolve(named), by: VARIABLE } : null,
    resolve: (path) => resolve(folder, path),
    list,
    made: (path) => {
      makeFolder(path);
      return path;
    },
  };
}
