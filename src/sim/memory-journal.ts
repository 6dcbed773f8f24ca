/** The journal of a rehearsal and of tests: the same chain, nothing durable, one process. */
import { type Anchor, canonical, sealEntry } from '../audit/chain.ts';
import { heldByAnother, requireLast } from '../audit/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';

const PAGE = 1_000;

export function memoryJournal(options: { clock: Pick<Clock, 'now'>; who: string }): Journal {
  const kept: JournalEntry[] = [];
  const held = new Map<string, string>();
  return {
    async append(entries, after = {}) {
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
    entries: async (run) =>
      structuredClone(kept.filter((entry) => run === undefined || entry.run === run)),
    async *pages({ from = 1, to = Number.POSITIVE_INFINITY, newestFirst = false } = {}) {
      const found = kept.filter(({ seq }) => seq >= from && seq <= to);
      const ordered = newestFirst ? found.reverse() : found;
      for (let at = 0; at < ordered.length; at += PAGE) {
        yield ordered.slice(at, at + PAGE).map(({ hash, ...open }) => {
          return { seq: open.seq, run: open.run, text: canonical(open), hash };
        });
      }
    },
    async hold(cluster, about) {
      const other = held.get(cluster);
      if (other !== undefined) throw heldByAnother(cluster, other);
      held.set(cluster, about);
      return async () => {
        held.delete(cluster);
      };
    },
    async close() {},
  };
}
