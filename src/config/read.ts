/**
 * A clp.conf as text → ClusterConfiguration.
 *
 * The order of sections does not matter; characters are those of the set that the file declares
 * (`charset.ts`). Which product it is of says `version.ts`. The file of a Windows cluster is refused, and one
 * with placeholders (`%%NAME%%`).
 *
 * Elements whose names are not documented and therefore our choice:
 *   mdagent/autorecovery 0|1          automatic mirror recovery (v3 11.10.1), 1 when left out
 *   cluster/statistics/mirror 0|1     Mirror Statistics (x5 2.3), 0 when left out
 *   cluster/haltp/action              what ends a server that stalls in its shutdown (x5 2.12.8)
 *   cluster/startupwait               seconds a starting server waits for the others, 300
 *   server@NAME/cpus                  by which v3 counts licences, 1
 *   server@NAME/survive               it stays up where a group runs on two servers (X), 0
 *   cluster/managementip              an address that goes with the first server that serves
 *   cluster/haltcount/max, …/reset    X: most reboots by final actions, 0 for no limit, which is
 *                                     what is left out; minutes in order until they are forgotten, 60
 *   resource/depend@NAME              one for each resource it depends on; an empty name: on none
 *   act/fo, act/timeout, deact/timeout, deact/fo
 * Times in seconds may have decimals. Settings that differ by server (`md/server@…`) are kept in
 * the file but not read.
 */
import { DrydockError, type Place } from '../core/errors.ts';
import type {
  ClusterConfiguration,
  ConfiguredDevice,
  ConfiguredServer,
  HeartbeatResource,
  NetworkPartitionResource,
} from '../schema/generated/cluster-configuration.ts';
import * as defaults from './defaults.ts';
import {
  checkName,
  flagAt,
  membersOf,
  numberAt,
  refuseTwice,
  secondsAt,
  sectionOf,
  stringAt,
} from './fields.ts';
import { readForceStop } from './forced-stop.ts';
import { readGroupSettings, readGroups } from './read-groups.ts';
import { readMonitors } from './read-monitors.ts';
import { finalActionAt, readResources } from './read-resources.ts';
import { brokenReferences } from './references.ts';
import { productOf } from './version.ts';
import { at, elementsOf, parseXml, textOf, wrongAt, type XmlElement } from './xml.ts';

const ORDER = { otherwise: 0, min: 0, max: 9999 };

function readDevices(file: string, server: XmlElement): ConfiguredDevice[] {
  const seen = new Set<string>();
  return elementsOf(server, 'device').map((element) => {
    const id = element.attributes.id ?? '';
    if (!/^\d{1,6}$/.test(id)) {
      throw wrongAt(file, element, 'a device has no number', 'give it an id="…"');
    }
    refuseTwice(file, element, seen, id, 'device');
    const kind = stringAt(element, 'type', '');
    if (kind === '') throw wrongAt(file, element, 'a device has no type', 'add <type>lan</type>');
    const info = stringAt(element, 'info', '') || stringAt(element, `${kind}/info`, '');
    return { id: Number(id), kind, info };
  });
}

function readServers(file: string, root: XmlElement): ClusterConfiguration['servers'] {
  const seen = new Set<string>();
  const servers = elementsOf(root, 'server').map((element): ConfiguredServer => {
    const name = checkName(file, element, element.attributes.name);
    refuseTwice(file, element, seen, name, 'server');
    return {
      name,
      priority: numberAt(file, element, 'priority', ORDER),
      comment: stringAt(element, 'comment', ''),
      ...(at(element, 'cpus') === undefined
        ? {}
        : { cpus: numberAt(file, element, 'cpus', { otherwise: 1, min: 1, max: 1024 }) }),
      ...(flagAt(file, element, 'survive', false) ? { survives: true } : {}),
      devices: readDevices(file, element),
    };
  });
  const [first, ...rest] = servers.sort((a, b) => a.priority - b.priority);
  if (first === undefined) throw wrongAt(file, root, 'there is no server', 'add <server name="…">');
  return [first, ...rest];
}

/** Of the three processes that the process manager looks after the first says it for all. */
function readProcessAction(
  file: string,
  root: XmlElement,
): Pick<ClusterConfiguration, 'processAction'> {
  const pm = sectionOf(file, root, 'pm');
  if (!pm || at(pm, 'exec0/recover') === undefined) return {};
  const action = finalActionAt(file, pm, 'exec0/recover', defaults.PROCESS_ACTION);
  return { processAction: action };
}

function readManagement(
  file: string,
  cluster: XmlElement,
): Pick<ClusterConfiguration, 'managementAddress'> {
  const element = at(cluster, 'managementip');
  const address = stringAt(cluster, 'managementip', '');
  if (element === undefined || address === '') return {};
  const parts = address.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length === 4 && parts.every((part) => part < 256)) {
    return { managementAddress: address };
  }
  throw wrongAt(file, element, `${address} is no IPv4 address`, 'give e.g. 10.0.0.200');
}

