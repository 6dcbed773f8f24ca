/**
 * How a verb that failed ends: one line of words (or one JSON document), the exit code, and four
 * closing lines for those exits after which a person has something to look after.
 */
import { DrydockError, describeError } from '../../core/errors.ts';
import { inOneLine } from '../../core/visible.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import { type Closing, closingLines } from '../../runbook/run/transcript.ts';
import type { Cli } from '../context.ts';

/** Exits that end with the four lines. */
const NEEDS_LINES = [3, 6, 9, 70];

export function needsLines(exit: number): boolean {
  return NEEDS_LINES.includes(exit);
}

/** Of a verb that did nothing on the cluster, or of which no run is known. */
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

/** The four lines for an exit that needs them, where the cluster was only looked at. */
export function sayClosing(cli: Cli, exit: number, by?: string): void {
  if (needsLines(exit)) cli.say(closingLines(closingWithoutRun(exit, by)).trimEnd());
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

export interface Ended {
  exit: number;
  document: object;
  /** The line for people. */
  words: string;
  /** What follows it on stderr. */
  lines: string;
}

export function endOf(error: unknown): Ended {
  const known = classify(error);
  const { exit, code, remedy, by } = known;
  const closing = needsLines(exit) ? closingWithoutRun(exit, by) : null;
  const message = error instanceof Error ? error.message : String(error);
  const stack = exit === 70 && error instanceof Error && error.stack ? `${error.stack}\n` : '';
  const said = error instanceof DrydockError ? describeError(error) : message;
  return {
    exit,
    document: {
      schema: 'drydock.error/1',
      code,
      message,
      remedy: remedy ?? null,
      place: (error instanceof DrydockError && error.place) || null,
      exit,
      ...(closing ? { closing } : {}),
    },
    words: `drydock: ${inOneLine(said)}${said === message && remedy ? `; ${remedy}` : ''}`,
    lines: stack + (closing ? closingLines(closing) : ''),
  };
}
