/**
 * What an `md` resource of the cluster configuration says, with the defaults of the table of
 * parameters (md: parameters/mddriver/…). The file has seconds; fractions are allowed, so that a
 * lab may react below a second.
 */
import type {
  ClusterConfiguration,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';

export interface MirrorParameters {
  name: string;
  /** Device that applications use, `/dev/NMP1`. */
  device: string;
  /** Its number in the driver's messages: 1 of `/dev/NMP1`. */
  number: string;
  dataDevice: string;
  partitionDevice: string;
  mountPoint: string | null;
  fs: string;
  peer: string;
  /** This server connects, the other one listens: the first in the configuration. */
  connects: boolean;
  nets: string[];
  sendTimeoutMs: number;
  connectTimeoutMs: number;
  ackTimeoutMs: number;
  heartbeatIntervalMs: number;
  /** Nothing heard for this long on the mirror disk connect: it counts as lost. */
  silenceTimeoutMs: number;
  autoRecovery: boolean;
  /** Fencing is configured: a break waits until the other side knows of it or is off. */
  fencing: boolean;
}

function text(resource: ConfiguredResource, path: string, standard: string): string {
  const value = resource.parameters[path];
  return value === undefined || value === '' ? standard : String(value);
}

function seconds(resource: ConfiguredResource, path: string, standard: number): number {
  const value = Number(text(resource, path, String(standard)));
  return Math.round((Number.isFinite(value) && value > 0 ? value : standard) * 1000);
}

/** The mirrors that `server` has a copy of: one entry for each `md` resource. Pure. */
export function mirrorParameters(config: ClusterConfiguration, server: string): MirrorParameters[] {
  const ordered = [...config.servers].sort((a, b) => a.priority - b.priority);
  const peer = ordered.find(({ name }) => name !== server)?.name ?? '';
  const mirrors = config.resources.filter(({ type }) => type === 'md');
  return mirrors.map((resource, index) => {
    const device = text(resource, 'nmppath', `/dev/NMP${index + 1}`);
    const ids = text(resource, 'netdev', '400').split(',');
    const heartbeatIntervalMs = seconds(resource, 'mddriver/hbinterval', 10);
    return {
      name: resource.name,
      device,
      number: /(\d+)$/.exec(device)?.[1] ?? String(index + 1),
      dataDevice: text(resource, 'diskdev/dppath', '/dev/sdb2'),
      partitionDevice: text(resource, 'diskdev/cppath', '/dev/sdb1'),
      mountPoint: text(resource, 'mount/point', '') || null,
      fs: text(resource, 'fs', config.manual === 'v3' ? 'ext3' : 'ext4'),
      peer,
      connects: ordered[0]?.name === server,
      nets: ids.map((id) => `mdc${id.trim()}`),
      sendTimeoutMs: seconds(resource, 'mddriver/sendtimeout', 30),
      connectTimeoutMs: seconds(resource, 'mddriver/connecttimeout', 10),
      ackTimeoutMs: seconds(resource, 'mddriver/acktimeout', 100),
      heartbeatIntervalMs,
      silenceTimeoutMs: heartbeatIntervalMs + seconds(resource, 'mddriver/pingtimeout', 2),
      autoRecovery: config.autoRecovery,
      fencing: config.forceStop !== null,
    };
  });
}
