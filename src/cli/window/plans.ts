/**
 * Plans of a window: named, made for the cluster as it is now, rehearsed one after the other (each
 * on what the one before would leave), and written down as what people approve.
 */
import { readFileSync } from 'node:fs';
import { topologyHash } from '../../change/topology.ts';
import { expressClusterOf } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import { maskOf } from '../../core/secrets.ts';
import { makeUndoPlan } from '../../runbook/afterwards/undo-plan.ts';
import { cannotUndo } from '../../runbook/language/changes.ts';
import { planWithSecrets } from '../../runbook/plan/plan.ts';
import { type Rehearsal, rehearse } from '../../runbook/rehearsal/rehearse.ts';
import { actsOf } from '../../runbook/run/acts.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { ApprovedPlan, WindowRequest } from '../../schema/generated/window-paper.ts';
import { findRun } from '../../service/runs.ts';
import { memoryJournal } from '../../sim/memory-journal.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Cli } from '../context.ts';
import { openJournalToRead } from '../record/journal.ts';
import type { WantedSecret } from '../run/giving-secrets.ts';
import { onTwin, type Planned, rehearsalWorld, twinOf } from '../run/planning.ts';
import { findRunbook } from '../run/runbooks.ts';
import { programVersion } from '../version.ts';
import { pairs } from '../words/asking.ts';

export interface PlanSpec {
  runbook: string;
  set: Record<string, Json>;
  /** The run that is to be undone, instead of a runbook. */
  undo?: string;
}

export interface PreparedPlan {
  plan: Plan;
  rehearsal: Rehearsal;
  approved: ApprovedPlan;
}

/** `"v3-6.7.2 failed=server2"`: a runbook and its parameters; or `"undo RUN"`. */
export function readPlanWords(text: string): PlanSpec {
  const [runbook = '', ...rest] = text.trim().split(/\s+/);
  if (runbook === '' || runbook.includes('=')) {
    throw badInput(`--plan "${text}" names no runbook`, {
      code: 'usage',
      remedy: 'write --plan "ID NAME=VALUE NAME=VALUE"',
    });
  }
  if (runbook !== 'undo') return { runbook, set: pairs('plan', rest) };
  const [undo, ...more] = rest;
  if (undo === undefined || undo.includes('=') || more.length > 0) {
    throw badInput(`--plan "${text}" does not say which run is to be undone`, {
      code: 'usage',
      remedy: 'write --plan "undo RUN"',
    });
  }
  return { runbook: 'undo', set: {}, undo };
}

/** A person's part is done, decisions fall as they would without anybody objecting. */
async function rehearseHere(cli: Cli, cluster: Cluster, { plan, secrets }: Planned, from: Status) {
  const twin = await twinOf(cluster, from);
  const rehearsal = await rehearse({
    plan,
    secrets,
    who: cli.who,
    options: onTwin({}),
    openJournal: memoryJournal,
    from,
    twinFactory: async () => rehearsalWorld(twin),
  });
  return { rehearsal, left: await twin.run(twin.door().observation.status()) };
}

/** A rehearsal that fails is the requester's to mend: nobody is asked to approve it. */
function refuseDoomed({ plan, rehearsal }: PreparedPlan): void {
  if (rehearsal.exit === 0) return;
  throw new DrydockError(`${plan.runbook.id} would end ${rehearsal.outcome}: ${rehearsal.words}`, {
    code: 'window.doomed',
    exit: rehearsal.exit,
    remedy: `see it with \`drydock rehearse ${plan.runbook.id}\`, and mend the cluster or the plan`,
  });
}

function planOf({ config }: Cluster, { runbook, set }: PlanSpec, status: Status): Planned {
  const { found, library } = findRunbook(runbook);
  return planWithSecrets({ runbook: found, library, parameters: set, status, config });
}

/** What a run did, taken back: planned from this host's record, as `drydock undo` does. */
async function undoOf(cli: Cli, { undo, set }: PlanSpec, status: Status): Promise<Planned> {
  const journal = await openJournalToRead(cli);
  try {
    const state = await findRun(journal, String(undo), 'undo');
    const secrets = new Map(Object.entries(set).map(([name, value]) => [name, String(value)]));
    return { plan: makeUndoPlan({ state, status }), secrets };
  } finally {
    await journal.close();
  }
}

