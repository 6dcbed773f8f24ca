/** The journal of a rehearsal and of tests: the same chain, nothing durable, one process. */
import { type Anchor, canonical, sealEntry } from '../audit/chain.ts';
import { heldByAnother, requireLast } from '../audit/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal, StoredHead } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';

const PAGE = 1_000;

/** `begun`: entries that it goes on from. */
export function memoryJournal(options: {
  clock: Pick<Clock, 'now'>;
  who: string;
  begun?: readonly JournalEntry[];
}): Journal {
  const kept: JournalEntry[] = [...(options.begun ?? [])];
  const heads = new Map<string, StoredHead>();
  const held = new Map<string, { about: string }>();
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
    entries: async (run) => structuredClone(kept.filter((entry) => entry.run === run)),
    async *runs(part = '') {
      const last = new Map<string, string>();
      for (const { run, hash } of kept) if (run?.includes(part)) last.set(run, hash);
      const found = [...last].map(([run, hash]) => {
        const stored = heads.get(run);
        return { run, last: hash, head: stored?.last === hash ? stored.head : null };
      });
      for (let at = 0; at < found.length; at += PAGE) yield found.slice(at, at + PAGE);
    },
    async storeHeads(stored) {
      for (const one of structuredClone(stored)) heads.set(one.run, one);
    },
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
      if (other) throw heldByAnother(cluster, other.about);
      const own = { about };
      held.set(cluster, own);
      return async () => {
        if (held.get(cluster) === own) held.delete(cluster);
      };
    },
    async close() {},
  };
}
