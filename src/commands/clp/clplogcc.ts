/**
 * clplogcc: collects logs and what the operating system says, an archive a server.
 *
 * Documented: -t type1…type6, -o DIR, -n HOST, -l; what type5 and type6 hold (collection.ts). Our choice:
 * without -t it is type1; without -n every server, -n may stand several times, -l is this server alone;
 * the archives are SERVER-log.tar.gz in DIR of this server, else in the folder for that in the cluster's
 * own (x5 2.1); a server that does not answer is named, the others are collected, and it ends with 1.
 */
import { textOfBytes } from '../../core/byte-text.ts';
import { directory, INSTALL_PATH } from '../../core/directories.ts';
import type { Files } from '../../ports/files.ts';
import type { Environment, Here, Report } from '../environment.ts';
import { archiveOf } from './archive.ts';
import { type CollectionType, collect, TYPES } from './collection.ts';
import {
  type Context,
  defineCommand,
  LOOKS_ONLY,
  request,
  serverNamed,
  wordsOf,
} from './context.ts';
import { fileAt, refuseOwnFolder } from './file-paths.ts';
import { atMost, type Given, usageError } from './options.ts';

const OPTIONS = {
  type: { names: ['-t'], value: 'TYPE' },
  output: { names: ['-o'], value: 'DIR' },
  server: { names: ['-n'], value: 'HOST', many: true },
  local: { names: ['-l'] },
};

/** x5 2.1 (15), v3 7 (10): archives of collected logs. */
const ARCHIVES_PATH = directory('temporary');

function typeOf(given: Given): CollectionType {
  const word = given.value('type') ?? 'type1';
  const type = TYPES.find((one) => one === word);
  if (type === undefined) throw usageError(`${word} is no type`, `say one of ${TYPES.join(', ')}`);
  return type;
}

function serversOf(context: Context, given: Given): string[] {
  const named = given.values('server').map((name) => serverNamed(context, name));
  if (given.has('local') && named.length > 0) throw usageError('-l and -n exclude each other');
  if (given.has('local')) return [context.local];
  return named.length > 0 ? [...new Set(named)] : context.config.servers.map(({ name }) => name);
}

/** Another server's files, which are only read. */
function filesOf(env: Environment, server: string): Files {
  const ask = async (op: 'read' | 'list', path: string) =>
    request(env, server, 'host', { do: 'files', op, path });
  const refuse = async () => {
    throw new Error(`${server}: its files are only read`);
  };
  return {
    read: async (path) => ((await ask('read', path)) as { text: string | null }).text,
    list: async (path) => ((await ask('list', path)) as { names: string[] }).names,
    write: refuse,
    remove: refuse,
  };
}

function placesIn(env: Environment, given: Given): (server: string) => Here {
  const folder = given.value('output');
  return (server) => {
    const name = `${server}-log.tar.gz`;
    if (folder === undefined) return { files: env.files, path: `${ARCHIVES_PATH}/${name}` };
    const place = fileAt(env, `${folder}/${name}`);
    refuseOwnFolder(env, place, 'an archive of logs');
    return place;
  };
}

/** null: it is there; else why not, on one line. */
async function collectOne(
  { env, local }: Context,
  server: string,
  type: CollectionType,
  { files, path }: Here,
): Promise<string | null> {
  const there = server === local ? env : { ...env, server, files: filesOf(env, server) };
  try {
    // What of a server that answers cannot be read is left out; this tells whether it answers.
    await request(env, server, 'host', { do: 'files', op: 'list', path: INSTALL_PATH });
    const bytes = await archiveOf(await collect(there, type), env.clock.now());
    await files.write(path, textOfBytes(bytes));
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

async function run(context: Context, given: Given): Promise<Report> {
  atMost(given, 0);
  const type = typeOf(given);
  const servers = serversOf(context, given);
  const placeFor = placesIn(context.env, given);
  const places = servers.map((server) => ({ server, place: placeFor(server) }));
  const report: Report = { code: 0, data: null, stdout: '', stderr: '' };
  for (const { server, place } of places) {
    const failure = await collectOne(context, server, type, place);
    if (failure === null) report.stdout += `Collect log of ${server} : ${place.path}\n`;
    else report.stderr += `clplogcc: ${server}: ${failure}\n`;
    if (failure !== null) report.code = 1;
  }
  return report;
}

export const clplogcc = defineCommand(
  {
    name: 'clplogcc',
    summary: 'Collects logs and the state of servers in archives',
    usage: ['clplogcc [-t TYPE] [-o DIR] [-l] [-n HOST]…'],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  run,
);
