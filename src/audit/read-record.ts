/** An exported record (NDJSON, one entry a line) and anchors kept elsewhere, read as untrusted text. */
import { badInput } from '../core/errors.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import type { Anchor } from './chain.ts';

function parseLine(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badInput('this line is not JSON', {
      code: 'record.malformed',
      place: { file, line },
      remedy: 'give a file that `drydock audit show` wrote',
      cause,
    });
  }
}

/** Whether the entries belong together is verifyChain's to say. */
export function parseRecord(text: string, file: string): JournalEntry[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => parseLine(line, file, number) as JournalEntry);
}

/** Lines `{"seq": N, "hash": "…"}`; whole entries serve too. */
export function parseAnchors(text: string, file: string): Anchor[] {
  return parseRecord(text, file).map((entry, index) => {
    const { seq, hash } = (entry ?? {}) as Partial<Anchor>;
    if (typeof seq === 'number' && Number.isSafeInteger(seq) && typeof hash === 'string') {
      return { seq, hash };
    }
    throw badInput('an anchor has a seq and a hash', {
      code: 'anchor.malformed',
      place: { file, line: index + 1 },
      remedy: 'write {"seq": N, "hash": "…"}, as `drydock audit verify --json` prints it',
    });
  });
}
