/**
 * Debts: what maintenance leaves behind on a cluster, seen from its status and what its
 * configuration wants, with when each lapses by itself, and which run left it when the record
 * knows. Unknown is listed as unknown, because a debt that cannot be seen may be there.
 */
import { expressClusterOf, membersOf } from '../../cluster/index.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import { lastToChange, type RunHead } from '../run/heads.ts';

export interface Debt {
  kind:
    | 'monitor suspended'
    | 'timeout stretched'
    | 'service disabled'
    | 'configuration not distributed'
    | 'automatic recovery held'
    | 'lease left'
    | 'medium left'
    | 'daemon stopped'
    | 'run stuck';
  /** The fact it is seen by (src/runbook/run/facts.ts). */
  key: string;
  words: string;
  /** ms since the epoch; null: it does not lapse by itself. */
  until: number | null;
  remedy: string;
  /** The run and step that left it, when the record tells. */
  by: { run: string; step: string; at: string } | null;
}

export interface Debts {
  debts: Debt[];
  unknown: string[];
}

type Found = Omit<Debt, 'by' | 'until'> & { until?: number | null };

function ofMonitors(status: Status): Found[] {
  return Object.values(status.monitors).flatMap((monitor) =>
    Object.entries(monitor.servers)
      .filter(([, { state }]) => state === 'suspended')
      .map(([server]) => ({
        kind: 'monitor suspended' as const,
        key: `monitor.${monitor.name}.${server}.suspended`,
        words: `monitor ${monitor.name} is suspended on ${server}`,
        remedy: `clpmonctrl -r -m ${monitor.name} on ${server}`,
      })),
  );
}

function ofTimeout(status: Status): Found[] {
  const { ratio, until } = expressClusterOf(status).timeoutRatio;
  if (ratio === null || ratio === 1) return [];
  return [
    {
      kind: 'timeout stretched',
      key: 'cluster.timeoutRatio',
      words: `every timeout of the cluster is ${ratio} times as long`,
      until,
      remedy: 'clptoratio -i',
    },
  ];
}

/** Every clusterpro service is wanted: the setup enables them all (v3 ch. 6, x5 2.13). */
function ofServices(status: Status): Found[] {
  const { manual } = expressClusterOf(status);
  return membersOf(status).flatMap((server) =>
    Object.entries(server.system.services ?? {})
      .filter(([name, { enabled }]) => name.startsWith('clusterpro') && !enabled)
      .map(([name]) => ({
        kind: 'service disabled' as const,
        key: `server.${server.name}.service.${name}`,
        words: `service ${name} does not start at boot on ${server.name}`,
        remedy:
          manual === 'v3'
            ? `chkconfig --add ${name} on ${server.name}`
            : `systemctl enable ${name} on ${server.name}`,
      })),
  );
}

function ofConfiguration(status: Status): Found[] {
  const members = membersOf(status).map(({ name }) => name);
  const hashes = Object.entries(expressClusterOf(status).configHashes).filter(
    ([server, hash]) => hash !== null && members.includes(server),
  );
  if (new Set(hashes.map(([, hash]) => hash)).size <= 1) return [];
  return [
    {
      kind: 'configuration not distributed',
      key: `config.${hashes[0]![0]}`,
      words: `${hashes.map(([server]) => server).join(' and ')} have different configurations`,
      remedy: 'clpcfctrl --push from the one that is right',
    },
  ];
}

function ofMirrors(status: Status): Found[] {
  return Object.entries(expressClusterOf(status).mirrors).flatMap(([name, copies]) =>
    Object.entries(copies)
      .filter(([, { autoRecoveryHeld }]) => autoRecoveryHeld === true)
      .map(([server]) => ({
        kind: 'automatic recovery held' as const,
        key: `mirror.${name}.${server}.autoRecoveryHeld`,
        words: `automatic recovery of ${name} is held on ${server} until a copy is discarded`,
        remedy: `decide which copy dies, then clpmdctrl --recovery ${name}`,
      })),
  );
}

function ofServers(status: Status): Found[] {
  const own = expressClusterOf(status).servers;
  return Object.values(status.servers).flatMap((server): Found[] => {
    const found: Found[] = [];
    const medium = own[server.name]?.medium ?? null;
    if (medium !== null) {
      found.push({
        kind: 'medium left',
        key: `server.${server.name}.medium`,
        words: `the medium ${medium} is still in the drive of ${server.name}`,
        remedy: `take it out of ${server.name}`,
      });
    }
    const isMember = own[server.name]?.member !== false;
    if (isMember && server.power.state === 'on' && server.membership.software === 'stopped') {
      found.push({
        kind: 'daemon stopped',
        key: `server.${server.name}.daemon`,
        words: `the cluster daemon of ${server.name} is stopped`,
        remedy: `clpcl -s on ${server.name}`,
      });
    }
    return found;
  });
}

function ofLeases(status: Status): Found[] {
  const holders = Object.entries(status.leases).filter(([, { holder }]) => holder !== null);
  return holders.map(([server, { holder }]) => ({
    kind: 'lease left' as const,
    key: `lease.${server}`,
    words: `${server} keeps the cluster for run ${holder}`,
    remedy: `drydock resume ${holder}, or drydock abort ${holder}`,
  }));
}

/** Runs of this cluster whose undo failed: what they did is half taken back. */
function ofStuckRuns(status: Status, heads: readonly RunHead[]): Found[] {
  const isStuck = ({ summary, clusterId }: RunHead) =>
    summary.phase === 'stuck' && clusterId === status.cluster.id;
  return heads.filter(isStuck).map(({ summary: { run, why }, undo }) => ({
    kind: 'run stuck',
    key: `run.${run}`,
    words: `run ${run} is half undone, and its undo ${undo} failed: ${why ?? ''}`,
    remedy: `mend that, then drydock resume ${undo}; or by hand: drydock run-log ${undo} --remainder`,
  }));
}

function unknownsOf(status: Status, topology: Topology | null): string[] {
  const found: string[] = [];
  const servers = topology?.servers.map(({ name }) => name) ?? Object.keys(status.servers);
  for (const name of servers) {
    const server = status.servers[name];
    if (!server || server.system.observed.unknown !== null) {
      const why = server?.system.observed.unknown ?? 'it is not in the status';
      found.push(`${name}: services, medium and lease are not known: ${why}`);
    }
    if (server && server.membership.software === null)
      found.push(`${name}: whether its daemon runs is not known`);
  }
  if (expressClusterOf(status).timeoutRatio.ratio === null)
    found.push('whether timeouts are stretched is not known');
  return found;
}

/** `heads` of all recorded runs say who left it; without them the debts are the same. */
export function debtsOf(
  status: Status,
  topology: Topology | null,
  heads: readonly RunHead[] = [],
): Debts {
  const found = [
    ...ofMonitors(status),
    ...ofTimeout(status),
    ...ofServices(status),
    ...ofConfiguration(status),
    ...ofMirrors(status),
    ...ofServers(status),
    ...ofLeases(status),
    ...ofStuckRuns(status, heads),
  ];
  const debts = found.map((debt) => ({
    ...debt,
    until: debt.until ?? null,
    by: lastToChange(debt.key, heads),
  }));
  return { debts, unknown: unknownsOf(status, topology) };
}
