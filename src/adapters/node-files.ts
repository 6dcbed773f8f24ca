/**
 * A server's file tree in a folder of this machine. `..` ends at the root as on any system, and a
 * symbolic link anywhere on the way is refused: nothing here reaches outside the folder.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFile,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { promisify } from 'node:util';
import { bytesOfText, textOfBytes } from '../core/byte-text.ts';
import { badInput } from '../core/errors.ts';
import type { LogFiles } from '../ports/files.ts';
import { isPart, OWNER_ONLY, writeDurably } from './durable-file.ts';

const FILE_LIMIT_BYTES = 64 * 1024 * 1024;
/** Read at once, for the same reason for which names are looked up at once. */
const SMALL_BYTES = 64 * 1024;

/** The kernel's clock for files is coarser: what is younger may have changed and not look so. */
const SURE_AFTER_MS = 100;
const MOST_REMEMBERED = 8;

const readOpen = promisify(readFile) as (file: number) => Promise<Buffer>;

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function refused(path: string, why: string): Error {
  return badInput(`${path}: ${why}`, {
    code: 'files.refused',
    remedy: 'name a plain file inside the server’s own tree',
  });
}

/** The names on the way from the root; `..` never climbs above it. */
function namesOf(path: string): string[] {
  if (path.includes('\0')) throw refused('a path', 'holds a zero byte');
  return posix
    .normalize(`/${path}`)
    .split('/')
    .filter((name) => name !== '');
}

/** The size that the file has then. */
async function appendTo(target: string, text: string): Promise<number> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const file = await open(target, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    await file.appendFile(bytesOfText(text));
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** null: there is no such file. */
function openThere(path: string, flags: number): number | null {
  try {
    return openSync(path, flags);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function factsOf(path: string, ask: typeof lstatSync | typeof statSync): Stats | null {
  try {
    return ask(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * The path on this machine, once every existing part of it is known to be no link. Names are
 * looked up at once: handing each to another thread takes twenty times as long.
 */
export async function locateIn(root: string, path: string): Promise<string> {
  let here = realpathSync(root);
  for (const name of namesOf(path)) {
    here = join(here, name);
    if (factsOf(here, lstatSync)?.isSymbolicLink())
      throw refused(path, 'leads through a symbolic link');
  }
  return here;
}

/**
 * Texts of small files that were read, for those that are asked for again and again and hardly ever
 * change: as long as the path leads to the very same file, and no byte of it was written since.
 */
class Remembered {
  #files = new Map<string, { target: string; facts: Stats; text: string }>();

  /** undefined: it has to be read. */
  text(path: string): string | undefined {
    const known = this.#files.get(path);
    const facts = known && factsOf(known.target, statSync);
    return facts && isUntouched(known.facts, facts) ? known.text : undefined;
  }

  /** `facts` are of before it was read. */
  note(path: string, target: string, facts: Stats, text: string): void {
    this.#files.delete(path);
    const ageMs = Date.now() - facts.ctimeMs;
    if (facts.size > SMALL_BYTES || ageMs < SURE_AFTER_MS) return;
    this.#files.set(path, { target, facts, text });
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST_REMEMBERED) this.#files.delete(oldest as string);
  }
}

/** Whatever is done to a file sets its ctime, which nobody can set back. */
function isUntouched(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.ctimeMs === b.ctimeMs;
}

export function nodeFiles(root: string): LogFiles {
  const remembered = new Remembered();
  const locate = (path: string): Promise<string> => locateIn(root, path);

  const makeFolders = async (folder: string): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const base = await realpath(root);
    const real = await realpath(folder);
    const below = base.endsWith(sep) ? base : base + sep;
    if (real !== base && !real.startsWith(below)) throw refused(folder, 'lies outside');
  };

  return {
    async read(path) {
      const known = remembered.text(path);
      if (known !== undefined) return known;
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const target = await locate(path);
      const file = openThere(target, flags);
      if (file === null) return null;
      try {
        const facts = fstatSync(file);
        if (!facts.isFile()) throw refused(path, 'is not a plain file');
        if (facts.size > FILE_LIMIT_BYTES) throw refused(path, 'is larger than 64 MiB');
        const isSmall = facts.size <= SMALL_BYTES;
        const text = textOfBytes(isSmall ? readFileSync(file) : await readOpen(file));
        remembered.note(path, target, facts, text);
        return text;
      } finally {
        closeSync(file);
      }
    },

    async write(path, text) {
      const target = await locate(path);
      await makeFolders(dirname(target));
      await writeDurably(target, bytesOfText(text), { mode: OWNER_ONLY });
    },

    async append(path, text) {
      const target = await locate(path);
      await makeFolders(dirname(target));
      return appendTo(target, text);
    },

    async rename(from, to) {
      await rename(await locate(from), await locate(to));
    },

    async list(path) {
      const names = await readdir(await locate(path)).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      return names.filter((name) => !isPart(name)).sort();
    },

    async remove(path) {
      if (namesOf(path).length === 0) throw refused(path, 'is the root itself');
      await rm(await locate(path), { recursive: true, force: true });
    },
  };
}
