/**
 * Memory that somebody keeps. What is garbage does not count: it is collected before each look, in
 * this thread, so that the answer does not depend on when the collector would have come.
 */
import { Session } from 'node:inspector/promises';

// Not by V8's flag for it: a flag that is set while other threads run can end the process.
const session = new Session();
session.connect();
const collect = (): Promise<unknown> => session.post('HeapProfiler.collectGarbage');
const LOOKS = 3;
const MEASUREMENTS = 2;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function kept(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look++) {
    await settle();
    await collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}

/**
 * Bytes that are kept after `rounds` rounds and were not before. The first rounds, until everything
 * has been compiled and every pool is full, are not counted: whatever leaks does so later as well.
 * Of several measurements the least counts: what is compiled late, on a busy machine, is in one of
 * them, and a leak is in all.
 */
export async function growthOver(
  rounds: number,
  round: (number: number) => Promise<void>,
): Promise<number> {
  const first = Math.ceil(rounds / 3);
  for (let number = 0; number < first; number++) await round(number);
  let least = Number.POSITIVE_INFINITY;
  let next = first;
  for (let measurement = 0; measurement < MEASUREMENTS; measurement++) {
    const before = await kept();
    for (const until = next + rounds; next < until; next++) await round(next);
    least = Math.min(least, (await kept()) - before);
  }
  return least;
}
