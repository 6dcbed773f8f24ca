/**
 * Papers on their way to the cluster's servers, which hold what the gate judges by. Every server is
 * told; one that does not answer is named, because it will not know of the window.
 */
import type { ChangeWindow } from '../../change/types.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { PutAnswer } from '../../ports/documents.ts';
import type { Paper } from '../../schema/generated/paper.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { type Desk, findWindow, papersOfWindow, policiesOf, recordAct } from './desk.ts';
import { deskWithCluster } from './list.ts';

export interface Pushed {
  server: string;
  /** null: it holds every paper. */
  why: string | null;
}

function whyNot(answer: PutAnswer): string | null {
  if ('refused' in answer) return `refuses: ${answer.refused}`;
  return 'unknown' in answer ? `is not told: ${answer.unknown}` : null;
}

/** In the order given; per server the first paper that it did not keep. */
export async function pushPapers(
  { door, config }: Pick<Cluster, 'door' | 'config'>,
  papers: readonly Paper[],
): Promise<Pushed[]> {
  const found = new Map<string, string | null>(config.servers.map(({ name }) => [name, null]));
  for (const paper of papers) {
    for (const [server, answer] of Object.entries(await door.documents.put(paper))) {
      if ((found.get(server) ?? null) === null) found.set(server, whyNot(answer));
    }
  }
  return [...found].map(([server, why]) => ({ server, why })).sort(byServer);
}

function byServer(a: { server: string }, b: { server: string }): number {
  return a.server < b.server ? -1 : 1;
}

export interface HeldThere {
  server: string;
  version: number | null;
  lacks: string[];
  why: string | null;
}

export async function heldByServers({ door }: Pick<Cluster, 'door'>): Promise<HeldThere[]> {
  const { servers } = await door.documents.held();
  return Object.entries(servers)
    .map(([server, held]) =>
      'unknown' in held
        ? { server, version: null, lacks: [], why: `is not known: ${held.unknown}` }
        : { server, version: held.policy, lacks: held.lacks, why: null },
    )
    .sort(byServer);
}

/** The papers of a window that count, in the order in which they were written. */
export function countingPapers(desk: Desk, window: ChangeWindow): Paper[] {
  const refused = new Set(window.refused.map(({ name }) => name));
  const at = ({ text }: Paper) => String((JSON.parse(text) as { at?: unknown }).at);
  return papersOfWindow(desk, window.id)
    .filter(({ name }) => !refused.has(name))
    .sort((a, b) => at(a).localeCompare(at(b)));
}

/**
 * A server takes no paper of a person whom it does not know: one that was away is given the versions
 * of the policy that the others hold.
 */
async function fillPolicies(cluster: Cluster, desk: Desk): Promise<void> {
  const held = policiesOf(desk.held, cluster.config.uuid);
  const { servers } = await cluster.door.documents.held();
  const isLacking = Object.values(servers).some((said) => 'lacks' in said && said.lacks.length > 0);
  if (isLacking)
    await pushPapers(
      cluster,
      held.sort((a, b) => a.version - b.version),
    );
}

/** Gives a window's papers to a cluster; at least one server has to take them. */
export async function giveWindow(
  cli: Cli,
  cluster: Cluster,
  desk: Desk,
  window: ChangeWindow,
): Promise<Pushed[]> {
  const { uuid, name } = cluster.config;
  if (!window.request.clusters.some((one) => one.uuid === uuid)) {
    throw badInput(`${window.id} is not for cluster ${name} (${uuid})`, {
      code: 'cluster.other',
      remedy: `it is for ${window.request.clusters.map((one) => one.name).join(', ')}: --cluster`,
    });
  }
  await fillPolicies(cluster, desk);
  const servers = await pushPapers(cluster, countingPapers(desk, window));
  const held = servers.filter(({ why }) => why === null).map(({ server }) => server);
  for (const { server, why } of servers) {
    if (why !== null) cli.say(cli.paint('yellow', `${server} ${why}`));
  }
  await recordAct(cli, 'window.pushed', { window: window.id, cluster: uuid, held });
  if (held.length > 0) return servers;
  throw new DrydockError(`no server of ${name} took the papers of ${window.id}`, {
    code: 'window.unheld',
    remedy: `see why above, then: drydock window push ${window.id}`,
  });
}

/** As giveWindow, from verbs that work without a cluster too: then it is said, and no error. */
export async function pushWindow(
  cli: Cli,
  args: Args,
  desk: Desk,
  window: ChangeWindow,
): Promise<void> {
  try {
    const cluster = await openCluster(cli, args);
    try {
      await giveWindow(cli, cluster, desk, window);
    } finally {
      await cluster.close();
    }
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    cli.say(cli.paint('yellow', `the cluster does not know of it yet: ${error.message}`));
    cli.say(`once it can be reached: drydock window push ${window.id}`);
  }
}

/** `window push W`: again, for servers that were away. */
export async function pushAgain(cli: Cli, args: Args): Promise<number> {
  const desk = await deskWithCluster(cli, args);
  const [given] = (args.words ?? []) as string[];
  const window = findWindow(desk, given, 'push');
  const cluster = await openCluster(cli, args);
  try {
    const servers = await giveWindow(cli, cluster, desk, window);
    print(cli, { schema: 'drydock.window-pushed/1', window: window.id, servers }, () =>
      table(servers.map(({ server, why }) => [server, why ?? 'holds every paper'])),
    );
    return 0;
  } finally {
    await cluster.close();
  }
}
