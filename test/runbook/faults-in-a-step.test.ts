/**
 * A peer that dies, hangs or answers late in the middle of a step; a record that runs full between
 * acting and recording. On a twin, with the real runner: the run ends in a clear state, nothing is
 * claimed that is not so, and once the fault is gone a resumed run comes to the end.
 */

import test from 'ava';
import { journalFull } from '../../src/audit/errors.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { RunDeps, RunnerDoor } from '../../src/runbook/run/context.ts';
import { abortRun, resumeRun } from '../../src/runbook/run/resume.ts';
import { type RunResult, runPlan } from '../../src/runbook/run/run.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { withCommands } from '../support/doors.ts';
import { allEntries } from '../support/records.ts';
import { CASES, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

/** Longer than a look at the cluster may take, shorter than any step. */
const PASSES_AFTER_MS = 15_000;

type Act = (twin: Twin) => Promise<unknown> | unknown;

interface Fault {
  title: string;
  strike: Act;
  heal: Act;
  /** Where: when the command of the step is on its way, or while the step watches. */
  at: 'recover' | 'watch';
  /** The fault ends by itself while the run still waits; else after the run has given up. */
  passes?: true;
}

const power = (server: string): Act => {
  return async (twin) => {
    await twin.faults.powerOn(server);
  };
};

const FAULTS: Fault[] = [
  ...(['recover', 'watch'] as const).flatMap((at): Fault[] => [
    {
      at,
      title: 'the standby dies',
      strike: (twin) => twin.faults.killServer('server2'),
      heal: power('server2'),
    },
    {
      at,
      title: 'the standby hangs',
      strike: (twin) => twin.faults.freeze('server2'),
      heal: (twin) => twin.faults.thaw('server2'),
    },
    {
      at,
      title: 'the standby answers late',
      passes: true,
      strike: (twin) => twin.faults.delay('control', 'control', 'server2', 1_500),
      heal: (twin) => twin.faults.delay('control', 'control', 'server2', 0),
    },
    {
      at,
      title: 'the server that the command runs on answers late',
      passes: true,
      strike: (twin) => twin.faults.delay('control', 'control', 'server1', 1_500),
      heal: (twin) => twin.faults.delay('control', 'control', 'server1', 0),
    },
    {
      at,
      title: 'nobody can be reached',
      passes: true,
      strike: (twin) => {
        twin.faults.cut('control', 'control', 'server1');
        twin.faults.cut('control', 'control', 'server2');
      },
      heal: (twin) => {
        twin.faults.heal('control', 'control', 'server1');
        twin.faults.heal('control', 'control', 'server2');
      },
    },
    {
      at,
      title: 'the mirror agent of the standby dies',
      strike: (twin) => twin.faults.killProcess('server2', 'agent'),
      heal: async (twin) => {
        await twin.faults.killServer('server2');
        await twin.faults.powerOn('server2');
      },
    },
  ]),
];

const made = CASES.find(({ id }) => id === 'v3-11.10.4')!;

function striking(door: RunnerDoor, at: Fault['at'], strike: () => unknown): RunnerDoor {
  let isDone = false;
  return withCommands(door, {
    exec(request) {
      const isHere = request.operation.split('/').some((part) => part.startsWith(at));
      if (isDone || !isHere) return door.commands.exec(request);
      isDone = true;
      // The command is on its way when the fault strikes.
      const answer = door.commands.exec(request);
      return Promise.resolve(strike()).then(() => answer);
    },
  });
}

async function untilWhole(twin: Twin): Promise<Status> {
  return twin.until(
    'both sides are there again',
    (now) => {
      const { servers, mirrors } = viewOf(now);
      return (
        Object.values(servers).every(({ state }) => state === 'Online') &&
        Object.values(mirrors.md1!.servers).every(({ connected }) => connected === true)
      );
    },
    180_000,
  );
}

/** Resumed; or, where the fault undid what had been done, given up and run anew. */
async function toTheEnd(twin: Twin, deps: RunDeps, first: RunResult): Promise<RunResult> {
  if (first.outcome === 'done') return first;
  const resumed = await twin.run(resumeRun({ ...deps, run: first.run }));
  if (resumed.outcome === 'done') return resumed;
  const { journal, door, who } = deps;
  await twin.run(abortRun({ journal, door, who, run: first.run }));
  await twin.atRest();
  return twin.run(runPlan({ ...deps, plan: await planFor(twin, made) }));
}

for (const { title, at, strike, heal, passes } of FAULTS) {
  test(`${title} in the middle of ${at}`, async (t) => {
    const twin = await liveTwin(made);
    const plan = await planFor(twin, made);
    const { door, operator, clock, random } = worldOf(twin, made);
    const journal = memoryJournal({ clock, who: 'ann@desk' });
    const deps = { door, operator, clock, random, journal, who: 'ann@desk' };
    const struck = striking(door, at, () => {
      if (passes) twin.clock.at(twin.clock.now() + PASSES_AFTER_MS, () => void heal(twin));
      return strike(twin);
    });
    const first = await twin.run(runPlan({ ...deps, plan, door: struck }));
    const seen = viewOf(await twin.look());
    if (first.outcome === 'done') t.is(seen.mirrors.md1?.state, 'Normal', 'done is claimed');
    else t.true(['failed', 'stopped'].includes(first.outcome), `${first.outcome}: ${first.words}`);
    t.not(first.words, '');
    if (passes) t.is(first.outcome, 'done', first.words);
    else await twin.run(Promise.resolve(heal(twin)));
    await untilWhole(twin);
    const last = await toTheEnd(twin, deps, first);
    t.is(last.outcome, 'done', last.words);
    t.is(viewOf(await twin.look()).mirrors.md1?.state, 'Normal');
    t.deepEqual(await twin.violations(), []);
    const held = Object.values((await twin.status()).leases).filter(({ holder }) => holder);
    t.deepEqual(held, []);
  });
}

/** Full from the nth append on, until somebody makes space. */
function filling(journal: Journal, from: number): Journal & { clear(): void } {
  let appends = 0;
  let isFull = true;
  return {
    ...journal,
    async append(entries) {
      appends += 1;
      if (isFull && appends >= from) throw journalFull('recording a step');
      return await journal.append(entries);
    },
    clear() {
      isFull = false;
    },
  };
}

for (let from = 1; from <= 6; from++) {
  test(`a record that is full from its append ${from} on stops the run, and nothing is done twice`, async (t) => {
    const twin = await liveTwin(made);
    const plan = await planFor(twin, made);
    const { door, operator, clock, random } = worldOf(twin, made);
    const kept = memoryJournal({ clock, who: 'ann@desk' });
    const journal = filling(kept, from);
    const commands = new Set<string>();
    const counting = withCommands(door, {
      exec(request) {
        if (request.argv.includes('--recovery')) commands.add(request.operation);
        return door.commands.exec(request);
      },
    });
    const deps = { door: counting, operator, clock, random, journal, who: 'ann@desk' };
    const first = await twin.run(runPlan({ ...deps, plan })).catch((error: unknown) => error);
    t.like(first, { exit: 6 });
    const run = (await allEntries(kept))[0]?.run;
    const intended = (await allEntries(kept)).some(({ type }) => type === 'step.intended');
    t.true(intended || commands.size === 0, 'nothing acts that is not recorded before');
    journal.clear();
    const last = await twin.run(run ? resumeRun({ ...deps, run }) : runPlan({ ...deps, plan }));
    t.is(last.outcome, 'done', last.words);
    t.is(commands.size, 1);
    t.is(viewOf(await twin.look()).mirrors.md1?.state, 'Normal');
  });
}
