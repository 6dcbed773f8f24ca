/**
 * What a type of resource or monitor is, as far as anybody asks besides the daemon that runs it.
 * Whoever wants to know whether a resource is a mirror asks `replicates`, never what its type is
 * called. A type that is not listed is an ordinary one: it needs no entry. What the daemon does
 * with a type is an entry of its own (src/engine/resources, src/engine/monitors).
 */
import type {
  ClusterConfiguration,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';

/** Where the file keeps how long an attempt may take, and the default in seconds. */
export interface TimeoutRule {
  path: string;
  seconds: number;
}

export interface ResourceKind {
  /** Groups start lower ranks first, when the file lists no dependencies. */
  rank: number;
  /** How often an activation that failed is tried again. */
  retry: number;
  timeouts: { activation: TimeoutRule; deactivation: TimeoutRule };
  /** What the file leaves out below `parameters`; times in seconds, as in the file. */
  parameters: Record<string, string | number>;
  /** A mirror: each of its servers has a copy, and their mirror agents keep the copies equal. */
  replicates: boolean;
  /** … whose two sides are server groups; each group's servers reach one copy. */
  isGrouped: boolean;
  /** Parameters that name a device which every server of its group reaches: it stands beside them. */
  shares: string[];
  /** It is started and stopped by scripts, which come with the configuration. */
  runsScripts: boolean;
  /** Parameters that it cannot be without: names, each. */
  needs: string[];
  /** It may join a group that runs, and is started then (x5 2.28). */
  joinsRunning: boolean;
}

const ordinary: ResourceKind = {
  rank: 3,
  retry: 0,
  timeouts: {
    activation: { path: 'act/timeout', seconds: 60 },
    deactivation: { path: 'deact/timeout', seconds: 60 },
  },
  parameters: {},
  replicates: false,
  isGrouped: false,
  shares: [],
  runsScripts: false,
  needs: [],
  joinsRunning: false,
};

const MOUNT = {
  'mount/option': 'rw',
  'mount/retry': 3,
  'umount/retry': 3,
  'umount/interval': 5,
  'fsck/option': '-y',
  'fsck/timeout': 7200,
  'fsck/interval': 10,
  'fsck/xfstimeout': 7200,
};

/** A resource that mounts its device: the limits are those of the mount and the unmount. */
function mounting(mount: number, unmount: number): Partial<ResourceKind> {
  return {
    rank: 2,
    timeouts: {
      activation: { path: 'parameters/mount/timeout', seconds: mount },
      deactivation: { path: 'parameters/umount/timeout', seconds: unmount },
    },
    parameters: { ...MOUNT, 'mount/timeout': mount, 'umount/timeout': unmount },
  };
}

const DRIVER = {
  'mddriver/port': 29051,
  'mddriver/hbport': 29031,
  'mddriver/ack2port': 29071,
  'mddriver/sendtimeout': 30,
  'mddriver/connecttimeout': 10,
  'mddriver/acktimeout': 100,
  'mddriver/recvnormaltimeout': 100,
  'mddriver/hbinterval': 10,
  'mddriver/pingtimeout': 2,
  'mddriver/pingretry': 8,
};

/** A mirror, with the defaults of its driver. */
const mirror: Partial<ResourceKind> = {
  ...mounting(120, 300),
  replicates: true,
  parameters: { ...mounting(120, 300).parameters, ...DRIVER },
};

const resourceKinds: Record<string, Partial<ResourceKind>> = {
  fip: { rank: 0, retry: 5, joinsRunning: true },
  vip: { rank: 0, joinsRunning: true },
  awsvip: { rank: 0, parameters: { awsclitimeout: 100 } },
  azurepp: { rank: 0, parameters: { probetimeout: 30 } },
  ddns: { rank: 0 },
  volmgr: { rank: 1, parameters: { type: 'lvm' }, shares: ['pv'], joinsRunning: true },
  vxdg: { rank: 1, shares: ['pv'] },
  raw: { rank: 2, shares: ['device'] },
  disk: { ...mounting(180, 120), shares: ['device'], joinsRunning: true },
  vxvol: { ...mounting(180, 120), shares: ['device'] },
  md: mirror,
  hd: { ...mirror, isGrouped: true },
  /** `reskey/NAME` is OCF_RESKEY_NAME of its agent. All of it is our choice. */
  ocf: { needs: ['provider', 'agent'] },
  exec: {
    joinsRunning: true,
    runsScripts: true,
    timeouts: {
      activation: { path: 'parameters/timeout/start', seconds: 1800 },
      deactivation: { path: 'parameters/timeout/stop', seconds: 1800 },
    },
    parameters: {
      'act/path': 'start.sh',
      'deact/path': 'stop.sh',
      'timeout/start': 1800,
      'timeout/stop': 1800,
    },
  },
};

export interface MonitorKind {
  /** It says what it sees and, where nothing else is configured, leads to no recovery. */
  reportsOnly: boolean;
  /** It watches the copies of a mirror: while it is suspended they are not recovered by themselves. */
  watchesCopies: boolean;
  /** It comes and goes with the mirror that it watches. */
  isOfMirror: boolean;
  /** What the script is called that it runs where the file names none; null: it runs none. */
  script: string | null;
  /** The program of the operating system that it looks for; null: none, or its own parameter says. */
  program: string | null;
}

const ordinaryMonitor: MonitorKind = {
  reportsOnly: false,
  watchesCopies: false,
  isOfMirror: false,
  script: null,
  program: null,
};

const monitorKinds: Record<string, Partial<MonitorKind>> = {
  userw: { reportsOnly: true },
  mdw: { reportsOnly: true, watchesCopies: true, isOfMirror: true },
  mdnw: { reportsOnly: true, isOfMirror: true },
  hdw: { reportsOnly: true, watchesCopies: true, isOfMirror: true },
  hdnw: { reportsOnly: true, isOfMirror: true },
  genw: { script: 'genw.sh' },
  vxdw: { program: 'vxconfigd' },
};

/** A table that knows every type: a name from outside never finds one of Object's own members. */
function complete<T>(table: Record<string, Partial<T>>, otherwise: T): (type: string) => T {
  const kinds = new Map(
    Object.entries(table).map(([type, kind]) => [type, { ...otherwise, ...kind }]),
  );
  return (type) => kinds.get(type) ?? otherwise;
}

export const resourceKind = complete(resourceKinds, ordinary);

/** A type that has a row: a resource may bear such a name, too. */
export function isListedType(name: string): boolean {
  return Object.hasOwn(resourceKinds, name);
}

export const monitorKind = complete(monitorKinds, ordinaryMonitor);

/** The mirror disk resources of a configuration, in its order. */
export function mirrorsOf({ resources }: ClusterConfiguration): ConfiguredResource[] {
  return resources.filter(({ type }) => resourceKind(type).replicates);
}

/** Servers that hold a copy of a mirror: those of its group, else all. */
export function mirrorServers({ groups, servers }: ClusterConfiguration, mirror: string): string[] {
  const group = groups.find(({ resources }) => resources.includes(mirror));
  return group?.servers ?? servers.map(({ name }) => name);
}

/** The mirrors that a server holds a copy of, in the configuration's order. */
export function mirrorsOn(config: ClusterConfiguration, server: string): ConfiguredResource[] {
  return mirrorsOf(config).filter(({ name }) => mirrorServers(config, name).includes(server));
}

/** The two sides of a mirror: the servers that reach each copy, and what the side is called. */
export function mirrorSides(
  config: ClusterConfiguration,
  mirror: string,
): { name: string; servers: string[] }[] {
  const resource = config.resources.find(({ name }) => name === mirror);
  const group = config.groups.find(({ resources }) => resources.includes(mirror));
  if (!resource || !resourceKind(resource.type).isGrouped || !group?.serverGroups) {
    return mirrorServers(config, mirror).map((name) => ({ name, servers: [name] }));
  }
  return group.serverGroups.map((name) => ({
    name,
    servers: config.serverGroups?.find((one) => one.name === name)?.servers ?? [],
  }));
}
