/**
 * `npm run simulate -- [--seeds N] [--seed N] [--jobs N] [--wrong N] [--show] [--no-shrink]`:
 * whole clusters of two to eight servers under random faults and orders, on virtual time
 * (test/simulation). One number gives a history; what is found wrong is played again, cut down to
 * the shortest history that still shows it, and printed as the text of a scenario.
 *
 * `--cheap-first` plays small clusters and short histories more often early: large ones cost ten
 * times as much; `--most N` plays no more than so many of them; `--try N,N` plays those seeds before all others and
 * `--skip N,N` never. They are for `npm run mutate`, which wants one wrong history soon.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { kindOf } from '../test/simulation/aims.ts';
import type { Finished, Lane } from '../test/simulation/lane.ts';
import { randomOf, worldOf } from '../test/simulation/worlds.ts';

/** A history that takes so long does not end: what is simulated goes round in circles. */
const ENDLESS_MS = 120_000;
const LANE = new URL('../test/simulation/lane.ts', import.meta.url);
const SHRINKING_MS = 3_600_000;
/** A history of aimed moves alone is short and shows most: it counts as so much of another one. */
const AIMED = 0.15;

interface Choice {
  first: number;
  seeds: number;
  skip: string;
  try: string;
  most: number;
  isCheapFirst: boolean;
}

const numbersOf = (words: string) => words.split(',').filter(Boolean).map(Number);

/** So that each size of cluster has had the same share of the time at any moment. */
function sortByCost(seeds: number[]): void {
  const spent = new Map<number, number>();
  const dueAt = new Map<number, number>();
  for (const seed of seeds) {
    const { servers } = worldOf(seed);
    const share = kindOf(randomOf(seed)) === 'random' ? 1 : AIMED;
    const at = (spent.get(servers) ?? 0) + share * servers ** 2;
    spent.set(servers, at);
    dueAt.set(seed, at);
  }
  seeds.sort((a, b) => (dueAt.get(a) ?? 0) - (dueAt.get(b) ?? 0));
}

/** The seeds to play, in their order. */
function seedsOf(choice: Choice): number[] {
  const left = new Set(numbersOf(choice.skip));
  const all = Array.from({ length: choice.seeds }, (_, at) => choice.first + at);
  const early = numbersOf(choice.try).filter((seed) => all.includes(seed));
  const others = all.filter((seed) => !early.includes(seed));
  if (choice.isCheapFirst) sortByCost(others);
  return [...early, ...others].filter((seed) => !left.has(seed)).slice(0, choice.most);
}

/** Plays a lane's seeds in a thread of its own: one that dies or never ends is a finding, too. */
async function follow(lane: Lane, worker: Worker, take: (finished: Finished) => void) {
  let at = 0;
  const lost = (violation: string) => {
    const seed = lane.seeds[at] ?? 0;
    take({ seed, virtualMs: 0, acts: 0, found: { seed, violation, text: '' } });
    void worker.terminate();
  };
  // To cut one down takes as long as it takes.
  const limitMs = lane.shrinks ? SHRINKING_MS : ENDLESS_MS;
  const late = () => lost(`does not end within ${limitMs / 1000} s`);
  let timer = setTimeout(late, limitMs);
  worker.on('message', (finished: Finished) => {
    at++;
    clearTimeout(timer);
    if (at < lane.seeds.length) timer = setTimeout(late, limitMs);
    take(finished);
  });
  worker.on('error', (error) => lost(error instanceof Error ? error.message : String(error)));
  await new Promise((resolve) => worker.on('exit', resolve));
  clearTimeout(timer);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      seeds: { type: 'string', default: '10000' },
      seed: { type: 'string' },
      first: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      wrong: { type: 'string', default: '5' },
      show: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: true },
      skip: { type: 'string', default: '' },
      try: { type: 'string', default: '' },
      most: { type: 'string', default: 'Infinity' },
      'cheap-first': { type: 'boolean', default: false },
    },
  });
  if (values.seed !== undefined) {
    const { historyOf, playHistory } = await import('../test/simulation/play.ts');
    const history = await historyOf(Number(values.seed));
    if (values.show) process.stdout.write(`${history.lines.join('\n')}\n----\n`);
    const { outcome, violation } = await playHistory(history);
    process.stdout.write(outcome);
    process.exitCode = violation === null ? 0 : 1;
    return;
  }
  const first = Number(values.first);
  const seeds = seedsOf({
    first,
    seeds: Number(values.seeds),
    skip: values.skip,
    try: values.try,
    most: Number(values.most),
    isCheapFirst: values['cheap-first'],
  });
  const jobs = Number(values.jobs);
  const started = performance.now();
  const totals = { seeds: 0, virtualMs: 0, acts: 0 };
  const found: Finished['found'][] = [];
  const lanes = Array.from({ length: jobs }, (_, lane): Lane => {
    return { seeds: seeds.filter((_, at) => at % jobs === lane), shrinks: values.shrink };
  });
  const workers = lanes.map((lane) => new Worker(LANE, { workerData: lane }));
  const take = (finished: Finished) => {
    totals.seeds++;
    totals.virtualMs += finished.virtualMs;
    totals.acts += finished.acts;
    if (!finished.found) return;
    found.push(finished.found);
    const { seed, violation, text } = finished.found;
    process.stdout.write(`\nseed ${seed}: ${violation}\n${text}\n`);
    if (found.length < Number(values.wrong)) return;
    for (const worker of workers) void worker.terminate();
  };
  await Promise.all(lanes.map((lane, at) => follow(lane, workers[at] as Worker, take)));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const hours = (totals.virtualMs / 3_600_000).toFixed(1);
  process.stdout.write(
    `${totals.seeds} histories (from seed ${first}), ${hours} h of cluster time in ${seconds} s, ` +
      `${totals.acts} acts of an operator in the end: ${found.length} wrong\n`,
  );
  process.exitCode = found.length > 0 ? 1 : 0;
}

await main();
