/**
 * Every diagnosis in each of its situations, run on the cluster itself: what it finds, as a whole.
 * Nobody answers anything meanwhile.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { findingLines } from '../../src/runbook/run/findings.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { CASES, type Case, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

const EXPECTED = readFileSync(new URL('diagnoses.txt', import.meta.url), 'utf8');

const library = loadRunbooks();
const DIAGNOSES = CASES.filter(({ id }) => library.get(id)?.runbook.kind === 'diagnosis');

/** `## title`, and below it what is found there. */
const sections = new Map(
  EXPECTED.split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.trimEnd().split('\n');
      return [title, lines.join('\n')] as const;
    }),
);

async function foundIn(made: Case): Promise<string> {
  const twin = await liveTwin(made);
  const plan = await planFor(twin, made);
  const journal = memoryJournal({ clock: twin.controlClock(), who: 'ann@desk' });
  const nobody = async () => {
    throw new Error('a diagnosis asks a person');
  };
  const operator = { perform: nobody, confirm: nobody, choose: nobody };
  const world = { ...worldOf(twin, made), operator };
  const giveUp = twin.servers.filter((server) => !server.isUp()).map(({ name }) => name);
  const options = { giveUp };
  const result = await twin.run(runPlan({ ...world, plan, journal, who: 'ann@desk', options }));
  const lines = result.state.findings.flatMap(findingLines);
  return [...lines, `${result.outcome}: ${result.words}`].join('\n');
}

for (const made of DIAGNOSES) {
  test(`what is found: ${made.title}`, async (t) => {
    t.is(await foundIn(made), sections.get(made.title ?? '') ?? 'no section in diagnoses.txt');
  });
}

test('each section is of a situation that there is', (t) => {
  const titles = new Set(DIAGNOSES.map(({ title }) => title));
  t.deepEqual(
    [...sections.keys()].filter((title) => !titles.has(title)),
    [],
  );
});
