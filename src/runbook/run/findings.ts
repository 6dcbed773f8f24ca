/**
 * What a diagnosis reports: by steps that look at the cluster (step-act.ts), and here by what
 * commands print and how they end. Nothing of it changes how a run goes on.
 */
import type { Finding, OutcomeFound, PlannedStep } from '../../core/plan.ts';
import type { OperationRecord } from '../../ports/commands.ts';
import type { RunStep } from './step-command.ts';

/** Of what a command printed, so many lines are shown: the last ones. */
const MOST_LINES = 6;
const MOST_CHARS = 240;

function shownOf(text: string): string | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const last = lines.slice(-MOST_LINES).map((line) => line.trim().slice(0, MOST_CHARS));
  return last.length === 0 ? null : last.join('\n').toWellFormed();
}

/** Whether it is so; null: the server keeps not all of what was printed. */
function isSo({ exit, prints, lacks }: OutcomeFound, record: OperationRecord): boolean | null {
  if (exit !== undefined && exit !== record.exitCode) return false;
  const isCut = record.gone === 'output' || record.cut?.stdout !== undefined;
  if (lacks !== undefined && record.stdout.includes(lacks)) return false;
  const isPrinted = prints === undefined || record.stdout.includes(prints);
  if (isCut && (lacks !== undefined || !isPrinted)) return null;
  return isPrinted;
}

export function findingsOf(step: RunStep, record: OperationRecord): Finding[] {
  return (step.action.findings ?? []).flatMap((wanted): Finding[] => {
    const so = isSo(wanted, record);
    if (so === false) return [];
    const { severity, says, remedy, runbook, prints } = wanted;
    const at = { step: step.id, server: step.server, says, remedy, runbook };
    if (so === null) {
      const shows = `not known: ${step.server} keeps not all of what was printed`;
      return [{ ...at, severity: 'unknown', shows }];
    }
    const lines = record.stdout.split('\n').filter((line) => line.includes(prints ?? ''));
    return [{ ...at, severity, shows: shownOf(lines.join('\n')) ?? shownOf(record.stderr) }];
  });
}

const WORDS: Record<Finding['severity'], string> = {
  error: 'ERROR',
  warning: 'WARNING',
  unknown: 'NOT KNOWN',
  look: 'TO LOOK AT',
  info: 'INFO',
};

/** One finding in words; what is shown and what is to be done stand below it. */
export function findingLines({
  severity,
  server,
  says,
  shows,
  remedy,
  runbook,
}: Finding): string[] {
  const where = server === null ? '' : `${server}: `;
  const carriedOut = runbook === null ? [] : [`drydock run ${runbook}`];
  const todo = [...(remedy === null ? [] : [remedy]), ...carriedOut].join(' -> ');
  return [
    `${WORDS[severity]}  ${where}${says}`,
    ...(shows?.split('\n') ?? []).map((line) => `  | ${line}`),
    ...(todo === '' ? [] : [`  do: ${todo}`]),
  ];
}

/** The findings that the end of a step has in its record. */
export function findingsIn(body: object): Finding[] {
  return (body as { findings?: Finding[] }).findings ?? [];
}

/** Whether a step is there for what it finds. */
export function looksFor({ action }: Pick<PlannedStep, 'action'>): boolean {
  return action.verb === 'find' || (action.verb === 'run' && action.findings !== undefined);
}
