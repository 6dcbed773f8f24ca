/**
 * What a server's tree of files does not hold and is there: what the kernel makes up when it is read
 * (which driver has which device number), and folders that are empty.
 */
import { directories } from '../../core/directories.ts';
import { ALERT_LOG_FOLDER } from '../../core/paths.ts';
import type { Environment } from '../environment.ts';
import { askHost } from './host.ts';

/** Of character devices those that every machine has. */
const CHARACTER = ['  1 mem', '  4 tty', '  5 /dev/tty', ' 10 misc', '136 pts'];

async function listed(env: Environment, what: 'block' | 'misc'): Promise<string[]> {
  const answer = await askHost(env, { do: 'machine' });
  return [...(answer[what] as string[])].sort();
}

const MADE_UP: Record<string, (env: Environment) => Promise<string>> = {
  '/proc/devices': async (env) => {
    const block = await listed(env, 'block');
    return ['Character devices:', ...CHARACTER, '', 'Block devices:', ...block, ''].join('\n');
  },
  '/proc/misc': async (env) => (await listed(env, 'misc')).map((line) => `${line}\n`).join(''),
};

/** A file as a program on the server reads it; null: there is none. */
export async function readPath(env: Environment, path: string): Promise<string | null> {
  const made = Object.hasOwn(MADE_UP, path) ? MADE_UP[path] : undefined;
  return made ? made(env) : env.files.read(path);
}

/** The product makes its folders when it is installed; a tree here knows none that is empty. */
const MADE = new Set([...directories().map(({ path }) => path), ALERT_LOG_FOLDER]);

export async function isThere(env: Environment, path: string): Promise<boolean> {
  if (MADE.has(path) || (await env.files.list(path)).length > 0) return true;
  return (await env.files.read(path).catch(() => '')) !== null;
}
