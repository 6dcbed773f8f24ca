/**
 * The groups of a clp.conf: where they run, when they start and stop, beside whom they may run.
 *
 * Known of the field: group/start 1|0, group/failover 1|0, group/failback 0|1, group/exclusive
 * 0 none | 1 normal | 2 absolute, group/policy@SERVER/order, and the waits for other groups
 * (group/depend/act, group/depend/deact). Not documented, and therefore our choice:
 *
 *   group/failoverpolicy           0 in order, 1 dynamic, 2 within the server group first,
 *                                  3 within the server group only
 *   group/svgpolicy@GROUP/order    server groups in which it runs; its servers are then theirs
 *   servergroup@NAME/policy@SERVER/order
 *   xclrule@NAME/type 0|1|2, xclrule@NAME/group@GROUP
 *   rc/errordetect/rscdeact/norecovery, rc/errordetect/server/nofailover, rc/noautostart 0|1
 *   rc/stall/action                what follows a stall, as an action by number, 2 when left out
 */
import type {
  ClusterConfiguration,
  ConfiguredGroup,
  ExclusionRule,
  ServerGroup,
  StartAfter,
  StopAfter,
} from '../schema/generated/cluster-configuration.ts';
import * as defaults from './defaults.ts';
import { checkName, flagAt, numberAt, refuseTwice, secondsAt, stringAt } from './fields.ts';
import { finalActionAt } from './read-resources.ts';
import { at, elementsOf, wrongAt, type XmlElement } from './xml.ts';

const ORDER = { otherwise: 0, min: 0, max: 9999 };
const UP_TO_TWO = { otherwise: 0, min: 0, max: 2 };

export const EXCLUSIONS = ['none', 'normal', 'absolute'] as const;

export const POLICIES = [undefined, 'dynamic', 'serverGroupFirst', 'serverGroupOnly'] as const;

/** Names under `tag` by their `order`, as the file has them where it gives none. */
function inOrderOf(file: string, element: XmlElement, tag: string): string[] {
  return elementsOf(element, tag)
    .map((policy) => ({
      name: checkName(file, policy, policy.attributes.name),
      order: numberAt(file, policy, 'order', ORDER),
    }))
    .sort((a, b) => a.order - b.order)
    .map(({ name }) => name);
}

function readMembers(file: string, group: XmlElement): string[] {
  return elementsOf(group, 'resource').map((member) => {
    const [type, name, extra] = (member.attributes.name ?? '').split('@');
    if (!type || !name || extra !== undefined) {
      const remedy = 'write it as type@name, e.g. exec@exec1';
      throw wrongAt(file, member, 'a group names a resource without its type', remedy);
    }
    return checkName(file, member, name);
  });
}

function readStartAfter(file: string, group: XmlElement): StartAfter | null {
  const section = at(group, 'depend/act');
  const groups = elementsOf(section, 'depend').map((depend) => ({
    name: checkName(file, depend, depend.attributes.name),
    sameServer: flagAt(file, depend, 'sameserver', false),
  }));
  if (groups.length === 0) return null;
  return { groups, timeoutMs: secondsAt(file, section, 'timeout', defaults.GROUP_WAIT_MS) };
}

function readStopAfter(file: string, group: XmlElement): StopAfter | null {
  const section = at(group, 'depend/deact');
  const groups = elementsOf(section, 'depend').map((depend) =>
    checkName(file, depend, depend.attributes.name),
  );
  if (groups.length === 0) return null;
  return {
    groups,
    timeoutMs: secondsAt(file, section, 'timeout', defaults.GROUP_WAIT_MS),
    onClusterStop: flagAt(file, section, 'cluster/use', true),
    onServerStop: flagAt(file, section, 'server/use', false),
  };
}

