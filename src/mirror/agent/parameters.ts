/**
 * What a mirror disk resource, or a hybrid disk resource, of the cluster configuration says, with the defaults of the table of
 * parameters (md: parameters/mddriver/…). The file has seconds; fractions are allowed, so that a
 * lab may react below a second.
 *
 * The table names `sync`, `syncmode`, `compress` and `bandlimit/mode` without their values. Ours:
 * 0 is off, all else is on; `syncmode` on is asynchronous; `sync` is on where it is left out.
 */

import {
  fileSystemOf,
  mirrorSides,
  mirrorsOf,
  monitorKind,
  resourceKind,
} from '../../config/index.ts';
import type { Generation } from '../../messages/index.ts';
import type {
  ClusterConfiguration,
  ConfiguredMonitor,
  ConfiguredResource,
} from '../../schema/generated/cluster-configuration.ts';
import { type MountParameters, mountParameters } from '../device/mount-parameters.ts';
import { OtherSide } from './other-side.ts';

const QUEUE_LIMIT = 2048;
/** Licence of the FastSync Option (v3 4). */
const FAST_SYNC = 'FSO30';

export interface MirrorParameters {
  name: string;
  /** Device that applications use, `/dev/NMP1`. */
  device: string;
  /** Its number in the driver's messages: 1 of `/dev/NMP1`. */
  number: string;
  dataDevice: string;
  partitionDevice: string;
  /** Null: it has no mount point. */
  mounting: MountParameters | null;
  fs: string;
  /** Who the other side is: a server, or one of a server group. */
  other: OtherSide;
  /** The other side's server, its current one where it has several. */
  readonly peer: string;
  /** All servers of the other side. */
  peers: readonly string[];
  /** Servers that reach this side's copy; of a mirror disk this one alone. */
  own: readonly string[];
  /** A hybrid disk: each side is a server group. */
  isGrouped: boolean;
  /** What each side is called in records: its server, or its server group. */
  side: string;
  otherSide: string;
  /** This server connects, the other one listens: the first in the configuration. */
  connects: boolean;
  nets: string[];
  sendTimeoutMs: number;
  connectTimeoutMs: number;
  ackTimeoutMs: number;
  heartbeatIntervalMs: number;
  /** Nothing heard for this long on the mirror disk connect: it counts as lost. */
  silenceTimeoutMs: number;
  /** Writes are sent to the other side as they come; else they are only noted as out of sync. */
  synchronises: boolean;
  /** `async`: acknowledged when durable here and queued for the other side. */
  mode: 'sync' | 'async';
  /** Writes that may wait for the other side's acknowledgement in asynchronous mode. */
  queueLimit: number;
  /** Folder for writes that the queue cannot hold (history.ts); null: a full queue breaks the mirror. */
  historyFolder: string | null;
  /** Of all history files; beyond it the mirror breaks. */
  historyMostBytes: number;
  compress: boolean;
  /** Key file of the encrypted mirror connection; null: not encrypted. */
  keyFile: string | null;
  /** Most bytes a second that a recovery sends; null: as fast as it goes. */
  recoveryBytesPerSecond: number | null;
  /** Two blank copies are constructed by themselves; else an operator names the source. */
  constructs: boolean;
  /** Difference copy is licensed (v3: FastSync Option); else every recovery is a full copy. */
  differenceCopy: boolean;
  autoRecovery: boolean;
  /** Mirror disk monitors that watch it: while one is suspended there is no automatic recovery. */
  monitors: string[];
  /** Fencing is configured: a break waits until the other side knows of it or is off. */
  fencing: boolean;
  /** Whose words its messages are in. */
  manual: Generation;
}

function text(resource: ConfiguredResource, path: string, standard: string): string {
  const value = resource.parameters[path];
  return value === undefined || value === '' ? standard : String(value);
}

function isOn(resource: ConfiguredResource, path: string, standard: boolean): boolean {
  const value = text(resource, path, standard ? '1' : '0');
  return value !== '0';
}

function wholeNumber(resource: ConfiguredResource, path: string, standard: number): number {
  const value = Number(text(resource, path, String(standard)));
  return Number.isSafeInteger(value) && value > 0 ? value : standard;
}

/** `bandlimit/limit` is in KiB a second and counts while `bandlimit/mode` is on. */
function recoveryLimit(resource: ConfiguredResource): number | null {
  if (!isOn(resource, 'mddriver/bandlimit/mode', false)) return null;
  const limit = wholeNumber(resource, 'mddriver/bandlimit/limit', 0);
  return limit > 0 ? limit * 1024 : null;
}

function seconds(resource: ConfiguredResource, path: string, standard: number): number {
  const value = Number(text(resource, path, String(standard)));
  return Math.round((Number.isFinite(value) && value > 0 ? value : standard) * 1000);
}

