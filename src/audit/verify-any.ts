/** A record or an excerpt of one: its first line tells which. */
import type { Line } from './lines.ts';
import type { RecordVerdict } from './verdict.ts';
import { type VerifyOptions, verifyLines } from './verify.ts';
import { isExcerpt, verifyExcerpt } from './verify-excerpt.ts';

function* withFirst(first: Line | undefined, rest: Iterator<Line>): Iterable<Line> {
  if (first === undefined) return;
  yield first;
  yield* { [Symbol.iterator]: () => rest };
}

export function verifyAny(lines: Iterable<Line>, options: VerifyOptions = {}): RecordVerdict {
  const iterator = lines[Symbol.iterator]();
  const { value, done } = iterator.next();
  const first = done ? undefined : (value as Line);
  const all = withFirst(first, iterator);
  return first && isExcerpt(first.text) ? verifyExcerpt(all, options) : verifyLines(all, options);
}
