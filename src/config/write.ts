/**
 * ClusterConfiguration → a clp.conf as text.
 *
 * With the original file at hand only what differs from it is touched: unknown elements, comments,
 * explicit values and every byte of what was not edited stay. Values equal to their default are left out (the field's habit). What
 * is no longer in the configuration is taken out of the file.
 */
import { badInput } from '../core/errors.ts';
import type {
  ClusterConfiguration,
  ConfiguredDevice,
  ConfiguredServer,
} from '../schema/generated/cluster-configuration.ts';
import * as defaults from './defaults.ts';
import { wordOfForcedStop } from './forced-stop.ts';
import { parseClusterConfiguration } from './read.ts';
import { put, putSeconds, syncMembers, syncNamed } from './sync.ts';
import { syncGroup, syncGroupSettings } from './write-groups.ts';
import { syncMonitor, syncResource } from './write-members.ts';
import { writeXml } from './write-xml.ts';
import type { XmlDocument, XmlElement } from './xml.ts';
import { at, elementsOf, ensure, newElement, parseXml, removeAt } from './xml.ts';

function blank(config: ClusterConfiguration): XmlDocument {
  const root = newElement(null, 'root');
  const text = '<?xml version="1.0" encoding="UTF-8"?>\n';
  put(root, 'all/charset', undefined, 'UTF-8', null);
  put(root, 'all/serveros', undefined, 'linux', null);
  put(root, 'all/encode', undefined, 'UTF-8', null);
  put(root, 'trekking/savededition', undefined, config.edition, null);
  return { file: 'clp.conf', charset: null, text, root };
}

function syncCluster(
  root: XmlElement,
  before: ClusterConfiguration | undefined,
  after: ClusterConfiguration,
): void {
  put(root, 'trekking/savededition', before?.edition, after.edition, null);
  if (after.version !== undefined) {
    put(root, 'trekking/savedversion', before?.version, after.version, null);
  }
  put(root, 'cluster/name', before?.name, after.name, null);
  put(root, 'cluster/comment', before?.comment, after.comment, '');
  put(root, 'cluster/uuid', before?.uuid, after.uuid, '');
  const beat = { old: before?.heartbeat, now: after.heartbeat };
  const path = 'cluster/heartbeat';
  put(
    root,
    `${path}/interval`,
    beat.old?.intervalMs,
    beat.now.intervalMs,
    defaults.HEARTBEAT_INTERVAL_MS,
  );
  put(
    root,
    `${path}/timeout`,
    beat.old?.timeoutMs,
    beat.now.timeoutMs,
    defaults.HEARTBEAT_TIMEOUT_MS,
  );
  const wait = [before?.startupWaitMs, after.startupWaitMs] as const;
  putSeconds(root, 'cluster/startupwait', wait[0], wait[1], defaults.STARTUP_WAIT_MS);
  const counts = [before?.mirrorStatistics, after.mirrorStatistics ?? false] as const;
  put(root, 'cluster/statistics/mirror', counts[0], counts[1], false);
  writeProcessAction(root, before, after);
  writeShutdownMonitor(root, before, after);
  writeRebootLimit(root, before, after);
  const reached = [before?.managementAddress, after.managementAddress ?? ''] as const;
  put(root, 'cluster/managementip', reached[0], reached[1], '');
  put(root, 'mdagent/autorecovery', before?.autoRecovery, after.autoRecovery, true);
  const activation = 'rc/errordetect/rscact/norecovery';
  put(root, activation, before?.noActivationRecovery, after.noActivationRecovery, false);
  const monitor = 'rm/errordetect/norecovery';
  put(root, monitor, before?.noMonitorRecovery, after.noMonitorRecovery, false);
}

function writeProcessAction(
  root: XmlElement,
  before: ClusterConfiguration | undefined,
  after: ClusterConfiguration,
): void {
  if (before?.processAction === after.processAction) return;
  const path = 'pm/exec0/recover';
  if (after.processAction === undefined) removeAt(root, path);
  else put(root, path, undefined, defaults.codeOfAction(after.processAction), null);
}

function writeShutdownMonitor(
  root: XmlElement,
  before: ClusterConfiguration | undefined,
  { shutdownStallAction: after }: ClusterConfiguration,
): void {
  if (before?.shutdownStallAction === after) return;
  const path = 'cluster/haltp/action';
  if (after === undefined) removeAt(root, path);
  else put(root, path, undefined, defaults.wordOfStallEnd(after), null);
}

function writeRebootLimit(
  root: XmlElement,
  before: ClusterConfiguration | undefined,
  { rebootLimit: after }: ClusterConfiguration,
): void {
  const path = 'cluster/haltcount';
  const old = before?.rebootLimit;
  if (after === undefined) {
    if (old !== undefined) removeAt(root, `${path}/max`);
    return;
  }
  put(root, `${path}/max`, old?.max, after.max, null);
  const minutes = [old && old.resetMs / 60_000, after.resetMs / 60_000] as const;
  put(root, `${path}/reset`, minutes[0], minutes[1], defaults.REBOOT_RESET_MS / 60_000);
}

