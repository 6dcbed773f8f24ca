/** What the parts of a server answer to `status`. `cluster/status.ts` makes the status of them. */

import type { Json } from '../core/json.ts';
import type {
  DiskStatus,
  ExpressClusterServer,
  MountStatus,
  ServiceStatus,
} from '../schema/generated/status.ts';
import type {
  MirrorSideStatus,
  RecoveryStatus,
  ServerStatus,
} from '../schema/generated/status-1.ts';
import type { LeaseView } from './lease.ts';
import type { WireFailure } from './wire.ts';

/** A process of a server, as `ps` tells of it. */
export interface ProcessView {
  name: string;
  service: string;
  /** With its arguments. */
  command: string;
  /** null: not known yet. */
  pid: number | null;
  ppid: number;
  /** When it was started, ms since the epoch on that server. */
  since: number;
}

/** What lies in the drive: the manuals' floppy. `files` by name, text. v3 1.1. */
export interface Medium {
  label: string;
  format: 'linux' | 'windows';
  files: Record<string, string>;
}

export interface HostView {
  bootId: string;
  /** ms since the epoch on that server. */
  now: number;
  runLevel: number;
  node: NonNullable<ServerStatus['node']>;
  services: Record<string, ServiceStatus>;
  disks: Record<string, DiskStatus>;
  mounts: MountStatus[];
  medium: string | null;
  /** Nets whose cable is out of its interface; left out: none. */
  unplugged?: string[];
  /** Its interfaces' own addresses, with the length of the mask; not said by older supervisors. */
  interfaces?: Record<string, string>;
  addresses: string[];
  /** Floating address → another server that lately answered for it too. */
  conflicts?: Record<string, string>;
  operations: string[];
  lease: LeaseView;
  /**
   * What the cluster partitions say while no agent runs, by mirror: that side broke the mirror and
   * went on alone, or did not. A mirror left out is unknown, and unknown is no evidence.
   */
  mirrorBreaks?: Record<string, 'none' | 'broke'>;
  /** SHA-256 of /opt/nec/clusterpro/etc/clp.conf, null when there is none. */
  configHash: string | null;
}

/** What the management controller tells. */
export interface PowerView {
  power: 'on' | 'off';
  bootId: string | null;
  /** Of the latest boot, also while the power is off; `none` before the first one. */
  lastBootId?: string;
  /** The serial number of the machine; a controller that does not know it leaves it out. */
  machine?: string;
  /** What lies in the disk bays; a controller that does not look there leaves it out. */
  bays?: NonNullable<ExpressClusterServer['bays']>;
  /** The disk images beside it; likewise. */
  images?: NonNullable<ExpressClusterServer['images']>;
}

/** What came of asking one part of a server, near it. */
export type PartSaid =
  | { view: Json }
  | { refused: { code: string; words: string } }
  | { silent: { code: WireFailure; words: string } };

/** `agoMs`: so long before the answer was sent. */
type Ago = { agoMs: number };

/** The whole server in one answer, each part with how it was asked. */
export interface ServerLook {
  power: PowerView;
  host: PartSaid & Ago;
  daemon: PartSaid & Ago;
  agent: PartSaid & Ago;
}

export type GroupState =
  | 'Online'
  | 'Offline'
  | 'Online Pending'
  | 'Offline Pending'
  | 'Online Failure'
  | 'Offline Failure';
export type MonitorState = 'Normal' | 'Caution' | 'Error' | 'Suspend' | 'Offline' | 'Unused';

export interface DaemonView {
  server: string;
  now: number;
  state: ServerStatus['state'];
  /** What this daemon hears: peer → heartbeat resource → state. */
  heartbeats: Record<string, Record<string, 'Normal' | 'Error' | 'Unused' | 'Unknown'>>;
  /** What this daemon thinks of its peers. */
  peers: Record<string, ServerStatus['state']>;
  /** Groups as this server runs them (not what it hears of others'). */
  groups: Record<string, { state: GroupState; resources: Record<string, GroupState> }>;
  monitors: Record<string, { state: MonitorState; message: string | null }>;
  timeoutRatio: number;
  timeoutRatioUntil: number | null;
  /** Waiting for the other servers at start (clpbwctrl -c ends it). */
  waitingUntil: number | null;
  /** Server → network partition resource → what it asks answers there; null: not known. */
  partition?: Record<string, Record<string, boolean | null>>;
}

export interface AgentView {
  server: string;
  now: number;
  mirrors: Record<
    string,
    Omit<MirrorSideStatus, 'observed'> & { recovery: RecoveryStatus | null; constructed: boolean }
  >;
}
