/**
 * cp and scp: what carries a file from one place of a server, or from another server, to a place
 * here. `scp` asks the other server's host for the file, as the transfers of the cluster do.
 */
import { RemoteError, WireError } from '../../ports/wire.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { osCommand, Usage, unknownOption } from './host.ts';

const TIMEOUT_MS = 10_000;

/** Options of one letter before the words; another one is a usage error. */
function wordsAfter(args: string[], known: string): string[] {
  const words: string[] = [];
  for (const arg of args) {
    if (!arg.startsWith('-') || arg === '-') words.push(arg);
    else if (![...arg.slice(1)].every((letter) => known.includes(letter))) throw unknownOption(arg);
  }
  return words;
}

/** Into a folder that is there, under the same name. */
async function placeIn(env: Environment, from: string, to: string): Promise<string> {
  if (!to.startsWith('/')) throw new Usage(`name ${to} from / on`);
  const isFolder = to.endsWith('/') || (await env.files.list(to)).length > 0;
  return isFolder ? `${to.replace(/\/+$/, '')}/${from.split('/').at(-1)}` : to;
}

async function isFolder(env: Environment, path: string): Promise<boolean> {
  return (await env.files.list(path)).length > 0;
}

export const cp = osCommand(
  {
    name: 'cp',
    kind: 'usual',
    summary: "copy a file of this server's tree",
    usage: ['cp [-p] [-f] FILE PATH'],
    traits: () => ({ changes: true, silent: true }),
    async run(env, args) {
      const [from, to, more] = wordsAfter(args, 'pf');
      if (from === undefined || to === undefined || more !== undefined) {
        throw new Usage('name a file, and the place of its copy');
      }
      if (await isFolder(env, from)) return failed(`cp: -r not specified; omitting '${from}'`);
      const text = from.startsWith('/') ? await env.files.read(from) : null;
      if (text === null) return failed(`cp: cannot stat '${from}': No such file or directory`);
      const place = await placeIn(env, from, to);
      if (place === from) return failed(`cp: '${from}' and '${place}' are the same file`);
      await env.files.write(place, text);
      return done();
    },
  },
  { refused: 1, usage: 1 },
);

/** `HOST:PATH`, as scp takes it; a user before the host changes nothing here. */
function remoteOf(word: string): { server: string; path: string } | null {
  const [, server, path] = /^(?:[\w.-]+@)?([\w.-]+):(\/.*)$/.exec(word) ?? [];
  return server === undefined || path === undefined ? null : { server, path };
}

async function readThere(
  env: Environment,
  { server, path }: { server: string; path: string },
): Promise<string | null> {
  const body = { do: 'files', op: 'read', path } as const;
  const answer = await env.request({ server, part: 'host' }, body, TIMEOUT_MS);
  const { text } = (answer ?? {}) as { text?: unknown };
  return typeof text === 'string' ? text : null;
}

async function fetched(env: Environment, from: string, to: string): Promise<Report> {
  const remote = remoteOf(from);
  if (remote === null) throw new Usage('name where the file is: HOST:PATH');
  try {
    const text = await readThere(env, remote);
    if (text === null) return failed(`scp: ${remote.path}: No such file or directory`);
    await env.files.write(await placeIn(env, remote.path, to), text);
    return done();
  } catch (error) {
    if (!(error instanceof WireError) && !(error instanceof RemoteError)) throw error;
    const line = `ssh: connect to host ${remote.server} port 22: ${error.message}`;
    return { ...failed(line, 255), stderr: `${line}\nscp: Connection closed\n` };
  }
}

export const scp = osCommand(
  {
    name: 'scp',
    summary: 'fetch a file from another server',
    usage: ['scp [-B] [-p] [-q] HOST:FILE PATH'],
    traits: () => ({ changes: true, silent: true }),
    async run(env, args) {
      const [from, to, more] = wordsAfter(args, 'Bpq');
      if (from === undefined || to === undefined || more !== undefined) {
        throw new Usage('name a file of another server, and where it goes here');
      }
      return fetched(env, from, to);
    },
  },
  { refused: 1, usage: 1 },
);
