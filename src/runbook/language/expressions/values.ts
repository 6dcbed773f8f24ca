/**
 * A status as CEL sees it. Records are converted when they are looked at, by the schema.
 *
 * What is not known becomes an error value here, where it enters, so that no operator has to know
 * of it: null in most fields (in the fields of NONE it is a value, "there is none", as long as the
 * record itself was observed), the vendor's own words for not knowing (GRAY, Unknown), and lists
 * and maps of a record that nobody observed, however empty they look. Only a comparison with the
 * vendor's word itself reads past that, by `asSaid`. A name that a record does not have is a
 * mistake of the author, not something unknown.
 *
 * Numbers without a fraction are CEL's `int`, all others its `double`.
 */
import { type CelMap, type CelValue, celError, celList, celMap, isCelError } from '@bufbuild/cel';
import type { Json } from '../../../core/json.ts';
import { suggestion } from '../../../core/nearest.ts';
import type { Observed, Status } from '../../../schema/generated/status-1.ts';
import { spend } from './budget.ts';
import { expressClusterView } from './expresscluster.ts';
import type { Scope } from './expressions.ts';
import { fieldsOf, STATUS_TYPE, type Type } from './schema.ts';

/** Begins the message of every error value that means "not known". */
export const UNKNOWN = '\u0001unknown ';

/** Fields where null is a value: none, never, nowhere. */
const NONE: Record<string, ReadonlySet<string>> = {
  cluster: new Set(['timeoutRatioUntil']),
  ServerStatus: new Set(['medium']),
  GroupStatus: new Set(['current']),
  ResourceStatus: new Set(['current']),
  MonitorOnServer: new Set(['message']),
  MirrorStatus: new Set(['group', 'recovery']),
  MirrorSideStatus: new Set(['lastUpdate', 'breakTime', 'generation']),
  RecoveryStatus: new Set(['remainMs']),
  leases: new Set(['holder', 'token']),
  Observed: new Set(['by', 'at', 'unknown']),
};

/** A server has three observers; which one answers for a field. */
const OBSERVER: Record<string, string> = {
  power: 'powerObserved',
  bays: 'powerObserved',
  images: 'powerObserved',
  state: 'daemonObserved',
  daemon: 'daemonObserved',
  agent: 'daemonObserved',
  heartbeats: 'daemonObserved',
};

export function unknownError(path: string, why: string) {
  return celError(`${UNKNOWN}${path}: ${why}`);
}

/** What a record is, for functions that ask about it. */
interface About {
  path: string;
  why(field: string): string | null;
  /** As it was said, the vendor's words for "not known" too; other unknown values as errors. */
  asSaid(key: string): unknown;
}

const records = new WeakMap<object, About>();

export function aboutRecord(value: unknown): About | null {
  return typeof value === 'object' && value !== null ? (records.get(value) ?? null) : null;
}

type Look = (key: string) => unknown;

/**
 * A CEL map whose values are found on demand and may be error values: the library's own map
 * with `get` and `has` put in front. An error thrown by `has` is turned into an error value by
 * the operator `in`.
 */
function lazyMap(data: object, look: Look, about: About): CelMap {
  const keys = Object.keys(data);
  const base = celMap(new Map(keys.map((key) => [key, true])));
  const walk = () => {
    spend(keys.length);
    return keys.map((key) => [key, look(key) as CelValue] as const);
  };
  const map = Object.create(base, {
    size: { get: () => keys.length },
    keys: { value: () => keys.values() },
    values: {
      value: () =>
        walk()
          .map(([, item]) => item)
          .values(),
    },
    entries: { value: () => walk().values() },
    [Symbol.iterator]: { value: () => walk().values() },
    get: { value: (key: unknown) => look(String(key)) },
    has: {
      value: (key: unknown) => {
        const why = keys.includes(String(key)) ? null : about.why('');
        if (why !== null) throw unknownError(`${about.path}['${String(key)}']`, why);
        return keys.includes(String(key));
      },
    },
  }) as CelMap;
  records.set(map, about);
  return map;
}

function missing(path: string, key: string, known: string[]) {
  return celError(`${path} has no '${key}'; ${suggestion(key, known)}`);
}

/** Servers whose daemons neither told nor are known to be stopped: they could hold any group. */
function silentServers(status: Status): string[] {
  return Object.values(status.servers)
    .filter(({ daemon, daemonObserved }) => daemonObserved.unknown !== null && daemon !== 'stopped')
    .map(({ daemonObserved, name }) => daemonObserved.unknown ?? name);
}

/** Why nothing is known of a field; null when its record was observed. */
function whyUnknown(
  status: Status,
  name: string,
  data: Record<string, unknown>,
  field: string,
): string | null {
  if (name === 'MirrorStatus') {
    const sides = Object.values((data.servers ?? {}) as Record<string, { observed: Observed }>);
    const whys = sides.map((side) => side.observed.unknown);
    if (field === 'group' || whys.length === 0 || whys.includes(null)) return null;
    return whys.join('; ');
  }
  const observer = name === 'ServerStatus' ? (OBSERVER[field] ?? 'observed') : 'observed';
  const why = (data[observer] as Observed | undefined)?.unknown ?? null;
  if (why !== null) return why;
  // Observed, and yet nobody could tell this.
  if (name === 'ServerStatus' && field === 'heartbeats' && data.daemon !== 'running') {
    return `the daemon of ${String(data.name)} does not run`;
  }
  if (name === 'GroupStatus' && field === 'activeOn') return silentServers(status)[0] ?? null;
  return null;
}

