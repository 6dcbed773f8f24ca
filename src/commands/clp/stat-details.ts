/**
 * clpstat -i, --cl, --sv, --svg, --hb, --np, --fnc, --grp, --rsc, --mon, --xcl, -f: properties object by
 * object. Documented: the title, `[HB0 : lanhb1]`, then Type, Comment and the properties, names
 * padded to 55 columns. Our choice: which properties; --detail adds every parameter.
 */

import { expressClusterOf } from '../../cluster/index.ts';
import { codeOfAction, heartbeatKind } from '../../config/index.ts';
import { badInput } from '../../core/errors.ts';
import { hint } from '../../core/nearest.ts';
import type { PropertiesShown, ShownObject } from '../../schema/generated/reports/properties.ts';
import { type Look, monitorWord, serverWord } from './stat-view.ts';
import {
  END,
  heartbeatComment,
  lines,
  partitionComment,
  placeWord,
  stateWord,
  title,
} from './stat-words.ts';

type Property = [name: string, value: string | number | null];

const NAME_WIDTH = 55;

type Kind = ShownObject['kind'];

/** What each is called before its number and its name. */
const HEADS: Record<Kind, string> = {
  cluster: 'Cluster',
  server: 'Server',
  heartbeat: 'HB',
  networkPartition: 'NP',
  fencing: 'Forced stop',
  group: 'Group',
  resource: 'Resource',
  monitor: 'Monitor',
  serverGroup: 'Server Group',
  exclusionRule: 'Exclusion Rule',
  mirror: 'Mirror',
};

function shownObject(
  kind: Kind,
  index: number | null,
  name: string | null,
  properties: readonly Property[],
): ShownObject {
  const named = properties.map(([property, value]) => ({ name: property, value }));
  return { kind, index, name, properties: named };
}

function block({ kind, index, name, properties }: ShownObject): string[] {
  const head = `${HEADS[kind]}${index ?? ''}${name === null ? '' : ` : ${name}`}`;
  const rows = properties.map((one) => `  ${one.name.padEnd(NAME_WIDTH)}: ${one.value ?? ''}`);
  return [` [${head}]`, ...rows];
}

/** One of them by name, or all. */
function pick<T extends { name: string }>(
  what: string,
  list: readonly T[],
  name: string | null,
): [number, T][] {
  const entries = list.map((one, index): [number, T] => [index, one]);
  if (name === null) return entries;
  const found = entries.filter(([, one]) => one.name === name);
  if (found.length > 0) return found;
  const known = list.map((one) => one.name);
  throw badInput(`unknown ${what} ${name}`, { code: `${what}.unknown`, remedy: hint(name, known) });
}

function clusterObject({ config, status }: Look): ShownObject {
  return shownObject('cluster', null, config.name, [
    ['Comment', config.comment],
    ['UUID', config.uuid],
    ['Heartbeat Interval (ms)', config.heartbeat.intervalMs],
    ['Heartbeat Timeout (ms)', config.heartbeat.timeoutMs],
    ['Timeout Ratio', expressClusterOf(status).timeoutRatio.ratio],
    ['Server Sync Wait Time (ms)', config.startupWaitMs],
    ['Auto Mirror Recovery', config.autoRecovery ? 'On' : 'Off'],
    ...(config.managementAddress === undefined
      ? []
      : [['Management IP', config.managementAddress] satisfies Property]),
  ]);
}

function serverObjects(look: Look, name: string | null): ShownObject[] {
  return pick('server', look.config.servers, name).map(([index, server]) =>
    shownObject('server', index, server.name, [
      ['Comment', server.comment],
      ['Priority', server.priority],
      ['Status', serverWord(look, server.name)],
      ...server.devices.map(({ id, kind, info }): Property => [`Device ${id} (${kind})`, info]),
    ]),
  );
}

function heartbeatObjects({ config }: Look, name: string | null): ShownObject[] {
  return pick('heartbeat', config.heartbeats, name).map(([index, heartbeat]) =>
    shownObject('heartbeat', index, heartbeat.name, [
      ['Type', heartbeat.type],
      ['Comment', heartbeatComment(heartbeat)],
      ['Priority', heartbeat.priority],
      ...config.servers.map(({ name, devices }): Property => {
        const kinds = heartbeatKind(heartbeat.type)?.devices ?? [];
        const device = devices.find(({ id, kind }) => {
          return id === heartbeat.device && kinds.includes(kind);
        });
        return [`Address on ${name}`, device?.info ?? ''];
      }),
    ]),
  );
}

function partitionObjects({ config }: Look, name: string | null): ShownObject[] {
  return pick('partition', config.networkPartition, name).map(([index, resource]) =>
    shownObject('networkPartition', index, resource.name, [
      ['Type', resource.type],
      ['Comment', partitionComment(resource.type)],
      ['Targets', resource.targets.join(', ')],
    ]),
  );
}

function fencingObject({ config }: Look): ShownObject {
  const { forceStop } = config;
  if (forceStop === null) return shownObject('fencing', null, null, [['Type', 'None']]);
  return shownObject('fencing', null, null, [
    ['Type', forceStop.type],
    ['Timeout (ms)', forceStop.timeoutMs],
    ['Action', forceStop.action ?? 'off'],
  ]);
}

