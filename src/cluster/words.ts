/**
 * EXPRESSCLUSTER's words, and what each says in the closed words of a status. What the vendor has
 * for "not known" has no other word; nobody's word stays null.
 */
import type { Color, PairState } from '../../machines/mirror-pair.ts';
import type { GroupState, MonitorState } from '../ports/views.ts';
import type {
  CopyStatus,
  LinkStatus,
  Maintenance,
  MembershipStatus,
  MonitorOnServer,
  ResourceStatus,
  SystemStatus,
  VolumeStatus,
} from '../schema/generated/status.ts';
import type { ServerStatus } from '../schema/generated/status-1.ts';

export type NodeWord = NonNullable<ServerStatus['node']>;
export type ServerWord = ServerStatus['state'];
export type HeartbeatWord = ServerStatus['heartbeats'][string][string];

const SYSTEM: Record<NodeWord, SystemStatus['state']> = {
  poweredOff: 'off',
  booting: 'starting',
  waiting: 'starting',
  online: 'up',
  suspended: 'up',
  stopping: 'stopping',
  stopped: 'up',
  shuttingDown: 'stopping',
  rebooting: 'stopping',
  down: 'off',
};

const MEMBERSHIP: Record<ServerWord, MembershipStatus['state']> = {
  Online: 'member',
  Caution: 'member',
  Suspend: 'member',
  'Online Pending': 'joining',
  'Offline Pending': 'leaving',
  Offline: 'out',
  Unknown: null,
};

const LINK: Record<HeartbeatWord, LinkStatus['state']> = {
  Normal: 'up',
  Error: 'down',
  Unused: 'unused',
  Unknown: null,
};

const SERVICE: Record<GroupState, ResourceStatus['state']> = {
  'Online Pending': 'starting',
  Online: 'started',
  'Offline Pending': 'stopping',
  Offline: 'stopped',
  'Online Failure': 'failed',
  'Offline Failure': 'failed',
};

const MONITOR: Record<MonitorState, MonitorOnServer['state']> = {
  Normal: 'ok',
  Caution: 'warning',
  Error: 'failed',
  Suspend: 'suspended',
  Offline: 'stopped',
  Unused: 'unused',
};

const VOLUME: Record<PairState, VolumeStatus['state']> = {
  Normal: 'inSync',
  Recovering: 'syncing',
  Abnormal: 'degraded',
  'No Construction': 'unbuilt',
  Unknown: null,
};

const COPY: Record<Color, CopyStatus['state']> = {
  GREEN: 'upToDate',
  YELLOW: 'inconsistent',
  RED: 'outdated',
  GRAY: null,
};

const sayer =
  <W extends string, S>(table: Record<W, S>) =>
  (word: W | null): { state: S | null; word: W | null } => ({
    state: word === null ? null : table[word],
    word,
  });

export const systemSays = sayer(SYSTEM);
export const membershipSays = sayer(MEMBERSHIP);
export const linkSays = sayer(LINK);
export const serviceSays = sayer(SERVICE);
export const monitorSays = sayer(MONITOR);
export const volumeSays = sayer(VOLUME);
export const copySays = sayer(COPY);

/** A suspended server leaves everything as it is: nothing fails over. */
export function maintenanceOf(word: ServerWord | null): Maintenance[] | null {
  if (word === null) return null;
  return word === 'Suspend' ? [{ mode: 'unmanaged', word }] : [];
}
