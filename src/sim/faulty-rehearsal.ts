/**
 * Runs on a twin in which one thing goes wrong, with the real runner and the prediction of the
 * rehearsal in which nothing does: how would each end, and what would be true of the cluster then?
 *
 *     step.intended ──► begun: first touch of the cluster      servers, cables, disks, commands
 *                       asked: of a person                     says no, goes home
 *                       acting: the command is on its way      the runner dies, and is resumed
 *                       acted: step.ended is to be recorded    …
 *
 * The fault comes after the intent is recorded, at the step's first touch of the cluster: what the
 * step requires has just been seen to hold, which is the worst moment for it to stop being true.
 */
import { mirrorsOf } from '../config/index.ts';
import { DrydockError } from '../core/errors.ts';
import type { Plan, PlannedStep } from '../core/plan.ts';
import type { Secrets } from '../core/secrets.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import type { Forks } from '../ports/forks.ts';
import type { Journal } from '../ports/journal.ts';
import type { Operator } from '../ports/operator.ts';
import { RemoteError } from '../ports/wire.ts';
import type { Progress, RunDeps, RunOptions } from '../runbook/run/context.ts';
import { runNames } from '../runbook/run/heads.ts';
import { resumeRun } from '../runbook/run/resume.ts';
import { type RunResult, runPlan } from '../runbook/run/run.ts';
import { closingOf } from '../runbook/run/transcript.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import type { FaultOutcome } from '../schema/generated/reports/fault-matrix.ts';
import { brokenBy, writeSome } from './fault-oracles.ts';
import { memoryJournal } from './memory-journal.ts';
import { Patience } from './patience.ts';
import { type Moment, type StepFault, strike } from './step-faults.ts';
import { everyStrike, oneStrike, type Strikes } from './strikes.ts';
import type { Twin } from './twin.ts';

export type { FaultOutcome } from '../schema/generated/reports/fault-matrix.ts';

export interface FaultyRehearsal {
  /** With the prediction that the run is compared with. */
  plan: Plan;
  secrets?: Secrets | undefined;
  twin: Twin;
  operator: Operator;
  who: string;
  options: RunOptions;
  /** Virtual time after which a run that still waits is given up. */
  limitMs?: number;
}

const LIMIT_MS = 48 * 3600_000;
/** Looks while something is waited for: rarer than on a cluster, because most wait to the end. */
const POLL_MS = 2_000;
/** After a person left somebody else goes on. */
const AWAY_MS = 10_000;
/** Nobody waits longer for a command that does nothing any more. */
const HANGS_MS = 5_000;

class RunnerDied extends Error {}
/** What was struck is over, and the cluster is as the rehearsal has it: the rest is known. */
class Rejoined extends Error {}

/** A fault that leaves nothing behind: once its step ended well, nothing of it is left. */
function isPassing({ kind }: StepFault): boolean {
  return /^(kill-|command-|reboot$|says-no$|goes-home$)/.test(kind);
}

/** One history: the run, and what befalls it. */
class History {
  readonly #of: FaultyRehearsal;
  readonly #strikes: Strikes;
  readonly #rejoins: boolean;
  readonly #steps: ReadonlyMap<string, PlannedStep>;
  readonly #patience: Patience;
  /** Intended and not yet ended. */
  #step: PlannedStep | null = null;
  /** It has not touched the cluster yet. */
  #isFresh = false;
  #endedWell = false;
  #leaving = new AbortController();
  lives = 1;

  constructor(of: FaultyRehearsal, strikes: Strikes, rejoins: boolean) {
    this.#of = of;
    this.#strikes = strikes;
    this.#rejoins = rejoins;
    this.#patience = new Patience(of.twin);
    this.#steps = new Map(of.plan.steps.map((step) => [step.id, step]));
  }

  get clock(): Clock {
    return this.#patience.clock;
  }