function groupObjects({ config, status }: Look, name: string | null): ShownObject[] {
  return pick('group', config.groups, name).map(([index, group]) => {
    const found = status.groups[group.name];
    return shownObject('group', index, group.name, [
      ['Comment', group.comment],
      ['Status', stateWord(found?.word)],
      ['Current', placeWord(found?.word, found?.current ?? null)],
      ['Startup Attribute', group.startup],
      ['Failover Attribute', group.failover],
      ['Failover Policy', group.failoverPolicy ?? 'order'],
      ['Failback Attribute', group.autoFailback ? 'auto' : 'manual'],
      ['Exclusive Attribute', group.exclusive ?? 'none'],
      ['Servers', group.servers.join(', ')],
      ['Server Groups', (group.serverGroups ?? []).join(', ')],
      ['Starts after', (group.startAfter?.groups ?? []).map((one) => one.name).join(', ')],
      ['Stops after', (group.stopAfter?.groups ?? []).join(', ')],
      ['Resources', group.resources.join(', ')],
    ]);
  });
}

function serverGroupObjects({ config }: Look, name: string | null): ShownObject[] {
  return pick('serverGroup', config.serverGroups ?? [], name).map(([index, group]) =>
    shownObject('serverGroup', index, group.name, [
      ['Comment', group.comment],
      ['Servers', group.servers.join(', ')],
    ]),
  );
}

function exclusionObjects({ config }: Look, name: string | null): ShownObject[] {
  return pick('exclusionRule', config.exclusionRules ?? [], name).map(([index, rule]) =>
    shownObject('exclusionRule', index, rule.name, [
      ['Comment', rule.comment],
      ['Exclusive Attribute', rule.kind],
      ['Groups', rule.groups.join(', ')],
    ]),
  );
}

function resourceObjects(
  { config, status }: Look,
  name: string | null,
  isDetailed: boolean,
): ShownObject[] {
  return pick('resource', config.resources, name).map(([index, resource]) =>
    shownObject('resource', index, resource.name, [
      ['Type', resource.type],
      ['Comment', resource.comment],
      ['Status', stateWord(status.resources[resource.name]?.word)],
      ...(resource.parameters.ip === undefined
        ? []
        : [['IP Address', String(resource.parameters.ip)] satisfies Property]),
      ['Depends on', resource.dependsOn.join(', ')],
      ['Activation Retry Threshold', resource.activation.retry],
      ['Failover Threshold', resource.activation.failover],
      ['Final Action at Activation Failure', codeOfAction(resource.activation.finalAction)],
      ['Deactivation Retry Threshold', resource.deactivation.retry],
      ['Final Action at Deactivation Failure', codeOfAction(resource.deactivation.finalAction)],
      ...(isDetailed ? parameterRows(resource.parameters) : []),
    ]),
  );
}

function parameterRows(parameters: Record<string, string | number | boolean>): Property[] {
  return Object.entries(parameters).map(([path, value]) => [path, String(value)]);
}

function monitorObjects(look: Look, name: string | null, isDetailed: boolean): ShownObject[] {
  return pick('monitor', look.config.monitors, name).map(([index, monitor]) => {
    const servers = Object.entries(look.status.monitors[monitor.name]?.servers ?? {});
    return shownObject('monitor', index, monitor.name, [
      ['Type', monitor.type],
      ['Comment', monitor.comment],
      ['Status', monitorWord(look, monitor.name)],
      ...servers.map(([server, { word, message }]): Property => {
        return [`Status on ${server}`, `${stateWord(word)}${message ? ` (${message})` : ''}`];
      }),
      ['Monitor Timing', monitor.when],
      ['Target', monitor.target],
      ['Interval (ms)', monitor.intervalMs],
      ['Timeout (ms)', monitor.timeoutMs],
      ['Retry Count', monitor.retry],
      ['Recovery Target', monitor.recovery.target],
      ['Restart Threshold', monitor.recovery.restart],
      ['Failover Threshold', monitor.recovery.failover],
      ['Final Action', codeOfAction(monitor.recovery.finalAction)],
      ...(isDetailed ? parameterRows(monitor.parameters) : []),
    ]);
  });
}

const SECTIONS = ['cl', 'sv', 'svg', 'hb', 'np', 'ff', 'grp', 'rsc', 'mon', 'xcl'] as const;

export type Section = (typeof SECTIONS)[number];

export const EVERYTHING: Section[] = [...SECTIONS];

/** `name` picks one of the section's. */
export function propertiesOf(
  look: Look,
  sections: readonly Section[],
  name: string | null,
  isDetailed: boolean,
): PropertiesShown {
  const objects: Record<Section, () => ShownObject[]> = {
    cl: () => [clusterObject(look)],
    sv: () => serverObjects(look, name),
    svg: () => serverGroupObjects(look, name),
    hb: () => heartbeatObjects(look, name),
    np: () => partitionObjects(look, name),
    ff: () => [fencingObject(look)],
    grp: () => groupObjects(look, name),
    rsc: () => resourceObjects(look, name, isDetailed),
    mon: () => monitorObjects(look, name, isDetailed),
    xcl: () => exclusionObjects(look, name),
  };
  const all = sections.flatMap((section) => objects[section]());
  return { schema: 'drydock.properties/1', objects: all };
}

export function details({ objects }: PropertiesShown): string {
  return lines([title('CLUSTER INFORMATION', 23, 23), ...objects.flatMap(block), END]);
}
