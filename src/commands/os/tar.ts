/**
 * tar, for backups of a mounted mirror (v3 9.1.1, 11.8.2 step 4), with the exit codes of GNU tar:
 *
 *     0   all is in the archive; also for a folder on which nothing is mounted
 *     1   what was read changed meanwhile; the archive is complete but for that
 *     2   no archive, or a damaged one
 *
 * `-t` says what an archive holds and checks it. What is stored is an image (image.ts).
 */
import { done, type Environment, failed, type Report } from '../environment.ts';
import { osCommand, Usage } from './host.ts';
import { readImage, type Source, writeImage } from './image.ts';
import { sourceAt } from './sources.ts';

const FATAL = 2;
/** How GNU tar ends for a word that it does not know. */
const BAD_USAGE = 64;

const bareFolder = (path: string): Source => ({
  of: `${path}, on which nothing is mounted`,
  sizeBytes: 0,
  generation: null,
  read: async () => new Uint8Array(),
});

async function create(env: Environment, archive: string, path: string): Promise<Report> {
  const source = (await sourceAt(env, path)) ?? bareFolder(path);
  const member = `${path.replace(/^\/+|\/+$/g, '')}/`;
  const said = path.startsWith('/') ? "tar: Removing leading `/' from member names\n" : '';
  const { sha256, changed } = await writeImage(env, archive, source, member);
  const stdout = `tar: ${archive}: image of ${source.of}, ${source.sizeBytes} bytes, SHA-256 ${sha256}\n`;
  if (!changed) return { code: 0, data: null, stdout, stderr: said };
  const stderr = `${said}tar: ${path}: file changed as we read it\n`;
  return { code: 1, data: null, stdout, stderr };
}

async function list(env: Environment, archive: string): Promise<Report> {
  const text = await env.files.read(archive);
  if (text === null)
    return failed(`tar: ${archive}: Cannot open: No such file or directory`, FATAL);
  const image = readImage(text);
  if (!image) return failed(`tar: ${archive}: This does not look like a tar archive`, FATAL);
  const { of, from, member, sizeBytes, takenAt } = image.head;
  const taken = new Date(takenAt).toISOString();
  const words = `image of ${of} on ${from}, ${sizeBytes} bytes, taken ${taken}`;
  const name = member === undefined ? '' : `${member}\n`;
  return done(`${name}${words}, SHA-256 ${image.sha256}\n`);
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const [words = '', archive, path, more] = args;
  const letters = words.replace(/^-/, '');
  const unknown = [...letters].find((letter) => !'ctfv'.includes(letter));
  if (words.startsWith('--') || unknown) {
    return failed(`tar: option ${words} is not provided here`, BAD_USAGE);
  }
  if (!letters.includes('f') || !archive) throw new Usage('name the archive: -cf or -tf ARCHIVE');
  if (letters.includes('c') && letters.includes('t')) throw new Usage('say -c or -t, not both');
  // What follows the f of an option is the archive's name already.
  if (words.startsWith('-') && !letters.endsWith('f')) {
    throw new Usage(`${words}: let f be the last letter, before the archive`);
  }
  if (!archive.startsWith('/')) throw new Usage(`${archive}: name the archive from / on`);
  if (letters.includes('t')) return list(env, archive);
  if (!letters.includes('c')) throw new Usage('say -c (create) or -t (list)');
  if (!path || more) throw new Usage('name one mount point to back up');
  return create(env, archive, path);
}

/** Whatever keeps it from an archive is fatal: a full disk, a server that refuses. */
export const tar = osCommand(
  {
    name: 'tar',
    summary: 'back up the device mounted at a point as an image; list and check one',
    usage: ['tar -cf ARCHIVE POINT', 'tar -tf ARCHIVE'],
    traits: (args) => ({ changes: !/^-?[ctfv]*t[ctfv]*$/.test(args[0] ?? ''), silent: true }),
    run,
  },
  { refused: FATAL, usage: FATAL },
);
