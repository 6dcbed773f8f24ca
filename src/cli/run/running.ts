/** `run` and `resume`: a plan meets the cluster. */

import { secretVouch } from '../../adapters/secret-key.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Plan } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { Commands } from '../../ports/commands.ts';
import { debtsOf } from '../../runbook/afterwards/debts.ts';
import { requireHolder } from '../../runbook/afterwards/handover.ts';
import { undoEnding } from '../../runbook/afterwards/undo-record.ts';
import { cannotUndo } from '../../runbook/language/changes.ts';
import type { RunDeps } from '../../runbook/run/context.ts';
import { describeDifference } from '../../runbook/run/drift.ts';
import { isFinal, type RunState } from '../../runbook/run/fold.ts';
import { movedSince } from '../../runbook/run/moved.ts';
import { pinnedPlan, resumeRun } from '../../runbook/run/resume.ts';
import { type RunResult, runPlan } from '../../runbook/run/run.ts';
import { endInWords, type RunWindow } from '../../runbook/run/standing.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import { isSafePoint } from '../../runbook/run/step-prepare.ts';
import { closingLines, closingOf } from '../../runbook/run/transcript.ts';
import { collectNotes } from '../../service/notes.ts';
import { findRun } from '../../service/runs.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import { contextOf } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { readLine, terminalOperator, words } from '../words/asking.ts';
import { counted, duration } from '../words/progress.ts';
import { needsLines, sayClosing } from './closing.ts';
import { followRun } from './following.ts';
import { secretsLeft } from './giving-secrets.ts';
import { askPermission, emergencyReason, takePermission, type Wish } from './permission.ts';
import { givenSecrets, optionsOf, type Planned, planFor, rehearseOn } from './planning.ts';
import { checkPlan, preflightWords } from './preflight.ts';
import { rehearse } from './rehearsing.ts';
import { findRunbook } from './runbooks.ts';

function banner(cli: Cli, cluster: Cluster, plan: Plan, window: string): void {
  const { runbook } = plan;
  cli.say(cli.paint('bold', `${runbook.id}  ${runbook.title}`));
  cli.say(
    `cluster  ${cluster.config.name} (${cluster.config.uuid}), ${cluster.kind} ${cluster.name}`,
  );
  cli.say(`runbook  ${runbook.hash.slice(0, 16)}, plan ${plan.hash.slice(0, 16)}`);
  cli.say(`who      ${cli.who}`);
  cli.say(`window   ${window}`);
  cannotUndo(plan).forEach((text, at) => {
    cli.say(`${(at === 0 ? 'no undo' : '').padEnd(9)}${text}`);
  });
}

/** Ends every verb that runs: what stands, in words or JSON, and the four closing lines. */
export async function conclude(
  cli: Cli,
  cluster: Cluster,
  ran: RunResult,
  window: RunWindow | undefined,
): Promise<number> {
  const result = undoEnding(ran);
  const { state, ...said } = result;
  // Whoever waits for this run must not take it for done.
  const exit = result.outcome === 'aborted' ? 1 : result.exit;
  const told = { ...said, exit };
  let closing = null;
  if (needsLines(exit)) {
    const status = await cluster.door.observation.status().catch(() => null);
    closing = closingOf(state, status ? debtsOf(status, cluster.config).debts : null, window);
  }
  print(cli, { schema: 'drydock.run-result/1', ...told, closing }, () => `${told.run}\n`);
  const isDone = result.outcome === 'done' || result.outcome === 'rolledBack';
  const ended = result.outcome === 'done' ? `run ${result.run} is done` : result.words;
  const words = isDone ? ended : `${result.outcome}: ${result.words}`;
  cli.say(cli.paint(isDone ? 'green' : 'red', words));
  if (closing) cli.say(closingLines(closing).trimEnd());
  else if (!isFinal(state.phase)) cli.say(`next: drydock resume ${result.run}`);
  return exit;
}

type Deps = Omit<RunDeps, 'onEvent'>;

export async function depsFor(cli: Cli, cluster: Cluster, args: Args): Promise<Deps> {
  return {
    door: cluster.door,
    operator: terminalOperator(cli, cluster.perform),
    journal: await openJournal(cli),
    clock: cluster.clock,
    random: cluster.random,
    who: cli.who,
    vouch: secretVouch(cli.home),
    options: optionsOf(cli, args),
  };
}

