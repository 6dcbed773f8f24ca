/**
 * Runbooks of every make: rehearsed, then run on a live twin by a runner that dies at every
 * boundary of its record, once before the entry is durable (acted, not recorded) and once right
 * after (recorded, not acted on), and is resumed each time. The cluster ends as it does when
 * nothing happens to the runner, and no command is started twice.
 */
import test from 'ava';
import { verifyChain } from '../../src/audit/chain.ts';
import type { Plan } from '../../src/core/plan.ts';
import { factsOf } from '../../src/runbook/run/facts.ts';
import { foldRun, isFinal } from '../../src/runbook/run/fold.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { resultOf, runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { Crash, countingDoor, deadlyJournal, type When } from '../support/deadly-runner.ts';
import { allEntries } from '../support/records.ts';
import { CASES, type Case, liveTwin, rehearsed, worldOf } from '../support/twin-worlds.ts';

interface End {
  outcome: string;
  words: string;
  facts: object;
  commands: string[];
}

async function runToTheEnd(
  twin: Twin,
  made: Case,
  plan: Plan,
  when: When,
): Promise<End & { lives: number }> {
  const commands: string[] = [];
  const survived = new Set<string>();
  const world = worldOf(twin, made);
  const door = countingDoor(world.door, commands);
  const kept = memoryJournal({ clock: world.clock, who: 'ann@desk' });
  for (let lives = 1; lives < 400; lives += 1) {
    const { operator, clock, random } = world;
    const journal = deadlyJournal(kept, when, survived);
    const deps = { door, operator, clock, random, who: 'ann@desk', journal };
    const entries = await allEntries(kept);
    const run = entries[0]?.run;
    try {
      const ended = run && isFinal(foldRun(entries).phase);
      const result = ended
        ? resultOf(foldRun(entries))
        : await twin.run(run ? resumeRun({ ...deps, run }) : runPlan({ ...deps, plan }));
      await twin.atRest();
      const facts = factsOf(await twin.look(), { self: null });
      if (!verifyChain(await allEntries(kept)).ok) throw new Error('the record does not verify');
      return { outcome: result.outcome, words: result.words, facts, commands, lives };
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
  throw new Error('the run does not come to an end');
}

/** Where a runner that dies needs a person, who is told so: the run stops, and loses nothing. */
const BY_HAND: Record<string, RegExp> = {
  // What somebody did with Trekking Tool, on another computer, is in no status.
  'v3-6.3.1: a third server is to join two that share a disk':
    /whether a person has done it is not known/,
  'v3-6.3.2: a server that nothing runs on is to leave':
    /whether a person has done it is not known/,
  'v3-6.3.2: a server that groups are active on is to leave':
    /whether a person has done it is not known/,
  'x5-2.26.1: an interconnect gets another address, in force after a reboot':
    /lease needs 2 servers .* start servers until 2 of 3 are there/,
  'x5-2.26.2: an interconnect gets a wider mask, in force after a reboot':
    /lease needs 2 servers .* start servers until 2 of 3 are there/,
  'x5-2.19.1: both copies of a hybrid disk are to be imaged in the same state':
    /lease needs 2 servers .* start servers until 2 of 3 are there/,
  'x5-2.19.4: the other server group is down, and the hybrid disk of this one is to be imaged':
    /lease needs 2 servers .* start servers until 2 of 3 are there/,
  'x5-2.24.1-other: a hybrid disk on LVM is full, and its file system cannot grow in use':
    /lease needs 2 servers .* start servers until 2 of 3 are there/,
  'x5-2.24.2-changed-device: the data partition of a hybrid disk gets another size and another name':
    /lease needs 2 servers .* start servers until 2 of 3 are there/,
  'x5-2.24.2-same-device: the cluster partition of a hybrid disk is too small, and the data lies behind it':
    /lease needs 2 servers .* start servers until 2 of 3 are there/,
  'x5-2.20.1: both copies of a hybrid disk are lost or wrong, and one image of both is there':
    /whether a person has done it is not known/,
};

for (const [title, words] of Object.entries(BY_HAND)) {
  test(`${title}: killed at every boundary, it stops and says what a person does`, async (t) => {
    const made = CASES.find((one) => one.title === title) as Case;
    const { plan } = await rehearsed(await liveTwin(made), made);
    const end = await runToTheEnd(await liveTwin(made), made, plan, 'before');
    t.is(end.outcome, 'stopped');
    t.regex(end.words, words);
  });
}

/** What is refused never begins. */
const BEGUN = CASES.filter(
  ({ title = '', ends }) => ends !== 'refused' && !Object.hasOwn(BY_HAND, title),
);

for (const made of BEGUN) {
  test(`${made.title ?? made.id}: killed at every boundary and resumed, it ends the same`, async (t) => {
    const rehearsal = await rehearsed(await liveTwin(made), made);
    t.is(rehearsal.outcome, 'done', rehearsal.transcript);
    const plan = rehearsal.plan;
    const { lives: _, ...expected } = await runToTheEnd(await liveTwin(made), made, plan, 'never');
    t.is(expected.outcome, 'done', expected.words);
    for (const when of ['before', 'after'] as const) {
      const { lives, ...end } = await runToTheEnd(await liveTwin(made), made, plan, when);
      t.deepEqual(end, expected, `killed ${when} each entry`);
      t.true(lives > 2 * plan.steps.length - rehearsal.steps.length, `${lives} lives`);
    }
  });
}
