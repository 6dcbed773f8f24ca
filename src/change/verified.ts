/**
 * A window's documents before they are weighed: read, their signatures verified, dated not later than
 * now, in the order of their dates. What falls out here is refused with its reason.
 */
import { describeError } from '../core/errors.ts';
import type { Trust } from '../ports/signatures.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { CLOCK_SLACK_MS, verifySignature } from '../signing/index.ts';
import { type KnownWindowDocument, readWindowDocument } from './documents.ts';
import { NO_RECEIPTS, type Receipts, receiptOf } from './receipts.ts';
import { hashText } from './text.ts';

/** For whoever has to find the clock that is wrong. */
export const SLACK_WORDS = `clocks may differ by ${CLOCK_SLACK_MS / 1000} s, ahead or behind`;

export function secondsOf(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}

export type Kind = KnownWindowDocument['kind'];

interface Weighed {
  name: string;
  hash: string;
  by: string;
  /** As it is dated, ms. */
  at: number;
  /** Where it stands among the others, ms: as dated, but not before what it answers; see BY_RECEIPT. */
  place: number;
  /** When a server first had it, ms; null: not known. */
  receivedAt: number | null;
  /** A server held it before servers noted that: it counts as it did then. */
  isOld: boolean;
}

type VerifiedDocuments = {
  [K in Kind]: Weighed & { word: Extract<KnownWindowDocument, { kind: K }> };
};

/** A document that was read; of one kind, or of any. */
export type VerifiedDocument<K extends Kind = Kind> = VerifiedDocuments[K];

export interface Sorted {
  sheets: VerifiedDocument[];
  refused: { name: string; why: string }[];
  /** Requests that can be read but do not count: to show what somebody claims. */
  claimed: VerifiedDocument[];
}

export function isKind<K extends Kind>(
  verified: VerifiedDocument,
  kind: K,
): verified is VerifiedDocument<K> {
  return verified.word.kind === kind;
}

/** Documents of one instant, in the order in which they make sense. */
const ORDER: Kind[] = [
  'request',
  'approval',
  'rejection',
  'withdrawal',
  'opening',
  'amendment',
  'handover',
  'closing',
  'review',
];

function rankOf(verified: VerifiedDocument, all: readonly VerifiedDocument[]): number {
  const { body, kind } = verified.word;
  const of = 'of' in body ? all.find(({ hash }) => hash === body.of) : undefined;
  // An answer to an amendment follows it.
  return of && isKind(of, 'amendment') ? ORDER.indexOf('amendment') + 0.5 : ORDER.indexOf(kind);
}

/** What must have happened before such a document is written, besides what it answers. */
const AFTER: Partial<Record<Kind, Kind>> = {
  amendment: 'opening',
  handover: 'opening',
  closing: 'opening',
  review: 'closing',
};

/** The documents that lay before whoever signed this one. */
function seenBy(
  { word }: VerifiedDocument,
  verifiedDocuments: readonly VerifiedDocument[],
): VerifiedDocument[] {
  const of = 'of' in word.body ? [word.body.of] : [];
  const named = word.kind === 'opening' ? [...of, ...word.body.approvals] : of;
  const after = AFTER[word.kind];
  return verifiedDocuments.filter(
    ({ hash, word: { kind } }) => named.includes(hash) || kind === after,
  );
}

/** Two clocks that are both right enough may date an answer before what it answers. */
function putInPlace(verifiedDocuments: readonly VerifiedDocument[]): void {
  const placed = new Set<VerifiedDocument>();
  const place = (verified: VerifiedDocument): number => {
    if (placed.has(verified)) return verified.place;
    placed.add(verified);
    for (const before of seenBy(verified, verifiedDocuments)) {
      if (before.at - verified.at > CLOCK_SLACK_MS) continue;
      verified.place = Math.max(verified.place, place(before));
    }
    return verified.place;
  };
  for (const verified of verifiedDocuments) place(verified);
}

function inOrder(verifiedDocuments: VerifiedDocument[]): VerifiedDocument[] {
  putInPlace(verifiedDocuments);
  const rank = new Map(
    verifiedDocuments.map((verified) => [verified, rankOf(verified, verifiedDocuments)]),
  );
  const byHash = (a: VerifiedDocument, b: VerifiedDocument) => (a.hash < b.hash ? -1 : 1);
  // Answers that a server had before what they answer stand in one place: as dated among themselves.
  const within = (a: VerifiedDocument, b: VerifiedDocument) =>
    (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || a.at - b.at || byHash(a, b);
  return verifiedDocuments.sort((a, b) => a.place - b.place || within(a, b));
}

/**
 * What begins a window, or would keep it from beginning, counts from when a server had it, where
 * that is known: dated back, it must not change what went on before anybody there knew of it.
 */
const BY_RECEIPT: Kind[] = ['request', 'rejection', 'withdrawal', 'opening'];

/** `now` bounds what a server noted while its clock was ahead. */
function placeOf(
  { kind, at }: KnownWindowDocument,
  receivedAt: number | null,
  now: number,
): number {
  const dated = Date.parse(at);
  if (receivedAt === null || !BY_RECEIPT.includes(kind)) return dated;
  return Math.max(dated, Math.min(receivedAt, now));
}

function verifiedOf(document: SignedDocument, receipts: Receipts, now: number): VerifiedDocument {
  const word = readWindowDocument(document);
  const { by } = word;
  const { at: receivedAt, isOld } = receiptOf(receipts, document.text);
  return {
    name: document.name,
    hash: hashText(document.text),
    by,
    at: Date.parse(word.at),
    place: placeOf(word, receivedAt, now),
    receivedAt,
    isOld,
    word,
  } as VerifiedDocument;
}

/** Why the document does not count, whatever it says; null when it may. */
function objection(
  document: SignedDocument,
  verified: VerifiedDocument,
  trust: Trust,
  now: number,
): string | null {
  if (verified.at > now + CLOCK_SLACK_MS) {
    const ahead = secondsOf(verified.at - now);
    return `it is dated ${verified.word.at}, which is still to come (${ahead} ahead; ${SLACK_WORDS})`;
  }
  const verdict = verifySignature(document.text, document.signature, {
    trust,
    principal: verified.by,
    namespace: 'drydock.window',
    at: verified.at,
    receivedAt: verified.receivedAt,
  });
  return verdict.ok ? null : `the signature of ${verified.by} does not count: ${verdict.why}`;
}

/** `receipts`: when servers first had the documents, where that is known. */
export function sortDocuments(
  documents: readonly SignedDocument[],
  trust: Trust,
  now: number,
  receipts: Receipts = NO_RECEIPTS,
): Sorted {
  const sorted: Sorted = { sheets: [], refused: [], claimed: [] };
  for (const document of documents) {
    try {
      const verified = verifiedOf(document, receipts, now);
      const why = objection(document, verified, trust, now);
      if (why !== null) {
        sorted.refused.push({ name: document.name, why });
        if (isKind(verified, 'request')) sorted.claimed.push(verified);
      } else if (!sorted.sheets.some(({ hash }) => hash === verified.hash)) {
        // The same document may come from several servers and folders.
        sorted.sheets.push(verified);
      }
    } catch (error) {
      sorted.refused.push({ name: document.name, why: describeError(error) });
    }
  }
  sorted.sheets = inOrder(sorted.sheets);
  return sorted;
}
