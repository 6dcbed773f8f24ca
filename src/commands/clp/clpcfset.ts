/**
 * clpcfset: edits a copy of a cluster configuration, the clp.conf in the folder where it is called.
 *
 * Known from scripts of the field: `create NAME CHARSET [ENCODE] [linux|windows]`, `add KIND …` with
 * the words of src/config/edit-table.ts. Our choice: what `del` takes; that parameters of an object
 * that is not there are refused; that nothing is said of success, and that the number of objects
 * which the builder keeps (webmgr/client/objectnumber) stays as it is. A copy needs no change window,
 * so nothing is written in the cluster's own folders.
 */
import { beginConfiguration, editConfiguration, editUsage } from '../../config/index.ts';
import { actsDone } from '../data.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { defineBare, LOOKS_ONLY, refused } from './context.ts';
import { fileAt, refuseOwnFolder } from './file-paths.ts';
import { type Given, usageError } from './options.ts';

async function run(env: Environment, { rest }: Given): Promise<Report> {
  const [act, ...words] = rest;
  if (act === undefined) throw usageError('nothing to do', 'give create, add or del');
  const { files, path } = fileAt(env);
  refuseOwnFolder(env, { files, path }, 'a copy to edit');
  const text = await files.read(path);
  if (act === 'create') {
    if (text !== null) throw refused(`there is a ${path} already`, 'take it away, or edit it');
    await files.write(path, beginConfiguration(words, path));
  } else {
    if (text === null) throw refused(`there is no ${path}`, 'begin one with clpcfset create');
    const written = editConfiguration(text, path, rest);
    if (written !== text) await files.write(path, written);
  }
  const about = { kind: 'configuration', server: env.server, name: path } as const;
  return done('', actsDone({ act, ...about }));
}

export const clpcfset = defineBare(
  {
    name: 'clpcfset',
    summary: 'Edits the clp.conf in this folder, and nothing else in it',
    usage: ['clpcfset create NAME CHARSET [ENCODE] [linux|windows]', ...editUsage],
    options: {},
    traits: LOOKS_ONLY,
    isVerbatim: true,
  },
  run,
);
