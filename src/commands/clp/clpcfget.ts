/**
 * clpcfget: what a cluster configuration holds at a path of elements.
 *
 * Known from clients of the field: `-g /root/resource/md@NAME/parameters/nmppath` prints one value,
 * `-e /root/resource/md` and `-e /root/monitor/types` one name a line. Our choice: -i names another
 * file than the cluster's; below an element without a name -e prints what stands in it; where the
 * path leads nowhere, exit 1 and one line to stderr; of a password -g prints a mask.
 */
import { namesAt, valueAt } from '../../config/index.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { defineBare, LOOKS_ONLY, refused } from './context.ts';
import { fileAt } from './file-paths.ts';
import { atMost, type Given, modeOf, usageError } from './options.ts';

const OPTIONS = {
  get: { names: ['-g'], value: 'ELEMENT' },
  each: { names: ['-e'], value: 'ELEMENT' },
  file: { names: ['-i'], value: 'FILE' },
};

async function run(env: Environment, given: Given): Promise<Report> {
  atMost(given, 0);
  const mode = modeOf(given, OPTIONS, ['get', 'each']);
  const path = given.value(mode) ?? '';
  if (!path.startsWith('/'))
    throw usageError(`${path} is no path of elements`, 'e.g. /root/cluster');
  const { files, path: file } = fileAt(env, given.value('file') ?? CONFIG_PATH);
  const text = await files.read(file);
  if (text === null) throw refused(`there is no ${file}`);
  if (mode === 'each') {
    const names = namesAt(text, file, path);
    if (names === null) throw refused(`nothing is at ${path}`);
    const shown = names.map((name) => `${name}\n`).join('');
    return done(shown, { schema: 'drydock.names/1', kind: 'element', names });
  }
  const value = valueAt(text, file, path);
  if (value === null) throw refused(`there is no value at ${path}`);
  const about = { kind: 'cluster', index: null, name: null } as const;
  const objects = [{ ...about, properties: [{ name: path, value }] }];
  return done(`${value}\n`, { schema: 'drydock.properties/1', objects });
}

export const clpcfget = defineBare(
  {
    name: 'clpcfget',
    summary: 'Shows what a cluster configuration holds at a path of elements',
    usage: ['clpcfget -g ELEMENT [-i FILE]', 'clpcfget -e ELEMENT [-i FILE]'],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  run,
);
