/** A checkpoint that somebody asks for, signed where they name a key. */
import { makeCheckpoint, readCheckpoint } from '../../audit/checkpoint.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Context } from '../context.ts';
import type { Recording } from '../records.ts';
import { ownerOf } from './key-owner.ts';

interface CheckpointWish {
  key: string | null;
  why: string;
  /** A window whose entries it counts. */
  counted?: string | undefined;
}

/** With the key, as whom they named, whose key it is, or who is logged in. */
function signingOf(ctx: Context, key: string | null) {
  if (key === null) return null;
  const by = ctx.keys.as ?? ownerOf(ctx, key) ?? ctx.login.real.name;
  return { by, sign: (text: string) => ctx.keys.sign(text, 'drydock.checkpoint', key) };
}

export async function newCheckpoint(
  ctx: Context,
  journal: Recording,
  { key, why, counted }: CheckpointWish,
): Promise<JournalEntry> {
  const signing = signingOf(ctx, key);
  const how = { clock: ctx.clock, why, signing, ...(counted === undefined ? {} : { counted }) };
  const entry = await makeCheckpoint(journal, how);
  const { size, root } = readCheckpoint(entry.body)!.checkpoint;
  ctx.tell({ type: 'checkpoint.made', seq: entry.seq, size, root, by: signing?.by ?? null });
  return entry;
}
