/**
 * From a runbook to a plan: parameters found and checked, roles bound, lists of servers opened,
 * called runbooks put in, conditions decided, texts filled. What is left open is what only a
 * person can decide (chosen('step')). The plan is pinned by a hash.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { expressClusterOf } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Plan, PlannedRequirement } from '../../core/plan.ts';
import { maskOf, type Secrets } from '../../core/secrets.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import { evaluate, type Scope } from '../language/expressions/expressions.ts';
import { fillTemplate, type SecretNames } from '../language/template.ts';
import { DEFAULT_KIND, type Library, type LoadedRunbook } from '../language/types.ts';
import { bindParameters } from './parameters.ts';
import { SECRET_REMEDY, secretMisuse } from './secret-use.ts';
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

/** What planning collects, across called runbooks. */
export interface Planning {
  library: Library;
  status: Status;
  topology: Topology | undefined;
  steps: Plan['steps'];
  leftOut: Plan['leftOut'];
  roles: Plan['roles'];
  called: Map<string, string>;
  /** Values of secrets by name; the plan holds the names only. */
  secrets: Map<string, string>;
}

/** One runbook within a plan: the top one has an empty prefix and no callers. */
export interface Binding {
  loaded: LoadedRunbook;
  prefix: string;
  callers: string[];
  /** What expressions may ask for: parameters and roles, without secrets. */
  names: Record<string, Json>;
  /** Parameters that are secret → under which name. */
  secrets: SecretNames;
  requires: PlannedRequirement[];
}

export function scopeOf(planning: Planning, names: Record<string, Json>): Scope {
  const { status, topology } = planning;
  return { status, names, before: {}, chosen: {}, ...(topology ? { topology } : {}) };
}

function refuseKind(loaded: LoadedRunbook, status: Status): void {
  const { id, cluster = DEFAULT_KIND } = loaded.runbook;
  if (cluster === status.kind) return;
  throw new DrydockError(`'${id}' is for clusters of kind ${cluster}; this one is ${status.kind}`, {
    code: 'cluster.kind',
    exit: 4,
    place: loaded.placeOf(loaded.runbook.cluster ? ['cluster'] : ['id']),
    remedy: `choose a runbook for ${status.kind}, or another cluster with --cluster`,
  });
}

function refuseEdition(loaded: LoadedRunbook, status: Status): void {
  const { id, source, editions } = loaded.runbook;
  const { manual, edition } = expressClusterOf(status);
  if (source.manual === manual && editions.includes(edition)) return;
  throw new DrydockError(
    `'${id}' is for ${source.manual} ${editions.join(', ')}; this cluster is ${manual} ${edition}`,
    {
      code: 'edition',
      exit: 4,
      place: loaded.placeOf(['editions']),
      remedy: `choose a runbook for it: drydock list --manual ${manual} --edition ${edition}`,
    },
  );
}

function bindRoles(planning: Planning, binding: Binding): void {
  const { loaded, prefix, names } = binding;
  for (const [name, expression] of Object.entries(loaded.runbook.roles ?? {})) {
    const result = evaluate(expression, scopeOf(planning, names));
    if ('unknown' in result || result.value === null) {
      const why = 'unknown' in result ? result.unknown : 'there is none';
      throw new DrydockError(`cannot plan: the role '${name}' cannot be bound: ${why}`, {
        code: 'plan.unknown',
        exit: 6,
        place: loaded.placeOf(['roles', name]),
        remedy: 'make the cluster tell it, then plan again',
      });
    }
    const before = { ...names };
    names[name] = result.value;
    planning.roles[`${prefix}${name}`] = { expression, value: result.value, names: before };
  }
}

/** Checks the edition and binds parameters and roles of a runbook, called or not. */
export function bindRunbook(
  planning: Planning,
  loaded: LoadedRunbook,
  given: Record<string, Json>,
  within: { prefix: string; callers: string[] },
  handedDown: SecretNames = new Map(),
): Binding {
  refuseKind(loaded, planning.status);
  refuseEdition(loaded, planning.status);
  refuseMisuse(loaded, handedDown);
  const { names, secrets } = bindParameters(planning, loaded, { given, handedDown, ...within });
  const binding: Binding = { loaded, ...within, names, secrets, requires: [] };
  bindRoles(planning, binding);
  binding.requires = (loaded.runbook.requires ?? []).map(({ that, or }) => ({
    that,
    or: fillTemplate(or, scopeOf(planning, names), secrets),
  }));
  return binding;
}

/** A secret decides nothing, or the plan would tell of it. */
function refuseMisuse(loaded: LoadedRunbook, handedDown: SecretNames): void {
  const declared = Object.entries(loaded.runbook.parameters ?? {});
  const own = declared.filter(([, { secret }]) => secret).map(([name]) => name);
  const [first] = secretMisuse(loaded, new Set([...own, ...handedDown.keys()]));
  if (!first) return;
  throw badInput(first.message, {
    code: 'secret.use',
    place: loaded.placeOf(first.path),
    remedy: SECRET_REMEDY,
  });
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

/** The plan, and apart from it the values of its secrets. */
export function planWithSecrets(request: PlanRequest): { plan: Plan; secrets: Secrets } {
  const { runbook: loaded, status } = request;
  const planning: Planning = {
    library: request.library,
    status,
    topology: request.topology,
    steps: [],
    leftOut: [],
    roles: {},
    called: new Map(),
    secrets: new Map(),
  };
  const { prefix = '' } = request;
  const top = bindRunbook(planning, loaded, request.parameters, { prefix, callers: [] });
  planSteps(planning, top, { source: null, when: null });
  const { id, title, source } = loaded.runbook;
  const names = Object.keys(loaded.runbook.parameters ?? {});
  const parameters = Object.fromEntries(
    names.map((name) => {
      const secret = top.secrets.get(name);
      return [name, secret === undefined ? (top.names[name] ?? null) : maskOf(secret)];
    }),
  );
  const plan: Omit<Plan, 'hash'> = {
    schema: 'drydock.plan/1',
    runbook: { id, title, ...source, hash: loaded.hash },
    called: [...planning.called].map(([called, hash]) => ({ id: called, hash })),
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

/** The runbook of that id, or an error that names the nearest one. */
export function runbookNamed(library: Library, id: string): LoadedRunbook {
  const loaded = library.get(id);
  if (loaded) return loaded;
  throw badInput(`there is no runbook '${id}'`, {
    code: 'runbook.unknown',
    remedy: suggestionFor(id, library),
  });
}

function suggestionFor(id: string, library: Library): string {
  const near = [...library.keys()].filter((known) => known.includes(id));
  return near.length ? `perhaps ${near.slice(0, 5).join(', ')}` : 'drydock list shows them all';
}