/** The plan with its prediction, when nothing speaks against it; else the exit code. */
export async function readyPlan(
  cli: Cli,
  cluster: Cluster,
  args: Args,
  { plan, secrets }: Planned,
  window: string,
): Promise<Plan | number> {
  checkStep(plan, args.stopAfter, 'stop-after');
  banner(cli, cluster, plan, window);
  const before = await checkPlan(cli, cluster, plan, words(args.giveUp));
  if (before.exit !== 0) {
    print(cli, before, () => preflightWords(before));
    cli.say(cli.paint('red', 'preflight says no; nothing was done'));
    sayClosing(cli, before.exit);
    return before.exit;
  }
  const options = optionsOf(cli, args);
  const from = await steadyStatus(cluster.door.observation, cluster.clock);
  const rehearsal = await rehearseOn({ cluster, plan, secrets, who: cli.who, options, from });
  if (rehearsal.exit !== 0) {
    const shown = { schema: 'drydock.rehearsal/1', ...rehearsal };
    print(cli, shown, () => rehearsal.transcript);
    cli.say(cli.paint('red', 'the rehearsal fails; nothing was done on the cluster'));
    sayClosing(cli, rehearsal.exit);
    return rehearsal.exit;
  }
  cli.say(
    `rehearsed: ${counted(rehearsal.steps.length, 'step')}, about ${duration(rehearsal.durationMs)}`,
  );
  return rehearsal.plan;
}

export async function run(cli: Cli, args: Args): Promise<number> {
  if (args.dryRun === true) return rehearse(cli, args);
  const cluster = await openCluster(cli, args);
  try {
    return await runOn(cli, cluster, args, await planFor(cli, cluster, args));
  } finally {
    await cluster.close();
  }
}

/** For the banner: the window that covers the run, or how one will be opened. */
async function windowWords(
  cli: Cli,
  cluster: Cluster,
  journal: Deps['journal'],
  args: Args,
  wish: Wish,
): Promise<{ words: string; by?: string }> {
  const reason = emergencyReason(args);
  if (reason !== null) {
    return { words: cli.paint('red', `BREAK-GLASS, before the first step: ${reason}`) };
  }
  const { words, window } = await askPermission(cli, cluster, journal, args, wish);
  return window === undefined ? { words } : { words, by: endInWords(window) };
}

/** A plan, from its banner to its last words: what `run`, `undo` and `adopt` share. */
export async function runOn(
  cli: Cli,
  cluster: Cluster,
  args: Args,
  { plan: made, secrets }: Planned,
): Promise<number> {
  const deps = await depsFor(cli, cluster, args);
  const wish = { plan: made, run: null, backingOut: made.undoes !== undefined };
  try {
    await collectNotes(contextOf(cli, args), cluster, deps.journal);
    const { words, by } = await windowWords(cli, cluster, deps.journal, args, wish);
    const plan = await readyPlan(cli, cluster, args, { plan: made, secrets }, words);
    if (typeof plan === 'number') {
      const { runbook, hash } = made;
      const why = 'preflight or rehearsal says no';
      const body = { who: cli.who, runbook: runbook.id, plan: hash, of: null, why, exit: plan };
      await deps.journal.append([
        { run: null, type: 'run.refused', body: { ...body, code: 'ready' } },
      ]);
      return plan;
    }
    await wantToGoOn(cli, args, by);
    const { window } = await takePermission(cli, cluster, deps.journal, args, wish);
    const inWindow = { ...deps, options: { ...deps.options, window } };
    const follow = followRun(cli, plan, cluster.clock);
    cli.heedInterrupts();
    try {
      const own = withFaults(inWindow, cluster, args, plan);
      const result = await runPlan({ ...own, plan, secrets, onEvent: follow.onEvent });
      follow.end();
      return await conclude(cli, cluster, result, window);
    } finally {
      follow.end();
    }
  } finally {
    await deps.journal.close();
  }
}

function checkStep(plan: Plan, step: unknown, option: string): void {
  const known = plan.steps.map(({ id }) => id);
  if (typeof step !== 'string' || known.includes(step)) return;
  throw badInput(`--${option}: the plan has no step '${step}'`, {
    code: 'step.unknown',
    remedy: suggestion(step, known),
  });
}

/** `--faults STEP:kill`: this process dies by SIGKILL when that step's command has ended. */
function withFaults<D extends Pick<RunDeps, 'door'>>(
  deps: D,
  cluster: Cluster,
  args: Args,
  plan: Plan,
): D {
  if (typeof args.faults !== 'string') return deps;
  const [step, kind] = args.faults.split(':');
  const known = plan.steps.map(({ id }) => id);
  if (kind !== 'kill' || step === undefined || !known.includes(step) || cluster.kind !== 'lab') {
    throw badInput(`--faults ${args.faults} cannot be done`, {
      code: 'usage',
      remedy: `write STEP:kill, in a lab, with a step of ${known.join(', ')}`,
    });
  }
  const { commands } = deps.door;
  const exec: Commands['exec'] = async (request) => {
    const record = await commands.exec(request);
    if (request.operation.split('/').includes(step)) process.kill(process.pid, 'SIGKILL');
    return record;
  };
  return { ...deps, door: { ...deps.door, commands: { ...commands, exec } } };
}

