/**
 * The edition of a part's view in a small file: the part writes, its host reads. One write of a
 * fixed length, so that a reader finds the old one or the new one. An edition is its process's
 * own, whose id stands in front: what an earlier one left is nobody's.
 */
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Edition } from '../ports/edition.ts';
import { OWNER_ONLY } from './durable-file.ts';

const DIGITS = 16;
/** Longer than what stands in such a file, or in that of a process's state up to the state. */
const READ_BYTES = 128;

export function editionFile(path: string): Edition {
  const file = openSync(path, 'w', OWNER_ONLY);
  let count = 0;
  const write = () => {
    const text = `${process.pid} ${String(count).padStart(DIGITS, '0')}\n`;
    let written = 0;
    try {
      written = writeSync(file, text, 0);
    } catch {
      // As one that was cut short.
    }
    // An empty file is no edition: the part is asked every time.
    if (written < text.length) ftruncateSync(file, 0);
  };
  write();
  return {
    next() {
      count += 1;
      write();
    },
  };
}

/** What a host reads of one process without waking it. */
export interface EditionReader {
  /** null: it says none, or nothing can be heard of it, since it is stopped or gone. */
  read(): string | null;
  close(): void;
}

/** Kernel's letters for a process that runs, sleeps, or waits for a device. */
const CAN_RUN = 'RSD';

/** Says no edition: of a process that was not started, or where the system tells of none. */
const NOBODY: EditionReader = { read: () => null, close: () => undefined };

function openBoth(path: string, pid: number): { edition: number; state: number } | null {
  let edition: number | undefined;
  try {
    // The process itself may not have come so far as to make it.
    edition = openSync(path, 'a+', OWNER_ONLY);
    // Of this process for ever, whoever bears its id later.
    return { edition, state: openSync(`/proc/${pid}/stat`, 'r') };
  } catch {
    if (edition !== undefined) closeSync(edition);
    return null;
  }
}

/**
 * To be opened as soon as the process was started. Both files stay open, because this is asked with
 * every look.
 */
export function editionReader(path: string, pid: number | undefined): EditionReader {
  const files = pid === undefined ? null : openBoth(path, pid);
  if (!files) return NOBODY;
  const { edition, state } = files;
  const bytes = Buffer.alloc(READ_BYTES);
  const textOf = (file: number) =>
    bytes.toString('latin1', 0, readSync(file, bytes, 0, READ_BYTES, 0));
  return {
    read() {
      try {
        const told = textOf(state);
        // The name is in parentheses, and may hold anything; it is 15 bytes at most.
        const letter = told[told.lastIndexOf(')') + 2];
        if (letter === undefined || !CAN_RUN.includes(letter)) return null;
        const text = textOf(edition);
        return text.startsWith(`${pid} `) && text.endsWith('\n') ? text : null;
      } catch {
        return null;
      }
    },
    close() {
      closeSync(edition);
      closeSync(state);
    },
  };
}
