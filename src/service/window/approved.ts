/** Plans of a window as people approve them, and back to what they were made of. */
import { expressClusterOf } from '../../cluster/index.ts';
import { badInput } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import { maskOf } from '../../core/secrets.ts';
import { cannotUndo } from '../../runbook/language/changes.ts';
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import { actsOf } from '../../runbook/run/acts.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { ApprovedPlan, WindowRequest } from '../../schema/generated/window-document.ts';
import type { Cluster, Context } from '../context.ts';
import type { WantedSecret } from '../run/secrets.ts';

export interface PlanSpec {
  /** By its id, or a file. */
  runbook: string;
  set: Record<string, Json>;
  /** The run that is to be undone, instead of a runbook. */
  undo?: string;
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
    ...(plan.overlays ? { overlays: plan.overlays } : {}),
    parameters: plan.parameters,
    cluster: plan.cluster.uuid,
    servers: serversOf(steps),
    commands: commandsOf(steps),
    acts: actsOf(plan),
    rehearsal: {
      outcome: rehearsal?.outcome ?? 'none',
      steps: rehearsal?.steps.length ?? steps.length,
      durationMs: rehearsal?.estimate.ms ?? 0,
      ...(rehearsal ? { people: rehearsal.estimate.people } : {}),
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
export function clusterCard(
  { host }: Context,
  cluster: Cluster,
  status: Status,
): WindowRequest['clusters'][number] {
  const { name, id: uuid } = cluster.topology;
  const { manual, edition } = expressClusterOf(status);
  return {
    name,
    uuid,
    topology: cluster.topology.fingerprint,
    versions: { product: `${manual} ${edition}`, drydock: host.version },
  };
}

/** What a document holds the names of only. */
export function secretsApproved({ parameters, runbook }: ApprovedPlan): WantedSecret[] {
  return Object.entries(parameters as JsonObject)
    .filter(([name, value]) => value === maskOf(name))
    .map(([name]) => ({ name, description: `for ${runbook.id}`, isNeeded: true }));
}

/** A runbook that does not ship, and where it lies. */
export interface RunbookFile {
  id: string;
  file: string;
}

/** Of files that cannot be read, or name no runbook, nothing is known. */
export function runbookFiles(
  { readText }: Pick<Context, 'readText'>,
  files: readonly string[],
): RunbookFile[] {
  return files.flatMap((file) => {
    try {
      const id = /^id:\s*(\S+)/m.exec(readText(file))?.[1];
      return id === undefined ? [] : [{ id, file }];
    } catch {
      return [];
    }
  });
}

/** From an approved plan back to what it was made of; secrets have to be given again. */
export function specOf(
  approved: ApprovedPlan,
  secrets: Record<string, string>,
  files: readonly RunbookFile[] = [],
): PlanSpec {
  const set: JsonObject = {};
  for (const [name, value] of Object.entries(approved.parameters as JsonObject)) {
    const isSecret = value === maskOf(name);
    if (isSecret && secrets[name] === undefined) {
      throw badInput(`${approved.runbook.id} needs the secret '${name}', which no document holds`, {
        code: 'secret.missing',
        remedy: `give it again: --secret ${name}=FILE`,
      });
    }
    if (value !== null) set[name] = isSecret ? (secrets[name] as string) : value;
  }
  if (approved.undoes !== undefined) {
    return { runbook: 'undo', set: secrets, undo: approved.undoes };
  }
  const own = files.find(({ id }) => id === approved.runbook.id);
  return { runbook: own?.file ?? approved.runbook.id, set };
}