/** v3 knows no such limit. */
function readRebootLimit(
  file: string,
  cluster: XmlElement,
  { manual }: Pick<ClusterConfiguration, 'manual'>,
): Pick<ClusterConfiguration, 'rebootLimit'> {
  const path = 'haltcount';
  const max = numberAt(file, cluster, `${path}/max`, { otherwise: 0, min: 0, max: 99 });
  const otherwise = defaults.REBOOT_RESET_MS / 60_000;
  const minutes = numberAt(file, cluster, `${path}/reset`, { otherwise, min: 0, max: 999 });
  return manual === 'v3' || max === 0 ? {} : { rebootLimit: { max, resetMs: minutes * 60_000 } };
}

/** Operation at timeout detection of the shutdown monitor: RESET, PANIC, IOFENCING. */
const SHUTDOWN_MONITOR = 'haltp/action';

function readHeartbeats(file: string, root: XmlElement): HeartbeatResource[] {
  return membersOf(file, sectionOf(file, root, 'heartbeat'), 'heartbeat resource')
    .map(({ type, name, element }) => ({
      name,
      type,
      priority: numberAt(file, element, 'priority', ORDER),
      device: numberAt(file, element, 'device', { otherwise: 0, min: 0, max: 999_999 }),
    }))
    .sort((a, b) => a.priority - b.priority);
}

/** Action at NP Occurrence, by its number. */
const NP_ACTION = 'networkpartition/npaction';

function readNetworkPartition(file: string, root: XmlElement): NetworkPartitionResource[] {
  const section = sectionOf(file, root, 'networkpartition');
  return membersOf(file, section, 'network partition resource').map(({ type, name, element }) => ({
    name,
    type,
    device: numberAt(file, element, 'device', { otherwise: 0, min: 0, max: 999_999 }),
    targets: elementsOf(element, 'grp')
      .flatMap((group) => elementsOf(group, 'list'))
      .map((item) => stringAt(item, 'ip', ''))
      .filter((ip) => ip !== ''),
  }));
}

function readHeartbeat(file: string, cluster: XmlElement | undefined) {
  const limits = { min: 1, max: 999_999_999 };
  const intervalMs = numberAt(file, cluster, 'heartbeat/interval', {
    ...limits,
    otherwise: defaults.HEARTBEAT_INTERVAL_MS,
  });
  const timeoutMs = numberAt(file, cluster, 'heartbeat/timeout', {
    ...limits,
    otherwise: defaults.HEARTBEAT_TIMEOUT_MS,
  });
  if (timeoutMs <= intervalMs) {
    const found = at(cluster, 'heartbeat') ?? cluster;
    const message = 'the heartbeat timeout is not longer than its interval';
    const remedy = `give more than ${intervalMs} ms`;
    if (found !== undefined) throw wrongAt(file, found, message, remedy);
  }
  return { intervalMs, timeoutMs };
}

/** What a template leaves for somebody to fill in; in a comment it may be any text. */
const PLACEHOLDER = /%%[\w.-]{1,64}%%/;

function placeholderIn(element: XmlElement): [XmlElement, string] | null {
  const own = element.name === 'comment' ? '' : textOf(element);
  const texts = [...Object.values(element.attributes), own];
  const found = texts.map((text) => PLACEHOLDER.exec(text)?.[0]).find((one) => one !== undefined);
  if (found !== undefined) return [element, found];
  for (const child of elementsOf(element)) {
    const within = placeholderIn(child);
    if (within !== null) return within;
  }
  return null;
}

/** A file that is no Linux cluster's, or not yet a cluster's at all. */
function refuseForeign(file: string, root: XmlElement): void {
  const system = at(root, 'all/serveros');
  if (system !== undefined && /^windows$/i.test(textOf(system))) {
    throw wrongAt(file, system, 'this is the file of a Windows cluster', 'give one of Linux');
  }
  const [element, placeholder] = placeholderIn(root) ?? [];
  if (element === undefined || placeholder === undefined) return;
  const message = `${placeholder} is a placeholder, which nobody has filled in`;
  throw wrongAt(file, element, message, 'put the value of your cluster in its place');
}

interface Reading {
  config: ClusterConfiguration;
  /** Names in it that lead nowhere. */
  broken: DrydockError[];
}

