/** From the arguments of a verb to a plan for a cluster, and to a twin of that cluster. */
import { badInput } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import { planWithSecrets } from '../../runbook/plan/plan.ts';
import { type Rehearsal, type RehearsalWorld, rehearse } from '../../runbook/rehearsal/rehearse.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { isOldPlan } from '../../runbook/run/redact.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Status } from '../../schema/generated/status.ts';
import { memoryJournal } from '../../sim/memory-journal.ts';
import { buildTwin, type Twin } from '../../sim/twin.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { pairs, words } from '../words/asking.ts';
import { givenValues, secretsOf, type WantedSecret } from './giving-secrets.ts';
import { findRunbook } from './runbooks.ts';

/** A plan, and apart from it the values of its secrets. */
export interface Planned {
  plan: Plan;
  secrets: Secrets;
}

/** Values given to a run that has its plan: they can only be of its secrets. */
export async function givenSecrets(
  cli: Cli,
  args: Args,
  { run, plan }: RunState,
  wanted: readonly WantedSecret[],
): Promise<Secrets> {
  const values = await givenValues(cli, args, { of: `run ${run}`, wanted });
  const known = plan.secrets ?? [];
  const stray = Object.keys(values).find((name) => !known.includes(name));
  if (stray !== undefined && !isOldPlan(plan)) {
    throw badInput(`--set ${stray}: run ${run} keeps the parameters that it began with`, {
      code: 'parameter.fixed',
      remedy: `drydock amend ${run} --set ${stray}=VALUE plans anew what is left`,
    });
  }
  return new Map(Object.entries(values));
}

/** The runbook named by the arguments as a plan for the cluster as it is now. */
export async function planFor(cli: Cli, cluster: Cluster, args: Args): Promise<Planned> {
  const { found, library } = findRunbook(String(args.id));
  const wanted = secretsOf(found);
  const parameters = await givenValues(cli, args, { of: found.runbook.id, wanted });
  const status = await steadyStatus(cluster.door.observation, cluster.clock);
  return planWithSecrets({
    runbook: found,
    library,
    parameters,
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
    giveUp: words(args.giveUp),
    choices: pairs('choose', args.choose),
    answers: pairs('answer', args.answer),
    interrupt: cli.stopping,
    halt: cli.stopNow,
  };
}

export function twinOf(cluster: Cluster, from: Status): Promise<Twin> {
  return buildTwin({ configText: cluster.configText, seed: cluster.random.id(), from });
}

/** In a rehearsal the person does what the runbook expects of a person. */
export function rehearsalOperator(twin: Twin): RehearsalWorld['operator'] {
  return {
    ...twin.operator(),
    confirm: async (_step, _question, typeName) => typeName ?? 'yes',
    choose: async (_step, _question, choices) => choices[0] ?? null,
  };
}

export function rehearsalWorld(twin: Twin): RehearsalWorld {
  return {
    door: twin.door(),
    operator: rehearsalOperator(twin),
    clock: twin.clock,
    random: twin.random,
    run: (promise) => twin.run(promise),
    unknowns: twin.unknowns,
  };
}

/** Options of a run as they hold on a twin: nobody stops there, and nobody is asked. */
export function onTwin(options: RunOptions): RunOptions {
  const { choices, answers, giveUp } = options;
  return { yes: true, noInput: false, choices, answers, giveUp, confirmed: [] };
}

export interface OnTwin {
  cluster: Cluster;
  plan: Plan;
  secrets: Secrets;
  who: string;
  options: RunOptions;
  from: Status;
  /** What is left of a run that has begun, instead of the whole plan. */
  begun?: { run: string; entries: readonly JournalEntry[]; secrets: Secrets };
}

/** Rehearses on a twin of the cluster as `from` shows it; pins the prediction to the plan. */
export function rehearseOn({
  cluster,
  plan,
  secrets,
  who,
  options,
  from,
  begun,
}: OnTwin): Promise<Rehearsal> {
  return rehearse({
    plan,
    secrets,
    who,
    options: onTwin(options),
    openJournal: memoryJournal,
    from,
    ...(begun ? { begun } : {}),
    twinFactory: async () => rehearsalWorld(await twinOf(cluster, from)),
  });
}
