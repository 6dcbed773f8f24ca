/**
 * What change management asks for about a window that is over, taken from its signed documents and
 * from the record: who asked, who approved and when, who did what to which items, planned and
 * actual times, how it ended. The documents and the entries go with it, so that nobody has to believe
 * this summary. Pure: equal input, equal document.
 */
import type { ChangeWindow } from '../change/types.ts';
import type { JsonObject } from '../core/json.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import type { ApprovedPlan, WindowRequest } from '../schema/generated/window-document.ts';
import { canonical } from './chain.ts';
import type { MerkleTree } from './merkle.ts';
import { isOfWindow } from './windows.ts';

export interface EvidenceRun {
  run: string;
  runbook: string;
  title: string;
  who: string;
  startedAt: string;
  endedAt: string | null;
  /** Of the last entry that ends a run: done, parked, aborted … */
  outcome: string;
  steps: { step: string; outcome: string; why: string | null; at: string }[];
}

/** That one entry is among those that a checkpoint's root stands for (RFC 6962). */
export interface EntryProof {
  seq: number;
  hash: string;
  path: string[];
}

export interface Evidence {
  schema: 'drydock.evidence/1';
  number: string;
  ticket: string;
  title: string;
  type: WindowRequest['type'];
  emergency: string | null;
  state: ChangeWindow['state'];
  owesReview: boolean;
  requester: { principal: string; at: string };
  approvalsNeeded: number;
  approvers: { principal: string; at: string; note: string; paper: string }[];
  implementer: { principal: string; login: string };
  handovers: { from: string; to: string; at: string; reason: string }[];
  clusters: WindowRequest['clusters'];
  itemsChanged: { item: string; changes: string[] }[];
  reason: string;
  risk: string;
  impact: string;
  plan: ApprovedPlan[];
  backout: string;
  planned: { start: string; end: string; reserveMs: number };
  actual: {
    opened: string | null;
    began: string | null;
    ended: string | null;
    closed: string | null;
  };
  differencesAtOpening: string[];
  result: { outcome: string; notes: string; by: string | null; debtsAccepted: string[] };
  runs: EvidenceRun[];
  byHand: {
    at: string;
    server: string;
    who: string;
    command: string;
    exitCode: number | null;
    /** Code of the refusal; null: it was allowed. */
    refused: string | null;
  }[];
  review: { by: string; at: string; notes: string } | null;
  papersRefused: { name: string; why: string }[];
  papers: SignedDocument[];
  record: {
    /** Number and hash of every entry of this window, each with its way to the root. */
    entries: EntryProof[];
    size: number;
    root: string;
    head: string | null;
    /** The checkpoint's entry that says the same, signed where a key was at hand. */
    checkpoint: JournalEntry | null;
  };
}

export interface EvidenceInput {
  window: ChangeWindow;
  approvalsNeeded: number;
  /** Of the window, and the policies that it was judged by. */
  papers: readonly SignedDocument[];
  /** Everything recorded about the window (`entriesOf`, src/audit/windows.ts). */
  entries: readonly JournalEntry[];
  /** The record up to the checkpoint that the proofs lead to; to its end where there is none. */
  record: { tree: MerkleTree; head: string | null; checkpoint: JournalEntry | null };
}

interface Body {
  window?: unknown;
  authority?: { window?: unknown } | null;
  plan?: { runbook?: { id?: unknown; title?: unknown } };
  step?: unknown;
  outcome?: unknown;
  why?: unknown;
  changes?: { key: string; from?: unknown; to?: unknown }[];
  server?: unknown;
  argv?: unknown;
  exitCode?: unknown;
  login?: { real?: { name?: unknown } };
  byCluster?: unknown;
  note?: unknown;
  startedAt?: unknown;
  refused?: unknown;
  who?: unknown;
  code?: unknown;
}

const bodyOf = (entry: JournalEntry) => entry.body as Body;