function readWhole(root: XmlElement, file: string, lost: ReadonlySet<string>): Reading {
  if (root.name !== 'root') {
    throw wrongAt(file, root, `the root element is <${root.name}>`, 'give a file with <root>');
  }
  const cluster = sectionOf(file, root, 'cluster');
  if (cluster === undefined) throw wrongAt(file, root, 'there is no <cluster>', 'add its name');
  refuseForeign(file, root);
  const trekking = sectionOf(file, root, 'trekking');
  const version = stringAt(trekking, 'savedversion', '');
  const servers = readServers(file, root);
  const groups = readGroups(
    file,
    root,
    servers.map((server) => server.name),
  );
  const rc = sectionOf(file, root, 'rc');
  const nameElement = at(cluster, 'name');
  const product = productOf(stringAt(trekking, 'savededition', 'X'), version);
  const config: ClusterConfiguration = {
    schema: 'drydock.cluster/1',
    ...product,
    ...(version === '' ? {} : { version }),
    name: checkName(file, nameElement ?? cluster, nameElement && textOf(nameElement)),
    uuid: stringAt(cluster, 'uuid', ''),
    comment: stringAt(cluster, 'comment', ''),
    heartbeat: readHeartbeat(file, cluster),
    startupWaitMs: secondsAt(file, cluster, 'startupwait', defaults.STARTUP_WAIT_MS),
    ...readProcessAction(file, root),
    ...(at(cluster, SHUTDOWN_MONITOR) === undefined
      ? {}
      : { shutdownStallAction: defaults.stallEndOf(stringAt(cluster, SHUTDOWN_MONITOR, '')) }),
    ...readManagement(file, cluster),
    ...readRebootLimit(file, cluster, product),
    ...(flagAt(file, cluster, 'statistics/mirror', false) ? { mirrorStatistics: true } : {}),
    autoRecovery: flagAt(
      file,
      sectionOf(file, root, 'mdagent'),
      'autorecovery',
      defaults.AUTO_RECOVERY,
    ),
    servers,
    heartbeats: readHeartbeats(file, root),
    networkPartition: readNetworkPartition(file, root),
    ...(at(cluster, NP_ACTION) === undefined
      ? {}
      : { partitionAction: finalActionAt(file, cluster, NP_ACTION, 'stopDaemonAndShutdown') }),
    forceStop: readForceStop(file, root),
    groups,
    resources: readResources(file, root, groups),
    monitors: readMonitors(file, root),
    noActivationRecovery: flagAt(file, rc, 'errordetect/rscact/norecovery', false),
    noMonitorRecovery: flagAt(file, sectionOf(file, root, 'rm'), 'errordetect/norecovery', false),
    ...readGroupSettings(file, root, rc),
  };
  return { config, broken: brokenReferences(file, root, config, lost) };
}

/**
 * Reads a cluster configuration file. `file` is only for error messages.
 * Throws badInput (exit 2): `configuration.malformed` or `configuration.invalid`.
 */
export function parseClusterConfiguration(text: string, file: string): ClusterConfiguration {
  const { config, broken } = readWhole(parseXml(text, file).root, file, new Set());
  if (broken[0] !== undefined) throw broken[0];
  return config;
}

/** More are not looked for. */
const MOST_PROBLEMS = 200;

/** The element that an error is about; null: it is about the whole file. */
function elementAt(parent: XmlElement, place: Place): [XmlElement, XmlElement] | null {
  const { field, line } = place;
  for (const child of elementsOf(parent)) {
    if (child.path === field && child.line === line) return [parent, child];
    const within = field?.startsWith(`${child.path}/`) ? elementAt(child, place) : null;
    if (within !== null) return within;
  }
  return null;
}

interface Check {
  config: ClusterConfiguration | null;
  problems: DrydockError[];
}

const byLine = (a: DrydockError, b: DrydockError) => (a.place?.line ?? 0) - (b.place?.line ?? 0);

/**
 * Everything that is found wrong with a file, in the order of its lines, and the configuration where
 * it can be read. A value that is wrong is left out, and the rest is read again.
 */
export function checkConfiguration(text: string, file: string): Check {
  const problems: DrydockError[] = [];
  const lost = new Set<string>();
  const left: string[] = [];
  let root: XmlElement | null = null;
  while (left.length < MOST_PROBLEMS) {
    try {
      root ??= parseXml(text, file).root;
      const { config, broken } = readWhole(root, file, lost);
      const isRead = left.length === 0;
      return { config: isRead ? config : null, problems: [...problems, ...broken].sort(byLine) };
    } catch (error) {
      if (!(error instanceof DrydockError)) throw error;
      const { field = '' } = error.place ?? {};
      // What is said of an element may follow from what was left out within it.
      if (!left.some((path) => path.startsWith(`${field}/`))) problems.push(error);
      const found = root && error.place ? elementAt(root, error.place) : null;
      if (found === null) break;
      const [parent, wrong] = found;
      parent.children = parent.children.filter((child) => child !== wrong);
      left.push(wrong.path);
      lost.add(wrong.attributes.name ?? '');
    }
  }
  return { config: null, problems: problems.sort(byLine) };
}
