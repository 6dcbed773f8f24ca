/** Which entries belong to a part of the record: a stretch, a run, a change window. */
import type { RecordReader, SealedText } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { sha256 } from './digest.ts';

/** What an excerpt is to hold: everything that fits all that is named. */
export interface Part {
  from?: number;
  to?: number;
  run?: string;
  /** A change window: what was done on it, and every run under it. */
  window?: string;
}

export function readSealed({ text, hash }: SealedText): JournalEntry {
  return { ...(JSON.parse(text) as Omit<JournalEntry, 'hash'>), hash };
}

interface Named {
  window?: unknown;
  authority?: { window?: unknown } | null;
  /** It was refused while these were open. */
  during?: unknown;
}

/** Done on it, in its name, or refused while it was open. */
export function isOfWindow(entry: JournalEntry, window: string): boolean {
  return windowsIn(entry).includes(window);
}

/** Runs that were carried out under a window. */
async function runsUnder(reader: RecordReader, window: string, to?: number): Promise<Set<string>> {
  const runs = new Set<string>();
  for await (const page of reader.pages(to === undefined ? {} : { to })) {
    for (const sealed of page) {
      if (sealed.run === null || runs.has(sealed.run) || !sealed.text.includes(window)) continue;
      if (isOfWindow(readSealed(sealed), window)) runs.add(sealed.run);
    }
  }
  return runs;
}

/** The entries of a part, in order. */
export async function entriesOf(reader: RecordReader, part: Part): Promise<JournalEntry[]> {
  const { from, to, run, window } = part;
  const runs = window === undefined ? null : await runsUnder(reader, window, to);
  const found: JournalEntry[] = [];
  for await (const page of reader.pages({ ...(from && { from }), ...(to && { to }) })) {
    for (const sealed of page) {
      if (run !== undefined && sealed.run !== run) continue;
      const isUnder = runs === null || (sealed.run !== null && runs.has(sealed.run));
      if (!isUnder && !sealed.text.includes(window as string)) continue;
      const entry = readSealed(sealed);
      if (isUnder || isOfWindow(entry, window as string)) found.push(entry);
    }
  }
  return found;
}

/** How many of the entries a checkpoint stands for are a window's, and which. */
export type CountedWindow = {
  window: string;
  entries: number;
  /** SHA-256 over their hashes in order, each as text. */
  digest: string;
};

export function digestOf(entries: readonly Pick<JournalEntry, 'hash'>[]): string {
  return sha256(entries.map(({ hash }) => hash).join(''));
}

/** Those among the first `size` entries; null: there is none. */
export async function countWindow(
  reader: RecordReader,
  window: string,
  size: number,
): Promise<CountedWindow | null> {
  const own = await entriesOf(reader, { window, to: size });
  return own.length === 0 ? null : { window, entries: own.length, digest: digestOf(own) };
}

/** Whether one of them is none of that window's: it neither names it nor is of a run that does. */
export function strangerIn(entries: readonly JournalEntry[], window: string): JournalEntry | null {
  const own = entries.filter((entry) => isOfWindow(entry, window));
  const runs = new Set(own.map(({ run }) => run));
  return entries.find((entry) => !own.includes(entry) && !runs.has(entry.run ?? '')) ?? null;
}

/** Windows that the entry is of by its own word. */
export function windowsIn(entry: JournalEntry): string[] {
  const { window, authority, during } = entry.body as Named;
  const open: unknown[] = Array.isArray(during) ? during : [];
  return [window, authority?.window, ...open].filter((id) => typeof id === 'string');
}
