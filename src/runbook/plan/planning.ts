/** What planning collects, and one runbook within a plan. */
import { badInput } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Plan, PlannedOverlay, PlannedRequirement } from '../../core/plan.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import type { Scope } from '../language/expressions/expressions.ts';
import type { SecretNames } from '../language/template.ts';
import type { Library, LoadedRunbook } from '../language/types.ts';

/** What planning collects, across called runbooks. */
export interface Planning {
  library: Library;
  status: Status;
  topology: Topology | undefined;
  steps: Plan['steps'];
  leftOut: Plan['leftOut'];
  roles: Plan['roles'];
  called: Map<string, string>;
  /** What the site put into it and into what it calls, by id. */
  overlays: Map<string, PlannedOverlay>;
  /** Values of secrets by name; the plan holds the names only. */
  secrets: Map<string, string>;
  /** Parameters whose values stand for what only a person knows: they are held to no rule. */
  open?: ReadonlySet<string>;
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
