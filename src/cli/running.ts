/** `preflight`, `rehearse`, `run`, `resume` and `debts`: a runbook meets a cluster. */

import { hostname, networkInterfaces } from 'node:os';
import { badInput } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import { debtsOf } from '../runbook/debts.ts';
import { makePlan } from '../runbook/plan.ts';
import { preflight as checkBefore, type PreflightReport } from '../runbook/preflight.ts';
import { type Rehearsal, rehearse as rehearsePlan } from '../runbook/rehearse.ts';
import { resumeRun } from '../runbook/resume.ts';
import { type RunResult, runPlan } from '../runbook/run.ts';
import type { RunDeps, RunOptions } from '../runbook/run-context.ts';
import { steadyStatus } from '../runbook/steady.ts';
import { closingLines, closingOf } from '../runbook/transcript.ts';
import { memoryJournal } from '../sim/memory-journal.ts';
import { buildTwin } from '../sim/twin.ts';
import { pairs, readLine, terminalOperator, words } from './asking.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { type Cli, print, table } from './context.ts';
import { followRun } from './following.ts';
import { openJournal } from './journal.ts';
import { duration } from './progress.ts';
import { findRun } from './record.ts';
import { findRunbook } from './runbooks.ts';
import type { Args } from './verbs.ts';

/** The runbook named by the arguments as a plan for the cluster as it is now. */
export async function planFor(cluster: Cluster, args: Args): Promise<Plan> {
  const { found, library } = findRunbook(String(args.id));
  const status = await steadyStatus(cluster.door, cluster.clock);
  return makePlan({
    runbook: found,
    library,
    parameters: pairs('set', args.set),
    status,
    config: cluster.config,
  });
}

export function optionsOf(cli: Cli, args: Args): RunOptions {
  return {
    stopAfter: typeof args.stopAfter === 'string' ? args.stopAfter : undefined,
    yes: args.yes === true,
    noInput: !cli.input,
    confirmed: words(args.confirm),
    choices: pairs('choose', args.choose),
    answers: pairs('answer', args.answer),
    interrupt: cli.stopping,
    halt: cli.stopNow,
  };
}

/** The same planner and runner on a twin of the cluster as it is now; pins the prediction. */
export async function rehearseOn(
  cluster: Cluster,
  plan: Plan,
  who: string,
  options: RunOptions = {},
): Promise<Rehearsal> {
  const status = await steadyStatus(cluster.door, cluster.clock);
  return rehearsePlan({
    plan,
    who,
    options: { ...options, noInput: false, stopAfter: undefined },
    openJournal: memoryJournal,
    from: status,
    twinFactory: async () => {
      const twin = await buildTwin({
        configText: cluster.configText,
        seed: cluster.random.id(),
        from: status,
      });
      return {
        door: twin.door(),
        // In a rehearsal the person does what the runbook expects of a person.
        operator: {
          ...twin.operator(),
          confirm: async (_step, _question, typeName) => typeName ?? 'yes',
          choose: async (_step, _question, choices) => choices[0] ?? null,
        },
        clock: twin.clock,
        random: twin.random,
        run: (promise) => twin.run(promise),
        unknowns: twin.unknowns,
      };
    },
  });
}

export async function rehearse(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const plan = await planFor(cluster, args);
    const rehearsal = await rehearseOn(cluster, plan, cli.who, optionsOf(cli, args));
    print(cli, { schema: 'drydock.rehearsal/1', ...rehearsal }, () => rehearsal.transcript);
    return rehearsal.exit;
  } finally {
    await cluster.close();
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  );
}

function serverAddresses(cluster: Cluster): Record<string, string[]> {
  return Object.fromEntries(
    cluster.config.servers.map(({ name, devices }) => [
      name,
      devices.filter(({ kind }) => kind === 'lan').map(({ info }) => info),
    ]),
  );
}

function checkPlan(cli: Cli, cluster: Cluster, plan: Plan): Promise<PreflightReport> {
  return checkBefore({
    plan,
    door: cluster.door,
    clock: cluster.clock,
    controlHost: { name: hostname(), addresses: ownAddresses(), stateFolder: cli.home },
    serverAddresses: serverAddresses(cluster),
  });
}

function preflightWords(report: PreflightReport): string {
  const mark = { ok: 'ok', bad: 'NO', unknown: '??' };
  return table(report.items.map((item) => [mark[item.state], item.what, item.words]));
}

export async function preflight(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const report = await checkPlan(cli, cluster, await planFor(cluster, args));
    print(cli, report, () => preflightWords(report));
    return report.exit;
  } finally {
    await cluster.close();
  }
}

function banner(cli: Cli, cluster: Cluster, plan: Plan): void {
  const { runbook } = plan;
  cli.say(cli.paint('bold', `${runbook.id}  ${runbook.title}`));
  cli.say(
    `cluster  ${cluster.config.name} (${cluster.config.uuid}), ${cluster.kind} ${cluster.name}`,
  );
  cli.say(`runbook  ${runbook.hash.slice(0, 16)}, plan ${plan.hash.slice(0, 16)}`);
  cli.say(`who      ${cli.who}`);
  cli.say('window   none (the cluster demands none)');
  const final = plan.steps.filter(({ action, undo }) => action.verb === 'run' && undo === null);
  if (final.length) cli.say(`no undo  ${final.map(({ id }) => id).join(', ')}`);
}

