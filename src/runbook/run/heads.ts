/**
 * What is to be known of a run without reading it: where it stands, and what it changed. Folded
 * from its entries and stored beside them, for as long as its last entry is the same; so a list of
 * runs costs the runs that went on since somebody last asked, and not what the record holds.
 */
import type { JsonObject } from '../../core/json.ts';
import type { IndexedRun, Journal, StoredHead } from '../../ports/journal.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { RunSummary } from '../../schema/generated/reports/runs.ts';
import type { Change } from './drift.ts';
import { foldRun } from './fold.ts';

export type { RunSummary };

/** The last step of a run that changed a fact. */
export interface ChangedBy {
  step: string;
  at: string;
  /** Of the entry that says so. */
  seq: number;
}

export interface RunHead {
  summary: RunSummary;
  /** Of the cluster that it is of; null: not known, the run is damaged. */
  clusterId: string | null;
  /** The undo that takes it back, or did. */
  undo: string | null;
  /** By fact (src/runbook/run/facts.ts). */
  changed: Readonly<Record<string, ChangedBy>>;
}

/** Another form is folded anew: count it up where a fold of the same entries says something else. */
const FORM = 'drydock.run-head/1';

type Journals = Pick<Journal, 'runs' | 'entries' | 'storeHeads'>;

function summarise(run: string, entries: readonly JournalEntry[]): Omit<RunHead, 'changed'> {
  const first = entries[0] as JournalEntry;
  const begun = { startedAt: first.at, who: first.who };
  try {
    const { plan, phase, step, context } = foldRun(entries);
    const { runbook, cluster, undoes = null } = plan;
    const why = context.halt?.why ?? null;
    const names = { run, runbook: runbook.id, cluster: cluster.name };
    return {
      summary: { ...names, ...begun, phase, undoes, step: step?.id ?? null, why },
      clusterId: cluster.uuid,
      undo: context.undo,
    };
  } catch (error) {
    const why = (error as Error).message;
    const names = { run, runbook: '?', cluster: '?' };
    return {
      summary: { ...names, ...begun, phase: 'damaged', undoes: null, step: null, why },
      clusterId: null,
      undo: null,
    };
  }
}

function changesIn(entries: readonly JournalEntry[]): Record<string, ChangedBy> {
  const changed: Record<string, ChangedBy> = {};
  for (const { type, body, at, seq } of entries) {
    if (type !== 'step.ended') continue;
    const { step, changes = [] } = body as unknown as { step: string; changes?: Change[] };
    for (const { key } of changes) changed[key] = { step, at, seq };
  }
  return changed;
}

export function headOf(run: string, entries: readonly JournalEntry[]): RunHead {
  return { ...summarise(run, entries), changed: changesIn(entries) };
}

async function headsOf(
  journal: Journals,
  page: readonly IndexedRun[],
): Promise<{ heads: RunHead[]; fresh: StoredHead[] }> {
  const heads: RunHead[] = [];
  const fresh: StoredHead[] = [];
  for (const { run, last, head } of page) {
    if (head?.form === FORM) heads.push(head.of as unknown as RunHead);
    else {
      const entries = await journal.entries(run);
      const folded = headOf(run, entries);
      heads.push(folded);
      // Another program may know entries that this one does not: what it cannot fold is no fold.
      if (folded.summary.phase === 'damaged') continue;
      const of = folded as unknown as JsonObject;
      // As read: it may have gone on since it was listed.
      fresh.push({ run, last: entries.at(-1)?.hash ?? last, head: { form: FORM, of } });
    }
  }
  return { heads, fresh };
}

/** Of the runs whose name holds the text, the newest last. A run that cannot be folded is damaged. */
export async function readHeads(journal: Journals, part = ''): Promise<RunHead[]> {
  const all: RunHead[] = [];
  for await (const page of journal.runs(part)) {
    const { heads, fresh } = await headsOf(journal, page);
    if (fresh.length > 0) await journal.storeHeads(fresh);
    all.push(...heads);
  }
  return all;
}

export async function listRuns(journal: Journals, part = ''): Promise<RunSummary[]> {
  return (await readHeads(journal, part)).map(({ summary }) => summary);
}

export async function runNames(journal: Pick<Journal, 'runs'>): Promise<string[]> {
  const names: string[] = [];
  for await (const page of journal.runs()) names.push(...page.map(({ run }) => run));
  return names;
}

/** The last recorded step that changed the fact, of any run. */
export function lastToChange(
  key: string,
  heads: readonly RunHead[],
): { run: string; step: string; at: string } | null {
  let last: (ChangedBy & { run: string }) | null = null;
  for (const { summary, changed } of heads) {
    const found = Object.hasOwn(changed, key) ? changed[key] : undefined;
    if (found && found.seq > (last?.seq ?? 0)) last = { run: summary.run, ...found };
  }
  return last && { run: last.run, step: last.step, at: last.at };
}
