/**
 * A Status of the whole cluster: every part of every server is asked at the same time, and each
 * record says who told it and when, or why nothing is known. The same in twin and lab.
 */
import { mirrorsOf } from '../config/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';
import { type Asking, type Heard, hear, observedOf, whyUnknown } from './ask.ts';
import { groupStatus, monitorStatus, resourceStatus } from './groups.ts';
import { mirrorStatus } from './mirrors.ts';
import { serverStatus } from './servers.ts';

export const ASK_TIMEOUT_MS = 1000;

function record<T>(keys: readonly string[], of: (key: string) => T): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, of(key)]));
}

/** The longest stretch that any daemon tells of: they share it, but one may have missed it. */
function ratioOf(all: Heard[]) {
  const told = all.flatMap((heard) => (heard.daemon.kind === 'answer' ? [heard.daemon] : []));
  const [first] = [...told].sort((a, b) => b.view.timeoutRatio - a.view.timeoutRatio);
  if (first === undefined) {
    const unknown = all.map(({ daemon }) => whyUnknown(daemon)).join('; ');
    const timeoutRatioObserved = { by: null, at: null, unknown };
    return { timeoutRatioObserved, timeoutRatio: null, timeoutRatioUntil: null };
  }
  const { timeoutRatio, timeoutRatioUntil } = first.view;
  return { timeoutRatioObserved: observedOf(first), timeoutRatio, timeoutRatioUntil };
}

function clusterOf(config: ClusterConfiguration, all: Heard[], now: number): Status['cluster'] {
  const { name, uuid, manual, edition } = config;
  const hosts = new Map(all.map(({ server, host }) => [server, host]));
  return {
    name,
    uuid,
    manual,
    edition,
    observed: { by: 'configuration', at: now, unknown: null },
    heartbeatTimeoutMs: config.heartbeat.timeoutMs,
    ...ratioOf(all),
    autoRecovery: config.autoRecovery,
    configHashes: record([...hosts.keys()], (server) => {
      const host = hosts.get(server);
      return host?.kind === 'answer' ? host.view.configHash : null;
    }),
  };
}

function leasesOf(all: Heard[]): Status['leases'] {
  return Object.fromEntries(
    all.map(({ server, host }) => {
      const lease = host.kind === 'answer' ? host.view.lease : null;
      if (lease?.told === false) {
        const unknown = `${server} does not know yet who holds the cluster`;
        return [server, { observed: { by: null, at: null, unknown }, holder: null, token: null }];
      }
      const { holder = null, token = null } = lease ?? {};
      return [server, { observed: observedOf(host), holder, token }];
    }),
  );
}

/** The Status that what was heard amounts to. Pure. */
export function statusFrom(config: ClusterConfiguration, all: Heard[], now: number): Status {
  const heardOf = new Map(all.map((heard) => [heard.server, heard]));
  const names = <T extends { name: string }>(list: readonly T[]) => list.map(({ name }) => name);
  const mirrors = mirrorsOf(config);
  return {
    schema: 'drydock.status/1',
    takenAt: now,
    cluster: clusterOf(config, all, now),
    servers: record([...heardOf.keys()], (server) => serverStatus(heardOf.get(server) as Heard)),
    groups: Object.fromEntries(config.groups.map((one) => [one.name, groupStatus(one, all)])),
    resources: record(names(config.resources), (name) => resourceStatus(config, name, all)),
    monitors: Object.fromEntries(config.monitors.map((one) => [one.name, monitorStatus(one, all)])),
    mirrors: record(names(mirrors), (name) => mirrorStatus(config, name, all)),
    leases: leasesOf(all),
  };
}

/**
 * Asks host, management controller, daemon and agent of every server in parallel. Never rejects
 * because somebody is silent; takes at most `timeoutMs` and a little.
 */
export async function collectStatus(
  wire: Asking,
  config: ClusterConfiguration,
  clock: Pick<Clock, 'now'>,
  timeoutMs: number = ASK_TIMEOUT_MS,
): Promise<Status> {
  const asked = config.servers.map(({ name }) => hear(wire, clock, name, timeoutMs));
  const all = await Promise.all(asked);
  return statusFrom(config, all, clock.now());
}
