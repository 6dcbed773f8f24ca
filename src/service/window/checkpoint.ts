/** A checkpoint of the record when a window closes, and where it is stored beyond this host. */
import { makeCheckpoint, readCheckpoint } from '../../audit/checkpoint.ts';
import { describeError } from '../../core/errors.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowClosedReport } from '../../schema/generated/reports/window-closed.ts';
import type { Context } from '../context.ts';
import type { Identity } from './keys.ts';

export interface Sealing {
  policy: Policy;
  identity: Identity;
  window: string;
}

/** A place that cannot be reached must not keep a window from being closed; it is reported. */
async function isStored(ctx: Context, entry: JournalEntry, place: string): Promise<boolean> {
  try {
    await ctx.anchors.keep(entry, place);
    ctx.tell({ type: 'checkpoint.kept', place });
    return true;
  } catch (error) {
    ctx.tell({ type: 'checkpoint.unkept', place, why: describeError(error) });
    return false;
  }
}

/** Signed where the policy lets that person sign the record; unsigned it still orders entries. */
export async function sealWindow(
  ctx: Context,
  { policy, identity, window }: Sealing,
): Promise<WindowClosedReport['checkpoint']> {
  const { principal: by, key } = identity;
  const person = policy.people.find(({ principal }) => principal === by);
  const signed = person?.roles.includes('checkpoint') === true;
  const sign = (text: string) => ctx.keys.sign(text, 'drydock.checkpoint', key);
  if (!signed) ctx.tell({ type: 'checkpoint.unsigned', by });
  const journal = await ctx.records.open();
  try {
    const entry = await makeCheckpoint(journal, {
      clock: ctx.clock,
      why: `window ${window} closed`,
      signing: signed ? { by, sign } : null,
      counted: window,
    });
    const { size, root } = readCheckpoint(entry.body)!.checkpoint;
    const { seq } = entry;
    ctx.tell({ type: 'window.sealed', seq, size, root });
    const anchors: string[] = [];
    for (const place of policy.anchors ?? []) {
      if (await isStored(ctx, entry, place)) anchors.push(place);
    }
    return { seq, size, root, signed, anchors };
  } finally {
    await journal.close();
  }
}