/** A person says yes, here or by --yes; otherwise nothing is done (exit 3). `by`: a time limit. */
export async function wantToGoOn(cli: Cli, args: Args, by?: string): Promise<void> {
  if (args.yes === true) return;
  const line = cli.input ? await readLine(cli, 'Go on? (y/n): ') : null;
  if (line !== null && /^y(es)?$/i.test(line.trim())) return;
  const why = cli.input ? 'the answer was not yes' : 'nobody is there to say "go on"';
  throw new DrydockError(`${why}; nothing was done`, {
    code: 'run.unconfirmed',
    exit: 3,
    remedy: 'run it at a terminal, or give --yes',
    ...(by === undefined ? {} : { by }),
  });
}

/** When the cluster has moved since the run stopped, what is left is rehearsed on a fresh twin. */
function predictRest(
  cli: Cli,
  cluster: Cluster,
  args: Args,
  deps: Omit<RunDeps, 'onEvent'>,
  secrets: Secrets,
) {
  return async (state: RunState): Promise<Plan['predicted']> => {
    const plan = await pinnedPlan(deps.journal, state);
    const from = await steadyStatus(cluster.door.observation, cluster.clock);
    const moved = movedSince(state, plan.predicted, from);
    if (moved.length === 0) return null;
    cli.say(cli.paint('yellow', 'the cluster has moved since the run stopped:'));
    for (const difference of moved) cli.say(`  ${describeDifference(difference)}`);
    const { run } = state;
    const begun =
      state.phase === 'created'
        ? {}
        : { begun: { run, entries: await deps.journal.entries(run), secrets } };
    const options = optionsOf(cli, args);
    const rest = { cluster, plan, secrets, who: cli.who, options, from, ...begun };
    const rehearsal = await rehearseOn(rest);
    if (rehearsal.exit !== 0) {
      throw new DrydockError(
        `what is left of run ${run} would end ${rehearsal.outcome}: ${rehearsal.words}`,
        {
          code: 'resume.doomed',
          exit: rehearsal.exit,
          remedy: `mend the cluster, then resume; or drydock run-log ${run} --paper; drydock abort ${run}`,
        },
      );
    }
    const { length } = rehearsal.steps;
    cli.say(`rehearsed anew: ${counted(length, 'step')}, about ${duration(rehearsal.durationMs)}`);
    return rehearsal.plan.predicted;
  };
}

/** Between two points where it could be parked, a run that was begun in time goes on to the next. */
function wishOf(state: RunState): Wish {
  const { plan, run, step } = state;
  const index = plan.steps.findIndex(({ id }) => id === step?.id);
  const isBetween = index > 0 && !isSafePoint(state, index);
  return { plan, run, backingOut: isBetween || plan.undoes !== undefined };
}

export async function resume(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  const deps = await depsFor(cli, cluster, args);
  try {
    const state = await findRun(deps.journal, String(args.run), 'act');
    await collectNotes(contextOf(cli, args), cluster, deps.journal);
    checkStep(state.plan, args.stopAfter, 'stop-after');
    checkCluster(cluster, state);
    requireHolder(state, cli.who);
    const secrets = await givenSecrets(cli, args, state, secretsLeft(state));
    const { window } = await takePermission(cli, cluster, deps.journal, args, wishOf(state));
    const follow = followRun(cli, state.plan, cluster.clock, state);
    cli.heedInterrupts();
    try {
      const result = await resumeRun({
        ...deps,
        options: { ...deps.options, window },
        run: state.run,
        secrets,
        predict: predictRest(cli, cluster, args, deps, secrets),
        onWarning: (text) => cli.say(cli.paint('yellow', text)),
        onEvent: follow.onEvent,
        ...hashNow(state.plan.runbook.id),
      });
      follow.end();
      return await conclude(cli, cluster, result, window);
    } finally {
      follow.end();
    }
  } finally {
    await deps.journal.close();
    await cluster.close();
  }
}

/** A run goes on where it began: another lab of the same name is another cluster. */
export function checkCluster(cluster: Cluster, { run, plan }: RunState): void {
  const { uuid, name } = plan.cluster;
  if (uuid === cluster.config.uuid) return;
  throw badInput(`run ${run} is of cluster ${name} (${uuid}), not of ${cluster.config.name}`, {
    code: 'cluster.other',
    remedy: 'name the cluster with --cluster',
  });
}

/** The runbook's hash as it is now, to warn when it was edited; none when it is gone. */
function hashNow(id: string): { runbookHash?: string } {
  try {
    return { runbookHash: findRunbook(id).found.hash };
  } catch {
    return {};
  }
}
