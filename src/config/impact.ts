/**
 * What must rest while a changed configuration is distributed (v3 6.1):
 *
 *   none      nothing differs            upload    nothing has to rest          (6.1.1)
 *   suspend   heartbeats and monitors    (6.1.4)   stop      groups too         (6.1.5)
 *   shutdown  the servers too            (6.1.6)
 *
 * Two files are compared element by element, also where nothing here reads them; impact-rows.ts says
 * what each place weighs. Comments of the file and white space are no difference, and an element
 * that is left out is the same as an empty one.
 */
import { IMPACTS, type ImpactLevel, LEVELS } from './impact-rows.ts';
import { resourceKind } from './kinds.ts';
import { at, elementsOf, parseXml, textOf, type XmlElement } from './xml.ts';

export type { ImpactLevel } from './impact-rows.ts';

export interface Impact {
  level: ImpactLevel;
  /** What differs, the weightiest first. */
  because: string[];
}

type Change = 'added' | 'removed' | 'changed' | 'moved';

interface Difference {
  /** Below <root>, e.g. `group@failover1/start`. */
  path: string;
  change: Change;
}

interface Pair {
  before: XmlElement | undefined;
  after: XmlElement | undefined;
}

const keyOf = (element: XmlElement) => element.attributes.name ?? element.attributes.id;

const stepOf = (element: XmlElement) => {
  const key = keyOf(element);
  return key === undefined ? element.name : `${element.name}@${key}`;
};

/** No step of a path holds it. */
const NTH = '\n';

/** Children by their step; what stands there more than once is told apart by its place. */
function childrenOf(element: XmlElement | undefined): Map<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  const counts = new Map<string, number>();
  for (const child of elementsOf(element)) {
    const step = stepOf(child);
    const nth = counts.get(step) ?? 0;
    counts.set(step, nth + 1);
    found.set(nth === 0 ? step : `${step}${NTH}${nth}`, child);
  }
  return found;
}

/** Members of one list, e.g. the servers of a group, in another order than before. */
function movedIn(path: string, before: string[], after: string[]): Difference[] {
  const tagOf = (step: string) => step.slice(0, step.indexOf('@'));
  const inBoth = (steps: string[], others: string[]) =>
    steps.filter((step) => step.includes('@') && others.includes(step));
  const [old, now] = [inBoth(before, after), inBoth(after, before)];
  return [...new Set(now.map(tagOf))].flatMap((tag) => {
    const of = (steps: string[]) => steps.filter((step) => tagOf(step) === tag);
    const first = of(now).find((step, at) => of(old)[at] !== step);
    return first === undefined
      ? []
      : [{ path: path + first.split(NTH)[0], change: 'moved' as const }];
  });
}

function differencesIn({ before, after }: Pair, prefix = ''): Difference[] {
  const [old, now] = [childrenOf(before), childrenOf(after)];
  const steps = [...new Set([...old.keys(), ...now.keys()])];
  const within = steps.flatMap((step) =>
    differencesOf({ before: old.get(step), after: now.get(step) }, prefix + step.split(NTH)[0]),
  );
  return [...within, ...movedIn(prefix, [...old.keys()], [...now.keys()])];
}

function differencesOf(pair: Pair, path: string): Difference[] {
  const { before, after } = pair;
  const one = after ?? before;
  if (before === undefined || after === undefined) {
    const change = before === undefined ? 'added' : 'removed';
    if (one !== undefined && keyOf(one) !== undefined) return [{ path, change }];
  }
  const isSame = (before ? textOf(before) : '') === (after ? textOf(after) : '');
  const attributes = (element?: XmlElement) => JSON.stringify(element?.attributes ?? {});
  const isAlike = !before || !after || attributes(before) === attributes(after);
  const own: Difference[] = isSame && isAlike ? [] : [{ path, change: 'changed' }];
  return [...own, ...differencesIn(pair, `${path}/`)];
}

function patternOf(path: string): RegExp {
  const text = path
    .split('/')
    .map((step) => (step === '**' ? '.+' : step.replaceAll('*', '[^/]+')))
    .join('/');
  return new RegExp(`^${text}$`);
}

const ROWS = IMPACTS.map(([path, level]) => [patternOf(path), level] as const);

