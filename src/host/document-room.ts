/**
 * The room for documents on a server, and what leaves when it is used up. Policies and windows have
 * rooms of their own: no window keeps the next version of the policy out.
 *
 *   windows    of strangers first (stored before a policy was there to tell); then those whose end is
 *              90 days past, the oldest first. One person has four fifths of the room at most
 *   policies   those of no cluster that counts here, then the oldest versions. What stays is then as
 *              old as what went: it keeps its place before whatever came later
 */
import { hashText } from '../change/text.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { strangerWhy } from './document-signers.ts';
import type { HostState } from './state.ts';
import { own, refusal } from './turn.ts';

export const MOST_PAPERS = 500;
export const MOST_BYTES = 4 * 1024 * 1024;
/** What one person has signed takes no more of either: nobody keeps the others out alone. */
const SHARE = 0.8;
const MOST_POLICY_BYTES = 2 * 1024 * 1024;
/** More than are held; those of documents that are gone count again when one of them is restored. */
const MOST_RECEIPTS = 2_000;
const LONG_OVER_MS = 90 * 86_400_000;

export type Held = Pick<HostState, 'papers' | 'received'>;
type Documents = HostState['papers'];

export const bytesOf = (said: string) => Buffer.byteLength(said);
const sizeOf = ({ text: said, signature }: SignedDocument) => bytesOf(said) + bytesOf(signature);
const sum = (documents: SignedDocument[]) =>
  documents.reduce((bytes, one) => bytes + sizeOf(one), 0);
const isPolicy = ({ name }: SignedDocument) => name === 'policy';

function windowOf({ name }: SignedDocument): string | null {
  return name.split('/')[1] ?? null;
}

/** When a window ended, by its request; a window without a request that can be read never began. */
function endOf(documents: readonly SignedDocument[]): number {
  const ends = documents.map(({ text: said }) => {
    const { kind, body } = JSON.parse(said) as { kind?: unknown; body?: { end?: unknown } };
    return kind === 'request' ? Date.parse(String(body?.end)) : Number.NaN;
  });
  return Math.max(0, ...ends.filter((end) => !Number.isNaN(end)));
}

/** Windows that are long over, the oldest first. */
function longOver(documents: Documents, now: number): string[] {
  const windows = new Map<string, SignedDocument[]>();
  for (const document of Object.values(documents)) {
    const id = windowOf(document);
    if (id !== null) windows.set(id, [...(windows.get(id) ?? []), document]);
  }
  return [...windows]
    .map(([id, own]) => ({ id, end: endOf(own) }))
    .filter(({ end }) => end + LONG_OVER_MS < now)
    .sort((a, b) => a.end - b.end)
    .map(({ id }) => id);
}

function hasRoom(documents: Documents): boolean {
  const all = Object.values(documents).filter((document) => !isPolicy(document));
  return all.length <= MOST_PAPERS && sum(all) <= MOST_BYTES;
}

function isOverShare(documents: Documents, by: string): boolean {
  const own = Object.values(documents).filter(
    (document) => !isPolicy(document) && document.by === by,
  );
  return own.length > SHARE * MOST_PAPERS || sum(own) > SHARE * MOST_BYTES;
}

/** `by`: who signed the one that comes. */
function windowsFit(documents: Documents, by: string): boolean {
  return hasRoom(documents) && !isOverShare(documents, by);
}

const without = (documents: Documents, isGone: (document: SignedDocument) => boolean): Documents =>
  Object.fromEntries(Object.entries(documents).filter(([, document]) => !isGone(document)));

function roomForWindows(held: Held, document: SignedDocument, now: number): Documents {
  let { papers: documents } = held;
  const fits = () => windowsFit(documents, document.by);
  if (fits()) return documents;
  documents = without(documents, (one) => !isPolicy(one) && strangerWhy(held, one, null) !== null);
  for (const id of fits() ? [] : longOver(documents, now)) {
    const isTheirs = (one: SignedDocument) => windowOf(one) === id && one.by === document.by;
    const helps = !hasRoom(documents) || Object.values(documents).some(isTheirs);
    if (id === windowOf(document) || !helps) continue;
    documents = without(documents, (one) => windowOf(one) === id);
    if (fits()) break;
  }
  return documents;
}

/** The versions of the cluster that the new one is of, from the oldest; others may go first. */
function roomForPolicies(held: Held, document: SignedDocument): Held {
  const { cluster } = JSON.parse(document.text) as { cluster?: unknown };
  const isOwn = ({ text }: SignedDocument) =>
    (JSON.parse(text) as { cluster?: unknown }).cluster === cluster;
  let { papers: documents, received } = held;
  for (;;) {
    const policies = Object.values(documents).filter(isPolicy);
    if (sum(policies) <= MOST_POLICY_BYTES) return { papers: documents, received };
    const others = policies.filter((one) => !isOwn(one));
    const byVersion = policies.filter(isOwn).sort((a, b) => a.version - b.version);
    const [gone, next] = others.length > 0 ? [others[0], null] : byVersion;
    if (!gone || next === undefined) return { papers: documents, received };
    documents = without(documents, (one) => one === gone);
    if (next) received = heirOf(received, gone, next);
  }
}

/** What took the first one's place has been known for as long. */
function heirOf(
  received: Held['received'],
  gone: SignedDocument,
  next: SignedDocument,
): Held['received'] {
  const since = own(received, hashText(gone.text));
  const hash = hashText(next.text);
  if (since !== undefined) return { ...received, [hash]: since };
  return Object.fromEntries(Object.entries(received).filter(([one]) => one !== hash));
}

function pruned(received: Held['received'], documents: Documents): Held['received'] {
  const entries = Object.entries(received);
  if (entries.length <= MOST_RECEIPTS) return received;
  const held = new Set(Object.values(documents).map(({ text }) => hashText(text)));
  const stored = entries.filter(([hash]) => held.has(hash));
  const rest = entries.filter(([hash]) => !held.has(hash)).sort(([, a], [, b]) => a - b);
  return Object.fromEntries([...rest.slice(stored.length - MOST_RECEIPTS), ...stored]);
}

/** With room made for the document, which is among them; throws `paper.full` when there is none. */
export function madeRoom(
  server: string,
  wanted: Held,
  document: SignedDocument,
  now: number,
): Held {
  const held = isPolicy(document)
    ? roomForPolicies(wanted, document)
    : { ...wanted, papers: roomForWindows(wanted, document, now) };
  const policyBytes = sum(Object.values(held.papers).filter(isPolicy));
  const isFitting = isPolicy(document) || windowsFit(held.papers, document.by);
  if (isFitting && policyBytes <= MOST_POLICY_BYTES) {
    return { papers: held.papers, received: pruned(held.received, held.papers) };
  }
  if (isOverShare(held.papers, document.by)) {
    throw refusal(
      'paper.full',
      `${server} holds ${SHARE * MOST_PAPERS} documents or ${(SHARE * MOST_BYTES) / 1024 / 1024} MiB ` +
        `of ${document.by} already, and keeps the rest for others`,
    );
  }
  throw refusal(
    'paper.full',
    `${server} holds ${MOST_PAPERS} documents or ${MOST_BYTES / 1024 / 1024} MiB already, ` +
      'and no window among them ended more than 90 days ago',
  );
}
