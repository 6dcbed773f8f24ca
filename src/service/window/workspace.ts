/**
 * The workspace of signed documents: the folder of them, what the cluster's servers hold where one
 * can be reached, and what both together say. A person without a cluster works on the folder alone.
 */
import { foldWindows, newestPolicy } from '../../change/fold.ts';
import type { Believed } from '../../change/policies.ts';
import { NO_RECEIPTS, type Receipts } from '../../change/receipts.ts';
import type { ChangeWindow } from '../../change/types.ts';
import { requireAble, serversNow } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { suggestion } from '../../core/nearest.ts';
import type { ClusterDoor } from '../../ports/cluster.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { SignedDocument } from '../../schema/generated/signed-document.ts';
import type { WindowDocument, WindowRequest } from '../../schema/generated/window-document.ts';
import type { Context } from '../context.ts';

/** Signed documents that lie on this host, as a port. */
export interface DocumentFolder {
  folder: string;
  read(): { papers: SignedDocument[]; odd: OddFile[] };
  /** Never over another; `file`: below the folder, `path`: whole. */
  put(document: SignedDocument): { file: string; path: string; isNew: boolean };
  /** A name for it among others, without an ending. */
  nameOf(document: SignedDocument): string;
}

/** A file that is no signed document, or a damaged one, and why. */
export interface OddFile {
  file: string;
  why: string;
}

export interface Workspace {
  folder: string;
  /** Of the folder, and of the servers. */
  papers: SignedDocument[];
  /** Of the servers alone. */
  held: SignedDocument[];
  odd: OddFile[];
  /** By the servers' clocks where they can be asked, else by this host's. */
  now: number;
  /** How far the servers' clocks are ahead of this host's, ms. */
  aheadMs: number;
  /** When the servers received what they hold. */
  receipts: Receipts;
}

/** Each document once; the same words under another signature are another document. */
function distinct(signedDocuments: readonly SignedDocument[]): SignedDocument[] {
  const seen = new Map<string, SignedDocument>();
  for (const document of signedDocuments) {
    const key = `${document.name}\n${document.version}\n${document.text}\n${document.signature}`;
    if (!seen.has(key)) seen.set(key, document);
  }
  return [...seen.values()];
}

/** The folder alone. What in it is no signed document is reported. */
export function openWorkspace({ documents, clock, tell }: Context): Workspace {
  const { folder } = documents;
  const { papers: signedDocuments, odd } = documents.read();
  for (const { file, why } of odd) tell({ type: 'document.odd', folder, file, why });
  return {
    folder,
    papers: distinct(signedDocuments),
    held: [],
    odd,
    now: clock.now(),
    aheadMs: 0,
    receipts: NO_RECEIPTS,
  };
}

/** With what the servers of a cluster hold; servers that do not answer hold nothing we know of. */
export async function withHeld(
  ctx: Pick<Context, 'clock'>,
  workspace: Workspace,
  door: Pick<ClusterDoor, 'documents' | 'capabilities'>,
): Promise<Workspace> {
  requireAble(door, 'documents', 'a window needs servers that hold its documents');
  const held = await door.documents.held();
  const { papers: signedDocuments } = held;
  const own = ctx.clock.now();
  const now = serversNow(held, own);
  const all = distinct([...signedDocuments, ...workspace.papers]);
  // Where no server answers nobody knows what they hold.
  const isKnown = Object.keys(held.clocks).length > 0;
  const receipts = { held: held.receipts, unheldAt: isKnown ? now : null };
  return { ...workspace, papers: all, held: signedDocuments, now, aheadMs: now - own, receipts };
}

/** With what a cluster holds, if there is one; without one the folder has to do. */
export async function workspaceWithCluster(ctx: Context): Promise<Workspace> {
  const workspace = openWorkspace(ctx);
  const cluster = await ctx.openClusterIfAny();
  if (!cluster) return workspace;
  try {
    return await withHeld(ctx, workspace, cluster.door);
  } finally {
    await cluster.close();
  }
}

/** Which cluster a policy is of. */
export function clusterIn({ text }: SignedDocument): string {
  return String((JSON.parse(text) as { cluster?: unknown }).cluster);
}

/** Versions of a cluster's policy among documents. */
export function policiesOf(
  signedDocuments: readonly SignedDocument[],
  cluster: string,
): SignedDocument[] {
  return signedDocuments.filter(
    (document) => document.name === 'policy' && clusterIn(document) === cluster,
  );
}

/**
 * What the servers hold counts, and what the folder has beyond it if it follows from that. A policy
 * that somebody left in a shared folder must neither be believed nor keep anybody from working.
 */
export function believedPolicy(workspace: Workspace, cluster: string): Believed {
  const { receipts } = workspace;
  const all = newestPolicy(policiesOf(workspace.papers, cluster), cluster, receipts);
  if (all.untrusted === null) return all;
  const held = newestPolicy(policiesOf(workspace.held, cluster), cluster, receipts);
  return held.policy !== null && held.untrusted === null ? held : { ...all, papers: [] };
}

