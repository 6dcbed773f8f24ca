/**
 * From a runbook to a plan: parameters found and checked, roles bound, lists of servers opened,
 * called runbooks put in, conditions decided, texts filled. What is left open is what only a
 * person can decide (chosen('step')). The plan is pinned by a hash.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { badInput } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Documented, Plan } from '../../core/plan.ts';
import { maskOf, type Secrets } from '../../core/secrets.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import type { Library, LoadedRunbook } from '../language/types.ts';
import { bindRunbook } from './binding.ts';
import type { Planning } from './planning.ts';
import { planSteps } from './steps.ts';

export interface PlanRequest {
  runbook: LoadedRunbook;
  /** Runbooks that may be called, by id. */
  library: Library;
  /** As given: texts from the command line, or values. */
  parameters: Record<string, Json>;
  status: Status;
  /** Finds devices for defaults; without it they must be given. */
  topology?: Topology;
  /** Before every step's id: where the steps follow those of another plan. */
  prefix?: string;
}

/** SHA-256 over the canonical JSON (RFC 8785) of everything but `predicted` and `hash`. */
export function hashPlan(plan: Omit<Plan, 'hash'>): string {
  const { predicted: _predicted, hash: _hash, ...pinned } = plan as Plan;
  return createHash('sha256')
    .update(canonicalize(pinned) ?? '')
    .digest('hex');
}

export function makePlan(request: PlanRequest): Plan {
  return planWithSecrets(request).plan;
}

function refusePart(loaded: LoadedRunbook): void {
  if (loaded.runbook.kind !== 'part') return;
  throw badInput(`'${loaded.runbook.id}' is a part of procedures, and none itself`, {
    code: 'runbook.part',
    place: loaded.placeOf(['kind']),
    remedy: 'plan a procedure that calls it: drydock list',
  });
}

function documentedBy({ runbook: { source, site = '' } }: LoadedRunbook): Documented {
  return source ?? { site };
}

/** The plan, and apart from it the values of its secrets. */
export function planWithSecrets(request: PlanRequest): { plan: Plan; secrets: Secrets } {
  const { runbook: loaded, status } = request;
  refusePart(loaded);
  const planning: Planning = {
    library: request.library,
    status,
    topology: request.topology,
    steps: [],
    leftOut: [],
    roles: {},
    called: new Map(),
    overlays: new Map(),
    secrets: new Map(),
  };
  const { prefix = '' } = request;
  const top = bindRunbook(planning, loaded, request.parameters, { prefix, callers: [] });
  planSteps(planning, top, { source: null, added: null, when: null });
  const { id, title } = loaded.runbook;
  const names = Object.keys(loaded.runbook.parameters ?? {});
  const parameters = Object.fromEntries(
    names.map((name) => {
      const secret = top.secrets.get(name);
      return [name, secret === undefined ? (top.names[name] ?? null) : maskOf(secret)];
    }),
  );
  const plan: Omit<Plan, 'hash'> = {
    schema: 'drydock.plan/1',
    runbook: { id, title, ...documentedBy(loaded), hash: loaded.hash },
    called: [...planning.called].map(([called, hash]) => ({ id: called, hash })),
    ...(planning.overlays.size > 0 ? { overlays: [...planning.overlays.values()] } : {}),
    cluster: { name: status.cluster.name, uuid: status.cluster.id },
    parameters,
    roles: planning.roles,
    requires: top.requires,
    steps: planning.steps,
    leftOut: planning.leftOut,
    predicted: null,
    ...(planning.secrets.size > 0
      ? { secrets: [...planning.secrets.keys()], secretsAre: 'references' as const }
      : {}),
  };
  return { plan: { ...plan, hash: hashPlan(plan) }, secrets: planning.secrets };
}