export async function preparePlans(
  cli: Cli,
  cluster: Cluster,
  specs: readonly PlanSpec[],
): Promise<PreparedPlan[]> {
  const prepared: PreparedPlan[] = [];
  let from = await steadyStatus(cluster.door.observation, cluster.clock);
  for (const spec of specs) {
    const planned =
      spec.undo === undefined ? planOf(cluster, spec, from) : await undoOf(cli, spec, from);
    const { rehearsal, left } = await rehearseHere(cli, cluster, planned, from);
    const { plan } = planned;
    const made = { plan, rehearsal, approved: approvedPlanOf(plan, rehearsal) };
    refuseDoomed(made);
    prepared.push(made);
    from = left;
  }
  return prepared;
}

function commandsOf(steps: readonly PlannedStep[]): string[][] {
  const all = steps.flatMap(({ action, undo }) => [
    ...(action.verb === 'run' || action.verb === 'watch' ? [action.argv] : []),
    ...(undo ? [undo.argv] : []),
  ]);
  return [...new Map(all.map((argv) => [JSON.stringify(argv), argv])).values()];
}

function serversOf(steps: readonly PlannedStep[]): string[] {
  const all = steps.flatMap(({ server, undo }) => [server, undo?.server ?? null]);
  return [...new Set(all.filter((name) => name !== null))].sort();
}

/** What people approve of a plan. Without a rehearsal (break-glass) it says that there was none. */
export function approvedPlanOf(plan: Plan, rehearsal: Rehearsal | null): ApprovedPlan {
  const { id, title, hash } = plan.runbook;
  const { steps } = plan;
  return {
    runbook: { id, title, hash },
    called: plan.called.map((one) => ({ id: one.id, hash: one.hash })),
    parameters: plan.parameters,
    cluster: plan.cluster.uuid,
    servers: serversOf(steps),
    commands: commandsOf(steps),
    acts: actsOf(plan),
    rehearsal: {
      outcome: rehearsal?.outcome ?? 'none',
      steps: rehearsal?.steps.length ?? steps.length,
      durationMs: rehearsal?.durationMs ?? 0,
      transcript: rehearsal?.transcript ?? '',
      unknowns: rehearsal?.unknowns ?? [],
    },
    dangers: steps.flatMap(({ id: step, danger }) => (danger ? [`${step}: ${danger}`] : [])),
    cannotUndo: cannotUndo(plan),
    ...(plan.undoes === undefined ? {} : { undoes: plan.undoes }),
    ...(plan.amends === undefined ? {} : { amends: plan.hash }),
  };
}

/** The cluster as an approval covers it. */
export function clusterCard(cluster: Cluster, status: Status): WindowRequest['clusters'][number] {
  const { name, uuid } = cluster.config;
  const { manual, edition } = expressClusterOf(status);
  return {
    name,
    uuid,
    topology: topologyHash(cluster.config),
    versions: { product: `${manual} ${edition}`, drydock: programVersion },
  };
}

/** What a paper holds the names of only. */
export function secretsApproved({ parameters, runbook }: ApprovedPlan): WantedSecret[] {
  return Object.entries(parameters as JsonObject)
    .filter(([name, value]) => value === maskOf(name))
    .map(([name]) => ({ name, description: `for ${runbook.id}`, isNeeded: true }));
}

/** From an approved plan back to what it was made of; secrets have to be given again. */
export function specOf(
  approved: ApprovedPlan,
  secrets: Record<string, string>,
  files: readonly string[] = [],
): PlanSpec {
  const set: JsonObject = {};
  for (const [name, value] of Object.entries(approved.parameters as JsonObject)) {
    const isSecret = value === maskOf(name);
    if (isSecret && secrets[name] === undefined) {
      throw badInput(`${approved.runbook.id} needs the secret '${name}', which no paper holds`, {
        code: 'secret.missing',
        remedy: `give it again: --secret ${name}=FILE`,
      });
    }
    if (value !== null) set[name] = isSecret ? (secrets[name] as string) : value;
  }
  if (approved.undoes !== undefined) {
    return { runbook: 'undo', set: secrets, undo: approved.undoes };
  }
  const file = files.find((path) => idIn(path) === approved.runbook.id);
  return { runbook: file ?? approved.runbook.id, set };
}

function idIn(file: string): string | null {
  try {
    return /^id:\s*(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
