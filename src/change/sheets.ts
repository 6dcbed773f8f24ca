/**
 * A window's papers before they are weighed: read, their signatures verified, dated not later than
 * now, in the order of their dates. What falls out here is refused with its reason.
 */
import { describeError } from '../core/errors.ts';
import type { Trust } from '../ports/signatures.ts';
import type { Paper } from '../schema/generated/paper.ts';
import { CLOCK_SLACK_MS, verifySignature } from '../signing/index.ts';
import { hashText, type KnownWindowPaper, readWindowPaper } from './papers.ts';
import { NO_RECEIPTS, type Receipts, receiptOf } from './receipts.ts';

/** For whoever has to find the clock that is wrong. */
export const SLACK_WORDS = `clocks may differ by ${CLOCK_SLACK_MS / 1000} s, ahead or behind`;

export function secondsOf(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}

export type Kind = KnownWindowPaper['kind'];

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

type Sheets = { [K in Kind]: Weighed & { word: Extract<KnownWindowPaper, { kind: K }> } };

/** A paper that was read; of one kind, or of any. */
export type Sheet<K extends Kind = Kind> = Sheets[K];

export interface Sorted {
  sheets: Sheet[];
  refused: { name: string; why: string }[];
  /** Requests that can be read but do not count: to show what somebody claims. */
  claimed: Sheet[];
}

export function isKind<K extends Kind>(sheet: Sheet, kind: K): sheet is Sheet<K> {
  return sheet.word.kind === kind;
}

/** Papers of one instant, in the order in which they make sense. */
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

function rankOf(sheet: Sheet, all: readonly Sheet[]): number {
  const { body, kind } = sheet.word;
  const of = 'of' in body ? all.find(({ hash }) => hash === body.of) : undefined;
  // An answer to an amendment follows it.
  return of && isKind(of, 'amendment') ? ORDER.indexOf('amendment') + 0.5 : ORDER.indexOf(kind);
}

/** What must have happened before such a paper is written, besides what it answers. */
const AFTER: Partial<Record<Kind, Kind>> = {
  amendment: 'opening',
  handover: 'opening',
  closing: 'opening',
  review: 'closing',
};

/** The papers that lay before whoever signed this one. */
function seenBy({ word }: Sheet, sheets: readonly Sheet[]): Sheet[] {
  const of = 'of' in word.body ? [word.body.of] : [];
  const named = word.kind === 'opening' ? [...of, ...word.body.approvals] : of;
  const after = AFTER[word.kind];
  return sheets.filter(({ hash, word: { kind } }) => named.includes(hash) || kind === after);
}

/** Two clocks that are both right enough may date an answer before what it answers. */
function putInPlace(sheets: readonly Sheet[]): void {
  const placed = new Set<Sheet>();
  const place = (sheet: Sheet): number => {
    if (placed.has(sheet)) return sheet.place;
    placed.add(sheet);
    for (const before of seenBy(sheet, sheets)) {
      if (before.at - sheet.at > CLOCK_SLACK_MS) continue;
      sheet.place = Math.max(sheet.place, place(before));
    }
    return sheet.place;
  };
  for (const sheet of sheets) place(sheet);
}

function inOrder(sheets: Sheet[]): Sheet[] {
  putInPlace(sheets);
  const rank = new Map(sheets.map((sheet) => [sheet, rankOf(sheet, sheets)]));
  const byHash = (a: Sheet, b: Sheet) => (a.hash < b.hash ? -1 : 1);
  // Answers that a server had before what they answer stand in one place: as dated among themselves.
  const within = (a: Sheet, b: Sheet) =>
    (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || a.at - b.at || byHash(a, b);
  return sheets.sort((a, b) => a.place - b.place || within(a, b));
}

/**
 * What begins a window, or would keep it from beginning, counts from when a server had it, where
 * that is known: dated back, it must not change what went on before anybody there knew of it.
 */
const BY_RECEIPT: Kind[] = ['request', 'rejection', 'withdrawal', 'opening'];

/** `now` bounds what a server noted while its clock was ahead. */
function placeOf({ kind, at }: KnownWindowPaper, receivedAt: number | null, now: number): number {
  const dated = Date.parse(at);
  if (receivedAt === null || !BY_RECEIPT.includes(kind)) return dated;
  return Math.max(dated, Math.min(receivedAt, now));
}

function sheetOf(paper: Paper, receipts: Receipts, now: number): Sheet {
  const word = readWindowPaper(paper);
  const { by } = word;
  const { at: receivedAt, isOld } = receiptOf(receipts, paper.text);
  return {
    name: paper.name,
    hash: hashText(paper.text),
    by,
    at: Date.parse(word.at),
    place: placeOf(word, receivedAt, now),
    receivedAt,
    isOld,
    word,
  } as Sheet;
}

/** Why the paper does not count, whatever it says; null when it may. */
function objection(paper: Paper, sheet: Sheet, trust: Trust, now: number): string | null {
  if (sheet.at > now + CLOCK_SLACK_MS) {
    const ahead = secondsOf(sheet.at - now);
    return `it is dated ${sheet.word.at}, which is still to come (${ahead} ahead; ${SLACK_WORDS})`;
  }
  const verdict = verifySignature(paper.text, paper.signature, {
    trust,
    principal: sheet.by,
    namespace: 'drydock.window',
    at: sheet.at,
    receivedAt: sheet.receivedAt,
  });
  return verdict.ok ? null : `the signature of ${sheet.by} does not count: ${verdict.why}`;
}

/** `receipts`: when servers first had the papers, where that is known. */
export function sortPapers(
  papers: readonly Paper[],
  trust: Trust,
  now: number,
  receipts: Receipts = NO_RECEIPTS,
): Sorted {
  const sorted: Sorted = { sheets: [], refused: [], claimed: [] };
  for (const paper of papers) {
    try {
      const sheet = sheetOf(paper, receipts, now);
      const why = objection(paper, sheet, trust, now);
      if (why !== null) {
        sorted.refused.push({ name: paper.name, why });
        if (isKind(sheet, 'request')) sorted.claimed.push(sheet);
      } else if (!sorted.sheets.some(({ hash }) => hash === sheet.hash)) {
        // The same paper may come from several servers and folders.
        sorted.sheets.push(sheet);
      }
    } catch (error) {
      sorted.refused.push({ name: paper.name, why: describeError(error) });
    }
  }
  sorted.sheets = inOrder(sorted.sheets);
  return sorted;
}
