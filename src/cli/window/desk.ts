/**
 * The desk: the folder of papers, what the cluster's servers hold where one can be reached, and
 * what both together say. A person without a cluster works on the folder alone.
 */
import { join, resolve } from 'node:path';
import { type FolderContent, putPaper, readPaperFolder } from '../../adapters/paper-folder.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { foldWindows, newestPolicy } from '../../change/fold.ts';
import type { Believed } from '../../change/policies.ts';
import { NO_RECEIPTS, type Receipts } from '../../change/receipts.ts';
import type { ChangeWindow } from '../../change/types.ts';
import { requireAble, serversNow } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { suggestion } from '../../core/nearest.ts';
import type { ClusterDoor } from '../../ports/cluster.ts';
import type { Paper } from '../../schema/generated/paper.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowPaper, WindowRequest } from '../../schema/generated/window-paper.ts';
import type { Cli } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import type { Args } from '../verbs/args.ts';

export interface Desk {
  folder: string;
  /** Of the folder, and of the servers. */
  papers: Paper[];
  /** Of the servers alone. */
  held: Paper[];
  odd: FolderContent['odd'];
  /** By the servers' clocks where they can be asked, else by this host's. */
  now: number;
  /** How far the servers' clocks are ahead of this host's, ms. */
  aheadMs: number;
  /** When the servers received what they hold. */
  receipts: Receipts;
}

export function papersFolder(cli: Cli, args: Args): string {
  if (typeof args.folder === 'string') return resolve(args.folder);
  const { DRYDOCK_WINDOWS } = process.env;
  return DRYDOCK_WINDOWS ? resolve(DRYDOCK_WINDOWS) : join(cli.home, 'windows');
}

/** Each paper once; the same words under another signature are another paper. */
function distinct(papers: readonly Paper[]): Paper[] {
  const seen = new Map<string, Paper>();
  for (const paper of papers) {
    const key = `${paper.name}\n${paper.version}\n${paper.text}\n${paper.signature}`;
    if (!seen.has(key)) seen.set(key, paper);
  }
  return [...seen.values()];
}

/** The folder alone. What in it is no paper is told once, on stderr. */
export function openDesk(cli: Cli, args: Args): Desk {
  const folder = papersFolder(cli, args);
  const { papers, odd } = readPaperFolder(folder);
  for (const { file, why } of odd) cli.say(cli.paint('yellow', `${folder}/${file} ${why}`));
  return {
    folder,
    papers: distinct(papers.map(({ paper }) => paper)),
    held: [],
    odd,
    now: systemClock().now(),
    aheadMs: 0,
    receipts: NO_RECEIPTS,
  };
}

/** With what the servers of a cluster hold; servers that do not answer hold nothing we know of. */
export async function withHeld(
  desk: Desk,
  door: Pick<ClusterDoor, 'documents' | 'capabilities'>,
): Promise<Desk> {
  requireAble(door, 'documents', 'a window needs servers that hold its papers');
  const held = await door.documents.held();
  const { papers } = held;
  const own = systemClock().now();
  const now = serversNow(held, own);
  const all = distinct([...papers, ...desk.papers]);
  // Where no server answers nobody knows what they hold.
  const isKnown = Object.keys(held.clocks).length > 0;
  const receipts = { held: held.receipts, unheldAt: isKnown ? now : null };
  return { ...desk, papers: all, held: papers, now, aheadMs: now - own, receipts };
}

/** Which cluster a policy is of. */
export function clusterIn({ text }: Paper): string {
  return String((JSON.parse(text) as { cluster?: unknown }).cluster);
}

/** Versions of a cluster's policy among papers. */
export function policiesOf(papers: readonly Paper[], cluster: string): Paper[] {
  return papers.filter((paper) => paper.name === 'policy' && clusterIn(paper) === cluster);
}

/**
 * What the servers hold counts, and what the folder has beyond it if it follows from that. A policy
 * that somebody left in a shared folder must neither be believed nor keep anybody from working.
 */
export function believedPolicy(desk: Desk, cluster: string): Believed {
  const { receipts } = desk;
  const all = newestPolicy(policiesOf(desk.papers, cluster), cluster, receipts);
  if (all.untrusted === null) return all;
  const held = newestPolicy(policiesOf(desk.held, cluster), cluster, receipts);
  return held.policy !== null && held.untrusted === null ? held : { ...all, papers: [] };
}

