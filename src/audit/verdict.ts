/**
 * What an auditor reads: three verdicts, each with the first bad entry, then what cannot be
 * known and what is worth a look. "Unknown" is no problem: it says what nothing vouches for.
 */
import type { Anchor } from './chain.ts';

export interface Finding {
  state: 'good' | 'bad' | 'unknown';
  /** Number of the first bad entry; null where none is bad. */
  entry: number | null;
  words: string;
}

export interface RecordVerdict {
  ok: boolean;
  entries: number;
  /** The last entry. */
  head: Anchor | null;
  /** Is every entry as it was written, and follows the one before it? */
  integrity: Finding;
  /** Is none missing? */
  completeness: Finding;
  /** Does it agree with what was signed, or stored elsewhere? */
  anchoring: Finding;
  /** The last entry that an anchor, or a signature that counts, vouches for. */
  anchored: number | null;
  cannotKnow: string[];
  noted: string[];
  /** The first bad entry of all, and why; null when ok. */
  seq: number | null;
  why: string | null;
}

export type Findings = Pick<RecordVerdict, 'integrity' | 'completeness' | 'anchoring'>;

export function good(words: string): Finding {
  return { state: 'good', entry: null, words };
}

export function bad({ entry, why }: { entry: number; why: string }): Finding {
  return { state: 'bad', entry, words: why };
}

export function unknown(words: string): Finding {
  return { state: 'unknown', entry: null, words };
}

export function verdictOf(
  findings: Findings,
  rest: Pick<RecordVerdict, 'entries' | 'head' | 'anchored' | 'cannotKnow' | 'noted'>,
): RecordVerdict {
  const { integrity, completeness, anchoring } = findings;
  const problems = [integrity, completeness, anchoring].filter(({ state }) => state === 'bad');
  const first = problems.sort((a, b) => (a.entry ?? 0) - (b.entry ?? 0))[0] ?? null;
  const reported = { seq: first?.entry ?? null, why: first?.words ?? null };
  return { ok: problems.length === 0, ...findings, ...rest, ...reported };
}

/** For people; the same text wherever it is verified. */
export function verdictWords(verdict: RecordVerdict): string {
  const line = (name: string, { state, words }: Finding) =>
    `${name.padEnd(13)} ${(state === 'bad' ? 'BAD' : state).padEnd(8)} ${words}\n`;
  const { head } = verdict;
  return [
    verdict.ok ? 'verifies' : 'does not verify',
    `: ${verdict.entries} ${verdict.entries === 1 ? 'entry' : 'entries'}`,
    head ? `, the last is ${head.seq} ${head.hash}\n` : '\n',
    line('integrity', verdict.integrity),
    line('completeness', verdict.completeness),
    line('anchoring', verdict.anchoring),
    ...verdict.cannotKnow.map((words) => `not known: ${words}\n`),
    ...verdict.noted.map((words) => `noted: ${words}\n`),
  ].join('');
}
