/**
 * What a person reads from the first word of an undo to its last, on a twin, against a text file:
 * how far it goes, its rehearsal, its record, and the record of the run that it undoes.
 * `UPDATE_SCENARIOS=1` writes the files anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { makeUndoPlan, undoLines } from '../../src/runbook/afterwards/undo-plan.ts';
import { undoEnding } from '../../src/runbook/afterwards/undo-record.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import type { RunnerDoor } from '../../src/runbook/run/context.ts';
import { foldRun } from '../../src/runbook/run/fold.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { closingLines, closingOf, transcriptOf } from '../../src/runbook/run/transcript.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { withCommands } from '../support/doors.ts';
import { CASES, type Case, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

interface Scenario {
  file: string;
  id: string;
  stopAfter?: string;
  /** A command of the undo that fails on the cluster, though it did not in the rehearsal. */
  spoil?: string;
}

const SCENARIOS: Scenario[] = [
  { file: 'undo-whole.txt', id: 'v3-5.2.deactivate', stopAfter: 'disable-md' },
  { file: 'undo-to-barrier.txt', id: 'v3-9.1.1' },
  {
    file: 'undo-stuck.txt',
    id: 'v3-5.2.deactivate',
    stopAfter: 'disable-md',
    spoil: 'chkconfig --add clusterpro_webmgr',
  },
];

/** Without what differs from day to day. */
function plain(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replaceAll(/-[0-9a-f]{8}\b(?!-)/g, '-RUN')
    .replaceAll(/\b[\d.]+ m?s\b/g, 'SO LONG');
}

/** A command that ends badly, and does nothing. */
function failing(door: RunnerDoor, command: string): RunnerDoor {
  return withCommands(door, {
    async exec(request) {
      if (request.argv.join(' ') !== command) return door.commands.exec(request);
      const record = await door.commands.exec({ ...request, argv: ['true'] });
      return { ...record, argv: request.argv, exitCode: 1, stderr: 'no space left on device\n' };
    },
  });
}

async function play({ id, stopAfter, spoil }: Scenario): Promise<string> {
  const made = CASES.find((one) => one.id === id) as Case;
  const twin = await liveTwin(made);
  const { door, operator, clock, random } = worldOf(twin, made);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const deps = { door, operator, clock, random, journal, who: 'ann@desk' };
  const plan = await planFor(twin, made);
  const first = await twin.run(runPlan({ ...deps, plan, options: { stopAfter } }));
  await twin.atRest();
  const state = foldRun(await journal.entries(first.run));
  const from = await twin.status();
  const undo = makeUndoPlan({ state, status: from });
  const rehearsal = await rehearse({
    plan: undo,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: twin.configText, seed: 11, from }), made),
  });
  if (spoil !== undefined) deps.door = failing(door, spoil);
  const undone = undoEnding(await twin.run(runPlan({ ...deps, plan: rehearsal.plan })));
  const parts = [
    undoLines(undo, state.plan).join('\n'),
    rehearsal.transcript.trimEnd(),
    transcriptOf(await journal.entries(undone.run)).trimEnd(),
    `exit ${undone.exit}: ${undone.words}`,
    ...(undone.exit === 9 ? [closingLines(closingOf(undone.state, [])).trimEnd()] : []),
    transcriptOf(await journal.entries(first.run)).trimEnd(),
  ];
  return `${plain(parts.join('\n\n'))}\n`;
}

for (const scenario of SCENARIOS) {
  const file = new URL(`scenarios/${scenario.file}`, import.meta.url);
  test(`${scenario.file} is what a person reads`, async (t) => {
    const text = await play(scenario);
    if (process.env.UPDATE_SCENARIOS === '1') writeFileSync(file, text);
    t.is(text, readFileSync(file, 'utf8'));
  });
}
