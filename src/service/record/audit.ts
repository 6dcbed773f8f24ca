/**
 * What the record says, whether it can be believed, and what of it goes elsewhere. Reading it is
 * recorded too, where anything can be.
 */
import {
  allAnchors,
  checkpointOver,
  countsWindow,
  entriesOf,
  exportEntries,
  exportRecord,
  type Part,
  readCheckpoint,
  type VerifyOptions,
  verifyAny,
  verifyRecord as verifyJournal,
} from '../../audit/index.ts';
import { badInput } from '../../core/errors.ts';
import type { Trust } from '../../ports/signatures.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { AnchoredReport } from '../../schema/generated/reports/anchored.ts';
import type { AuditVerdict } from '../../schema/generated/reports/audit-verdict.ts';
import type { CheckpointReport } from '../../schema/generated/reports/checkpoint.ts';
import type { CollectedReport } from '../../schema/generated/reports/collected.ts';
import type { RecordBegunReport } from '../../schema/generated/reports/record-begun.ts';
import type { Context } from '../context.ts';
import { collectNotes } from '../notes.ts';
import { noteAccess, noteDown, type Recording } from '../records.ts';
import { type Report, reportOf } from '../report.ts';
import { findRun } from '../run/runs.ts';
import { newCheckpoint } from './checkpoint.ts';

export interface VerifyWish {
  /** An exported record or excerpt; null: the record of this host. */
  file: string | null;
  /** Places of anchors. */
  places: readonly string[];
  /** null: signatures are not looked at. */
  trust: Trust | null;
}

/** Exit 7 where it does not verify. */
export async function verifyRecord(ctx: Context, wish: VerifyWish): Promise<Report<AuditVerdict>> {
  const { file, places, trust } = wish;
  const stored = allAnchors(await Promise.all(places.map(ctx.anchors.read)));
  const verdict =
    file === null
      ? await verifyOwn(ctx, { ...stored, trust })
      : verifyAny(ctx.records.exportedLines(file), { ...stored, trust });
  return reportOf({ schema: 'drydock.audit-verdict/1', ...verdict }, verdict.ok ? 0 : 7);
}

async function verifyOwn(ctx: Context, options: VerifyOptions) {
  const journal = await ctx.records.openToVerify();
  try {
    return await verifyJournal(journal, options);
  } finally {
    await journal.close();
  }
}

async function partOf(journal: Recording, part: Part): Promise<Part> {
  if (part.run === undefined) return part;
  return { ...part, run: (await findRun(journal, part.run, 'show')).run };
}

/** Entries of the record, each a document of its own (src/schema/journal-entry.schema.json). */
export async function readEntries(ctx: Context, given: Part): Promise<JournalEntry[]> {
  const journal = await ctx.records.openToRead();
  try {
    const part = await partOf(journal, given);
    await noteAccess(ctx, journal, 'audit show', part);
    return await entriesOf(journal, part);
  } finally {
    await journal.close();
  }
}

/** `key`: the SSH key to sign with; null: it is not signed. */
export async function makeCheckpoint(
  ctx: Context,
  key: string | null,
): Promise<Report<CheckpointReport>> {
  const journal = await ctx.records.open();
  try {
    await journal.begin();
    const { seq, body } = await newCheckpoint(ctx, journal, { key, why: 'audit checkpoint' });
    const made = body as unknown as Omit<CheckpointReport, 'seq'>;
    return reportOf({ ...made, seq });
  } finally {
    await journal.close();
  }
}

/** The newest checkpoint, or with a key a new one, goes to the place named. */
export async function anchorCheckpoint(
  ctx: Context,
  { place, key }: { place: string; key: string | null },
): Promise<Report<AnchoredReport>> {
  ctx.anchors.check(place);
  const journal = await ctx.records.open();
  try {
    await journal.begin();
    const old = key === null ? await checkpointOver(journal, 1) : null;
    const entry = old ?? (await newCheckpoint(ctx, journal, { key, why: 'audit anchor' }));
    const { size } = readCheckpoint(entry.body)!.checkpoint;
    await ctx.anchors.keep(entry, place);
    const body = { checkpoint: entry.seq, size, place };
    await noteDown(ctx, journal, { run: null, type: 'checkpoint.anchored', body });
    return reportOf({ schema: 'drydock.anchored/1', ...body });
  } finally {
    await journal.close();
  }
}

export interface ExportWish {
  /** Empty: the whole record. */
  part: Part;
  key: string | null;
  /** Where its lines go, one entry each. */
  write(lines: AsyncIterable<string>): Promise<void>;
}

/** The whole record, or a part with its proof; a part needs a checkpoint over its last entry. */
export async function exportPart(ctx: Context, wish: ExportWish): Promise<void> {
  const { key, write } = wish;
  const journal = await ctx.records.openToRead();
  try {
    const part = await partOf(journal, wish.part);
    const isWhole = Object.keys(part).length === 0;
    await noteAccess(ctx, journal, 'audit export', part);
    const last = isWhole ? 0 : ((await entriesOf(journal, part)).at(-1)?.seq ?? 0);
    const { window } = part;
    const over = last === 0 ? null : await checkpointOver(journal, last);
    const isCounted = window === undefined || (over && (await countsWindow(journal, over, window)));
    if (key !== null || !(last === 0 || (over && isCounted))) {
      await newCheckpoint(ctx, journal, { key, why: 'audit export', counted: window });
    }
    await write(isWhole ? exportRecord(journal) : exportEntries(journal, part));
  } finally {
    await journal.close();
  }
}

/** A record in place of one that is gone: whoever says so, and why, is what it begins with. */
export async function beginAnew(ctx: Context, given: string): Promise<Report<RecordBegunReport>> {
  const reason = given.trim();
  if (reason === '') {
    throw badInput('a record is begun anew for a reason', {
      code: 'usage',
      remedy: 'give --reason TEXT',
    });
  }
  const { file } = ctx.records;
  if (ctx.records.isThere()) {
    throw badInput(`${file} is there; nothing has to be begun`, {
      code: 'record.there',
      remedy: 'see whether it is whole with `drydock audit verify`',
    });
  }
  const journal = await ctx.records.openAnew();
  try {
    await journal.append([{ run: null, type: 'record.begun', body: { reason } }]);
    return reportOf({ schema: 'drydock.record-begun/1', file, reason });
  } finally {
    await journal.close();
  }
}

/** What people typed on the servers since they were last asked; exit 1 where one is silent. */
export async function collect(ctx: Context): Promise<Report<CollectedReport>> {
  const cluster = await ctx.openCluster();
  const journal = await ctx.records.open();
  try {
    const collected = await collectNotes(ctx, cluster, journal);
    const exit = collected.silent.length > 0 ? 1 : 0;
    return reportOf({ schema: 'drydock.collected/1', ...collected }, exit);
  } finally {
    await journal.close();
    await cluster.close();
  }
}
