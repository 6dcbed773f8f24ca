/** What a person has to look after when something ended otherwise than well; and errors as data. */
import { DrydockError } from '../core/errors.ts';
import { RemoteError, WireError } from '../ports/wire.ts';
import type { Closing } from '../runbook/run/transcript.ts';
import type { ErrorReport } from '../schema/generated/reports/error.ts';
import { type Report, reportOf } from './report.ts';

/** Exits after which a person has something to look after. */
const NEEDS_CLOSING = [3, 6, 9, 70];

export function needsClosing(exit: number): boolean {
  return NEEDS_CLOSING.includes(exit);
}

/** Of a use case that did nothing on the cluster, or of which no run is known. */
export function closingWithoutRun(exit: number, by = 'no time limit is known'): Closing {
  if (exit !== 70) {
    return {
      exposed: 'nothing by this command: it did nothing on the cluster',
      inFlight: 'nothing',
      next: 'drydock status; drydock runs; drydock debts',
      by,
    };
  }
  return {
    exposed: 'what the last recorded step left; `drydock debts` shows it',
    inFlight: 'a command may still run on a server',
    next: 'drydock status; drydock runs; drydock resume RUN',
    by: 'before anyone else changes the cluster',
  };
}

interface Known {
  exit: number;
  code: string;
  remedy?: string | undefined;
  by?: string | undefined;
}

function classify(error: unknown): Known {
  if (error instanceof DrydockError) return error;
  if (error instanceof RemoteError) return { exit: 1, code: error.code };
  if (error instanceof WireError) {
    return { exit: 1, code: `wire.${error.code}`, remedy: 'look with `drydock status`' };
  }
  return { exit: 70, code: 'defect' };
}

/** What was thrown, as a report; a defect (exit 70) is whatever nobody foresaw. */
export function failureOf(error: unknown): Report<ErrorReport> {
  const { exit, code, remedy, by } = classify(error);
  const place = (error instanceof DrydockError && error.place) || null;
  const data: ErrorReport = {
    schema: 'drydock.error/1',
    code,
    message: error instanceof Error ? error.message : String(error),
    remedy: remedy ?? null,
    place,
    exit,
    ...(needsClosing(exit) ? { closing: closingWithoutRun(exit, by) } : {}),
  };
  return reportOf(data, exit);
}
