/**
 * `npm run simulate -- [--seeds N] [--seed N] [--jobs N] [--wrong N] [--show] [--no-shrink]`:
 * whole clusters of two to eight servers under random faults and orders, on virtual time
 * (test/simulation). One number gives a history; what is found wrong is played again, cut down to
 * the shortest history that still shows it, and printed as the text of a scenario.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { historyOf, playHistory } from '../test/simulation/play.ts';
import { kindOf, shrink } from '../test/simulation/shrink.ts';

interface Lane {
  first: number;
  step: number;
  end: number;
  shrinks: boolean;
}

interface Found {
  seed: number;
  violation: string;
  text: string;
}

interface Finished {
  seed: number;
  virtualMs: number;
  acts: number;
  found: Found | null;
}

async function examine(seed: number, shrinks: boolean): Promise<Finished> {
  const history = await historyOf(seed);
  const { violation, outcome, virtualMs } = await playHistory(history);
  const acts = outcome.split('\n').filter((line) => line.startsWith('clp')).length;
  if (violation === null) return { seed, virtualMs, acts, found: null };
  const least = shrinks ? (await shrink(history, kindOf(violation))).history : history;
  const again = await playHistory(least);
  const text = `${least.lines.join('\n')}\n----\n${again.outcome}`;
  return { seed, virtualMs, acts, found: { seed, violation, text } };
}

async function runLane({ first, step, end, shrinks }: Lane): Promise<void> {
  for (let seed = first; seed < end; seed += step) {
    parentPort?.postMessage(await examine(seed, shrinks));
  }
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
    },
  });
  if (values.seed !== undefined) {
    const history = await historyOf(Number(values.seed));
    if (values.show) process.stdout.write(`${history.lines.join('\n')}\n----\n`);
    const { outcome, violation } = await playHistory(history);
    process.stdout.write(outcome);
    process.exitCode = violation === null ? 0 : 1;
    return;
  }
  const first = Number(values.first);
  const end = first + Number(values.seeds);
  const jobs = Number(values.jobs);
  const started = performance.now();
  const totals = { seeds: 0, virtualMs: 0, acts: 0 };
  const found: Found[] = [];
  const workers = Array.from({ length: jobs }, (_, at) => {
    const lane: Lane = { first: first + at, step: jobs, end, shrinks: values.shrink };
    return new Worker(new URL(import.meta.url), { workerData: lane });
  });
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
  await Promise.all(
    workers.map(async (worker) => {
      worker.on('message', take);
      await once(worker, 'exit');
    }),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const hours = (totals.virtualMs / 3_600_000).toFixed(1);
  process.stdout.write(
    `${totals.seeds} histories (from seed ${first}), ${hours} h of cluster time in ${seconds} s, ` +
      `${totals.acts} acts of an operator in the end: ${found.length} wrong\n`,
  );
  process.exitCode = found.length > 0 ? 1 : 0;
}

if (isMainThread) await main();
else await runLane(workerData as Lane);
