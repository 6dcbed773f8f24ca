/**
 * A status of the whole cluster: every part of every server is asked at the same time, and each
 * record says who reported it and when, or why nothing is known. The same in twin and lab.
 */
import { mirrorsOf } from '../config/index.ts';
import { DrydockError } from '../core/errors.ts';
import { withParts } from '../core/when-asked.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { ExpressCluster, Observed, ServerStatus, Status } from '../schema/generated/status.ts';
import { hearAll, type Looking, observedOf, type Reports, whyUnknown } from './ask.ts';
import { groupStatus, monitorStatus, resourceStatus } from './groups.ts';
import { expressClusterMirror, volumeStatus } from './mirrors.ts';
import { expressClusterServer, serverStatus } from './servers.ts';
import { rememberSubstance } from './substance.ts';

export const ASK_TIMEOUT_MS = 1000;

function record<T>(keys: readonly string[], of: (key: string) => T): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, of(key)]));
}

/** The longest stretch that any daemon tells of: they share it, but one may have missed it. */
function ratioOf(all: Reports[]): ExpressCluster['timeoutRatio'] {
  const reported = all.flatMap((received) =>
    received.daemon.kind === 'answer' ? [received.daemon] : [],
  );
  const [first] = [...reported].sort((a, b) => b.view.timeoutRatio - a.view.timeoutRatio);
  if (first === undefined) {
    const unknown = all.map(({ daemon }) => whyUnknown(daemon)).join('; ');
    return { observed: { by: null, at: null, unknown }, ratio: null, until: null };
  }
  const { timeoutRatio, timeoutRatioUntil } = first.view;
  return { observed: observedOf(first), ratio: timeoutRatio, until: timeoutRatioUntil };
}

/** Nobody counts votes here, and no mode holds for a whole cluster. */
function clusterOf({ name, uuid }: ClusterConfiguration, observed: Observed): Status['cluster'] {
  const quorum = { observed, state: 'notUsed', word: null } as const;
  return { name, id: uuid, observed, quorum, maintenance: [] };
}

function blockOf(
  config: ClusterConfiguration,
  mirrors: readonly string[],
  all: Reports[],
): ExpressCluster {
  const { manual, edition, heartbeat, autoRecovery } = config;
  const members = config.servers.map(({ name }) => name);
  return {
    manual,
    edition,
    heartbeatTimeoutMs: heartbeat.timeoutMs,
    autoRecovery,
    timeoutRatio: ratioOf(all),
    configHashes: Object.fromEntries(
      all.map(({ server, host }) => [server, host.kind === 'answer' ? host.view.configHash : null]),
    ),
    servers: Object.fromEntries(
      all.map((received) => [
        received.server,
        expressClusterServer(received, members.includes(received.server)),
      ]),
    ),
    mirrors: record(mirrors, (name) => expressClusterMirror(config, name, all)),
  };
}

function leasesOf(all: Reports[]): Status['leases'] {
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

/**
 * The status that what was heard amounts to. Pure; each part is made when it is first asked for,
 * since whoever looks for one thing, again and again, reads one or two of them.
 */
export function statusFrom(config: ClusterConfiguration, all: Reports[], now: number): Status {
  const mirrors = mirrorsOf(config).map(({ name }) => name);
  const resources = config.resources.map(({ name }) => name);
  const { groups, monitors } = config;
  const own = {
    schema: 'drydock.status/2',
    takenAt: now,
    kind: 'expresscluster',
    cluster: clusterOf(config, { by: 'configuration', at: now, unknown: null }),
  } as const;
  return withParts<typeof own, Omit<Status, keyof typeof own>>(own, {
    servers: () => Object.fromEntries(all.map((one) => [one.server, serverStatus(one)])),
    groups: () => Object.fromEntries(groups.map((one) => [one.name, groupStatus(one, all)])),
    resources: () => record(resources, (name) => resourceStatus(config, name, all)),
    volumes: () => record(mirrors, (name) => volumeStatus(config, name, all)),
    monitors: () => Object.fromEntries(monitors.map((one) => [one.name, monitorStatus(one, all)])),
    leases: () => leasesOf(all),
    expresscluster: () => blockOf(config, mirrors, all),
  });
}

/** Whether a status is of this kind, without making what it holds. */
export function requireExpressCluster(status: Status): void {
  if (Object.hasOwn(status, 'expresscluster')) return;
  throw new DrydockError(`this asks for an EXPRESSCLUSTER, and the cluster is a ${status.kind}`, {
    code: 'cluster.kind',
    exit: 4,
    remedy: 'choose a cluster, or a runbook, of the other kind',
  });
}

/** What only a status of this kind of cluster holds. */
export function expressClusterOf(status: Status): ExpressCluster {
  requireExpressCluster(status);
  return status.expresscluster as ExpressCluster;
}

/** The servers of the cluster, without what stands beside it in the rack. */
export function membersOf({ servers, expresscluster }: Status): ServerStatus[] {
  const own = expresscluster?.servers;
  return Object.values(servers).filter(({ name }) => own?.[name]?.member !== false);
}

/**
 * Asks every server at once for all of its parts; `beside`: machines that may not be servers of it.
 * Never rejects because somebody is silent; takes at most `timeoutMs` and a little.
 */
export async function collectStatus(
  wire: Looking,
  config: ClusterConfiguration,
  clock: Pick<Clock, 'now'>,
  timeoutMs: number = ASK_TIMEOUT_MS,
  beside: readonly string[] = [],
): Promise<Status> {
  return (await collect(wire, config, clock, timeoutMs, beside)).status;
}

async function collect(
  wire: Looking,
  config: ClusterConfiguration,
  clock: Pick<Clock, 'now'>,
  timeoutMs: number,
  beside: readonly string[],
): Promise<{ status: Status; all: Reports[] }> {
  const servers = [...new Set([...config.servers.map(({ name }) => name), ...beside])];
  const all = await hearAll(wire, clock, servers, timeoutMs);
  return { status: statusFrom(config, all, clock.now()), all };
}

/** The same, for whoever looks again and again: `substanceOf` tells what says the same. */
export function statusCollector(
  wire: Looking,
  rack: { machines: readonly string[]; config: () => ClusterConfiguration },
  clock: Pick<Clock, 'now'>,
): () => Promise<Status> {
  const remember = rememberSubstance();
  return async () => {
    const config = rack.config();
    const { status, all } = await collect(wire, config, clock, ASK_TIMEOUT_MS, rack.machines);
    return remember(status, config, all);
  };
}
