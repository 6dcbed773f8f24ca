/**
 * The listed fields of a status that are compared after every step, as flat keys:
 *
 *   server.S.{power,node,daemon,agent,runLevel,medium,addresses,mounts,disks}
 *   server.S.service.NAME   server.S.disk.DEV.{serial,failed,partitions}   server.S.bay.DEV.serial
 *   group.G.{state,current}   resource.R.state   monitor.M.S.suspended
 *   mirror.M.state   mirror.M.S.{color,active,latest,diskError,connected,autoRecoveryHeld}
 *   cluster.timeoutRatio   config.S   lease.S   role.NAME
 *
 * A field that is not known has no key. What is new by nature (the serial of a replaced disk, the
 * hash of an edited configuration) differs between twin and cluster; with `origin`, the facts at
 * the start of the run, such a value reads `new`, so that "replaced" equals "replaced". Cost of
 * that choice: a second replacement within one run cannot be told from the first.
 */
import type { Json } from '../../core/json.ts';
import type { Facts } from '../../core/plan.ts';
import type { MirrorStatus, ServerStatus, Status } from '../../schema/generated/status.ts';

export interface FactsOptions {
  /** The run whose own lease reads `this run`. */
  self: string | null;
  origin?: Facts | undefined;
}

type Put = (key: string, value: Json | undefined) => void;

function putServer(put: Put, name: string, server: ServerStatus): void {
  const at = `server.${name}`;
  put(`${at}.power`, server.power);
  put(`${at}.node`, server.node);
  put(`${at}.daemon`, server.daemon);
  put(`${at}.agent`, server.agent);
  put(`${at}.runLevel`, server.runLevel);
  if (server.observed.unknown === null) put(`${at}.medium`, server.medium ?? 'none');
  put(`${at}.addresses`, server.addresses && [...server.addresses].sort());
  put(
    `${at}.mounts`,
    server.mounts
      ?.map(({ device, point, fs, readOnly }) => {
        return `${device} on ${point} type ${fs}, ${readOnly ? 'read-only' : 'read-write'}`;
      })
      .sort(),
  );
  for (const [service, { enabled }] of Object.entries(server.services ?? {})) {
    put(`${at}.service.${service}`, enabled ? 'enabled' : 'disabled');
  }
  for (const [device, { serial }] of Object.entries(server.bays ?? {})) {
    put(`${at}.bay.${device}.serial`, serial);
  }
  put(`${at}.disks`, server.disks && Object.keys(server.disks).sort());
  for (const [device, disk] of Object.entries(server.disks ?? {})) {
    put(`${at}.disk.${device}.serial`, disk.serial);
    put(`${at}.disk.${device}.failed`, disk.failed);
    put(
      `${at}.disk.${device}.partitions`,
      disk.partitions.map(({ number, sizeBytes }) => `${number}: ${sizeBytes}`),
    );
  }
}

function putMirror(put: Put, name: string, mirror: MirrorStatus): void {
  put(`mirror.${name}.state`, mirror.state === 'Unknown' ? null : mirror.state);
  for (const [server, side] of Object.entries(mirror.servers)) {
    const at = `mirror.${name}.${server}`;
    const isKnown = side.observed.unknown === null;
    put(`${at}.color`, isKnown ? side.color : null);
    put(`${at}.active`, side.active);
    put(`${at}.latest`, side.latest);
    put(`${at}.diskError`, side.diskError);
    put(`${at}.connected`, side.connected);
    put(`${at}.autoRecoveryHeld`, side.autoRecoveryHeld);
  }
}

function putCluster(put: Put, status: Status, self: string | null): void {
  put('cluster.timeoutRatio', status.cluster.timeoutRatio);
  for (const [server, hash] of Object.entries(status.cluster.configHashes)) {
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
  for (const [name, server] of Object.entries(status.servers)) putServer(put, name, server);
  for (const [name, group] of Object.entries(status.groups)) {
    put(`group.${name}.state`, group.state);
    if (group.observed.unknown === null) put(`group.${name}.current`, group.current ?? 'none');
  }
  for (const [name, resource] of Object.entries(status.resources)) {
    put(`resource.${name}.state`, resource.state);
  }
  for (const [name, monitor] of Object.entries(status.monitors)) {
    for (const [server, { state }] of Object.entries(monitor.servers)) {
      put(`monitor.${name}.${server}.suspended`, state && state === 'Suspend');
    }
  }
  for (const [name, mirror] of Object.entries(status.mirrors)) putMirror(put, name, mirror);
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
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => {
      const hasIdentity = key.endsWith('.serial') || key.startsWith('config.');
      return [key, hasIdentity && !isKnown(key, value) ? 'new' : value];
    }),
  );
}
