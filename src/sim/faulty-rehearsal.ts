/**
 * A run on a twin in which one thing goes wrong, with the real runner and the prediction of the
 * rehearsal in which nothing does: how would it end, and what would be true of the cluster then?
 *
 *     step.intended ──► (strike) act … step.ended      disks, cables and servers
 *                                  └► (runner dies, is resumed)      kill
 *
 * The fault comes after the intent is recorded, at the step's first touch of the cluster: what the
 * step requires has just been seen to hold, which is the worst moment for it to stop being true.
 */
import type { Plan } from '../core/plan.ts';
import type { Secrets } from '../core/secrets.ts';
import { sleep } from '../ports/clock.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import type { Journal } from '../ports/journal.ts';
import type { Operator } from '../ports/operator.ts';
import { RemoteError } from '../ports/wire.ts';
import type { Progress, RunDeps, RunOptions } from '../runbook/run/context.ts';
import { runNames } from '../runbook/run/heads.ts';
import { resumeRun } from '../runbook/run/resume.ts';
import { type RunResult, runPlan } from '../runbook/run/run.ts';
import { memoryJournal } from './memory-journal.ts';
import { type StepFault, strike } from './step-faults.ts';
import type { Twin } from './twin.ts';

export interface FaultOutcome extends StepFault {
  /** `waits`: it has not ended within the limit. `none`: the fault had nothing to strike. */
  outcome: RunResult['outcome'] | 'waits' | 'none';
  exit: number | null;
  words: string;
  /** What no history may show (src/sim/oracles.ts); empty when the cluster is sound. */
  violations: string[];
}

export interface FaultyRehearsal {
  /** With the prediction that the run is compared with. */
  plan: Plan;
  secrets?: Secrets | undefined;
  fault: StepFault;
  twin: Twin;
  operator: Operator;
  who: string;
  options: RunOptions;
  /** Virtual time after which a run that still waits is given up. */
  limitMs?: number;
}

const LIMIT_MS = 30 * 60_000;
/** Looks while something is waited for: rarer than on a cluster, because most wait to the end. */
const POLL_MS = 2_000;

class RunnerDied extends Error {}

/** Dies once, when the outcome of that step is to be recorded. */
function deadlyJournal(journal: Journal, step: string): { journal: Journal; hasDied(): boolean } {
  let hasDied = false;
  const append: Journal['append'] = async (entries, after) => {
    const isIt = entries.some(({ type, body }) => type === 'step.ended' && body.step === step);
    if (!isIt || hasDied) return journal.append(entries, after);
    hasDied = true;
    throw new RunnerDied();
  };
  return { journal: { ...journal, append }, hasDied: () => hasDied };
}

/** Strikes at the first touch of the cluster after the step's intent. */
function striker(twin: Twin, fault: StepFault) {
  let isDue = false;
  let hasStruck = false;
  const first =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (isDue && !hasStruck) {
        hasStruck = true;
        await strike(twin, fault).catch((error: unknown) => {
          // Nothing to strike: the server is off already, or the disk is out.
          if (!(error instanceof RemoteError)) throw error;
        });
      }
      return call(...args);
    };
  const seen = (progress: Progress) => {
    if (progress.type !== 'entry' || progress.entry.type !== 'step.intended') return;
    if ((progress.entry.body as { step?: string }).step === fault.step) isDue = true;
  };
  const door = (plain: ClusterDoor): ClusterDoor => ({
    ...plain,
    commands: { ...plain.commands, exec: first(plain.commands.exec) },
    observation: { ...plain.observation, status: first(plain.observation.status) },
  });
  const operator = (plain: Operator): Operator => ({
    perform: first(plain.perform),
    confirm: first(plain.confirm),
    choose: first(plain.choose),
  });
  return { seen, door, operator, hasStruck: () => hasStruck };
}

/** Runs, and resumes as often as the runner dies. */
async function live(deps: RunDeps, plan: Plan, secrets: Secrets): Promise<RunResult> {
  try {
    return await runPlan({ ...deps, plan, secrets });
  } catch (error) {
    if (!(error instanceof RunnerDied)) throw error;
    const [run] = await runNames(deps.journal);
    return resumeRun({ ...deps, run: run as string, secrets });
  }
}

export async function rehearseFault(options: FaultyRehearsal): Promise<FaultOutcome> {
  const { twin, fault, plan, who, limitMs = LIMIT_MS } = options;
  const clock = twin.controlClock();
  const giveUp = new AbortController();
  const isKill = fault.kind === 'kill';
  const deadly = deadlyJournal(memoryJournal({ clock, who }), isKill ? fault.step : '');
  const striking = striker(twin, fault);
  void sleep(clock, limitMs).then(() => giveUp.abort());
  const result = await twin.run(
    live(
      {
        door: isKill ? twin.door() : striking.door(twin.door()),
        operator: isKill ? options.operator : striking.operator(options.operator),
        journal: deadly.journal,
        clock,
        random: twin.random,
        who,
        options: { pollMs: POLL_MS, ...options.options, noInput: false, halt: giveUp.signal },
        onEvent: striking.seen,
      },
      plan,
      options.secrets ?? new Map(),
    ),
  );
  const hasHappened = isKill ? deadly.hasDied() : striking.hasStruck();
  const violations = await twin.violations();
  if (!hasHappened) {
    const words = 'the step is skipped, or was done without touching the cluster';
    return { ...fault, outcome: 'none', exit: null, words, violations };
  }
  if (giveUp.signal.aborted) {
    const words = `still waits after ${Math.round(limitMs / 60_000)} min`;
    return { ...fault, outcome: 'waits', exit: null, words, violations };
  }
  const { outcome, exit, words } = result;
  return { ...fault, outcome, exit, words, violations };
}
