/**
 * How a verb that failed ends: one line of words (or one JSON document), the exit code, and four
 * closing lines for those exits after which a person has something to look after.
 */
import { DrydockError, describeError } from '../../core/errors.ts';
import { inOneLine } from '../../core/visible.ts';
import { closingLines } from '../../runbook/run/transcript.ts';
import type { ErrorReport } from '../../schema/generated/reports/error.ts';
import { closingWithoutRun, failureOf, needsClosing } from '../../service/closing.ts';
import type { Report } from '../../service/report.ts';
import type { Cli } from '../context.ts';

/** The four lines for an exit that needs them, where the cluster was only looked at. */
export function sayClosing(cli: Cli, exit: number, by?: string): void {
  if (needsClosing(exit)) cli.say(closingLines(closingWithoutRun(exit, by)).trimEnd());
}

export interface Ended {
  report: Report<ErrorReport>;
  /** The line for people. */
  words: string;
  /** What follows it on stderr. */
  lines: string;
}

export function endOf(error: unknown): Ended {
  const report = failureOf(error);
  const { message, remedy, closing } = report.data;
  const isDefect = report.exit === 70 && error instanceof Error && error.stack;
  const stack = isDefect ? `${error.stack}\n` : '';
  const said = error instanceof DrydockError ? describeError(error) : message;
  return {
    report,
    words: `drydock: ${inOneLine(said)}${said === message && remedy ? `; ${remedy}` : ''}`,
    lines: stack + (closing ? closingLines(closing) : ''),
  };
}
