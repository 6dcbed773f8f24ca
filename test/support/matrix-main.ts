/**
 * A program: the fault matrix of a part of the catalogue, `matrix-main.ts PART OF [whole] [ID]…`. Each
 * runbook in the first situation that it names and does not refuse; a line of JSON for each. It
 * copies itself, so it is started with the flags of src/adapters/process-forks.ts.
 *
 * `whole`: every fault at every step. Else at each step every fault that passes, and of those that last (servers,
 * cables, disks) so many in turn that each of them has struck after a few steps.
 */
import { writeAll } from '../../src/adapters/durable-file.ts';
import { processForks } from '../../src/adapters/process-forks.ts';
import { type FaultOutcome, sweepFaults } from '../../src/sim/faulty-rehearsal.ts';
import { readFaults, type StepFault } from '../../src/sim/step-faults.ts';
import { CASES, type Case, liveTwin, rehearsed } from './twin-worlds.ts';

export interface Swept {
  title: string;
  cells: FaultOutcome[];
  /** Of this process; its copies reckon beside it. */
  ms: number;
  defect?: string;
}

/** Started as often as this, the copies of one process. */
const BESIDE = 1;
const OUTPUT = 1;

function firstCases(): Case[] {
  const seen = new Set<string>();
  return CASES.filter(({ id, ends }) => {
    if (ends === 'refused' || seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Of the faults that last, at each step. */
const LASTING = 2;

function thinned(faults: readonly StepFault[]): StepFault[] {
  const lasting = faults.filter(({ target }) => target !== null);
  const kinds = new Set(lasting.map(({ kind, target }) => `${kind} ${target}`)).size;
  const steps = [...new Set(faults.map(({ step }) => step))];
  return steps.flatMap((step, turn) => {
    const here = faults.filter((fault) => fault.step === step);
    const last = here.filter(({ target }) => target !== null);
    const inTurn = [...Array(LASTING).keys()].map((at) => (turn * LASTING + at) % kinds);
    const chosen = inTurn.flatMap((at) => last[at] ?? []);
    return [...here.filter(({ target }) => target === null), ...chosen];
  });
}

async function sweep(made: Case): Promise<FaultOutcome[]> {
  const forks = processForks(BESIDE);
  if (!forks) throw new Error('this process cannot be copied');
  const twin = await liveTwin(made);
  const { leases } = await twin.status();
  const away = Object.entries(leases).flatMap(([server, { observed }]) =>
    observed.unknown === null ? [] : [server],
  );
  const { plan, outcome, words } = await rehearsed(twin, made);
  if (outcome !== 'done') throw new Error(`the rehearsal: ${outcome}: ${words}`);
  const operator = twin.operator({ choices: made.choices ?? {} });
  const run = { plan, twin, operator, who: 'ann', options: { giveUp: away } };
  const faults = readFaults('sweep', plan.steps, twin.config);
  return sweepFaults(run, isWhole ? faults : thinned(faults), forks);
}

const [part = 0, of = 1] = process.argv.slice(2, 4).map(Number);
const more = process.argv.slice(4);
const isWhole = more.includes('whole');
const named = more.filter((word) => word !== 'whole');
const wanted = firstCases().filter(({ id }) => named.length === 0 || named.includes(id));
const mine = wanted.filter((_, at) => at % of === part);
for (const made of mine) {
  const before = process.hrtime.bigint();
  const swept: Swept = { title: made.title ?? made.id, cells: [], ms: 0 };
  try {
    swept.cells = await sweep(made);
  } catch (error) {
    swept.defect = (error as Error).stack ?? String(error);
  }
  swept.ms = Number((process.hrtime.bigint() - before) / 1_000_000n);
  writeAll(OUTPUT, Buffer.from(`${JSON.stringify(swept)}\n`));
}