/** `historymax` is in MiB; without it there is no limit. */
function historyLimit(resource: ConfiguredResource): number {
  const limit = wholeNumber(resource, 'mddriver/historymax', 0);
  return limit > 0 ? limit * 1024 * 1024 : Number.POSITIVE_INFINITY;
}

/**
 * How long nothing may be heard: a heartbeat, and `pingtimeout` for each of `pingretry` (ours: one
 * where the file names none), but no longer than `recvnormaltimeout`, and never shorter than a
 * heartbeat and one ping.
 */
function silenceTimeoutOf(resource: ConfiguredResource, heartbeatIntervalMs: number): number {
  const pingMs = seconds(resource, 'mddriver/pingtimeout', 2);
  const pings = wholeNumber(resource, 'mddriver/pingretry', 1);
  const receiveMs = seconds(resource, 'mddriver/recvnormaltimeout', 100);
  const least = heartbeatIntervalMs + pingMs;
  return Math.max(least, Math.min(heartbeatIntervalMs + pingMs * pings, receiveMs));
}

/** x5 has it always. v3 needs the licence, where the configuration lists licences at all. */
function hasDifferenceCopy(config: ClusterConfiguration): boolean {
  return config.manual !== 'v3' || (config.licences?.includes(FAST_SYNC) ?? true);
}

function monitorsOf({ monitors }: ClusterConfiguration, mirror: string): string[] {
  const watches = ({ type, target, parameters }: ConfiguredMonitor) =>
    monitorKind(type).watchesCopies && (parameters.object ?? target) === mirror;
  return monitors.filter(watches).map(({ name }) => name);
}

/** The mirrors that `server` has a copy of. Pure. */
export function mirrorParameters(config: ClusterConfiguration, server: string): MirrorParameters[] {
  const ordered = [...config.servers].sort((a, b) => a.priority - b.priority);
  const ranks = ordered.map(({ name }) => name);
  const rankOf = ({ servers }: { servers: string[] }) =>
    Math.min(...servers.map((name) => ranks.indexOf(name)));
  return mirrorsOf(config).flatMap((resource, index) => {
    const sides = mirrorSides(config, resource.name).sort((a, b) => rankOf(a) - rankOf(b));
    const mine = sides.find(({ servers }) => servers.includes(server));
    if (!mine) return [];
    const theirs = sides.find((side) => side !== mine);
    const other = new OtherSide(theirs?.servers ?? []);
    const device = text(resource, 'nmppath', `/dev/NMP${index + 1}`);
    const ids = text(resource, 'netdev', '400').split(',');
    const heartbeatIntervalMs = seconds(resource, 'mddriver/hbinterval', 10);
    return [
      {
        name: resource.name,
        device,
        number: /(\d+)$/.exec(device)?.[1] ?? String(index + 1),
        dataDevice: text(resource, 'diskdev/dppath', '/dev/sdb2'),
        partitionDevice: text(resource, 'diskdev/cppath', '/dev/sdb1'),
        mounting: mountParameters(config, resource.name),
        fs: fileSystemOf(config, resource),
        other,
        get peer() {
          return other.server;
        },
        peers: other.servers,
        own: mine.servers,
        isGrouped: resourceKind(resource.type).isGrouped,
        side: mine.name,
        otherSide: theirs?.name ?? '',
        connects: sides[0] === mine,
        nets: ids.map((id) => `mdc${id.trim()}`),
        sendTimeoutMs: seconds(resource, 'mddriver/sendtimeout', 30),
        connectTimeoutMs: seconds(resource, 'mddriver/connecttimeout', 10),
        ackTimeoutMs: seconds(resource, 'mddriver/acktimeout', 100),
        heartbeatIntervalMs,
        silenceTimeoutMs: silenceTimeoutOf(resource, heartbeatIntervalMs),
        synchronises: isOn(resource, 'mddriver/sync', true),
        mode: isOn(resource, 'mddriver/syncmode', false) ? 'async' : 'sync',
        queueLimit: wholeNumber(resource, 'mddriver/sendqueuesize', QUEUE_LIMIT),
        historyFolder: text(resource, 'mddriver/historydir', '') || null,
        historyMostBytes: historyLimit(resource),
        constructs: isOn(resource, 'fullcopy', true),
        compress: isOn(resource, 'mddriver/compress', false),
        keyFile: isOn(resource, 'mddriver/crypto/use', false)
          ? text(resource, 'mddriver/crypto/keyfile', '')
          : null,
        recoveryBytesPerSecond: recoveryLimit(resource),
        differenceCopy: hasDifferenceCopy(config),
        autoRecovery: config.autoRecovery,
        monitors: monitorsOf(config, resource.name),
        fencing: config.forceStop !== null,
        manual: config.manual,
      },
    ];
  });
}
