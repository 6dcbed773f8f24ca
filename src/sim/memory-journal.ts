/** The journal of a rehearsal and of tests: the same chain, nothing durable. */
import { type Anchor, canonical, sealEntry } from '../audit/chain.ts';
import { heldByAnother, requireLast } from '../audit/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal, RecordReader } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';

export function memoryJournal(options: {
  clock: Pick<Clock, 'now'>;
  who: string;
}): Journal & RecordReader {
  const kept: JournalEntry[] = [];
  const held = new Map<string, string>();
  return {
    append(entries, after = {}) {
      for (const [run, seq] of Object.entries(after)) {
        requireLast(run, seq, kept.findLast((entry) => entry.run === run)?.seq ?? 0);
      }
      const sealed: JournalEntry[] = [];
      let head: Anchor | null = kept.at(-1) ?? null;
      for (const entry of entries) {
        const next = sealEntry(head, structuredClone(entry), {
          at: options.clock.now(),
          who: options.who,
        });
        sealed.push(next);
        head = next;
      }
      kept.push(...sealed);
      return structuredClone(sealed);
    },
    entries: (run) =>
      structuredClone(kept.filter((entry) => run === undefined || entry.run === run)),
    *texts({ from = 1, to = Number.POSITIVE_INFINITY, newestFirst = false } = {}) {
      const found = kept.filter(({ seq }) => seq >= from && seq <= to);
      for (const { hash, ...open } of newestFirst ? found.reverse() : found) {
        yield { seq: open.seq, run: open.run, text: canonical(open), hash };
      }
    },
    hold(cluster, about) {
      const other = held.get(cluster);
      if (other !== undefined) throw heldByAnother(cluster, other);
      held.set(cluster, about);
      return () => held.delete(cluster);
    },
    close() {},
  };
}
