/** Groups, server groups and exclusion rules, as elements of a clp.conf (read-groups.ts). */
import type {
  ClusterConfiguration,
  ConfiguredGroup,
} from '../schema/generated/cluster-configuration.ts';
import * as defaults from './defaults.ts';
import { EXCLUSIONS, POLICIES } from './read-groups.ts';
import { put, putSeconds, syncNamed } from './sync.ts';
import { at, elementsOf, ensure, newElement, removeAt, type XmlElement } from './xml.ts';

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function removeAll(element: XmlElement, tag: string): void {
  const old = elementsOf(element, tag);
  element.children = element.children.filter((child) => !old.includes(child as XmlElement));
}

function putOrdered(element: XmlElement, tag: string, names: readonly string[]): void {
  removeAll(element, tag);
  names.forEach((name, order) => {
    put(newElement(element, tag, { name }), 'order', undefined, order, null);
  });
}

function syncStartAfter(
  element: XmlElement,
  before: ConfiguredGroup['startAfter'],
  after: ConfiguredGroup['startAfter'],
): void {
  if (isSame(before, after)) return;
  if (after === undefined) {
    removeAt(element, 'depend/act');
    return;
  }
  const section = ensure(element, 'depend/act');
  removeAll(section, 'depend');
  for (const { name, sameServer } of after.groups) {
    const depend = newElement(section, 'depend', { name });
    put(depend, 'sameserver', undefined, sameServer, false);
  }
  putSeconds(section, 'timeout', before?.timeoutMs, after.timeoutMs, defaults.GROUP_WAIT_MS);
}

function syncStopAfter(
  element: XmlElement,
  before: ConfiguredGroup['stopAfter'],
  after: ConfiguredGroup['stopAfter'],
): void {
  if (isSame(before, after)) return;
  if (after === undefined) {
    removeAt(element, 'depend/deact');
    return;
  }
  const section = ensure(element, 'depend/deact');
  removeAll(section, 'depend');
  for (const name of after.groups) newElement(section, 'depend', { name });
  putSeconds(section, 'timeout', before?.timeoutMs, after.timeoutMs, defaults.GROUP_WAIT_MS);
  put(section, 'cluster/use', before?.onClusterStop, after.onClusterStop, true);
  put(section, 'server/use', before?.onServerStop, after.onServerStop, false);
}

interface Context {
  servers: string[];
  types: Map<string, string>;
  index: number;
}

function syncServers(
  element: XmlElement,
  before: ConfiguredGroup | undefined,
  after: ConfiguredGroup,
  { servers }: Context,
): void {
  if (!isSame(before?.serverGroups, after.serverGroups)) {
    putOrdered(element, 'svgpolicy', after.serverGroups ?? []);
  }
  const isListed = elementsOf(element, 'policy').length > 0;
  const isDerived = after.serverGroups !== undefined && !isListed;
  const isOrdinary = !isListed && after.servers.join() === servers.join();
  if (isDerived || isOrdinary || before?.servers.join() === after.servers.join()) return;
  putOrdered(element, 'policy', after.servers);
}

export function syncGroup(
  element: XmlElement,
  before: ConfiguredGroup | undefined,
  after: ConfiguredGroup,
  context: Context,
): void {
  put(element, 'comment', before?.comment, after.comment, '');
  if (before === undefined) put(element, 'gid', undefined, context.index, null);
  put(element, 'start', before && before.startup === 'auto', after.startup === 'auto', true);
  put(element, 'failover', before && before.failover === 'auto', after.failover === 'auto', true);
  const back = [before && before.autoFailback === true, after.autoFailback === true] as const;
  put(element, 'failback', back[0], back[1], false);
  const exclusion = (group: ConfiguredGroup) => EXCLUSIONS.indexOf(group.exclusive ?? 'none');
  put(element, 'exclusive', before && exclusion(before), exclusion(after), 0);
  const policy = (group: ConfiguredGroup) => POLICIES.indexOf(group.failoverPolicy);
  put(element, 'failoverpolicy', before && policy(before), policy(after), 0);
  syncServers(element, before, after, context);
  syncStartAfter(element, before?.startAfter, after.startAfter);
  syncStopAfter(element, before?.stopAfter, after.stopAfter);
  const isEmpty = elementsOf(at(element, 'depend')).length === 0;
  if (before !== undefined && isEmpty) removeAt(element, 'depend');
  const members = after.resources.map((name) => `${context.types.get(name) ?? ''}@${name}`);
  const old = elementsOf(element, 'resource').map((member) => member.attributes.name);
  if (old.join() === members.join()) return;
  removeAll(element, 'resource');
  for (const name of members) newElement(element, 'resource', { name });
}

function syncRules(
  root: XmlElement,
  before: ClusterConfiguration['exclusionRules'],
  after: ClusterConfiguration['exclusionRules'],
): void {
  if (isSame(before, after)) return;
  syncNamed(root, 'xclrule', before, after ?? [], (element, old, now) => {
    put(element, 'comment', old?.comment, now.comment, '');
    put(element, 'type', old && EXCLUSIONS.indexOf(old.kind), EXCLUSIONS.indexOf(now.kind), 1);
    if (isSame(old?.groups, now.groups)) return;
    removeAll(element, 'group');
    for (const name of now.groups) newElement(element, 'group', { name });
  });
}

/** What the cluster says of its groups together. */
export function syncGroupSettings(
  root: XmlElement,
  before: ClusterConfiguration | undefined,
  after: ClusterConfiguration,
): void {
  if (!isSame(before?.serverGroups, after.serverGroups)) {
    const groups = after.serverGroups ?? [];
    syncNamed(root, 'servergroup', before?.serverGroups, groups, (element, old, now) => {
      put(element, 'comment', old?.comment, now.comment, '');
      if (!isSame(old?.servers, now.servers)) putOrdered(element, 'policy', now.servers);
    });
  }
  syncRules(root, before?.exclusionRules, after.exclusionRules);
  const rows = [
    ['rc/errordetect/rscdeact/norecovery', 'noDeactivationRecovery'],
    ['rc/noautostart', 'noAutoStartup'],
    ['rc/errordetect/server/nofailover', 'noServerFailover'],
  ] as const;
  for (const [path, key] of rows) {
    if (before?.[key] === after[key]) continue;
    const value = after[key];
    if (value === undefined) removeAt(root, path);
    else put(root, path, undefined, value, null);
  }
  if (before?.stallAction === after.stallAction) return;
  if (after.stallAction === undefined) removeAt(root, 'rc/stall/action');
  else put(root, 'rc/stall/action', undefined, defaults.codeOfAction(after.stallAction), null);
}