function syncDevices(server: XmlElement, after: readonly ConfiguredDevice[]): void {
  const old = elementsOf(server, 'device');
  const stored = after.map((device) => {
    const attributes = { id: String(device.id) };
    const found = old.find((element) => element.attributes.id === attributes.id);
    const element = found ?? newElement(server, 'device', attributes);
    ensure(element, 'type');
    put(element, 'type', undefined, device.kind, null);
    put(element, 'info', undefined, device.info, '');
    if (device.kind === 'mdc') put(element, 'mdc/info', undefined, device.info, '');
    return element;
  });
  const others = server.children.filter((child) => !old.includes(child as XmlElement));
  server.children = [...others.filter((child) => !stored.includes(child as XmlElement)), ...stored];
}

function syncServer(
  element: XmlElement,
  before: ConfiguredServer | undefined,
  after: ConfiguredServer,
): void {
  put(element, 'priority', before?.priority, after.priority, null);
  put(element, 'comment', before?.comment, after.comment, '');
  put(element, 'cpus', before?.cpus, after.cpus ?? 1, 1);
  put(element, 'survive', before?.survives ? 1 : 0, after.survives ? 1 : 0, 0);
  const isSame = JSON.stringify(before?.devices) === JSON.stringify(after.devices);
  if (!isSame) syncDevices(element, after.devices);
}

function syncForceStop(
  root: XmlElement,
  before: ClusterConfiguration | undefined,
  after: ClusterConfiguration,
): void {
  if (after.forceStop === null) {
    if (before?.forceStop !== null) removeAt(root, 'forcestop');
    return;
  }
  const section = ensure(root, 'forcestop');
  const { type, timeoutMs } = after.forceStop;
  if (at(section, 'types') === undefined) newElement(section, 'types', { name: type });
  const element = elementsOf(section, type)[0] ?? newElement(section, type, { name: type });
  const old = before?.forceStop?.timeoutMs;
  putSeconds(element, 'timeout', old, timeoutMs, defaults.FORCE_STOP_TIMEOUT_MS);
  if (before?.forceStop?.action === after.forceStop.action) return;
  const word = wordOfForcedStop(after.forceStop);
  if (word === null) removeAt(element, 'action');
  else put(element, 'action', undefined, word, null);
}

function syncLists(
  root: XmlElement,
  before: ClusterConfiguration | undefined,
  after: ClusterConfiguration,
): void {
  syncMembers(root, 'heartbeat', before?.heartbeats, after.heartbeats, (element, old, now) => {
    put(element, 'priority', old?.priority, now.priority, null);
    put(element, 'device', old?.device, now.device, null);
  });
  if (before?.partitionAction !== after.partitionAction) {
    const action = defaults.codeOfAction(defaults.partitionAction(after));
    put(ensure(root, 'cluster'), 'networkpartition/npaction', undefined, action, null);
  }
  const partitions = [before?.networkPartition, after.networkPartition] as const;
  syncMembers(root, 'networkpartition', partitions[0], partitions[1], (element, old, now) => {
    put(element, 'device', old?.device, now.device, null);
    if (old?.targets.join() === now.targets.join()) return;
    element.children = element.children.filter(
      (child) => child.kind !== 'element' || child.name !== 'grp',
    );
    if (now.targets.length === 0) return;
    const grp = newElement(element, 'grp', { id: '0' });
    now.targets.forEach((ip, index) => {
      put(newElement(grp, 'list', { id: String(index) }), 'ip', undefined, ip, null);
    });
  });
}

function refuseUnwritable(config: ClusterConfiguration): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them.
  const bad = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
  const found = JSON.stringify(config, (_, value: unknown) => {
    if (typeof value === 'string' && bad.test(value)) {
      throw badInput('a value holds control characters, which XML cannot carry', {
        code: 'configuration.invalid',
        remedy: 'take them out',
      });
    }
    return value;
  });
  if (found === undefined) throw new TypeError('no configuration was given');
}

/** The file's text; `original` is the file that the configuration came from. */
export function writeClusterConfiguration(config: ClusterConfiguration, original?: string): string {
  refuseUnwritable(config);
  const before =
    original === undefined ? undefined : parseClusterConfiguration(original, 'clp.conf');
  const document = original === undefined ? blank(config) : parseXml(original, 'clp.conf');
  const { root } = document;
  syncCluster(root, before, config);
  syncNamed(root, 'server', before?.servers, config.servers, syncServer);
  const servers = config.servers.map((server) => server.name);
  const types = new Map(config.resources.map((resource) => [resource.name, resource.type]));
  syncLists(root, before, config);
  syncForceStop(root, before, config);
  let index = 0;
  syncNamed(root, 'group', before?.groups, config.groups, (element, old, now) => {
    syncGroup(element, old, now, { servers, types, index });
    index += 1;
  });
  syncGroupSettings(root, before, config);
  syncMembers(root, 'resource', before?.resources, config.resources, (element, old, now) =>
    syncResource(element, old, now, { before, after: config }),
  );
  syncMembers(root, 'monitor', before?.monitors, config.monitors, syncMonitor);
  return writeXml(document);
}
