/**
 * Whether a runbook is for the cluster as it is: its kind, its edition, what its parameters can be
 * there, its roles and its requirements, as planning sees them. No step is planned for it.
 *
 * Where a parameter has to be given and may be one of several, each is tried: the runbook fits where
 * one of them does, and where no other one does it is taken. A text that only a person knows is left
 * open, and so is every requirement that asks for it.
 */
import { DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import { evaluate } from '../language/expressions/expressions.ts';
import type { Library, LoadedRunbook } from '../language/types.ts';
import { bindRunbook } from '../plan/binding.ts';
import { MissingParameter } from '../plan/parameters.ts';
import { type Planning, scopeOf } from '../plan/planning.ts';

export interface Wanted {
  name: string;
  description: string;
  /** Which values fit; empty: a text of the person's own. */
  oneOf: string[];
}

export type Fit =
  | { fits: true; parameters: Record<string, Json>; wants: Wanted[] }
  /** `isKind`: never on this cluster; else not as it is now. */
  | { fits: false; why: string; isKind: boolean };

export interface Asked {
  library: Library;
  status: Status;
  topology: Topology;
}

interface Attempt {
  given: Record<string, Json>;
  /** Parameters whose values stand for a text that only a person knows. */
  open: readonly Wanted[];
}

/** Of the combinations of what could be given. */
const MOST_TRIES = 64;
const KINDS = new Set(['edition', 'cluster.kind', 'runbook.part']);

function planningFor({ library, status, topology }: Asked, open: ReadonlySet<string>): Planning {
  return {
    library,
    status,
    topology,
    steps: [],
    leftOut: [],
    roles: {},
    called: new Map(),
    overlays: new Map(),
    secrets: new Map(),
    open,
  };
}

const mentions = (text: string, names: Iterable<string>): boolean =>
  [...names].some((name) => new RegExp(`\\b${name}\\b`).test(text));

/** What is open, and whatever is reckoned from it. */
function openNames({ runbook }: LoadedRunbook, { given, open }: Attempt): Set<string> {
  const names = new Set(open.map(({ name }) => name));
  for (const [name, parameter] of Object.entries(runbook.parameters ?? {})) {
    const text = parameter['default-expression'];
    if (text !== undefined && !Object.hasOwn(given, name) && mentions(text, names)) names.add(name);
  }
  for (const [name, text] of Object.entries(runbook.roles ?? {})) {
    if (mentions(text, names)) names.add(name);
  }
  return names;
}

/** A parameter that only has its default yet: what does not hold with it may hold with another value. */
function choiceIn(
  { runbook }: LoadedRunbook,
  given: Record<string, Json>,
  that: string,
): Wanted | null {
  const declared = Object.entries(runbook.parameters ?? {});
  const found = declared.find(
    ([name, one]) =>
      one.default !== undefined && !Object.hasOwn(given, name) && mentions(that, [name]),
  );
  return found ? { name: found[0], description: found[1].description, oneOf: [] } : null;
}

/** Of the requirements that can be judged, the first that does not hold. */
function judged(asked: Asked, loaded: LoadedRunbook, { given, open }: Attempt): Fit {
  const unsaid = openNames(loaded, { given, open });
  const planning = planningFor(asked, unsaid);
  const { requires, names } = bindRunbook(planning, loaded, given, { prefix: '', callers: [] });
  const scope = scopeOf(planning, names);
  const wants = [...open];
  for (const { that, or } of requires) {
    if (mentions(that, unsaid)) continue;
    const found = evaluate(that, scope);
    if ('unknown' in found) return { fits: false, why: `${found.unknown}; ${or}`, isKind: false };
    if (found.value === true) continue;
    const choice = choiceIn(loaded, given, that);
    if (choice === null) return { fits: false, why: or, isKind: false };
    if (!wants.some(({ name }) => name === choice.name)) wants.push(choice);
  }
  return { fits: true, parameters: given, wants };
}

function noneOf(from: string): Fit {
  return { fits: false, why: `the cluster has no ${from}`, isKind: true };
}

/** What an expression stumbled over, without the expression. */
const STUMBLED = /cannot be evaluated: (.*)/s;
const NOTHING_THERE = /^index \d+ (is not in the list|out of bounds)/;
const OF_TWO = /needs a cluster of two servers/;

/** For who looks for a procedure: neither where in the file it is, nor how to run it all the same. */
function plainly({ message }: DrydockError): string {
  const tail = STUMBLED.exec(message)?.[1];
  if (tail === undefined) return message;
  if (OF_TWO.test(tail)) return 'it needs a cluster of two servers';
  return NOTHING_THERE.test(tail) ? 'nothing here is in the state that it is for' : tail;
}

function whyNot(refused: readonly Extract<Fit, { fits: false }>[]): Fit {
  const reasons = [...new Set(refused.map(({ why }) => why))];
  const isKind = refused.every((one) => one.isKind);
  return { fits: false, why: reasons.slice(0, 2).join('; or: '), isKind };
}

/** Each name that a parameter can be; where several fit, it is the person's choice. */
function tried(
  asked: Asked,
  loaded: LoadedRunbook,
  attempt: Attempt,
  { parameter: name, description, oneOf }: MissingParameter,
  budget: { left: number },
): Fit {
  const fits = oneOf.map((value) => {
    const given = { ...attempt.given, [name]: value };
    return { value, fit: attempted(asked, loaded, { ...attempt, given }, budget) };
  });
  const good = fits.flatMap(({ value, fit }) => (fit.fits ? [{ value, fit }] : []));
  const [only, ...others] = good;
  if (!only) return whyNot(fits.flatMap(({ fit }) => (fit.fits ? [] : [fit])));
  if (others.length === 0) return only.fit;
  const want = { name, description, oneOf: good.map(({ value }) => value) };
  const { [name]: _chosen, ...parameters } = only.fit.parameters;
  return { fits: true, parameters, wants: [want, ...only.fit.wants] };
}

function attempted(
  asked: Asked,
  loaded: LoadedRunbook,
  attempt: Attempt,
  budget: { left: number },
): Fit {
  budget.left -= 1;
  if (budget.left < 0) return { fits: false, why: 'too much has to be given first', isKind: false };
  try {
    return judged(asked, loaded, attempt);
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    if (!(error instanceof MissingParameter)) {
      return { fits: false, why: plainly(error), isKind: KINDS.has(error.code) };
    }
    const { parameter: name, description, oneOf, from, anything } = error;
    if (oneOf.length > 0) return tried(asked, loaded, attempt, error, budget);
    if (from) return noneOf(from);
    const open = [...attempt.open, { name, description, oneOf: [] }];
    return attempted(
      asked,
      loaded,
      { given: { ...attempt.given, [name]: anything }, open },
      budget,
    );
  }
}

/** `given`: what is known of its parameters beforehand. */
export function fitOf(asked: Asked, loaded: LoadedRunbook, given: Record<string, Json> = {}): Fit {
  const fit = attempted(asked, loaded, { given, open: [] }, { left: MOST_TRIES });
  if (!fit.fits) return fit;
  const open = new Set(fit.wants.filter(({ oneOf }) => oneOf.length === 0).map(({ name }) => name));
  const parameters = Object.entries(fit.parameters).filter(([name]) => !open.has(name));
  return { ...fit, parameters: Object.fromEntries(parameters) };
}
