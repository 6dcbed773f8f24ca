/**
 * The program behind `rehearse ID --faults sweep`: one undisturbed run on a twin, and for each fault
 * a copy of this process that parts from it where the fault strikes (src/adapters/process-forks.ts).
 * Reads a SweepOrder to the end of its input, and answers with lines of JSON.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { writeAll } from '../adapters/durable-file.ts';
import { processForks } from '../adapters/process-forks.ts';
import type { Forks } from '../ports/forks.ts';
import { sweepFaults } from '../sim/faulty-rehearsal.ts';
import { buildTwin } from '../sim/twin.ts';
import type { SweepLine, SweepOrder } from './run/sweeping.ts';
import { operatorOn } from './run/twin-person.ts';

/** At once, as it is: a program reads it. */
const OUTPUT = 1;
const say = (line: SweepLine): void => writeAll(OUTPUT, Buffer.from(`${JSON.stringify(line)}\n`));

async function sweep(order: SweepOrder, forks: Forks): Promise<void> {
  const { configText, seed, from, faults, secrets, ...rest } = order;
  const twin = await buildTwin({ configText, seed, from });
  const told: Forks = {
    ...forks,
    fork(key) {
      say({ begun: key });
      return forks.fork(key);
    },
  };
  const run = { ...rest, twin, operator: operatorOn(twin), secrets: new Map(secrets) };
  say({ cells: await sweepFaults(run, faults, told) });
}

const order = JSON.parse(readFileSync(0, 'utf8')) as SweepOrder;
const forks = processForks(availableParallelism());
if (forks === null) say({ none: true });
else {
  await sweep(order, forks).catch((error: unknown) =>
    say({ defect: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
}
