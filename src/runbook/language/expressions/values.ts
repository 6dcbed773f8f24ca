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
import { perObject } from '../../../core/per-object.ts';
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
  machine: 'powerObserved',
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

/** What makes the library take something for one of its maps. */
const LIBRARY_MAP = celMap(new Map());

/**
 * A CEL map whose values are found on demand and may be error values: one of the library's own,
 * with everything that is asked of it put in front. An error thrown by `has` is turned into an
 * error value by the operator `in`.
 */
class LazyMap {
  readonly #keys: string[];
  readonly #look: Look;
  readonly #about: About;

  static {
    Object.setPrototypeOf(LazyMap.prototype, LIBRARY_MAP);
  }

  constructor(data: object, look: Look, about: About) {
    this.#keys = Object.keys(data);
    this.#look = look;
    this.#about = about;
  }

  get size(): number {
    return this.#keys.length;
  }

  keys() {
    return this.#keys.values();
  }

  values() {
    return this.#walk()
      .map(([, item]) => item)
      .values();
  }

  entries() {
    return this.#walk().values();
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  forEach(call: (item: CelValue, key: string, map: unknown) => void): void {
    for (const [key, item] of this.#walk()) call(item, key, this);
  }

  get(key: unknown): unknown {
    return this.#look(String(key));
  }

  has(key: unknown): boolean {
    const isThere = this.#keys.includes(String(key));
    const why = isThere ? null : this.#about.why('');
    if (why !== null) throw unknownError(`${this.#about.path}['${String(key)}']`, why);
    return isThere;
  }

  #walk(): (readonly [string, CelValue])[] {
    spend(this.#keys.length);
    return this.#keys.map((key) => [key, this.#look(key) as CelValue] as const);
  }
}

function lazyMap(data: object, look: Look, about: About): CelMap {
  const map = new LazyMap(data, look, about) as unknown as CelMap;
  records.set(map, about);
  return map;
}

function missing(path: string, key: string, known: string[]) {
  return celError(`${path} has no '${key}'; ${suggestion(key, known)}`);
}

/** Servers whose daemons neither reported nor are known to be stopped: they could hold any group. */
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

export type Kind = 'servers' | 'groups' | 'resources' | 'monitors' | 'mirrors';

const KINDS: readonly Kind[] = ['servers', 'groups', 'resources', 'monitors', 'mirrors'];

/** What was converted of a status, by where it stands there. */
const converted = new WeakMap<object, unknown>();

function once<T>(of: object, make: () => T): T {
  if (!converted.has(of)) converted.set(of, make());
  return converted.get(of) as T;
}

/** The record of that name, converted when it is first asked for; undefined: there is none. */
function recordIn(status: Status, kind: Kind, name: string): CelMap | undefined {
  const all = status[kind] as Record<string, object>;
  const data = Object.hasOwn(all, name) ? all[name] : undefined;
  if (!data) return undefined;
  const { of } = STATUS_TYPE[kind] as Type & { kind: 'map' };
  const place = { status, path: `${kind.slice(0, -1)}('${name}')`, why: null };
  return once(data, () => convert(of, data, place)) as CelMap;
}

function wholeOf(status: Status, name: 'cluster' | 'leases'): unknown {
  const place = { status, path: name, why: null };
  return once(status[name], () => convert(STATUS_TYPE[name]!, status[name], place));
}

function allOf(status: Status, kind: Kind): unknown {
  return once(status[kind], () =>
    Object.keys(status[kind]).map((name) => recordIn(status, kind, name)),
  );
}

/** The names of the servers that the configuration names. */
export function memberNames({ servers }: Status): string[] {
  return Object.keys(servers).filter((name) => servers[name]?.member !== false);
}

const membersIn = perObject((status: Status): unknown =>
  memberNames(status).map((name) => recordIn(status, 'servers', name)),
);

/** No name of an expression. */
const OF = Symbol('status');

/**
 * `cluster`, `leases`, and the named records as lists, each made when an expression names it;
 * `servers` are those of the configuration, `machines` all that stand in the rack.
 */
const ROOTS = Object.create(null);
for (const name of ['cluster', 'leases'] as const) {
  Object.defineProperty(ROOTS, name, {
    get(this: { [OF]: Status }) {
      return wholeOf(this[OF], name);
    },
  });
}
for (const kind of KINDS) {
  Object.defineProperty(ROOTS, kind, {
    get(this: { [OF]: Status }) {
      return kind === 'servers' ? membersIn(this[OF]) : allOf(this[OF], kind);
    },
  });
}
Object.defineProperty(ROOTS, 'machines', {
  get(this: { [OF]: Status }) {
    return allOf(this[OF], 'servers');
  },
});

let current: Scope | null = null;

/** The scope of the evaluation that runs; evaluation is synchronous and never nested. */
export function currentScope(): Scope {
  if (!current) throw new Error('defect: no expression is being evaluated');
  return current;
}

export function statusRoots(scope: Scope): object {
  current = scope;
  const roots = Object.create(ROOTS);
  roots[OF] = expressClusterView(scope.status);
  return roots;
}

/** The status of the evaluation that runs, as expressions speak of it. */
export function currentView(): Status {
  return expressClusterView(currentScope().status);
}

/** The record of that name; undefined: there is none. */
export function recordNamed(kind: Kind, name: string): CelMap | undefined {
  return recordIn(currentView(), kind, name);
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
