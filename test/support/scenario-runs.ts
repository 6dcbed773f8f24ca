/**
 * Runbooks in a simulated history: `begin run RUNBOOK [PARAMETER=VALUE…] [dies=N]` plans it against
 * the cluster as it is, runs it with the real runner, and where the runner dies before its N-th
 * entry is recorded, another one resumes it. How it ends is the run's own affair; that it acts only
 * under the lease, and does nothing twice, the watch sees.
 */
import { topologyOf } from '../../src/change/topology.ts';
import { DrydockError } from '../../src/core/errors.ts';
import { sleep } from '../../src/ports/clock.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Operator } from '../../src/ports/operator.ts';
import { WireError } from '../../src/ports/wire.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import type { Library } from '../../src/runbook/language/types.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { runNames } from '../../src/runbook/run/heads.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { SeededRandom } from '../../src/sim/seeded-random.ts';
import type { Twin } from '../../src/sim/twin.ts';

/** Those that fit every cluster; more lead nowhere but to a refusal. */
export const RUNBOOKS = {
  v3le: ['v3-5.1', 'v3-6.1.4', 'v3-11.8.1', 'v3-11.10.1', 'v3-11.10.2', 'v3-11.10.4'],
  x5mirror: ['x5-2.13-timeout-adjust', 'x5-2.13-monitor-suspend', 'x5-2.13-monitor-resume'],
} as const;

const POLL_MS = 500;
const SETTLE_MS = 10_000;
const DEAD_MS = 3_000;

class Died extends Error {}

let library: Library | null = null;
/** By twin and runbook: how many runs of it began. */
const counts = new WeakMap<Twin, ReadonlyMap<string, number>>();

/** A record whose writer dies when it has so many entries; null: it lives. */
function mortal(journal: Journal, dies: number | null): Journal {
  let left = dies;
  return {
    ...journal,
    append: async (entries, after) => {
      if (left !== null) {
        left -= entries.length;
        if (left <= 0) {
          left = null;
          throw new Died();
        }
      }
      return journal.append(entries, after);
    },
    // A process that dies lets go by itself.
    hold: async () => async () => {},
  };
}

/** Clusters of which a person gave up servers by name, for a run that had no majority without. */
const givenUp = new WeakSet<Twin>();

/** As the twin's person, who types every name that is asked for. */
function personAt(twin: Twin): Operator {
  const person = twin.operator();
  return {
    ...person,
    confirm: (step, question, typeName) => {
      if (step === 'lease') givenUp.add(twin);
      return person.confirm(step, question, typeName);
    },
  };
}

/** What a cluster under faults may answer a runner; everything else is a defect. */
function isMeant(twin: Twin, error: unknown): boolean {
  // What a given up server knew of another run's lease does not count any more: a person said so.
  const isLost = error instanceof DrydockError && error.code === 'lease.lost';
  if (isLost && !givenUp.has(twin)) throw new Error(error.message);
  return error instanceof DrydockError || error instanceof WireError;
}

/** Chance of its own for each run of a runbook: no two of them bear one name. */
function chanceOf(twin: Twin, id: string): SeededRandom {
  const begun = (counts.get(twin)?.get(id) ?? 0) + 1;
  counts.set(twin, new Map([...(counts.get(twin) ?? []), [id, begun]]));
  return twin.random.fork(begun === 1 ? `run ${id}` : `run ${id} ${begun}`);
}

export async function carryOutRun(twin: Twin, words: string[]): Promise<void> {
  const [id = '', ...given] = words;
  const parameters = Object.fromEntries(given.map((word) => word.split('=') as [string, string]));
  const { dies, ...rest } = parameters;
  library ??= loadRunbooks();
  const runbook = library.get(id);
  if (!runbook) throw new Error(`no runbook ${id}`);
  const who = 'ann@desk';
  const clock = twin.controlClock();
  const door = twin.door(who);
  const journal = mortal(memoryJournal({ clock, who }), dies === undefined ? null : Number(dies));
  const halt = new AbortController();
  void sleep(clock, 5 * 60_000).then(() => halt.abort());
  const deps = {
    door,
    operator: personAt(twin),
    journal,
    clock,
    random: chanceOf(twin, id),
    who,
    options: { pollMs: POLL_MS, settleMs: SETTLE_MS, halt: halt.signal },
  };
  try {
    const status = await door.observation.status();
    const topology = topologyOf(twin.config);
    const plan = makePlan({ runbook, library, parameters: rest, status, topology });
    await runPlan({ ...deps, plan });
  } catch (error) {
    if (error instanceof Died) {
      await sleep(clock, DEAD_MS);
      const [run] = await runNames(journal);
      if (run !== undefined) {
        await resumeRun({ ...deps, run }).catch((failure: unknown) => {
          if (!isMeant(twin, failure)) throw failure;
        });
      }
      return;
    }
    if (!isMeant(twin, error)) throw error;
  }
}
