/**
 * A cluster that is only described, for rehearsals and advice without one: by its clp.conf (then as
 * configured, at rest), by a status that was saved, and by what is to happen to it (`--given`, in
 * the words of src/sim/situation/verbs.ts). Without either it is the cluster at hand, to which
 * something is to happen. What happens, happens on a twin.
 *
 *     clp.conf ──► twin, up and at rest ─┐
 *     clp.conf, status ────► twin of it ─┼─ given ─► its status is that of the described cluster
 *     the cluster at hand ─► twin of it ─┘
 */
import { systemRandom } from '../../adapters/system-random.ts';
import { topologyOf } from '../../change/topology.ts';
import { parseClusterConfiguration } from '../../config/index.ts';
import { badInput } from '../../core/errors.ts';
import { configurationHash } from '../../host/read-facts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterDoor } from '../../ports/cluster.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster, Context } from '../../service/context.ts';
import type { Cli } from '../context.ts';
import { contextOf } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readConfiguration } from '../words/reading-configuration.ts';
import { holdTo, readStatusFile } from '../words/reading-status.ts';
import { openCluster } from './cluster.ts';

/** From where its story begins. */
interface Origin {
  configText: string;
  configFile: string;
  /** null: as configured, at rest. */
  status: Status | null;
  unknowns: string[];
}

export interface Described {
  cluster: Cluster;
  /** What is not known of it, in words. */
  unknowns: string[];
}

const SEED = 'described';

/** Nothing passes in it: whoever waits is told at once that the time has come. */
function paperClock(start: number): Clock {
  let now = start;
  return {
    now: () => now,
    at: (when, fn) => {
      let isOff = false;
      queueMicrotask(() => {
        if (isOff) return;
        now = Math.max(now, when);
        fn();
      });
      return () => {
        isOff = true;
      };
    },
  };
}

function paperDoor(status: Status, clock: Clock): ClusterDoor {
  const why = 'this cluster is only described: nothing can be done there';
  const refuse = async (): Promise<never> => {
    throw badInput(why, { code: 'cluster.described', remedy: 'name one with --cluster' });
  };
  return {
    observation: { status: async () => status, clockOf: async () => clock.now() },
    commands: { exec: refuse, operation: refuse, typed: refuse },
    lease: { acquire: refuse, release: refuse, vouch: refuse, show: refuse },
    documents: { held: refuse, put: refuse, glass: refuse, breakGlass: refuse },
    capabilities: () => ({ lease: null, documents: why, power: null, physicalActs: null }),
  };
}

async function atHand(cli: Cli, args: Args): Promise<Origin> {
  const cluster = await openCluster(cli, args);
  try {
    const status = await steadyStatus(cluster.door.observation, cluster.clock);
    const { configText, name } = cluster;
    return { configText, configFile: `clp.conf of ${name}`, status, unknowns: [] };
  } finally {
    await cluster.close();
  }
}

/** The clp.conf that a status is of: the one that is named, or that of the cluster at hand. */
async function configurationFor(cli: Cli, args: Args): Promise<{ text: string; file: string }> {
  if (args.config !== undefined) return readConfiguration(String(args.config));
  try {
    const cluster = await openCluster(cli, args);
    await cluster.close();
    return { text: cluster.configText, file: `clp.conf of ${cluster.name}` };
  } catch (cause) {
    throw badInput('a status does not hold the configuration, and no cluster is at hand', {
      code: 'status.configuration',
      remedy: 'give its clp.conf with --config',
      cause,
    });
  }
}

async function originOf(cli: Cli, args: Args): Promise<Origin> {
  if (args.status === undefined) {
    if (args.config === undefined) return atHand(cli, args);
    const { text, file } = readConfiguration(String(args.config));
    return { configText: text, configFile: file, status: null, unknowns: [] };
  }
  const file = String(args.status);
  const read = readStatusFile(file);
  const { text: configText, file: configFile } = await configurationFor(cli, args);
  holdTo(parseClusterConfiguration(configText, configFile), { ...read, file });
  const hashes = Object.values(read.status.expresscluster?.configHashes ?? {});
  const known = hashes.filter((hash) => hash !== null);
  const isOther = known.length > 0 && !known.includes(configurationHash(configText));
  const words = `${file} was saved when the servers had another configuration than ${configFile}`;
  const unknowns = isOther ? [words] : [];
  return { configText, configFile, status: read.status, unknowns };
}

async function describe(cli: Cli, args: Args): Promise<Described> {
  const { configText, configFile, status: from, unknowns } = await originOf(cli, args);
  const config = parseClusterConfiguration(configText, configFile);
  const { bringAbout, readSituation } = await import('../../sim/situation/situation.ts');
  const lines = readSituation(words(args.given), config, () => ({ file: '--given' }));
  if (from && lines.length === 0) return { cluster: onPaper(configText, from), unknowns };
  const { buildTwin } = await import('../../sim/twin.ts');
  const begun = await buildTwin({ configText, seed: SEED, ...(from ? { from } : {}) });
  if (!from) await begun.up();
  const twin = await bringAbout(begun, lines);
  // As of any cluster: sides of a mirror that lost one another for a moment are given time to meet.
  const seen = await twin.run(steadyStatus(twin.door().observation, twin.controlClock()));
  const cluster = onPaper(twin.atHand().text, seen);
  return { cluster, unknowns: [...unknowns, ...begun.unknowns] };
}

function onPaper(configText: string, status: Status): Cluster {
  const config = parseClusterConfiguration(configText, 'clp.conf');
  const clock = paperClock(status.takenAt);
  return {
    kind: 'description',
    name: config.name,
    place: 'described',
    isForPractice: false,
    topology: topologyOf(config),
    config,
    configText,
    door: paperDoor(status, clock),
    perform: async () => ({ done: false, why: 'the cluster is only described' }),
    clock,
    random: systemRandom(),
    close: async () => undefined,
  };
}

/** Whether the cluster is described, and not merely named. */
export function isDescribed({ config, status, given }: Args): boolean {
  return config !== undefined || status !== undefined || given !== undefined;
}

/** The context of a verb that works on a described cluster too. */
export function contextOn(cli: Cli, args: Args): Context {
  const context = contextOf(cli, args);
  if (!isDescribed(args)) return context;
  let described: Promise<Described> | null = null;
  const once = (): Promise<Described> => {
    described ??= describe(cli, args);
    return described;
  };
  const openIt = async () => (await once()).cluster;
  return {
    ...context,
    openCluster: openIt,
    openClusterIfAny: openIt,
    twins: {
      ...context.twins,
      make: async (cluster, from) => {
        const world = await context.twins.make(cluster, from);
        world.unknowns.unshift(...(await once()).unknowns);
        return world;
      },
    },
  };
}
