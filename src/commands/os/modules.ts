/** lsmod, insmod, rmmod: kernel modules (kmod 30). v3 11.3 (4) loads softdog.o by hand. */

import { RemoteError } from '../../ports/wire.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage } from './host.ts';

/** A path of a module's file: its name. */
function nameIn(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.(ko|o)(\.(xz|gz|zst))?$/, '');
}

const BYTES = 16_384;

export const lsmod = osCommand(
  {
    name: 'lsmod',
    summary: 'which kernel modules are loaded',
    usage: ['lsmod'],
    traits: () => ({ changes: false }),
    async run(env, args) {
      if (args.length > 0) throw new Usage('too many arguments');
      const { modules } = await askHost(env, { do: 'machine' });
      const rows = (modules as string[]).map((name) => `${name.padEnd(20)} ${BYTES}  0\n`);
      return done(`Module                  Size  Used by\n${rows.join('')}`);
    },
  },
  { refused: 1, usage: 1 },
);

async function order(
  env: Environment,
  op: 'load' | 'unload',
  about: { name: string; major?: number },
  words: (reason: string) => string,
): Promise<Report> {
  try {
    await askHost(env, { do: 'module', op, ...about });
    return done();
  } catch (error) {
    if (error instanceof RemoteError) return failed(words(error.message));
    throw error;
  }
}

/** A module takes settings that it does not know without a word. */
function settingsOf(words: string[]): { major?: number } {
  const major = words.flatMap((word) => /^sbull_major=(\d{1,3})$/.exec(word)?.[1] ?? []).at(-1);
  return major === undefined ? {} : { major: Number(major) };
}

export const insmod = osCommand(
  {
    name: 'insmod',
    summary: 'load a kernel module, until the next boot',
    usage: ['insmod FILE [sbull_major=NUMBER]'],
    traits: () => ({ changes: true, silent: true }),
    async run(env, args) {
      const [path, ...settings] = args;
      if (path === undefined) throw new Usage('ERROR: missing filename.');
      return order(env, 'load', { name: nameIn(path), ...settingsOf(settings) }, (reason) => {
        const verb = reason.startsWith('No such') ? 'load' : 'insert';
        return `insmod: ERROR: could not ${verb} module ${path}: ${reason}`;
      });
    },
  },
  { refused: 1, usage: 1 },
);

export const rmmod = osCommand(
  {
    name: 'rmmod',
    summary: 'unload a kernel module',
    usage: ['rmmod NAME'],
    traits: () => ({ changes: true, silent: true }),
    async run(env, args) {
      const [name, more] = args;
      if (name === undefined) throw new Usage('ERROR: missing module name.');
      if (more !== undefined) throw new Usage(`ERROR: ${more} is one name too many`);
      return order(env, 'unload', { name: nameIn(name) }, (reason) => `rmmod: ERROR: ${reason}`);
    },
  },
  { refused: 1, usage: 1 },
);
