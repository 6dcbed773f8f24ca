/** The section `resource` of a clp.conf: group resources, their attempts and parameters. */
import type {
  AttemptRules,
  ConfiguredGroup,
  ConfiguredResource,
  FinalAction,
} from '../schema/generated/cluster-configuration.ts';
import { readBefore } from './before-scripts.ts';
import * as defaults from './defaults.ts';
import {
  checkName,
  membersOf,
  numberAt,
  scalarOf,
  secondsAt,
  sectionOf,
  stringAt,
} from './fields.ts';
import { isListedType, resourceKind, type TimeoutRule } from './kinds.ts';
import { at, elementsOf, isElement, textOf, wrongAt, type XmlElement } from './xml.ts';

export function finalActionAt(
  file: string,
  element: XmlElement,
  path: string,
  otherwise: FinalAction,
): FinalAction {
  const code = numberAt(file, element, path, { otherwise: -1, min: 0, max: 11 });
  return code < 0 ? otherwise : (defaults.actionOfCode(code) ?? otherwise);
}

function readAttempt(
  file: string,
  element: XmlElement,
  half: 'act' | 'deact',
  rules: AttemptRules,
  timeout: TimeoutRule,
): AttemptRules {
  const count = { min: 0, max: 99 };
  return {
    retry: numberAt(file, element, `${half}/retry`, { ...count, otherwise: rules.retry }),
    failover: numberAt(file, element, `${half}/fo`, { ...count, otherwise: rules.failover }),
    finalAction: finalActionAt(file, element, `${half}/action`, rules.finalAction),
    ...readBefore(file, element, ['beforeFinalAction', `${half}/preaction`]),
    ...readBefore(file, element, ['scriptBefore', `${half}/before`]),
    ...readBefore(file, element, ['scriptAfter', `${half}/after`]),
    timeoutMs: secondsAt(file, element, timeout.path, rules.timeoutMs),
  };
}

/** Leaves below `parameters`, by path. What stands there twice is kept in the file only. */
export function readParameters(element: XmlElement): Record<string, string | number> {
  const found: Record<string, string | number> = {};
  const visit = (parent: XmlElement, prefix: string) => {
    for (const child of elementsOf(parent)) {
      const key = child.attributes.name ?? child.attributes.id;
      if (child.name === 'netdev' && prefix === '') continue;
      if (key !== undefined && /[/@]/.test(key)) continue;
      const path = `${prefix}${child.name}${key === undefined ? '' : `@${key}`}`;
      if (child.children.some(isElement)) visit(child, `${path}/`);
      else if (!Object.hasOwn(found, path)) found[path] = scalarOf(textOf(child));
    }
  };
  const parameters = at(element, 'parameters');
  if (parameters !== undefined) visit(parameters, '');
  return found;
}

/** The mirror disk connects of a mirror disk resource, in order of priority: `400,401`. */
export function netdevsOf(file: string, element: XmlElement): string {
  return elementsOf(at(element, 'parameters'), 'netdev')
    .map((netdev) => ({
      device: numberAt(file, netdev, 'device', { otherwise: -1, min: 0, max: 999_999 }),
      order: numberAt(file, netdev, 'priority', { otherwise: 0, min: 0, max: 9999 }),
    }))
    .filter(({ device }) => device >= 0)
    .sort((a, b) => a.order - b.order)
    .map(({ device }) => device)
    .join(',');
}

/**
 * Names under `depend`; null when the file lists none. `type@name` is understood too. One that names
 * a type stands for its resources in the group, and for nothing where there are none.
 */
function readDependencies(element: XmlElement, peers: readonly Member[]): string[] | null {
  const listed = elementsOf(element, 'depend');
  if (listed.length === 0) return null;
  return listed
    .map((depend) => (depend.attributes.name ?? textOf(depend)).split('@').at(-1) ?? '')
    .filter((name) => name !== '')
    .flatMap((name) => {
      const isName = peers.some((peer) => peer.name === name) || !isListedType(name);
      return isName ? [name] : peers.filter(({ type }) => type === name).map((peer) => peer.name);
    });
}

function checkNeed(file: string, element: XmlElement, name: string, need: string): void {
  const found = at(element, `parameters/${need}`);
  if (found === undefined) {
    throw wrongAt(file, element, `${name} has no ${need}`, `add <parameters><${need}>…`);
  }
  checkName(file, found, textOf(found));
}

type Member = ReturnType<typeof membersOf>[number];

export function readResources(
  file: string,
  root: XmlElement,
  groups: ConfiguredGroup[],
): ConfiguredResource[] {
  const members = membersOf(file, sectionOf(file, root, 'resource'), 'resource');
  const peersOf = (name: string): Member[] => {
    const group = groups.find((candidate) => candidate.resources.includes(name));
    return members.filter((one) => one.name === name || group?.resources.includes(one.name));
  };
  const dependencies = (name: string): string[] => {
    const peers = peersOf(name);
    const group = peers.map((peer) => ({ ...peer, listed: readDependencies(peer.element, peers) }));
    return defaults.dependenciesOf(group).get(name) ?? [];
  };
  return members.map(({ type, name, element }) => {
    const { timeouts, replicates, needs } = resourceKind(type);
    const netdev = netdevsOf(file, element);
    const parameters = readParameters(element);
    if (replicates && at(element, 'parameters') === undefined) {
      throw wrongAt(file, element, `${name} has no parameters`, 'add <parameters>');
    }
    for (const need of needs) checkNeed(file, element, name, need);
    return {
      name,
      type,
      comment: stringAt(element, 'comment', ''),
      dependsOn: dependencies(name),
      activation: readAttempt(
        file,
        element,
        'act',
        defaults.activationDefaults(type),
        timeouts.activation,
      ),
      deactivation: readAttempt(
        file,
        element,
        'deact',
        defaults.deactivationDefaults(type),
        timeouts.deactivation,
      ),
      parameters: netdev === '' ? parameters : { ...parameters, netdev },
    };
  });
}
