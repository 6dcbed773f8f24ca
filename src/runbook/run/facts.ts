/**
 * The listed fields of a status that are compared after every step, as flat keys:
 *
 *   server.S.{power,node,daemon,agent,runLevel,medium,addresses,mounts,disks}
 *   server.S.service.NAME   server.S.disk.DEV.{serial,failed,partitions}   server.S.bay.DEV.serial
 *   server.S.machine.serial   server.S.interface.NAME
 *   group.G.{state,current}   resource.R.state   monitor.M.S.suspended
 *   mirror.M.state   mirror.M.S.{color,active,latest,diskError,connected,autoRecoveryHeld}
 *   cluster.timeoutRatio   config.S   lease.S   role.NAME
 *
 * A field that is not known has no key. What is new by nature (the serial of a replaced disk, the
 * hash of an edited configuration) differs between twin and cluster; with `origin`, the facts at
 * the start of the run, such a value reads `new`, so that "replaced" equals "replaced". Cost of
 * that choice: a second replacement within one run cannot be distinguished from the first.
 */

import { expressClusterOf, type MirrorCopy, mirrorCopies } from '../../cluster/index.ts';
import type { Json } from '../../core/json.ts';
import type { Facts } from '../../core/plan.ts';
import type {
  ExpressCluster,
  ExpressClusterServer,
  ServerStatus,
  Status,
  VolumeStatus,
} from '../../schema/generated/status.ts';

export interface FactsOptions {
  /** The run whose own lease reads `this run`. */
  self: string | null;
  origin?: Facts | undefined;
}

type Put = (key: string, value: Json | undefined) => void;

function putServer(put: Put, server: ServerStatus, own: ExpressClusterServer): void {
  const at = `server.${server.name}`;
  const { power, system, membership } = server;
  put(`${at}.power`, power.state);
  put(`${at}.node`, system.word);
  put(`${at}.daemon`, membership.software);
  put(`${at}.agent`, own.agent);
  put(`${at}.runLevel`, own.runLevel);
  if (system.observed.unknown === null) put(`${at}.medium`, own.medium ?? 'none');
  put(`${at}.addresses`, system.addresses && [...system.addresses].sort());
  put(
    `${at}.mounts`,
    system.mounts
      ?.map(({ device, point, fs, readOnly }) => {
        return `${device} on ${point} type ${fs}, ${readOnly ? 'read-only' : 'read-write'}`;
      })
      .sort(),
  );
  for (const [service, { enabled }] of Object.entries(system.services ?? {})) {
    put(`${at}.service.${service}`, enabled ? 'enabled' : 'disabled');
  }
  put(`${at}.machine.serial`, own.machine);
  for (const [name, address] of Object.entries(own.interfaces ?? {})) {
    put(`${at}.interface.${name}`, address);
  }
  for (const [device, { serial }] of Object.entries(own.bays ?? {})) {
    put(`${at}.bay.${device}.serial`, serial);
  }
  put(`${at}.disks`, system.disks && Object.keys(system.disks).sort());
  for (const [device, disk] of Object.entries(system.disks ?? {})) {
    put(`${at}.disk.${device}.serial`, disk.serial);
    put(`${at}.disk.${device}.failed`, disk.failed);
    put(
      `${at}.disk.${device}.partitions`,
      disk.partitions.map(({ number, sizeBytes }) => `${number}: ${sizeBytes}`),
    );
  }
}

function putMirror(put: Put, volume: VolumeStatus, own: ExpressCluster): void {
  put(`mirror.${volume.name}.state`, volume.word);
  for (const [server, copy] of Object.entries(mirrorCopies(volume, own))) {
    putCopy(put, `mirror.${volume.name}.${server}`, copy);
  }
}

function putCopy(put: Put, at: string, copy: MirrorCopy): void {
  put(`${at}.color`, copy.word);
  put(`${at}.active`, copy.role && copy.role === 'primary');
  put(`${at}.latest`, copy.newest);
  put(`${at}.diskError`, copy.diskError);
  put(`${at}.connected`, copy.connection.state && copy.connection.state === 'connected');
  put(`${at}.autoRecoveryHeld`, copy.autoRecoveryHeld);
}

function putCluster(put: Put, status: Status, self: string | null): void {
  const own = expressClusterOf(status);
  put('cluster.timeoutRatio', own.timeoutRatio.ratio);
  for (const [server, hash] of Object.entries(own.configHashes)) {
    put(`config.${server}`, hash);
  }
  for (const [server, lease] of Object.entries(status.leases)) {
    if (lease.observed.unknown !== null) continue;
    put(`lease.${server}`, lease.holder === null ? 'none' : nameHolder(lease.holder, self));
  }
}

function nameHolder(holder: string, self: string | null): string {
  return holder === self ? 'this run' : holder;
}

/** The facts of a status. */
export function factsOf(status: Status, options: FactsOptions): Facts {
  const facts: Facts = {};
  const put: Put = (key, value) => {
    if (value !== null && value !== undefined) facts[key] = value;
  };
  const own = expressClusterOf(status);
  for (const server of Object.values(status.servers)) {
    putServer(put, server, own.servers[server.name]!);
  }
  for (const [name, group] of Object.entries(status.groups)) {
    put(`group.${name}.state`, group.word);
    if (group.observed.unknown === null) put(`group.${name}.current`, group.current ?? 'none');
  }
  for (const [name, resource] of Object.entries(status.resources)) {
    put(`resource.${name}.state`, resource.word);
  }
  for (const [name, monitor] of Object.entries(status.monitors)) {
    for (const [server, { state }] of Object.entries(monitor.servers)) {
      put(`monitor.${name}.${server}.suspended`, state && state === 'suspended');
    }
  }
  for (const volume of Object.values(status.volumes)) putMirror(put, volume, own);
  putCluster(put, status, options.self);
  return options.origin ? relativeTo(options.origin, facts) : facts;
}

/** A serial or a configuration that the run did not begin with reads `new`. */
function relativeTo(origin: Facts, facts: Facts): Facts {
  const hashes = Object.keys(origin).filter((key) => key.startsWith('config.'));
  const isKnown = (key: string, value: Json): boolean => {
    if (key.startsWith('config.')) return hashes.some((other) => origin[other] === value);
    return origin[key] === undefined || origin[key] === value;
  };
  const hasIdentity = (key: string) => key.endsWith('.serial') || key.startsWith('config.');
  for (const [key, value] of Object.entries(facts)) {
    if (hasIdentity(key) && !isKnown(key, value)) facts[key] = 'new';
  }
  return facts;
}
