/**
 * A lane of `npm run simulate`: plays its seeds one after the other in a thread of its own, and
 * posts what came of each.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { historyOf, playHistory } from './play.ts';
import { kindOf, shrink } from './shrink.ts';

export interface Lane {
  seeds: number[];
  /** Cuts what is wrong down to the shortest history that shows it. */
  shrinks: boolean;
}

export interface Finished {
  seed: number;
  virtualMs: number;
  acts: number;
  found: { seed: number; violation: string; text: string } | null;
}

async function examine(seed: number, shrinks: boolean): Promise<Finished> {
  const history = await historyOf(seed);
  const played = await playHistory(history);
  const { violation, virtualMs } = played;
  const acts = played.outcome.split('\n').filter((line) => line.startsWith('clp')).length;
  if (violation === null) return { seed, virtualMs, acts, found: null };
  const least = shrinks ? (await shrink(history, kindOf(violation))).history : history;
  const { outcome } = shrinks ? await playHistory(least) : played;
  const text = `${least.lines.join('\n')}\n----\n${outcome}`;
  return { seed, virtualMs, acts, found: { seed, violation, text } };
}

if (!isMainThread) {
  const { seeds, shrinks } = workerData as Lane;
  for (const seed of seeds) parentPort?.postMessage(await examine(seed, shrinks));
}