/** What only some groups have; nothing is said of what a group leaves out. */
function readPolicies(file: string, element: XmlElement): Partial<ConfiguredGroup> {
  const exclusive = EXCLUSIONS[numberAt(file, element, 'exclusive', UP_TO_TWO)]!;
  const failoverPolicy =
    POLICIES[numberAt(file, element, 'failoverpolicy', { ...UP_TO_TWO, max: 3 })];
  const serverGroups = inOrderOf(file, element, 'svgpolicy');
  const startAfter = readStartAfter(file, element);
  const stopAfter = readStopAfter(file, element);
  return {
    ...(failoverPolicy === undefined ? {} : { failoverPolicy }),
    ...(flagAt(file, element, 'failback', false) ? { autoFailback: true } : {}),
    ...(exclusive === 'none' ? {} : { exclusive }),
    ...(serverGroups.length === 0 ? {} : { serverGroups }),
    ...(startAfter === null ? {} : { startAfter }),
    ...(stopAfter === null ? {} : { stopAfter }),
  };
}

/** Its own list, else that of its server groups, else every server. */
function serversOf(file: string, root: XmlElement, group: XmlElement, servers: string[]): string[] {
  const own = inOrderOf(file, group, 'policy');
  if (own.length > 0) return own;
  const grouped = inOrderOf(file, group, 'svgpolicy').flatMap((name) => {
    const found = elementsOf(root, 'servergroup').find((one) => one.attributes.name === name);
    return found === undefined ? [] : inOrderOf(file, found, 'policy');
  });
  return grouped.length > 0 ? [...new Set(grouped)] : servers;
}

export function readGroups(file: string, root: XmlElement, servers: string[]): ConfiguredGroup[] {
  const seen = new Set<string>();
  return elementsOf(root, 'group').map((element) => {
    const name = checkName(file, element, element.attributes.name);
    refuseTwice(file, element, seen, name, 'group');
    return {
      name,
      comment: stringAt(element, 'comment', ''),
      startup: flagAt(file, element, 'start', true) ? 'auto' : 'manual',
      failover: flagAt(file, element, 'failover', true) ? 'auto' : 'none',
      servers: serversOf(file, root, element, servers),
      resources: readMembers(file, element),
      ...readPolicies(file, element),
    };
  });
}

/** `<tag name="…">` below the root. */
function readNamed<T>(
  file: string,
  root: XmlElement,
  tag: string,
  what: string,
  read: (element: XmlElement, name: string) => T,
): T[] {
  const seen = new Set<string>();
  return elementsOf(root, tag).map((element) => {
    const name = checkName(file, element, element.attributes.name);
    refuseTwice(file, element, seen, name, what);
    return read(element, name);
  });
}

/** What the cluster says of its groups together; nothing of what it leaves out. */
export function readGroupSettings(
  file: string,
  root: XmlElement,
  rc: XmlElement | undefined,
): Partial<ClusterConfiguration> {
  const serverGroups = readNamed(
    file,
    root,
    'servergroup',
    'server group',
    (element, name): ServerGroup => ({
      name,
      comment: stringAt(element, 'comment', ''),
      servers: inOrderOf(file, element, 'policy'),
    }),
  );
  const exclusionRules = readNamed(
    file,
    root,
    'xclrule',
    'exclusion rule',
    (element, name): ExclusionRule => ({
      name,
      comment: stringAt(element, 'comment', ''),
      kind: EXCLUSIONS[numberAt(file, element, 'type', { ...UP_TO_TWO, otherwise: 1 })]!,
      groups: elementsOf(element, 'group').map((one) => checkName(file, one, one.attributes.name)),
    }),
  );
  const deactivation = 'errordetect/rscdeact/norecovery';
  const isStallSet = at(rc, 'stall/action') !== undefined;
  return {
    ...(serverGroups.length === 0 ? {} : { serverGroups }),
    ...(exclusionRules.length === 0 ? {} : { exclusionRules }),
    ...(at(rc, deactivation) === undefined
      ? {}
      : { noDeactivationRecovery: flagAt(file, rc, deactivation, false) }),
    ...(flagAt(file, rc, 'noautostart', false) ? { noAutoStartup: true } : {}),
    ...(flagAt(file, rc, 'errordetect/server/nofailover', false) ? { noServerFailover: true } : {}),
    ...(rc !== undefined && isStallSet
      ? { stallAction: finalActionAt(file, rc, 'stall/action', defaults.STALL_ACTION) }
      : {}),
  };
}