/** Ends every verb that runs: what stands, in words or JSON, and the four closing lines. */
async function conclude(cli: Cli, cluster: Cluster, result: RunResult): Promise<number> {
  const { state, ...told } = result;
  let closing = null;
  if ([3, 6, 9, 70].includes(result.exit)) {
    const status = await cluster.door.status().catch(() => null);
    closing = closingOf(state, status ? debtsOf(status, cluster.config).debts : null);
  }
  print(cli, { schema: 'drydock.run-result/1', ...told, closing }, () => `${told.run}\n`);
  const color = result.exit === 0 ? 'green' : 'red';
  const words =
    result.exit === 0 ? `run ${result.run} is done` : `${result.outcome}: ${result.words}`;
  cli.say(cli.paint(color, words));
  if (closing) cli.say(closingLines(closing).trimEnd());
  return result.exit;
}

function depsFor(cli: Cli, cluster: Cluster, args: Args): Omit<RunDeps, 'onEvent'> {
  return {
    door: cluster.door,
    operator: terminalOperator(cli, cluster.perform),
    journal: openJournal(cli),
    clock: cluster.clock,
    random: cluster.random,
    who: cli.who,
    options: optionsOf(cli, args),
  };
}

export async function run(cli: Cli, args: Args): Promise<number> {
  if (args.dryRun === true) return rehearse(cli, args);
  const cluster = await openCluster(cli, args);
  try {
    const plan = await planFor(cluster, args);
    banner(cli, cluster, plan);
    const before = await checkPlan(cli, cluster, plan);
    if (before.exit !== 0) {
      print(cli, before, () => preflightWords(before));
      cli.say(cli.paint('red', 'preflight says no; nothing was done'));
      return before.exit;
    }
    const rehearsal = await rehearseOn(cluster, plan, cli.who, optionsOf(cli, args));
    if (rehearsal.exit !== 0) {
      print(cli, { schema: 'drydock.rehearsal/1', ...rehearsal }, () => rehearsal.transcript);
      cli.say(cli.paint('red', 'the rehearsal fails; nothing was done on the cluster'));
      return rehearsal.exit;
    }
    cli.say(`rehearsed: ${rehearsal.steps.length} steps, about ${duration(rehearsal.durationMs)}`);
    if (!(await wantsToGoOn(cli, args))) return 3;
    const deps = withFaults(depsFor(cli, cluster, args), cluster, args, rehearsal.plan);
    const follow = followRun(cli, rehearsal.plan, cluster.clock);
    try {
      const result = await runPlan({ ...deps, plan: rehearsal.plan, onEvent: follow.onEvent });
      follow.end();
      return await conclude(cli, cluster, result);
    } finally {
      follow.end();
      deps.journal.close();
    }
  } finally {
    await cluster.close();
  }
}

/** `--faults STEP:kill`: this process dies by SIGKILL when that step's command has ended. */
function withFaults<D extends { door: ClusterDoor }>(
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
  const exec: ClusterDoor['exec'] = async (request) => {
    const record = await deps.door.exec(request);
    if (request.operation.split('/').includes(step)) process.kill(process.pid, 'SIGKILL');
    return record;
  };
  return { ...deps, door: { ...deps.door, exec } };
}

async function wantsToGoOn(cli: Cli, args: Args): Promise<boolean> {
  if (args.yes === true) return true;
  if (!cli.input) {
    cli.say('nobody is there to say "go on": give --yes; nothing was done');
    return false;
  }
  const line = await readLine(cli, 'Go on? (y/n): ');
  if (line !== null && /^y(es)?$/i.test(line.trim())) return true;
  cli.say('nothing was done');
  return false;
}

export async function resume(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  const deps = depsFor(cli, cluster, args);
  try {
    const state = findRun(deps.journal, String(args.run));
    const follow = followRun(cli, state.plan, cluster.clock, state);
    try {
      const result = await resumeRun({
        ...deps,
        run: state.run,
        secrets: pairs('set', args.set),
        onWarning: (text) => cli.say(cli.paint('yellow', text)),
        onEvent: follow.onEvent,
        ...hashNow(state.plan.runbook.id),
      });
      follow.end();
      return await conclude(cli, cluster, result);
    } finally {
      follow.end();
    }
  } finally {
    deps.journal.close();
    await cluster.close();
  }
}

/** The runbook's hash as it is now, to warn when it was edited; none when it is gone. */
function hashNow(id: string): { runbookHash?: string } {
  try {
    return { runbookHash: findRunbook(id).found.hash };
  } catch {
    return {};
  }
}

export async function debts(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  const journal = openJournal(cli);
  try {
    const found = debtsOf(await cluster.door.status(), cluster.config, journal.entries());
    print(cli, { schema: 'drydock.debts/1', ...found }, () => {
      const rows = found.debts.map((debt) => [
        debt.words,
        debt.until === null ? 'does not lapse' : `lapses ${new Date(debt.until).toISOString()}`,
        debt.by ? `left by ${debt.by.run}` : '',
        debt.remedy,
      ]);
      return table(rows) + found.unknown.map((text) => `not known: ${text}\n`).join('');
    });
    if (found.debts.length === 0) cli.say('nothing is owed');
    return 0;
  } finally {
    journal.close();
    await cluster.close();
  }
}