/** The policy of a cluster; throws where one is there that cannot be believed. */
export function policyOf(desk: Desk, cluster: string): Policy | null {
  const { policy, untrusted } = believedPolicy(desk, cluster);
  if (untrusted === null) return policy;
  throw new DrydockError(`the policy of this cluster cannot be believed: ${untrusted}`, {
    code: 'policy.untrusted',
    exit: 4,
    remedy: 'look at it with `drydock window policy show`, and push one that is signed rightly',
  });
}

/** Versions of the policies of all clusters that papers lie here of. */
export function knownPolicies(desk: Desk): Policy[] {
  const named = desk.papers.filter(({ name }) => name === 'policy').map(clusterIn);
  const believed = [...new Set(named)].map((cluster) => believedPolicy(desk, cluster));
  return believed.flatMap(({ policy, untrusted }) => (policy && !untrusted ? [policy] : []));
}

export function needPolicy(desk: Desk, cluster: string): Policy {
  const policy = policyOf(desk, cluster);
  if (policy) return policy;
  throw badInput('there is no policy for this cluster: nobody can say whose signature counts', {
    code: 'policy.none',
    remedy: 'make one with `drydock window policy init`, or fetch its file with `window import`',
  });
}

/** What a window paper says; its signature is judged by the fold. */
export function wordsOf(paper: Paper): (WindowPaper & { body: JsonObject }) | null {
  if (!paper.name.startsWith('window/')) return null;
  try {
    return JSON.parse(paper.text) as WindowPaper & { body: JsonObject };
  } catch {
    return null;
  }
}

export function papersOfWindow(desk: Desk, id: string): Paper[] {
  return desk.papers.filter(({ name }) => name.startsWith(`window/${id}/`));
}

/** Clusters (uuid) that the requests of a window name. */
function clustersOf(papers: readonly Paper[]): string[] {
  const named = papers.flatMap((paper) => {
    const words = wordsOf(paper);
    if (words?.kind !== 'request') return [];
    return (words.body as unknown as WindowRequest).clusters?.map(({ uuid }) => uuid) ?? [];
  });
  return [...new Set(named)];
}

/** Windows of the desk, each by the policy of the first cluster that it names. */
export function windowsOf(desk: Desk): ChangeWindow[] {
  const byCluster = new Map<string, Paper[]>();
  for (const id of windowIds(desk)) {
    const papers = papersOfWindow(desk, id);
    const cluster = clustersOf(papers)[0] ?? '';
    byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), ...papers]);
  }
  return [...byCluster]
    .flatMap(([cluster, papers]) => {
      const { policy, papers: versions } = believedPolicy(desk, cluster);
      return foldWindows([...papers, ...versions], policy, desk.now, desk.receipts);
    })
    .sort((a, b) => a.requestedAt.localeCompare(b.requestedAt) || a.id.localeCompare(b.id));
}

export function windowIds(desk: Desk): string[] {
  const ids = desk.papers.flatMap(({ name }) => (name === 'policy' ? [] : [name.split('/')[1]!]));
  return [...new Set(ids)].sort();
}

/** A window by its name, a part of it, or its ticket. */
export function findWindow(desk: Desk, given: unknown, verb: string): ChangeWindow {
  const all = windowsOf(desk);
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
export async function recordAct(cli: Cli, type: string, body: JsonObject): Promise<void> {
  const journal = await openJournal(cli);
  try {
    await journal.append([{ run: null, type, body }]);
  } finally {
    await journal.close();
  }
}

/** Into the folder, and into the record: which paper, by whom, with which hash. */
export async function filePaper(
  cli: Cli,
  desk: Desk,
  paper: Paper,
  type: string,
  more: JsonObject = {},
): Promise<string> {
  const { file, isNew } = putPaper(desk.folder, paper);
  if (!desk.papers.includes(paper)) desk.papers.push(paper);
  const hash = paper.name.split('/')[2] ?? null;
  const window = paper.name.split('/')[1] ?? null;
  if (isNew) await recordAct(cli, type, { window, paper: paper.name, hash, by: paper.by, ...more });
  return join(desk.folder, file);
}
