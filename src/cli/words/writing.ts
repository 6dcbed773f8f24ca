/** Files and folders that people name: whole under that name, or not there; never over another. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  type Content,
  createDurably,
  createDurablySync,
  flushFolder,
  makeFolder,
  nameBeside,
  writeDurablySync,
} from '../../adapters/durable-file.ts';
import { badInput } from '../../core/errors.ts';

function unwritable(file: string, why: string, cause?: unknown): Error {
  return badInput(`cannot write ${file}: ${why}`, {
    code: 'file.unwritable',
    remedy: 'name a new file, where there is space and you may write',
    cause,
  });
}

/** Asked before the work whose outcome goes there. */
export function requireNew(file: string): void {
  if (existsSync(file)) throw unwritable(file, 'it is there already');
}

export function writeNew(file: string, content: Content): void {
  let isNew: boolean;
  try {
    isNew = createDurablySync(file, content);
  } catch (cause) {
    throw unwritable(file, (cause as Error).message, cause);
  }
  if (!isNew) throw unwritable(file, 'it is there already');
}

/** The same for lines that come one after the other. */
export async function writeLines(file: string, lines: AsyncIterable<string>): Promise<void> {
  let isNew: boolean;
  try {
    isNew = await createDurably(file, lines);
  } catch (cause) {
    throw unwritable(file, (cause as Error).message, cause);
  }
  if (!isNew) throw unwritable(file, 'it is there already');
}

function requireEmpty(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw badInput(`${folder} is not empty`, {
    code: 'file.exists',
    remedy: 'name a new folder with --out',
  });
}

/** The folder appears with all of its files, on disk, or not at all. */
export function writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  requireEmpty(folder);
  const half = nameBeside(resolve(folder));
  try {
    makeFolder(half);
    for (const [name, content] of files) {
      makeFolder(dirname(join(half, name)));
      writeDurablySync(join(half, name), content);
    }
    const below = [...files.keys()].map((name) => dirname(join(half, name)));
    for (const one of new Set([...below, half])) flushFolder(one);
    // In place of an empty one, as the system has it.
    renameSync(half, resolve(folder));
    flushFolder(dirname(resolve(folder)));
  } catch (cause) {
    rmSync(half, { recursive: true, force: true });
    throw badInput(`cannot write the folder ${folder}: ${(cause as Error).message}`, {
      code: 'file.unwritable',
      remedy: 'name a new folder with --out, where there is space and you may write',
      cause,
    });
  }
}
