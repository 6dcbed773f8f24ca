/**
 * The room for papers on a server, and what leaves when it is used up. Policies and windows have
 * rooms of their own: no window keeps the next version of the policy out.
 *
 *   windows    of strangers first (kept before a policy was there to tell); then those whose end is
 *              90 days past, the oldest first. One person has four fifths of the room at most
 *   policies   those of no cluster that counts here, then the oldest versions. What stays is then as
 *              old as what went: it keeps its place before whatever came later
 */
import { hashText } from '../change/papers.ts';
import type { Paper } from '../schema/generated/paper.ts';
import { strangerWhy } from './paper-signers.ts';
import type { HostState } from './state.ts';
import { own, refusal } from './turn.ts';

export const MOST_PAPERS = 500;
export const MOST_BYTES = 4 * 1024 * 1024;
/** What one person has signed takes no more of either: nobody keeps the others out alone. */
const SHARE = 0.8;
const MOST_POLICY_BYTES = 2 * 1024 * 1024;
/** More than are held; those of papers that are gone count again when one of them is restored. */
const MOST_RECEIPTS = 2_000;
const LONG_OVER_MS = 90 * 86_400_000;

export type Held = Pick<HostState, 'papers' | 'received'>;
type Papers = HostState['papers'];

export const bytesOf = (said: string) => Buffer.byteLength(said);
const sizeOf = ({ text: said, signature }: Paper) => bytesOf(said) + bytesOf(signature);
const sum = (papers: Paper[]) => papers.reduce((bytes, one) => bytes + sizeOf(one), 0);
const isPolicy = ({ name }: Paper) => name === 'policy';

function windowOf({ name }: Paper): string | null {
  return name.split('/')[1] ?? null;
}

/** When a window ended, by its request; a window without a request that can be read never began. */
function endOf(papers: readonly Paper[]): number {
  const ends = papers.map(({ text: said }) => {
    const { kind, body } = JSON.parse(said) as { kind?: unknown; body?: { end?: unknown } };
    return kind === 'request' ? Date.parse(String(body?.end)) : Number.NaN;
  });
  return Math.max(0, ...ends.filter((end) => !Number.isNaN(end)));
}

/** Windows that are long over, the oldest first. */
function longOver(papers: Papers, now: number): string[] {
  const windows = new Map<string, Paper[]>();
  for (const paper of Object.values(papers)) {
    const id = windowOf(paper);
    if (id !== null) windows.set(id, [...(windows.get(id) ?? []), paper]);
  }
  return [...windows]
    .map(([id, own]) => ({ id, end: endOf(own) }))
    .filter(({ end }) => end + LONG_OVER_MS < now)
    .sort((a, b) => a.end - b.end)
    .map(({ id }) => id);
}

function hasRoom(papers: Papers): boolean {
  const all = Object.values(papers).filter((paper) => !isPolicy(paper));
  return all.length <= MOST_PAPERS && sum(all) <= MOST_BYTES;
}

function isOverShare(papers: Papers, by: string): boolean {
  const own = Object.values(papers).filter((paper) => !isPolicy(paper) && paper.by === by);
  return own.length > SHARE * MOST_PAPERS || sum(own) > SHARE * MOST_BYTES;
}

/** `by`: who signed the one that comes. */
function windowsFit(papers: Papers, by: string): boolean {
  return hasRoom(papers) && !isOverShare(papers, by);
}

const without = (papers: Papers, isGone: (paper: Paper) => boolean): Papers =>
  Object.fromEntries(Object.entries(papers).filter(([, paper]) => !isGone(paper)));

function roomForWindows(held: Held, paper: Paper, now: number): Papers {
  let { papers } = held;
  const fits = () => windowsFit(papers, paper.by);
  if (fits()) return papers;
  papers = without(papers, (one) => !isPolicy(one) && strangerWhy(held, one, null) !== null);
  for (const id of fits() ? [] : longOver(papers, now)) {
    const isTheirs = (one: Paper) => windowOf(one) === id && one.by === paper.by;
    const helps = !hasRoom(papers) || Object.values(papers).some(isTheirs);
    if (id === windowOf(paper) || !helps) continue;
    papers = without(papers, (one) => windowOf(one) === id);
    if (fits()) break;
  }
  return papers;
}

/** The versions of the cluster that the new one is of, from the oldest; others may go first. */
function roomForPolicies(held: Held, paper: Paper): Held {
  const { cluster } = JSON.parse(paper.text) as { cluster?: unknown };
  const isOwn = ({ text }: Paper) =>
    (JSON.parse(text) as { cluster?: unknown }).cluster === cluster;
  let { papers, received } = held;
  for (;;) {
    const policies = Object.values(papers).filter(isPolicy);
    if (sum(policies) <= MOST_POLICY_BYTES) return { papers, received };
    const others = policies.filter((one) => !isOwn(one));
    const byVersion = policies.filter(isOwn).sort((a, b) => a.version - b.version);
    const [gone, next] = others.length > 0 ? [others[0], null] : byVersion;
    if (!gone || next === undefined) return { papers, received };
    papers = without(papers, (one) => one === gone);
    if (next) received = heirOf(received, gone, next);
  }
}

/** What took the first one's place has been known for as long. */
function heirOf(received: Held['received'], gone: Paper, next: Paper): Held['received'] {
  const since = own(received, hashText(gone.text));
  const hash = hashText(next.text);
  if (since !== undefined) return { ...received, [hash]: since };
  return Object.fromEntries(Object.entries(received).filter(([one]) => one !== hash));
}

function pruned(received: Held['received'], papers: Papers): Held['received'] {
  const entries = Object.entries(received);
  if (entries.length <= MOST_RECEIPTS) return received;
  const held = new Set(Object.values(papers).map(({ text }) => hashText(text)));
  const kept = entries.filter(([hash]) => held.has(hash));
  const rest = entries.filter(([hash]) => !held.has(hash)).sort(([, a], [, b]) => a - b);
  return Object.fromEntries([...rest.slice(kept.length - MOST_RECEIPTS), ...kept]);
}

/** With room made for the paper, which is among them; throws `paper.full` when there is none. */
export function madeRoom(server: string, wanted: Held, paper: Paper, now: number): Held {
  const held = isPolicy(paper)
    ? roomForPolicies(wanted, paper)
    : { ...wanted, papers: roomForWindows(wanted, paper, now) };
  const policyBytes = sum(Object.values(held.papers).filter(isPolicy));
  const isFitting = isPolicy(paper) || windowsFit(held.papers, paper.by);
  if (isFitting && policyBytes <= MOST_POLICY_BYTES) {
    return { papers: held.papers, received: pruned(held.received, held.papers) };
  }
  if (isOverShare(held.papers, paper.by)) {
    throw refusal(
      'paper.full',
      `${server} holds ${SHARE * MOST_PAPERS} papers or ${(SHARE * MOST_BYTES) / 1024 / 1024} MiB ` +
        `of ${paper.by} already, and keeps the rest for others`,
    );
  }
  throw refusal(
    'paper.full',
    `${server} holds ${MOST_PAPERS} papers or ${MOST_BYTES / 1024 / 1024} MiB already, ` +
      'and no window among them ended more than 90 days ago',
  );
}
