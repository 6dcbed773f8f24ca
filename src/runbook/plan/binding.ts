/** A runbook bound to a cluster: its kind and edition checked, parameters and roles found. */
import { expressClusterOf } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Status } from '../../schema/generated/status.ts';
import { evaluate } from '../language/expressions/expressions.ts';
import { fillTemplate, type SecretNames } from '../language/template.ts';
import { DEFAULT_KIND, type LoadedRunbook } from '../language/types.ts';
import { bindParameters } from './parameters.ts';
import { type Binding, type Planning, scopeOf } from './planning.ts';
import { SECRET_REMEDY, secretMisuse } from './secret-use.ts';

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
  const { id, source, editions, kind } = loaded.runbook;
  const { manual, edition } = expressClusterOf(status);
  // A part may serve the procedures of both manuals; a house runbook is of none.
  const isOfManual = kind === 'part' || !source || source.manual === manual;
  if (isOfManual && editions.includes(edition)) return;
  const meant = [...(source ? [source.manual] : []), editions.join(', ')].join(' ');
  throw new DrydockError(`'${id}' is for ${meant}; this cluster is ${manual} ${edition}`, {
    code: 'edition',
    exit: 4,
    place: loaded.placeOf(['editions']),
    remedy: `choose a runbook for it: drydock list --manual ${manual} --edition ${edition}`,
  });
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
  noteOverlays(planning, loaded);
  const { names, secrets } = bindParameters(planning, loaded, { given, handedDown, ...within });
  const binding: Binding = { loaded, ...within, names, secrets, requires: [] };
  bindRoles(planning, binding);
  binding.requires = (loaded.runbook.requires ?? []).map(({ that, or }) => ({
    that,
    or: fillTemplate(or, scopeOf(planning, names), secrets),
  }));
  return binding;
}

function noteOverlays({ overlays }: Planning, { runbook, overlays: used }: LoadedRunbook): void {
  for (const { id, title, hash } of used ?? []) {
    overlays.set(id, { id, of: runbook.id, title, hash });
  }
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