/** The policy of a cluster; throws where one is there that cannot be believed. */
export function policyOf(workspace: Workspace, cluster: string): Policy | null {
  const { policy, untrusted } = believedPolicy(workspace, cluster);
  if (untrusted === null) return policy;
  throw new DrydockError(`the policy of this cluster cannot be believed: ${untrusted}`, {
    code: 'policy.untrusted',
    exit: 4,
    remedy: 'look at it with `drydock window policy show`, and push one that is signed rightly',
  });
}

/** Versions of the policies of all clusters that documents lie here of. */
export function knownPolicies(workspace: Workspace): Policy[] {
  const named = workspace.papers.filter(({ name }) => name === 'policy').map(clusterIn);
  const believed = [...new Set(named)].map((cluster) => believedPolicy(workspace, cluster));
  return believed.flatMap(({ policy, untrusted }) => (policy && !untrusted ? [policy] : []));
}

export function needPolicy(workspace: Workspace, cluster: string): Policy {
  const policy = policyOf(workspace, cluster);
  if (policy) return policy;
  throw badInput('there is no policy for this cluster: nobody can say whose signature counts', {
    code: 'policy.none',
    remedy: 'make one with `drydock window policy init`, or fetch its file with `window import`',
  });
}

/** What a window document says; its signature is judged by the fold. */
export function wordsOf(document: SignedDocument): (WindowDocument & { body: JsonObject }) | null {
  if (!document.name.startsWith('window/')) return null;
  try {
    return JSON.parse(document.text) as WindowDocument & { body: JsonObject };
  } catch {
    return null;
  }
}

export function documentsOfWindow(workspace: Workspace, id: string): SignedDocument[] {
  return workspace.papers.filter(({ name }) => name.startsWith(`window/${id}/`));
}

/** Clusters (uuid) that the requests of a window name. */
function clustersOf(signedDocuments: readonly SignedDocument[]): string[] {
  const named = signedDocuments.flatMap((document) => {
    const words = wordsOf(document);
    if (words?.kind !== 'request') return [];
    return (words.body as unknown as WindowRequest).clusters?.map(({ uuid }) => uuid) ?? [];
  });
  return [...new Set(named)];
}

/** Windows of the workspace, each by the policy of the first cluster that it names. */
export function windowsOf(workspace: Workspace): ChangeWindow[] {
  const byCluster = new Map<string, SignedDocument[]>();
  for (const id of windowIds(workspace)) {
    const signedDocuments = documentsOfWindow(workspace, id);
    const cluster = clustersOf(signedDocuments)[0] ?? '';
    byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), ...signedDocuments]);
  }
  return [...byCluster]
    .flatMap(([cluster, signedDocuments]) => {
      const { policy, papers: versions } = believedPolicy(workspace, cluster);
      return foldWindows(
        [...signedDocuments, ...versions],
        policy,
        workspace.now,
        workspace.receipts,
      );
    })
    .sort((a, b) => a.requestedAt.localeCompare(b.requestedAt) || a.id.localeCompare(b.id));
}

export function windowIds(workspace: Workspace): string[] {
  const ids = workspace.papers.flatMap(({ name }) =>
    name === 'policy' ? [] : [name.split('/')[1]!],
  );
  return [...new Set(ids)].sort();
}

/** A window by its name, a part of it, or its ticket. */
export function findWindow(workspace: Workspace, given: unknown, verb: string): ChangeWindow {
  const all = windowsOf(workspace);
  if (given === undefined) {
    throw badInput(`\`window ${verb}\` needs the name of a window`, {
      code: 'usage',
      remedy: all.length ? `name one of ${all.map(({ id }) => id).join(', ')}` : 'there is none',
    });
  }
  const word = String(given);
  const exact = all.filter(({ id }) => id === word);
  const fitting = exact.length
    ? exact
    : all.filter(({ id, request }) => id.includes(word) || request.ticket === word);
  if (fitting.length === 1) return fitting[0]!;
  const many = fitting.map(({ id }) => id).join(', ');
  throw badInput(
    fitting.length ? `'${word}' fits ${fitting.length} windows` : `there is no window '${word}'`,
    {
      code: 'window.unknown',
      remedy: fitting.length
        ? `name one of ${many}`
        : `${suggestion(
            word,
            all.map(({ id }) => id),
          )} (see \`drydock window list\`)`,
    },
  );
}

/** What was done, for the record of this control host. */
export async function recordAct(ctx: Context, type: string, body: JsonObject): Promise<void> {
  const journal = await ctx.records.open();
  try {
    await journal.append([{ run: null, type, body }]);
  } finally {
    await journal.close();
  }
}

/** Into the folder, and into the record: which document, by whom, with which hash. */
export async function fileDocument(
  ctx: Context,
  workspace: Workspace,
  document: SignedDocument,
  type: string,
  more: JsonObject = {},
): Promise<string> {
  const { path, isNew } = ctx.documents.put(document);
  if (!workspace.papers.includes(document)) workspace.papers.push(document);
  const [, window = null, hash = null] = document.name.split('/');
  if (isNew)
    await recordAct(ctx, type, { window, paper: document.name, hash, by: document.by, ...more });
  return path;
}
