/**
 * A status as CEL sees it. Records are converted when they are looked at, by the schema.
 *
 * Null: in most fields "not known". In the fields of NONE it is a value, "there is none", as long
 * as the record itself was observed; when it was not, they are unknown like all others. A name
 * that a record does not have is a mistake of the author, not something unknown.
 */
import { type CelMap, type CelValue, celError, celList, celMap } from '@bufbuild/cel';
import type { Json } from '../core/json.ts';
import { suggestion } from '../core/nearest.ts';
import type { Observed, Status } from '../schema/generated/status.ts';
import type { Scope } from './expressions.ts';
import { fieldsOf, STATUS_TYPE, type Type } from './expressions-schema.ts';

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

/** What a record is, for functions that ask about it: known(record.field). */
interface About {
  path: string;
  why(field: string): string | null;
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
  const map = Object.create(base, {
    size: { get: () => keys.length },
    keys: { value: () => keys.values() },
    values: { value: () => keys.map((key) => look(key) as CelValue).values() },
    get: { value: (key: unknown) => look(String(key)) },
    has: {
      value: (key: unknown) => {
        const why = keys.includes(String(key)) ? null : about.why('');
        if (why !== null) throw unknownError(`${about.path}['${String(key)}']`, why);
        return keys.includes(String(key));
      },
    },
    entries: {
      value: () => keys.map((key) => [key, look(key) as CelValue] as const).values(),
    },
  }) as CelMap;
  records.set(map, about);
  return map;
}

function missing(path: string, key: string, known: string[]) {
  return celError(`${path} has no '${key}'; ${suggestion(key, known)}`);
}

/** Why nothing is known of a field; null when its record was observed. */
function whyUnknown(name: string, data: Record<string, unknown>, field: string): string | null {
  if (name === 'MirrorStatus') {
    const sides = Object.values((data.servers ?? {}) as Record<string, { observed: Observed }>);
    const whys = sides.map((side) => side.observed.unknown);
    if (field === 'group' || whys.length === 0 || whys.includes(null)) return null;
    return whys.join('; ');
  }
  const observer = name === 'ServerStatus' ? (OBSERVER[field] ?? 'observed') : 'observed';
  const observed = data[observer] as Observed | undefined;
  return observed ? observed.unknown : null;
}

function recordOf(type: Type & { kind: 'record' }, data: Record<string, unknown>, path: string) {
  const about: About = { path, why: (field) => whyUnknown(type.name, data, field) };
  const fields = fieldsOf(type);
  const look: Look = (key) => {
    const field = fields[key];
    if (!field) return missing(path, key, Object.keys(fields));
    const value = data[key];
    const why = about.why(key);
    if (value === null || value === undefined) {
      if (why === null && NONE[type.name]?.has(key)) return null;
      return unknownError(`${path}.${key}`, why ?? 'nobody said');
    }
    return convert(field, value, `${path}.${key}`, why);
  };
  return lazyMap(data, look, about);
}

function convert(type: Type, value: unknown, path: string, why: string | null): unknown {
  if (value === null) return unknownError(path, why ?? 'nobody said');
  if (type.kind === 'record') return recordOf(type, value as Record<string, unknown>, path);
  if (type.kind === 'map') {
    const data = value as Record<string, unknown>;
    const about: About = { path, why: () => why };
    return lazyMap(
      data,
      (key) => {
        if (Object.hasOwn(data, key)) return convert(type.of, data[key], `${path}['${key}']`, why);
        if (why !== null) return unknownError(`${path}['${key}']`, why);
        return missing(path, key, Object.keys(data));
      },
      about,
    );
  }
  if (type.kind === 'list') {
    const items = (value as unknown[]).map((item, index) =>
      convert(type.of, item, `${path}[${index}]`, why),
    );
    return celList(items as never);
  }
  return value;
}

const converted = new WeakMap<Status, Record<string, unknown>>();

/** `cluster`, and the named records as lists: servers, groups, resources, monitors, mirrors. */
function roots(status: Status): Record<string, unknown> {
  const known = converted.get(status);
  if (known) return known;
  const made: Record<string, unknown> = {
    cluster: convert(STATUS_TYPE.cluster!, status.cluster, 'cluster', null),
    leases: convert(STATUS_TYPE.leases!, status.leases, 'leases', null),
  };
  for (const list of ['servers', 'groups', 'resources', 'monitors', 'mirrors'] as const) {
    const type = STATUS_TYPE[list] as Type & { kind: 'map' };
    const one = list.slice(0, -1);
    made[list] = Object.entries(status[list]).map(([name, data]) =>
      convert(type.of, data, `${one}('${name}')`, null),
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
  return roots(scope.status);
}

/** The records of a kind, each already converted. */
export function recordsOf(kind: 'servers' | 'groups' | 'resources' | 'monitors' | 'mirrors') {
  return roots(currentScope().status)[kind] as CelMap[];
}

export function jsonToCel(value: Json): unknown {
  if (Array.isArray(value)) return celList(value.map(jsonToCel) as never);
  if (value !== null && typeof value === 'object') {
    return celMap(
      new Map(Object.entries(value).map(([key, item]) => [key, jsonToCel(item)])) as never,
    );
  }
  return value;
}

/** `before.x`: unknown as long as nothing was remembered under that name. */
export function remembered(before: Record<string, Json>): unknown {
  const about: About = { path: 'before', why: () => 'nothing was remembered under this name' };
  const look: Look = (key) =>
    Object.hasOwn(before, key)
      ? jsonToCel(before[key] ?? null)
      : unknownError(`before.${key}`, about.why(key) ?? '');
  return lazyMap(before, look, about);
}
