/**
 * What a person wants, in words, against what runbooks say of themselves: their titles, the
 * situations that they are for, and their summaries. Words that many of them have weigh little. The
 * answer is a number of 0 to 1 for each: 1 where it says the very same.
 */
import type { Library, LoadedRunbook } from '../language/types.ts';

/** Longer words are told apart by their beginnings: restore, restored, restoration. */
const STEM = 6;
const SUMMARY_SHARE = 0.5;

type Bag = ReadonlySet<string>;

function bagOf(text: string): Bag {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.map((word) => word.slice(0, STEM)));
}

function saidBy({ runbook }: LoadedRunbook): { plain: Bag[]; summary: Bag } {
  const { title, id, situations = [], summary = '' } = runbook;
  const plain = [title, id, ...situations.map((situation) => situation.title)].map(bagOf);
  return { plain, summary: bagOf(summary) };
}

function lengthOf(bag: Bag, weight: (word: string) => number): number {
  return Math.sqrt([...bag].reduce((sum, word) => sum + weight(word) ** 2, 0));
}

function likeness(one: Bag, other: Bag, weight: (word: string) => number): number {
  const shared = [...one].filter((word) => other.has(word));
  const both = lengthOf(one, weight) * lengthOf(other, weight);
  return both === 0 ? 0 : lengthOf(new Set(shared), weight) ** 2 / both;
}

/** By id, of every runbook that somebody can run. */
export function relevanceOf(wish: string, library: Library): Map<string, number> {
  const all = [...library.values()].filter(({ runbook }) => runbook.kind !== 'part');
  const said = all.map((loaded) => ({ id: loaded.runbook.id, ...saidBy(loaded) }));
  const counts = new Map<string, number>();
  for (const { plain, summary } of said) {
    for (const word of new Set([...plain, summary].flatMap((bag) => [...bag]))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const weight = (word: string) => Math.log(1 + said.length / (1 + (counts.get(word) ?? 0)));
  const wanted = bagOf(wish);
  return new Map(
    said.map(({ id, plain, summary }) => {
      const best = Math.max(...plain.map((bag) => likeness(wanted, bag, weight)));
      return [id, Math.max(best, SUMMARY_SHARE * likeness(wanted, summary, weight))];
    }),
  );
}
