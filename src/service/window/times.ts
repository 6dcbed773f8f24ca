/** Instants as people write them. */
import { badInput } from '../../core/errors.ts';
import { durationMs } from '../../runbook/language/durations.ts';

/** ISO 8601 with its zone, `now`, or a duration after `from`. */
export function instant(text: string, from: number, what: string): number {
  if (text === 'now') return from;
  if (/^\+\d+(ms|s|m|h)$/.test(text)) return from + durationMs(text.slice(1));
  const hasZone = /T.*(Z|[+-]\d\d:?\d\d)$/.test(text);
  const at = hasZone ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw badInput(`${what}: '${text}' is no time`, {
    code: 'time',
    remedy: 'write 2026-11-22T01:00:00Z (with a time zone), now, or +90m',
  });
}