function levelOf(path: string): ImpactLevel {
  return ROWS.find(([pattern]) => pattern.test(path))?.[1] ?? 'stop';
}

/** `parameters of resource fip2`, `resource exec3 added`, `cluster/startupwait changed`. */
function wordsOf({ path, change }: Difference): string {
  const steps = path.split('/');
  const at = steps.findIndex((step) => step.includes('@'));
  if (at < 0) return `${path} ${change}`;
  const [tag = '', name = ''] = steps[at]!.split(/@(.*)/s);
  const what = `${at === 0 ? tag : steps[at - 1]} ${name}`;
  const [inner] = steps.slice(at + 1);
  return inner === undefined ? `${what} ${change}` : `${inner.replace('@', ' ')} of ${what}`;
}

/**
 * What a server weighs that is added or taken out, with its place in groups of all sorts: who is
 * suspended goes on without it (v3 6.3, x5 2.25.1 and 2.25.3); beside a mirror everything stops
 * (x5 2.25.2, 2.25.4), its agents included.
 */
function membership(differences: readonly Difference[], hasMirrors: boolean) {
  const names = differences.flatMap(({ path, change }) => {
    const [, name] = /^server@([^/]+)$/.exec(path) ?? [];
    return name !== undefined && (change === 'added' || change === 'removed') ? [name] : [];
  });
  const level: ImpactLevel = hasMirrors ? 'shutdown' : 'suspend';
  return ({ path }: Difference): ImpactLevel | null => {
    const [, name = ''] =
      /^(?:server|(?:group|servergroup)@[^/]+\/policy)@([^/]+)$/.exec(path) ?? [];
    return names.includes(name) ? level : null;
  };
}

function weigh(differences: readonly Difference[], hasMirrors: boolean): Impact {
  const asMember = membership(differences, hasMirrors);
  const weighed = differences.map((one) => {
    return { level: asMember(one) ?? levelOf(one.path), what: wordsOf(one) };
  });
  const weight = ({ level }: { level: ImpactLevel }) => LEVELS.indexOf(level);
  weighed.sort((a, b) => weight(b) - weight(a));
  const because = [...new Set(weighed.map(({ what }) => what))];
  return { level: weighed[0]?.level ?? 'none', because };
}

interface Compared {
  differences: Difference[];
  hasMirrors: boolean;
}

function compare(before: string, after: string): Compared {
  const rootOf = (text: string) => parseXml(text, 'clp.conf').root;
  const pair = { before: rootOf(before), after: rootOf(after) };
  const hasMirrors = Object.values(pair).some((root) =>
    elementsOf(at(root, 'resource')).some(({ name }) => resourceKind(name).replicates),
  );
  return { differences: differencesIn(pair), hasMirrors };
}

/** Both are files that could be read. */
export function impactOf(before: string, after: string): Impact {
  const { differences, hasMirrors } = compare(before, after);
  return weigh(differences, hasMirrors);
}

/** Types of which a resource can be added to a group that runs (x5 2.28). */
const ADDED_AT_WORK = ['exec', 'disk', 'fip', 'vip', 'volmgr'];

/**
 * The same where resources are added to groups at work: those that can be cost no more than a
 * suspended cluster, everything else what it costs.
 */
export function impactOfAdding(before: string, after: string): Impact {
  const { differences, hasMirrors } = compare(before, after);
  const added = new Map<string, string>();
  for (const { path, change } of differences) {
    const [, member = ''] = /^group@[^/]+\/resource@(.+)$/.exec(path) ?? [];
    const [type = '', name] = member.split('@');
    if (change !== 'added' || name === undefined || !ADDED_AT_WORK.includes(type)) continue;
    added.set(path, name);
    added.set(`resource/${type}@${name}`, name);
  }
  const isAddition = ({ path, change }: Difference) => change === 'added' && added.has(path);
  const rest = weigh(
    differences.filter((one) => !isAddition(one)),
    hasMirrors,
  );
  if (added.size === 0) return rest;
  const words = [...new Set(added.values())].map((name) => `resource ${name} added`);
  const isMore = LEVELS.indexOf(rest.level) > LEVELS.indexOf('suspend');
  return { level: isMore ? rest.level : 'suspend', because: [...rest.because, ...words] };
}