/** Runs whose authority was the window: its name stands in one of their entries. */
export function runsOfWindow(entries: readonly JournalEntry[], window: string): string[] {
  const found = entries.filter((entry) => entry.run !== null && isOfWindow(entry, window));
  return [...new Set(found.map(({ run }) => run as string))];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function runOf(run: string, entries: readonly JournalEntry[]): EvidenceRun {
  const own = entries.filter((entry) => entry.run === run);
  const [first] = own as [JournalEntry];
  const ended = own.filter(({ type }) => type === 'step.ended');
  const last = own.filter(({ type }) => type.startsWith('run.')).at(-1) as JournalEntry;
  const { runbook } = own.map(bodyOf).find(({ plan }) => plan?.runbook)?.plan ?? {};
  return {
    run,
    runbook: text(runbook?.id),
    title: text(runbook?.title),
    who: first.who,
    startedAt: first.at,
    endedAt: own.at(-1)?.at ?? null,
    outcome: text(bodyOf(last).outcome) || (last.type.split('.')[1] as string),
    steps: ended.map((entry) => {
      const { step, outcome, why } = bodyOf(entry);
      return { step: text(step), outcome: text(outcome), why: text(why) || null, at: entry.at };
    }),
  };
}

const shown = (value: unknown): string =>
  value === undefined || value === null
    ? 'unknown'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

/** `mirror.md1.server2.color` is of the item `mirror md1`. */
function itemsChanged(entries: readonly JournalEntry[]): Evidence['itemsChanged'] {
  const items = new Map<string, string[]>();
  for (const entry of entries.filter(({ type }) => type === 'step.ended')) {
    for (const { key, from, to } of bodyOf(entry).changes ?? []) {
      const [kind = '', name = '', ...rest] = key.split('.');
      // A lease is the run's own; it changes nothing of the cluster.
      if (kind === 'lease' || kind === 'role') continue;
      const words = `${rest.join(' ')} ${shown(from)} → ${shown(to)}`.trim();
      items.set(`${kind} ${name}`, [...(items.get(`${kind} ${name}`) ?? []), words]);
    }
  }
  return [...items]
    .map(([item, changes]) => ({ item, changes }))
    .sort((a, b) => (a.item < b.item ? -1 : 1));
}

/** A script of the cluster's own is nobody's doing, whoever its daemon runs as. */
function doerOf(entry: JournalEntry): string {
  const { login, byCluster } = bodyOf(entry);
  if (byCluster === true) return 'the cluster itself';
  return text(login?.real?.name) || entry.who;
}

/** A command that this program was asked for, and refused before a server was asked. */
function refusedHere(entry: JournalEntry): Evidence['byHand'][number] {
  const { server, who, argv, code } = bodyOf(entry);
  return {
    ...{ at: entry.at, server: text(server), who: text(who) || entry.who, exitCode: null },
    command: Array.isArray(argv) ? argv.map(String).join(' ') : '',
    refused: text(code) || 'refused',
  };
}

/** Commands that people typed on servers; each is recorded when it began and when it ended. */
function byHand(entries: readonly JournalEntry[]): Evidence['byHand'] {
  const typed = new Map<string, Evidence['byHand'][number]>();
  for (const entry of entries.filter(({ type }) => type === 'command.refused')) {
    typed.set(`entry ${entry.seq}`, refusedHere(entry));
  }
  for (const entry of entries.filter(({ type }) => type === 'command.seen')) {
    const { server, note, startedAt, argv, exitCode, refused } = bodyOf(entry);
    typed.set(`${text(server)}/${text(note)}`, {
      at: text(startedAt) || entry.at,
      server: text(server),
      who: doerOf(entry),
      command: Array.isArray(argv) ? argv.map(String).join(' ') : '',
      exitCode: typeof exitCode === 'number' ? exitCode : null,
      refused: text(refused) || null,
    });
  }
  return [...typed.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function recordPart({ entries, record }: EvidenceInput): Evidence['record'] {
  const { tree, head, checkpoint } = record;
  const { size } = tree;
  const covered = entries.filter(({ seq }) => seq <= size);
  return {
    entries: covered.map(({ seq, hash }) => ({ seq, hash, path: tree.inclusion(seq - 1, size) })),
    size,
    root: tree.root(size),
    head,
    checkpoint: checkpoint ? inOneOrder(checkpoint) : null,
  };
}

/** An entry just made and the same one read again differ in the order of their fields. */
function inOneOrder(entry: JournalEntry): JournalEntry {
  return JSON.parse(canonical(entry)) as JournalEntry;
}

function times(window: ChangeWindow, runs: readonly EvidenceRun[]): Evidence['actual'] {
  const ends = runs.flatMap(({ endedAt }) => endedAt ?? []).sort();
  return {
    opened: window.opened?.at ?? null,
    began: runs.map(({ startedAt }) => startedAt).sort()[0] ?? null,
    ended: ends.at(-1) ?? null,
    closed: window.closed?.at ?? null,
  };
}

export function makeEvidence(input: EvidenceInput): Evidence {
  const { window, papers: documents, entries, approvalsNeeded } = input;
  const { request, closed } = window;
  const runs = runsOfWindow(entries, window.id).map((run) => runOf(run, entries));
  return {
    schema: 'drydock.evidence/1',
    number: window.id,
    ticket: request.ticket,
    title: request.title,
    type: request.type,
    emergency: window.opened?.emergency ?? null,
    state: window.state,
    owesReview: window.owesReview,
    requester: { principal: window.requester, at: window.requestedAt },
    approvalsNeeded,
    approvers: window.approvals.map(({ by, at, note, hash }) => ({
      principal: by,
      at,
      note,
      paper: hash,
    })),
    implementer: window.implementer,
    handovers: window.handovers.map(({ by, to, at, reason }) => ({
      from: by,
      to: to.principal,
      at,
      reason,
    })),
    clusters: request.clusters,
    itemsChanged: itemsChanged(entries),
    reason: request.reason,
    risk: request.risk,
    impact: request.impact,
    plan: window.plans,
    backout: request.backout,
    planned: { start: request.start, end: request.end, reserveMs: request.reserveMs },
    actual: times(window, runs),
    differencesAtOpening: window.opened?.differences ?? [],
    result: {
      outcome: closed?.outcome ?? 'not closed',
      notes: closed?.notes ?? '',
      by: closed?.by ?? null,
      debtsAccepted: closed?.accepted ?? [],
    },
    runs,
    byHand: byHand(entries),
    review: window.review,
    papersRefused: window.refused,
    papers: [...documents].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    record: recordPart(input),
  };
}

function sortKey({ name, version, text: words, signature }: SignedDocument): string {
  const { at } = JSON.parse(words) as JsonObject;
  return [name === 'policy' ? 0 : 1, String(at), name, version, signature].join('\n');
}
