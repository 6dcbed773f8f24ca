/**
 * clpstat -i, --cl, --sv, --svg, --hb, --np, --grp, --rsc, --mon, -p, -f: properties object by
 * object. Documented: the title, `[HB0 : lanhb1]`, then Type, Comment and the properties, names
 * padded to 55 columns. Our choice: which properties; --detail adds every parameter.
 */

import { expressClusterOf } from '../../cluster/index.ts';
import { codeOfAction } from '../../config/index.ts';
import { badInput } from '../../core/errors.ts';
import { hint } from '../../core/nearest.ts';
import {
  END,
  heartbeatComment,
  type Look,
  lines,
  monitorWord,
  partitionComment,
  placeWord,
  serverWord,
  stateWord,
  title,
} from './stat-words.ts';

type Property = [name: string, value: string | number | null];

const NAME_WIDTH = 55;

function block(head: string, properties: Property[]): string[] {
  const rows = properties.map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)}: ${value ?? ''}`);
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

function clusterBlock({ config, status }: Look): string[] {
  return block(`Cluster : ${config.name}`, [
    ['Comment', config.comment],
    ['UUID', config.uuid],
    ['Heartbeat Interval (ms)', config.heartbeat.intervalMs],
    ['Heartbeat Timeout (ms)', config.heartbeat.timeoutMs],
    ['Timeout Ratio', expressClusterOf(status).timeoutRatio.ratio],
    ['Server Sync Wait Time (ms)', config.startupWaitMs],
    ['Auto Mirror Recovery', config.autoRecovery ? 'On' : 'Off'],
  ]);
}

function serverBlocks(look: Look, name: string | null): string[] {
  return pick('server', look.config.servers, name).flatMap(([index, server]) =>
    block(`Server${index} : ${server.name}`, [
      ['Comment', server.comment],
      ['Priority', server.priority],
      ['Status', serverWord(look, server.name)],
      ...server.devices.map(({ id, kind, info }): Property => [`Device ${id} (${kind})`, info]),
    ]),
  );
}

function heartbeatBlocks({ config }: Look): string[] {
  return config.heartbeats.flatMap((heartbeat, index) =>
    block(`HB${index} : ${heartbeat.name}`, [
      ['Type', heartbeat.type],
      ['Comment', heartbeatComment(heartbeat)],
      ['Priority', heartbeat.priority],
      ...config.servers.map(({ name, devices }): Property => {
        const device = devices.find(({ id }) => id === heartbeat.device);
        return [`Address on ${name}`, device?.info ?? ''];
      }),
    ]),
  );
}

function partitionBlocks({ config }: Look): string[] {
  return config.networkPartition.flatMap((resource, index) =>
    block(`NP${index} : ${resource.name}`, [
      ['Type', resource.type],
      ['Comment', partitionComment(resource.type)],
      ['Targets', resource.targets.join(', ')],
    ]),
  );
}

function fencingBlock({ config }: Look): string[] {
  const { forceStop } = config;
  if (forceStop === null) return block('Forced stop', [['Type', 'None']]);
  return block('Forced stop', [
    ['Type', forceStop.type],
    ['Timeout (ms)', forceStop.timeoutMs],
  ]);
}

function groupBlocks({ config, status }: Look): string[] {
  return config.groups.flatMap((group, index) => {
    const found = status.groups[group.name];
    return block(`Group${index} : ${group.name}`, [
      ['Comment', group.comment],
      ['Status', stateWord(found?.word)],
      ['Current', placeWord(found?.word, found?.current ?? null)],
      ['Startup Attribute', group.startup],
      ['Failover Attribute', group.failover],
      ['Servers', group.servers.join(', ')],
      ['Resources', group.resources.join(', ')],
    ]);
  });
}

function resourceBlocks({ config, status }: Look, isDetailed: boolean): string[] {
  return config.resources.flatMap((resource, index) =>
    block(`Resource${index} : ${resource.name}`, [
      ['Type', resource.type],
      ['Comment', resource.comment],
      ['Status', stateWord(status.resources[resource.name]?.word)],
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

function monitorBlocks(look: Look, name: string | null, isDetailed: boolean): string[] {
  return pick('monitor', look.config.monitors, name).flatMap(([index, monitor]) => {
    const servers = Object.entries(look.status.monitors[monitor.name]?.servers ?? {});
    return block(`Monitor${index} : ${monitor.name}`, [
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

export type Section = 'cl' | 'sv' | 'svg' | 'hb' | 'np' | 'ff' | 'grp' | 'rsc' | 'mon';

export const EVERYTHING: Section[] = ['cl', 'sv', 'svg', 'hb', 'np', 'ff', 'grp', 'rsc', 'mon'];

/** `name` picks one server or monitor. */
export function details(
  look: Look,
  sections: readonly Section[],
  name: string | null,
  isDetailed: boolean,
): string {
  const blocks: Record<Section, () => string[]> = {
    cl: () => clusterBlock(look),
    sv: () => serverBlocks(look, name),
    svg: () => [],
    hb: () => heartbeatBlocks(look),
    np: () => partitionBlocks(look),
    ff: () => fencingBlock(look),
    grp: () => groupBlocks(look),
    rsc: () => resourceBlocks(look, isDetailed),
    mon: () => monitorBlocks(look, name, isDetailed),
  };
  return lines([
    title('CLUSTER INFORMATION', 23, 23),
    ...sections.flatMap((section) => blocks[section]()),
    END,
  ]);
}
