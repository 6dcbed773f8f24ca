/** Which clusters there are, one more of them, and whether one can be worked with. */
import { acts, REMEDY } from '../cluster/index.ts';
import { badInput } from '../core/errors.ts';
import type { Capabilities, Capability } from '../ports/cluster.ts';
import type { ClusterAddedReport } from '../schema/generated/reports/cluster-added.ts';
import type { ClusterCheckReport } from '../schema/generated/reports/cluster-check.ts';
import type { ClustersReport, KnownCluster } from '../schema/generated/reports/clusters.ts';
import type { ServerStatus, Status } from '../schema/generated/status.ts';
import type { Context } from './context.ts';
import { type Report, reportOf } from './report.ts';

/** The inventory of this control host: a file a cluster, beside those that need none. */
export interface Inventory {
  folder: string;
  /** Of clusters that can be opened. */
  kinds: readonly string[];
  list(): Promise<KnownCluster[]>;
  /** `given`: the fields of its kind. Throws what is wrong with them; writes over nothing. */
  add(name: string, kind: string, given: Record<string, string>): Promise<KnownCluster>;
}

/** It stands for the cluster on the command line, and names its file. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

export async function listClusters({
  inventory,
}: Pick<Context, 'inventory'>): Promise<Report<ClustersReport>> {
  const { folder, kinds } = inventory;
  const clusters = await inventory.list();
  return reportOf({
    schema: 'drydock.clusters/1',
    inventory: folder,
    kinds: [...kinds],
    clusters,
  });
}

export async function addCluster(
  { inventory }: Pick<Context, 'inventory'>,
  wish: { name: string; kind: string; given: Record<string, string> },
): Promise<Report<ClusterAddedReport>> {
  const { name, kind, given } = wish;
  if (!NAME.test(name)) {
    throw badInput(`'${name}' is no name for a cluster`, {
      code: 'cluster.name',
      remedy: 'begin with a letter or figure, go on with those and . _ -, 63 characters at most',
    });
  }
  const { place, file } = await inventory.add(name, kind, given);
  return reportOf({
    schema: 'drydock.cluster-added/1',
    name,
    kind,
    place: String(place),
    file: String(file),
  });
}

type Item = ClusterCheckReport['items'][number];

const ok = (what: string, words: string): Item => ({ what, state: 'ok', words });

function reachable({ name, system, membership }: ServerStatus): Item[] {
  const what = `reach ${name}`;
  if (system.reachable !== true) {
    const words = system.observed.unknown ?? 'its operating system does not answer';
    const remedy = `start ${name}, or mend the way to it`;
    return [{ what, state: 'unknown', words, remedy }];
  }
  const { software } = membership;
  return [
    ok(what, `answers, boot ${system.bootId}`),
    software === 'running'
      ? ok(`cluster software on ${name}`, 'running')
      : {
          what: `cluster software on ${name}`,
          state: 'lacks',
          words: software ?? membership.observed.unknown ?? 'not known',
          remedy: 'groups run there only once it is started; `drydock status` shows the rest',
        },
  ];
}

/** What a person does where the cluster cannot. */
function byHand(capability: Capability): string {
  const own = [...acts.values()].filter(({ needs }) => needs === capability);
  return own.map(({ words }) => words).join('; ');
}

const HANDWORK = 'a run waits there for a person, who says that it is done by --confirm STEP';

interface Ability {
  what: string;
  /** Where the cluster is able. */
  words: string;
  /** Where it is not: whether no run can be started then, and what to do. */
  without: 'bad' | 'lacks';
  remedy: string;
}

const ABILITIES: Record<Capability, Ability> = {
  lease: {
    what: 'ability to keep a lease',
    words: 'its servers keep it',
    without: 'bad',
    remedy: REMEDY.lease,
  },
  documents: {
    what: 'ability to hold documents of change windows',
    words: 'its servers hold them, and judge commands by them',
    without: 'lacks',
    remedy: REMEDY.documents,
  },
  power: {
    what: 'ability to switch power',
    words: 'without a person',
    without: 'lacks',
    remedy: `${HANDWORK}: ${byHand('power')}`,
  },
  physicalActs: {
    what: 'ability to change disks and media',
    words: 'without a person',
    without: 'lacks',
    remedy: `${HANDWORK}: ${byHand('physicalActs')}`,
  },
};

function abilities(able: Capabilities): Item[] {
  return Object.entries(ABILITIES).map(([name, { what, words, without, remedy }]) => {
    const why = able[name as Capability];
    return why === null ? ok(what, words) : { what, state: without, words: why, remedy };
  });
}

function exitOf(items: readonly Item[]): number {
  if (items.some(({ state }) => state === 'bad')) return 4;
  return items.some(({ state }) => state === 'unknown') ? 6 : 0;
}

/** Looks only. Exit 6 where a server does not answer, 4 where no run can be started. */
export async function checkCluster(
  ctx: Pick<Context, 'openCluster'>,
): Promise<Report<ClusterCheckReport>> {
  const cluster = await ctx.openCluster();
  try {
    const { name, kind, place, topology, door } = cluster;
    const status: Status = await door.observation.status();
    const items = [
      ...Object.values(status.servers).flatMap(reachable),
      ...abilities(door.capabilities()),
    ];
    const exit = exitOf(items);
    const servers = topology.servers.map((server) => server.name);
    const known = { software: topology.kind, name: topology.name, id: topology.id, servers };
    const data = { schema: 'drydock.cluster-check/1' as const, name, kind, place };
    return reportOf({ ...data, cluster: known, items, exit }, exit);
  } finally {
    await cluster.close();
  }
}
