/** Parts of a status made by hand: a server and a copy in order; who needs another says so. */
import type {
  MirrorSideStatus,
  Observed,
  ServerStatus,
} from '../../src/schema/generated/status-1.ts';

type Seen = (by: string) => Observed;

export function serverInOrder(
  name: string,
  seen: Seen,
  more: Partial<ServerStatus> = {},
): ServerStatus {
  return {
    name,
    observed: seen(`${name}/host`),
    power: 'on',
    powerObserved: seen(`${name}/bmc`),
    node: 'online',
    bootId: `boot-${name}`,
    runLevel: 3,
    state: 'Online',
    daemon: 'running',
    agent: 'running',
    daemonObserved: seen(`${name}/daemon`),
    heartbeats: {},
    services: {},
    disks: {},
    mounts: [],
    medium: null,
    addresses: [],
    operations: [],
    ...more,
  };
}

export function sideInOrder(
  name: string,
  seen: Seen,
  more: Partial<MirrorSideStatus> = {},
): MirrorSideStatus {
  return {
    observed: seen(`${name}/agent`),
    color: 'GREEN',
    active: false,
    mounted: false,
    generation: 'g1',
    latest: true,
    lastUpdate: 1,
    breakTime: null,
    dirtyBytes: 0,
    differencePercent: 0,
    diskError: false,
    connected: true,
    autoRecoveryHeld: false,
    serial: null,
    sizeBytes: null,
    ...more,
  };
}
