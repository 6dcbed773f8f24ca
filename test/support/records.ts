/** Small records for the tests of what verifies them. */
import { anchorLine, parseAnchors, type StoredAnchor } from '../../src/audit/anchors.ts';
import { canonical, sealEntry } from '../../src/audit/chain.ts';
import { makeCheckpoint } from '../../src/audit/checkpoint.ts';
import { exportEntries, type Part } from '../../src/audit/excerpt.ts';
import { splitLines } from '../../src/audit/lines.ts';
import type { RecordVerdict } from '../../src/audit/verdict.ts';
import { type VerifyOptions, verifyLines } from '../../src/audit/verify.ts';
import { lineOf } from '../../src/audit/walk.ts';
import { readSealed } from '../../src/audit/windows.ts';
import type {
  Journal,
  NewEntry,
  RecordReader,
  SealedText,
  Stretch,
} from '../../src/ports/journal.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { TestKey } from './ssh-keys.ts';

/** 2026-03-01, a second an entry. */
export const DAY_MS = Date.parse('2026-03-01T08:00:00Z');

export function tickingClock(): { now(): number } {
  let ticks = 0;
  return {
    now: () => {
      ticks += 1;
      return DAY_MS + ticks * 1000;
    },
  };
}

export const step = (n: number): NewEntry => ({
  run: n % 3 === 0 ? null : 'r1',
  type: 'step.ended',
  body: { n, note: 'é', list: [1, null] },
});

export function newJournal(clock = tickingClock()): Journal {
  return memoryJournal({ clock, who: 'ann@desk' });
}

export async function sign(
  journal: Journal,
  key: TestKey | null,
  by = 'ann@example.org',
  counted?: string,
): Promise<JournalEntry> {
  const signing = key ? { by, sign: async (text: string) => key.sign(text) } : null;
  return makeCheckpoint(journal, {
    clock: tickingClock(),
    why: 'a test',
    signing,
    ...(counted === undefined ? {} : { counted }),
  });
}

/** Six entries, a checkpoint of them, three more: ten. */
export async function tenEntries(key: TestKey | null): Promise<{
  journal: Journal;
  lines: string[];
  checkpoint: JournalEntry;
}> {
  const journal = newJournal();
  await journal.append([1, 2, 3, 4, 5, 6].map(step));
  const checkpoint = await sign(journal, key);
  await journal.append([8, 9, 10].map(step));
  return { journal, lines: await linesOf(journal), checkpoint };
}

/** All of them in one list, for small records. */
export async function textsOf(reader: RecordReader, stretch?: Stretch): Promise<SealedText[]> {
  const texts: SealedText[] = [];
  for await (const page of reader.pages(stretch)) texts.push(...page);
  return texts;
}

/** Every entry of a small record. */
export async function allEntries(reader: RecordReader): Promise<JournalEntry[]> {
  return (await textsOf(reader)).map(readSealed);
}

export async function linesOf(journal: Journal): Promise<string[]> {
  return (await textsOf(journal)).map(lineOf);
}

/** The lines of an excerpt. */
export async function linesOfPart(reader: RecordReader, part: Part): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportEntries(reader, part)) lines.push(line);
  return lines;
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

export function verifyText(text: string | Uint8Array, options: VerifyOptions = {}): RecordVerdict {
  return verifyLines(splitLines([Buffer.from(text as string)]), options);
}

export function anchorsOf(...checkpoints: JournalEntry[]): StoredAnchor[] {
  return parseAnchors(checkpoints.map(anchorLine).join('\n'), 'anchors').anchors;
}

/** The record written anew from entry `from` on, by somebody who seals as well as we do. */
export function writtenAnew(
  lines: readonly string[],
  from: number,
  change: (entry: JournalEntry) => Partial<JournalEntry> = () => ({}),
): string[] {
  const entries = lines.map((line) => JSON.parse(line) as JournalEntry);
  const anew = entries.slice(0, from - 1);
  for (const entry of entries.slice(from - 1)) {
    const next = { ...entry, ...change(entry) };
    const stamp = { at: Date.parse(next.at), who: next.who };
    anew.push(sealEntry(anew.at(-1) ?? null, next, stamp));
  }
  return anew.map(lineOfEntry);
}

export function lineOfEntry(entry: JournalEntry): string {
  return canonical(entry);
}
