/**
 * Signed documents on their way to the cluster's servers, which hold what the gate judges by. Every server is
 * told; one that does not answer is named, because it will not know of the window.
 */
import type { ChangeWindow } from '../../change/types.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { PutAnswer } from '../../ports/documents.ts';
import type { WindowPushedReport } from '../../schema/generated/reports/window-pushed.ts';
import type { SignedDocument } from '../../schema/generated/signed-document.ts';
import type { Cluster, Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import {
  documentsOfWindow,
  findWindow,
  policiesOf,
  recordAct,
  type Workspace,
  workspaceWithCluster,
} from './workspace.ts';

export interface Pushed {
  server: string;
  /** null: it holds every document. */
  why: string | null;
}

function whyNot(answer: PutAnswer): string | null {
  if ('refused' in answer) return `refuses: ${answer.refused}`;
  return 'unknown' in answer ? `is not informed: ${answer.unknown}` : null;
}

/** In the order given; per server the first document that it did not keep. */
export async function pushDocuments(
  { door, topology }: Pick<Cluster, 'door' | 'topology'>,
  signedDocuments: readonly SignedDocument[],
): Promise<Pushed[]> {
  const found = new Map<string, string | null>(topology.servers.map(({ name }) => [name, null]));
  for (const document of signedDocuments) {
    for (const [server, answer] of Object.entries(await door.documents.put(document))) {
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

/** The documents of a window that count, in the order in which they were written. */
export function countingDocuments(workspace: Workspace, window: ChangeWindow): SignedDocument[] {
  const refused = new Set(window.refused.map(({ name }) => name));
  const at = ({ text }: SignedDocument) => String((JSON.parse(text) as { at?: unknown }).at);
  return documentsOfWindow(workspace, window.id)
    .filter(({ name }) => !refused.has(name))
    .sort((a, b) => at(a).localeCompare(at(b)));
}

/**
 * A server takes no document of a person whom it does not know: one that was away is given the versions
 * of the policy that the others hold.
 */
async function fillPolicies(cluster: Cluster, workspace: Workspace): Promise<void> {
  const held = policiesOf(workspace.held, cluster.topology.id);
  const { servers } = await cluster.door.documents.held();
  const isLacking = Object.values(servers).some((said) => 'lacks' in said && said.lacks.length > 0);
  if (isLacking)
    await pushDocuments(
      cluster,
      held.sort((a, b) => a.version - b.version),
    );
}

/** Gives a window's documents to a cluster; at least one server has to take them. */
export async function giveWindow(
  ctx: Context,
  cluster: Cluster,
  workspace: Workspace,
  window: ChangeWindow,
): Promise<Pushed[]> {
  const { id: uuid, name } = cluster.topology;
  if (!window.request.clusters.some((one) => one.uuid === uuid)) {
    throw badInput(`${window.id} is not for cluster ${name} (${uuid})`, {
      code: 'cluster.other',
      remedy: `it is for ${window.request.clusters.map((one) => one.name).join(', ')}: --cluster`,
    });
  }
  await fillPolicies(cluster, workspace);
  const servers = await pushDocuments(cluster, countingDocuments(workspace, window));
  const held = servers.filter(({ why }) => why === null).map(({ server }) => server);
  for (const { server, why } of servers) {
    if (why !== null) ctx.tell({ type: 'server.unheld', server, why });
  }
  await recordAct(ctx, 'window.pushed', { window: window.id, cluster: uuid, held });
  if (held.length > 0) return servers;
  throw new DrydockError(`no server of ${name} took the documents of ${window.id}`, {
    code: 'window.unheld',
    remedy: `see why above, then: drydock window push ${window.id}`,
  });
}

/** As giveWindow, from use cases that work without a cluster too: then it is reported, and no error. */
export async function pushWindow(
  ctx: Context,
  workspace: Workspace,
  window: ChangeWindow,
): Promise<void> {
  try {
    const cluster = await ctx.openCluster();
    try {
      await giveWindow(ctx, cluster, workspace, window);
    } finally {
      await cluster.close();
    }
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    ctx.tell({ type: 'window.unheld', window: window.id, why: error.message });
  }
}

/** Again, for servers that were away. */
export async function pushAgain(
  ctx: Context,
  given: string | undefined,
): Promise<Report<WindowPushedReport>> {
  const workspace = await workspaceWithCluster(ctx);
  const window = findWindow(workspace, given, 'push');
  const cluster = await ctx.openCluster();
  try {
    const servers = await giveWindow(ctx, cluster, workspace, window);
    return reportOf({ schema: 'drydock.window-pushed/1', window: window.id, servers });
  } finally {
    await cluster.close();
  }
}