  #arrive(moment: Moment): StepFault | null {
    const fault = this.#step && this.#strikes.arrive(moment, this.#step.id);
    if (fault) this.#patience.begin();
    return fault;
  }

  /** The step's first touch of the cluster. */
  async #touch(): Promise<void> {
    const step = this.#step;
    if (!this.#isFresh || !step) return;
    this.#isFresh = false;
    const fault = this.#arrive('begun');
    if (!fault) return;
    if (fault.kind === 'kill-before') throw new RunnerDied();
    await strike(this.#of.twin, fault, step.server).catch((error: unknown) => {
      // Nothing to strike: the server is off already, or the disk is out.
      if (!(error instanceof RemoteError)) throw error;
    });
  }

  /** The runner may die while it waits for what it has asked for. */
  async #during<R>(asked: Promise<R>): Promise<R> {
    if (!this.#arrive('acting')) return asked;
    asked.catch(() => undefined);
    throw new RunnerDied();
  }

  async #ask<R>(call: () => Promise<R>, no: R): Promise<R> {
    await this.#touch();
    const fault = this.#arrive('asked');
    if (!fault) return this.#during(call());
    if (fault.kind === 'says-no') return no;
    this.#leaving.abort();
    return new Promise<R>(() => {});
  }

  door(plain: ClusterDoor): ClusterDoor {
    const { commands, observation } = plain;
    return {
      ...plain,
      commands: {
        ...commands,
        exec: async (order) => {
          await this.#touch();
          const isHanging = this.#strikes.struck()?.kind === 'command-hangs';
          const timeoutMs = isHanging ? Math.min(order.timeoutMs, HANGS_MS) : order.timeoutMs;
          const asked = commands.exec({ ...order, timeoutMs });
          return order.isLook ? asked : this.#during(asked);
        },
        operation: async (...about) => {
          const silent = (error: unknown): never => {
            if (this.#strikes.struck()) this.#patience.heardNothing();
            throw error;
          };
          return commands.operation(...about).catch(silent);
        },
      },
      observation: {
        ...observation,
        status: async (...how) => {
          await this.#touch();
          const status = await observation.status(...how);
          if (this.#strikes.struck()) this.#patience.lookedAt(status);
          return status;
        },
      },
    };
  }

  operator(plain: Operator): Operator {
    const away = { done: false as const, why: 'the person says no' };
    return {
      perform: (act, words) => this.#ask(() => plain.perform(act, words), away),
      confirm: (...about) => this.#ask(() => plain.confirm(...about), null),
      choose: (...about) => this.#ask(() => plain.choose(...about), null),
    };
  }

  /** The runner may die when the outcome of a step is to be recorded. */
  journal(plain: Journal): Journal {
    const append: Journal['append'] = async (entries, after) => {
      const isEnd = entries.some(
        ({ type, body }) => type === 'step.ended' && body.step === this.#step?.id,
      );
      if (isEnd && this.#arrive('acted')) throw new RunnerDied();
      return plain.append(entries, after);
    };
    return { ...plain, append };
  }

  seen(progress: Progress): void {
    if (progress.type !== 'entry') return;
    this.#rejoin(progress.entry);
    const { type, body } = progress.entry;
    const { step } = body as { step?: string };
    if (type === 'confirmation.given') this.#heedLoss(step);
    if (type === 'step.ended') this.#step = null;
    if (type !== 'step.intended' || step === undefined) return;
    this.#step = this.#steps.get(step) ?? null;
    this.#isFresh = true;
  }

  /** Who typed the name of what is lost has given up what was written there. */
  #heedLoss(step = ''): void {
    const { twin } = this.#of;
    const action = this.#steps.get(step)?.action;
    if (action?.verb !== 'confirm' || action.typeName === null) return;
    for (const { name } of mirrorsOf(twin.config)) twin.io.forget(name);
  }

  #rejoin({ type, body }: JournalEntry): void {
    const fault = this.#strikes.struck();
    if (!this.#rejoins || !fault || !isPassing(fault)) return;
    const goesOn = type === 'step.intended' || type === 'step.ended' || type === 'run.finished';
    if (this.#endedWell && goesOn) throw new Rejoined();
    const { step, outcome } = body as { step?: string; outcome?: string };
    const isWell = outcome === 'done' || outcome === 'already';
    if (type === 'step.ended' && step === fault.step) this.#endedWell = isWell;
  }

  /** Runs, and is resumed when the runner died or the person left. */
  async live(deps: Omit<RunDeps, 'options'>, plan: Plan, giveUp: AbortSignal): Promise<RunResult> {
    const { secrets = new Map(), options } = this.#of;
    const halt = AbortSignal.any([giveUp, this.#leaving.signal]);
    const more = { pollMs: POLL_MS, ...options, yes: false, noInput: false };
    try {
      const ended = await runPlan({ ...deps, options: { ...more, halt }, plan, secrets });
      if (!this.#leaving.signal.aborted) return ended;
      await sleep(deps.clock, AWAY_MS);
    } catch (error) {
      if (!(error instanceof RunnerDied)) throw error;
    }
    this.lives += 1;
    const [run] = await runNames(deps.journal);
    return resumeRun({ ...deps, options: { ...more, halt: giveUp }, run: run as string, secrets });
  }
}

type Ending = Pick<FaultOutcome, 'end' | 'outcome' | 'exit' | 'words' | 'next'>;

/** What the person at the desk is told to do; the name of the run is another one every time. */
function nextOf({ run, state, outcome }: RunResult): string | null {
  if (outcome === 'done') return null;
  return closingOf(state, null).next.replaceAll(run, 'RUN');
}

function endOf(result: RunResult, lives: number): Ending {
  const { outcome, exit, words } = result;
  const end = (): FaultOutcome['end'] => {
    if (outcome === 'done') return lives > 1 ? 'resumed' : 'completed';
    if (outcome === 'parked' || outcome === 'rolledBack') return outcome;
    return outcome === 'refused' ? 'parked' : 'stuck';
  };
  return { end: end(), outcome, exit, words, next: nextOf(result) };
}

/** What the runner refuses to go on with; a twin that waits in vain is a defect. */
function isRunners(error: unknown): error is DrydockError {
  return error instanceof DrydockError && !error.code.startsWith('twin.');
}

/** The run stays as it is in the record, and is resumed when the cause is mended. */
function brokenOff({ message, exit }: DrydockError): Ending {
  return { end: 'stuck', outcome: 'stopped', exit, words: message, next: 'drydock resume RUN' };
}

async function play(of: FaultyRehearsal, strikes: Strikes, rejoins: boolean) {
  const { twin, plan, who, limitMs = LIMIT_MS } = of;
  const history = new History(of, strikes, rejoins);
  const { clock } = history;
  const giveUp = new AbortController();
  const kept = memoryJournal({ clock, who });
  await writeSome(twin);
  const before = new Set(await brokenBy(twin));
  void sleep(clock, limitMs).then(() => giveUp.abort());
  const deps = {
    door: history.door(twin.door()),
    operator: history.operator(of.operator),
    journal: history.journal(kept),
    clock,
    random: twin.random,
    who,
    onEvent: (progress: Progress) => history.seen(progress),
  };
  const limited = (): Ending => {
    const words = `still waits after ${Math.round(limitMs / 3600_000)} h`;
    const next = 'stop waiting (Ctrl-C), look what is missing, then drydock resume RUN';
    return { end: 'waits', outcome: 'stopped', exit: null, words, next };
  };
  const lived = history.live(deps, plan, giveUp.signal).then(
    (result) => (giveUp.signal.aborted ? limited() : endOf(result, history.lives)),
    (error: unknown): Ending => {
      if (isRunners(error)) return brokenOff(error);
      if (!(error instanceof Rejoined)) throw error;
      const words = 'from the next step on it goes as rehearsed';
      const end = history.lives > 1 ? 'resumed' : 'completed';
      return { end, outcome: 'done', exit: 0, words, next: null };
    },
  );
  const ending = await twin.run(lived);
  // A cluster in which something is wrong may be just what the runbook is for.
  const violations = (await brokenBy(twin)).filter((words) => !before.has(words));
  return { ending, violations };
}

function nothing(fault: StepFault, violations: string[]): FaultOutcome {
  const words = 'nothing to strike: the step is skipped, or does nothing that this fault concerns';
  return { ...fault, end: 'nothing', outcome: null, exit: null, words, next: null, violations };
}

/** One fault alone, in a history of its own from the first step to the last. */
export async function rehearseFault(
  of: FaultyRehearsal,
  fault: StepFault,
  rejoins = false,
): Promise<FaultOutcome> {
  const strikes = oneStrike(fault);
  const { ending, violations } = await play(of, strikes, rejoins);
  return strikes.struck() ? { ...fault, ...ending, violations } : nothing(fault, violations);
}

/**
 * Each of the faults, in the order of the list, in a history that parts from the undisturbed one
 * where it strikes. A fault that passes is followed until the cluster is as rehearsed again.
 */
export async function sweepFaults(
  of: FaultyRehearsal,
  faults: readonly StepFault[],
  forks: Forks,
): Promise<FaultOutcome[]> {
  const strikes = everyStrike(faults, forks);
  let undisturbed: Awaited<ReturnType<typeof play>>;
  try {
    undisturbed = await play(of, strikes, true);
  } catch (error) {
    if (strikes.isCopy()) forks.end({ defect: (error as Error).stack ?? String(error) });
    throw error;
  }
  const { ending, violations } = undisturbed;
  if (strikes.isCopy()) forks.end({ ...ending, violations } as never);
  if (ending.outcome !== 'done') throw new Error(`undisturbed: ${ending.outcome}: ${ending.words}`);
  const found = new Map(forks.collect().map((one) => [one.key, one]));
  return faults.map((fault, index) => {
    const forked = found.get(index);
    if (!forked) return nothing(fault, violations);
    const { defect } = (forked.found ?? { defect: forked.why }) as { defect?: string };
    if (defect) throw new Error(`defect: ${fault.step}:${fault.kind}: ${defect}`);
    return { ...fault, ...(forked.found as unknown as Ending & { violations: string[] }) };
  });
}
