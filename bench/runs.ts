/**
 * What it costs to ask for runs of a record that holds many: a run of eighteen steps, rehearsed and
 * carried out on a twin, is recorded eight hundred times under names of its own (31,200 entries);
 * the last one waits. Asked as the verbs ask, with the index as a run leaves it, and without one.
 */

import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteJournal } from '../src/adapters/sqlite-journal.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { topologyOf } from '../src/change/topology.ts';
import type { Plan } from '../src/core/plan.ts';
import type { Journal, NewEntry } from '../src/ports/journal.ts';
import { loadRunbook } from '../src/runbook/language/load.ts';
import { makePlan } from '../src/runbook/plan/plan.ts';
import { type RehearsalWorld, rehearse } from '../src/runbook/rehearsal/rehearse.ts';
import { listRuns } from '../src/runbook/run/heads.ts';
import { abortRun } from '../src/runbook/run/resume.ts';
import { runPlan } from '../src/runbook/run/run.ts';
import { transcriptOf } from '../src/runbook/run/transcript.ts';
import { findRun } from '../src/service/run/runs.ts';
import { memoryJournal } from '../src/sim/memory-journal.ts';
import { buildTwin, type Twin } from '../src/sim/twin.ts';
import { type Figure, median, timed } from './figures.ts';
import { fixtureText } from './lab.ts';

const RUNS = 800;
const STEPS = 18;
const ROUNDS = 5;

const TEXT = `id: bench-runs
title: Steps that do nothing
source: { manual: v3, section: none }
editions: [LE]
kind: procedure
steps:
${Array.from(
  { length: STEPS },
  (_, n) => `  - { id: s${n}, title: Nothing, added: bench, on: server1, run: "true", undo: none }`,
).join('\n')}
`;

function worldOf(twin: Twin): RehearsalWorld {
  const { random, unknowns } = twin;
  const run: RehearsalWorld['run'] = (promise) => twin.run(promise);
  return { door: twin.door(), operator: twin.operator(), clock: twin.clock, random, run, unknowns };
}

async function planned(twin: Twin): Promise<Plan> {
  const from = await twin.status();
  const topology = topologyOf(twin.config);
  const runbook = loadRunbook(TEXT, 'bench.runbook.yaml');
  const plan = makePlan({ runbook, library: new Map(), parameters: {}, status: from, topology });
  const twinFactory = async () =>
    worldOf(await buildTwin({ configText: twin.configText, seed: 2, from }));
  const made = await rehearse({
    plan,
    who: 'bench',
    openJournal: memoryJournal,
    from,
    twinFactory,
  });
  if (made.exit !== 0) throw new Error(made.words);
  return made.plan;
}

/** The entries of one run, as its runner recorded them. */
async function oneRun(): Promise<NewEntry[]> {
  const twin = await buildTwin({ configText: fixtureText('v3le', (config) => config), seed: 1 });
  await twin.up();
  const plan = await planned(twin);
  const { run: _, unknowns: __, ...world } = worldOf(twin);
  const journal = memoryJournal({ clock: world.clock, who: 'bench' });
  const result = await twin.run(runPlan({ ...world, journal, who: 'bench', plan }));
  if (result.exit !== 0) throw new Error(result.words);
  return journal.entries(result.run);
}

/** A record of 31,200 entries; the last run has not come to its end. */
export async function fillWithRuns(file: string): Promise<void> {
  const entries = await oneRun();
  const journal = openSqliteJournal({ file, clock: systemClock(), who: 'bench' });
  for (let n = 1; n <= RUNS; n += 1) {
    const run = `bench-runs-${String(n).padStart(4, '0')}`;
    const own = entries.map(({ type, body }) => ({ run, type, body }));
    await journal.append(n < RUNS ? own : own.slice(0, -5));
  }
  await journal.close();
}

const LAST = `bench-runs-${String(RUNS).padStart(4, '0')}`;

const ASKED: [string, (journal: Journal) => Promise<unknown>][] = [
  ['list all runs', (journal) => listRuns(journal)],
  ['find a run to resume', (journal) => findRun(journal, LAST, 'act')],
  [
    'find a run and write its log',
    async (journal) => {
      const { run } = await findRun(journal, LAST, 'show');
      return transcriptOf(await journal.entries(run));
    },
  ],
  [
    'find a run and abort it',
    async (journal) => {
      const { run } = await findRun(journal, LAST, 'act');
      return abortRun({ journal, run, who: 'bench', door: null });
    },
  ],
];

async function asked(file: string, ask: (journal: Journal) => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const copy = `${file}.copy`;
    for (const suffix of ['', '.runs']) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
    took.push(
      await timed(async () => {
        const journal = openSqliteJournal({ file: copy, clock: systemClock(), who: 'bench' });
        await ask(journal);
        await journal.close();
      }),
    );
  }
  return median(took);
}

export async function runsOfMany(folder: string): Promise<Figure[]> {
  const file = join(folder, 'runs.sqlite');
  await fillWithRuns(file);
  const open = () => openSqliteJournal({ file, clock: systemClock(), who: 'bench' });
  const first = await timed(async () => {
    const journal = open();
    await listRuns(journal);
    await journal.close();
  });
  const figures: Figure[] = [];
  const add = (what: string, value: number, note: string) =>
    figures.push({ name: `record, ${what}`, value, unit: 'ms', goal: null, peer: null, note });
  for (const [what, ask] of ASKED) add(what, await asked(file, ask), '31,200 entries in 800 runs');
  add('list all runs for the first time', first, 'the index is made, every run is folded');
  rmSync(file);
  return figures;
}
