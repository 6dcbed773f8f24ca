/** The servers of a status, from what their parts said. */
import type {
  ExpressClusterServer,
  MembershipStatus,
  PowerStatus,
  ServerStatus,
  SystemStatus,
} from '../schema/generated/status.ts';
import { isPowerOff, observedOf, processState, type Reports } from './ask.ts';
import {
  type HeartbeatWord,
  linkSays,
  maintenanceOf,
  membershipSays,
  systemSays,
} from './words.ts';

function powerOf({ bmc, host }: Reports): PowerStatus {
  if (bmc.kind === 'answer') return { observed: observedOf(bmc), state: bmc.view.power };
  if (host.kind === 'answer') return { observed: observedOf(host), state: 'on' };
  return { observed: observedOf(bmc), state: null };
}

/** All else null: not known, and `observed` says why. */
function systemOf(received: Reports): SystemStatus {
  const { host, bmc } = received;
  if (host.kind === 'answer') {
    const { node, bootId, services, disks, mounts, addresses, operations } = host.view;
    return {
      observed: observedOf(host),
      reachable: true,
      ...systemSays(node),
      bootId,
      services,
      disks,
      mounts,
      addresses,
      operations,
    };
  }
  const isOff = isPowerOff(received);
  const why = isOff ? 'the power is off, so its operating system cannot be asked' : null;
  return {
    observed: why === null ? observedOf(host) : { by: null, at: null, unknown: why },
    reachable: false,
    ...systemSays(isOff ? 'poweredOff' : null),
    bootId: bmc.kind === 'answer' ? bmc.view.bootId : null,
    services: null,
    disks: null,
    mounts: null,
    addresses: null,
    operations: null,
  };
}

type Heartbeats = Record<string, Record<string, HeartbeatWord>>;

export function linksOf(heartbeats: Heartbeats): NonNullable<MembershipStatus['links']> {
  return Object.fromEntries(
    Object.entries(heartbeats).map(([peer, words]) => [
      peer,
      Object.fromEntries(Object.entries(words).map(([name, word]) => [name, linkSays(word)])),
    ]),
  );
}

function membershipOf(received: Reports): MembershipStatus {
  const { state: software, observed } = processState(received, 'daemon');
  const view = received.daemon.kind === 'answer' ? received.daemon.view : null;
  const word = view?.state ?? (software === 'stopped' ? 'Offline' : null);
  return {
    observed,
    ...membershipSays(word),
    software,
    maintenance: maintenanceOf(word),
    links: view === null ? null : linksOf(view.heartbeats),
  };
}

export function serverStatus(received: Reports): ServerStatus {
  return {
    name: received.server,
    power: powerOf(received),
    system: systemOf(received),
    membership: membershipOf(received),
  };
}

/** What only a server of this kind has. */
export function expressClusterServer(received: Reports, isMember: boolean): ExpressClusterServer {
  const { host, bmc, daemon } = received;
  const partition = daemon.kind === 'answer' ? daemon.view.partition : undefined;
  const { unplugged, interfaces } = host.kind === 'answer' ? host.view : {};
  const machine = bmc.kind === 'answer' ? bmc.view.machine : undefined;
  return {
    ...(isMember ? {} : { member: false as const }),
    ...(partition === undefined ? {} : { partition }),
    agent: processState(received, 'agent').state,
    runLevel: host.kind === 'answer' ? host.view.runLevel : null,
    medium: host.kind === 'answer' ? host.view.medium : null,
    ...(unplugged === undefined ? {} : { unplugged }),
    ...(interfaces === undefined ? {} : { interfaces }),
    ...(machine === undefined ? {} : { machine }),
    bays: (bmc.kind === 'answer' ? bmc.view.bays : null) ?? null,
    images: (bmc.kind === 'answer' ? bmc.view.images : null) ?? null,
  };
}