/** Lists and maps of records that say themselves whether they were observed. */
function tellsItself(type: Type): boolean {
  if (type.kind !== 'list' && type.kind !== 'map') return false;
  return type.of.kind === 'record' && Object.hasOwn(fieldsOf(type.of), 'observed');
}

/** What is being converted, and for whom. */
interface Place {
  status: Status;
  path: string;
  /** Why nobody observed it; null: it was observed. */
  why: string | null;
}

function recordOf(type: Type & { kind: 'record' }, data: Record<string, unknown>, place: Place) {
  const { status, path } = place;
  const why = (field: string) => whyUnknown(status, type.name, data, field);
  const fields = fieldsOf(type);
  const find = (key: string, raw: boolean) => {
    const field = fields[key];
    if (!field) return missing(path, key, Object.keys(fields));
    const value = data[key];
    const at = { status, path: `${path}.${key}`, why: why(key) };
    if (value === null || value === undefined) {
      if (at.why === null && NONE[type.name]?.has(key)) return null;
      return unknownError(at.path, at.why ?? 'nobody said');
    }
    return convert(field, value, at, raw);
  };
  return lazyMap(data, (key) => find(key, false), {
    path,
    why,
    asSaid: (key) => find(key, true),
  });
}

function mapOf(type: Type & { kind: 'map' }, data: Record<string, unknown>, place: Place) {
  const { path, why } = place;
  const find = (key: string, raw: boolean) => {
    const at = { ...place, path: `${path}['${key}']` };
    if (Object.hasOwn(data, key)) return convert(type.of, data[key], at, raw);
    if (why !== null) return unknownError(at.path, why);
    return missing(path, key, Object.keys(data));
  };
  return lazyMap(data, (key) => find(key, false), {
    path,
    why: () => why,
    asSaid: (key) => find(key, true),
  });
}

function listOf(type: Type & { kind: 'list' }, data: unknown[], place: Place) {
  const items = data.map((item, index) =>
    convert(type.of, item, { ...place, path: `${place.path}[${index}]` }),
  );
  return items.find((item) => isCelError(item)) ?? celList(items as never);
}

/** `raw`: the vendor's words for "not known" are let through. */
function convert(type: Type, value: unknown, place: Place, raw = false): unknown {
  const { path, why } = place;
  if (value === null) return unknownError(path, why ?? 'nobody said');
  if (type.kind === 'record') return recordOf(type, value as Record<string, unknown>, place);
  if (type.kind === 'map' || type.kind === 'list') {
    if (why !== null && !tellsItself(type)) return unknownError(path, why);
    return type.kind === 'map'
      ? mapOf(type, value as Record<string, unknown>, place)
      : listOf(type, value as unknown[], place);
  }
  if (type.kind === 'string' && type.unknownWord === value && !raw) {
    return unknownError(path, why ?? `it says ${type.unknownWord}`);
  }
  return jsonToCel(value as Json);
}

const converted = new WeakMap<Status, Record<string, unknown>>();

/** `cluster`, and the named records as lists: servers, groups, resources, monitors, mirrors. */
function roots(status: Status): Record<string, unknown> {
  const known = converted.get(status);
  if (known) return known;
  const made: Record<string, unknown> = {
    cluster: convert(STATUS_TYPE.cluster!, status.cluster, { status, path: 'cluster', why: null }),
    leases: convert(STATUS_TYPE.leases!, status.leases, { status, path: 'leases', why: null }),
  };
  for (const list of ['servers', 'groups', 'resources', 'monitors', 'mirrors'] as const) {
    const type = STATUS_TYPE[list] as Type & { kind: 'map' };
    const one = list.slice(0, -1);
    made[list] = Object.entries(status[list]).map(([name, data]) =>
      convert(type.of, data, { status, path: `${one}('${name}')`, why: null }),
    );
  }
  converted.set(status, made);
  return made;
}

let current: Scope | null = null;

/** The scope of the evaluation that runs; evaluation is synchronous and never nested. */
export function currentScope(): Scope {
  if (!current) throw new Error('defect: no expression is being evaluated');
  return current;
}

export function statusRoots(scope: Scope): Record<string, unknown> {
  current = scope;
  return roots(expressClusterView(scope.status));
}

/** The status of the evaluation that runs, as expressions speak of it. */
export function currentView(): Status {
  return expressClusterView(currentScope().status);
}

/** The records of a kind, each already converted. */
export function recordsOf(kind: 'servers' | 'groups' | 'resources' | 'monitors' | 'mirrors') {
  return roots(currentView())[kind] as CelMap[];
}

export function jsonToCel(value: Json): unknown {
  if (Array.isArray(value)) return celList(value.map(jsonToCel) as never);
  if (value !== null && typeof value === 'object') {
    return celMap(
      new Map(Object.entries(value).map(([key, item]) => [key, jsonToCel(item)])) as never,
    );
  }
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}

/** `before.x`: unknown as long as nothing was remembered under that name. */
export function remembered(before: Record<string, Json>): unknown {
  const why = 'nothing was remembered under this name';
  const look: Look = (key) =>
    Object.hasOwn(before, key)
      ? jsonToCel(before[key] ?? null)
      : unknownError(`before.${key}`, why);
  return lazyMap(before, look, { path: 'before', why: () => why, asSaid: look });
}
