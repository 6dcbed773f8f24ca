/**
 * Everything that must not be lost is written here: all of it, flushed, and with it the folder that
 * names it, or there is an error and nothing of it stands where it should. A disk that is nearly
 * full takes a part of a write and says so in a number only; whoever does not look takes a cut file
 * for a whole one. (SQLite looks by itself, and so does what writes blocks: file-block-store.ts.)
 *
 *   writeDurably    in place of what stands there: beside it, flushed, renamed
 *   createDurably   where nothing stands: beside it, flushed, linked; never over another file
 *   appendDurably   one line more; what could be written of it only in part is cut off again
 *
 * What a process that was killed left beside a file has a name that nobody takes again. It is
 * ignored, and removed a day later.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchownSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** For state that is nobody else's business. */
export const OWNER_ONLY = 0o600;
const READABLE = 0o666;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Lines are handed to the system in pieces of about this many characters. */
const PIECE_CHARS = 64 * 1024;
const LINES_HELD = 256;

/** Takes what it can of the bytes from there on, and says how many. */
export type WriteSome = (file: number, bytes: Uint8Array, from: number) => number;

export interface Writing {
  /** Permissions of a new file, before the umask; else those of the file that it replaces. */
  mode?: number;
  /** False: it is whole, but not waited for, because it is made anew whenever it is needed. */
  flush?: boolean;
  /** In place of the system's own; for tests. */
  write?: WriteSome;
}

/** A text, bytes, or lines one after the other without their ends. */
export type Content = string | Uint8Array | Iterable<string>;

const bySystem: WriteSome = (file, bytes, from) =>
  writeSync(file, bytes, from, bytes.length - from);

/** All of it, or an error; `done` counts what was taken. */
export function writeAll(
  file: number,
  bytes: Uint8Array,
  write: WriteSome = bySystem,
  progress = { done: 0 },
): void {
  while (progress.done < bytes.length) {
    const taken = write(file, bytes, progress.done);
    if (taken > 0) progress.done += taken;
    else throw Object.assign(new Error('ENOSPC: nothing more is taken'), { code: 'ENOSPC' });
  }
}

function* piecesOf(content: Content): Iterable<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content);
  else if (content instanceof Uint8Array) yield content;
  else {
    let held = '';
    for (const line of content) {
      held += `${line}\n`;
      if (held.length < PIECE_CHARS) continue;
      yield Buffer.from(held);
      held = '';
    }
    yield Buffer.from(held);
  }
}

/** A database on its way has files of its own beside it. */
const PART = /^\..+\.[0-9a-f]{12}\.part(-wal|-shm|-journal)?$/;

/** Whether a file of that name is one that is, or was, on its way. */
export function isPart(name: string): boolean {
  return PART.test(name);
}

/** A name beside the place, which nobody had before and nobody has after. */
export function nameBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
}

const swept = new Set<string>();

/** Once a process: what stayed beside that file for a day has nobody any more. */
export function sweepBeside(path: string): void {
  if (swept.has(path)) return;
  swept.add(path);
  const folder = dirname(path);
  const isMine = (name: string) => isPart(name) && name.startsWith(`.${basename(path)}.`);
  try {
    for (const name of readdirSync(folder).filter(isMine)) {
      const file = join(folder, name);
      if (Date.now() - statSync(file).mtimeMs > DAY_MS) rmSync(file, { force: true });
    }
  } catch {
    // Nothing depends on it: it is ignored wherever it lies.
  }
}

interface Part {
  file: number;
  path: string;
  close(): void;
  /** It was not to be. */
  drop(): void;
}

function beginPart(target: string, there: Stats | null, { mode }: Writing): Part {
  sweepBeside(target);
  const path = nameBeside(target);
  const file = openSync(path, 'wx', mode ?? (there ? there.mode & 0o7777 : READABLE));
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    file,
    path,
    close,
    drop() {
      try {
        close();
      } finally {
        rmSync(path, { force: true });
      }
    },
  };
}

/** Whoever owned the file goes on owning it, where that is possible. */
function keepOwner(file: number, there: Stats | null): void {
  if (!there || (there.uid === process.getuid?.() && there.gid === process.getgid?.())) return;
  try {
    fchownSync(file, there.uid, there.gid);
  } catch {
    // Only root may give a file away.
  }
}

function fill(part: Part, content: Content, { write }: Writing): void {
  for (const piece of piecesOf(content)) writeAll(part.file, piece, write);
}

