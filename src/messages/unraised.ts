/**
 * Why a message of the catalogue is never raised here: unraised.json, by row. A row with a key is
 * raised; every other one has a reason. No program of a server loads this.
 */
import type { FailureRow } from '../schema/generated/failure-words.ts';
import type { MessageRow } from '../schema/generated/message-catalogue.ts';
import type { UnraisedReason } from '../schema/generated/unraised-messages.ts';
import unraised from './unraised.json' with { type: 'json' };

export const unraisedReasons = unraised as UnraisedReason[];

/** `rc 240-247` → [rc, 240, 247]. */
export function rangeOf(of: string): [module: string, first: number, last: number] {
  const [module = '', ids = ''] = of.split(' ');
  const [first = '', last = first] = ids.split('-');
  return [module, Number(first), Number(last)];
}

/** Whether the ranges, see above, hold the message. */
export function isAmong(ranges: readonly string[], module: string, id: number): boolean {
  return ranges
    .map(rangeOf)
    .some(([name, first, last]) => name === module && id >= first && id <= last);
}

/** What the patterns of `driver` and `failures` are held against. */
export function patternText(row: FailureRow | MessageRow): string {
  return 'to' in row ? row.text : [row.type ?? '', row.code ?? '', row.text].join(' ');
}

/** The reasons that an event stands under, raised or not: a raised one under none. */
export function reasonsOfEvent(
  generation: 'v3' | 'x5',
  { module, id = 0 }: MessageRow,
): UnraisedReason[] {
  return unraisedReasons.filter((one) => isAmong(one[generation] ?? [], module, id));
}

/** Null for one that is raised. */
export function whyUnraised(
  catalogue: 'v3' | 'x5' | 'driver' | 'failures',
  row: FailureRow | MessageRow,
): UnraisedReason | null {
  if (row.key !== undefined) return null;
  if (catalogue === 'v3' || catalogue === 'x5') {
    return reasonsOfEvent(catalogue, row as MessageRow)[0] ?? null;
  }
  const text = patternText(row);
  const fits = (pattern: string) => new RegExp(pattern).test(text);
  return unraisedReasons.find((one) => one[catalogue]?.some(fits)) ?? null;
}