export function flushFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a folder and those above it, and has them on disk. */
export function makeFolder(folder: string, mode?: number): void {
  const first = mkdirSync(folder, { recursive: true, ...(mode === undefined ? {} : { mode }) });
  if (first === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    flushFolder(dirname(made));
    if (made === first || dirname(made) === made) return;
  }
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

/** Where the file itself lies: a link stays, and what it names is replaced. */
function targetOf(path: string, there: Stats | null): string {
  return there ? realpathSync(path) : path;
}

export function writeDurablySync(path: string, content: Content, writing: Writing = {}): void {
  const there = statOf(path);
  const target = targetOf(path, there);
  const part = beginPart(target, there, writing);
  try {
    fill(part, content, writing);
    keepOwner(part.file, there);
    if (writing.flush !== false) fsyncSync(part.file);
    part.close();
    renameSync(part.path, target);
  } catch (error) {
    part.drop();
    throw error;
  }
  if (writing.flush !== false) flushFolder(dirname(target));
}

const flush = promisify(fsync);

/** By file: the last write that was asked for. */
const writing = new Map<string, Promise<void>>();

async function replace(path: string, content: Content, how: Writing): Promise<void> {
  const there = statOf(path);
  const target = targetOf(path, there);
  const part = beginPart(target, there, how);
  try {
    fill(part, content, how);
    keepOwner(part.file, there);
    await flush(part.file);
    part.close();
    renameSync(part.path, target);
  } catch (error) {
    part.drop();
    throw error;
  }
  const folder = openSync(dirname(target), 'r');
  try {
    await flush(folder);
  } finally {
    closeSync(folder);
  }
}

/** The same, where nobody waits for the disk. Writes of one file come one after the other. */
export async function writeDurably(path: string, content: Content, how: Writing = {}) {
  const before = writing.get(path) ?? Promise.resolve();
  const own = before.catch(() => {}).then(() => replace(path, content, how));
  writing.set(path, own);
  try {
    await own;
  } finally {
    if (writing.get(path) === own) writing.delete(path);
  }
}

/** Puts a file that is whole where nothing stands; false: something stands there. */
export function linkNew(from: string, path: string): boolean {
  try {
    linkSync(from, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || lstatSync(path, { throwIfNoEntry: false })) return false;
    // Shared folders of other systems know no second name for a file.
    renameSync(from, path);
  }
  rmSync(from, { force: true });
  return true;
}

/** Lets it be the file of that name; false: there is one already, which stays as it is. */
function finish(part: Part, path: string): boolean {
  fsyncSync(part.file);
  part.close();
  const isNew = linkNew(part.path, path);
  if (isNew) flushFolder(dirname(path));
  else part.drop();
  return isNew;
}

/** False: a file of that name is there already, and stays as it is. */
export function createDurablySync(path: string, content: Content, how: Writing = {}): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })) return false;
  const part = beginPart(path, null, how);
  try {
    fill(part, content, how);
    return finish(part, path);
  } catch (error) {
    part.drop();
    throw error;
  }
}

/** The same for lines that come one after the other. */
export async function createDurably(path: string, lines: AsyncIterable<string>): Promise<boolean> {
  if (lstatSync(path, { throwIfNoEntry: false })) return false;
  const part = beginPart(path, null, {});
  try {
    let held: string[] = [];
    for await (const line of lines) {
      if (held.push(line) < LINES_HELD) continue;
      fill(part, held, {});
      held = [];
    }
    fill(part, held, {});
    return finish(part, path);
  } catch (error) {
    part.drop();
    throw error;
  }
}

/** Whether the last line has no end: whoever wrote it did not come that far. */
function isTorn(file: number, size: number): boolean {
  const last = new Uint8Array(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

/** One line more, on a line of its own whatever stands before it. */
export function appendDurablySync(path: string, line: string, how: Writing = {}): void {
  const file = openSync(path, 'a+', how.mode ?? READABLE);
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.from(`${isTorn(file, size) ? '\n' : ''}${line}\n`);
    const progress = { done: 0 };
    try {
      writeAll(file, bytes, how.write, progress);
      fsyncSync(file);
    } catch (error) {
      cutBack(file, size, progress.done);
      throw error;
    }
    if (size === 0) flushFolder(dirname(path));
  } finally {
    closeSync(file);
  }
}

/** What somebody else appended meanwhile stays; a file that only grows keeps half a line. */
function cutBack(file: number, size: number, taken: number): void {
  try {
    if (fstatSync(file).size !== size + taken) return;
    ftruncateSync(file, size);
    fsyncSync(file);
  } catch {
    // Whoever reads it finds a line that is cut off, and whoever appends begins a new one.
  }
}
