/** Small words that transcripts share. */
import type { Documented, Plan, PlannedStep } from '../../core/plan.ts';

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 90) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function documented(where: Documented): string {
  return 'site' in where ? `site: ${where.site}` : `${where.manual} ${where.section}`;
}

/** What the site put into a plan. */
export function overlayLines({ overlays = [] }: Pick<Plan, 'overlays'>): string[] {
  return overlays.map(
    ({ id, of, title, hash }) => `overlay ${id} ${hash.slice(0, 16)} of ${of}: ${title}`,
  );
}

/** An argument as a person would type it. For reading: nothing ever runs this text. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

export function commandText(argv: readonly string[]): string {
  return argv.map(quoted).join(' ');
}

/** What the step does, on one line; empty for a step that is only a condition. */
export function commandLine(step: PlannedStep | undefined): string {
  if (!step) return '';
  const { action } = step;
  switch (action.verb) {
    case 'run':
    case 'watch':
      return commandText(action.argv);
    case 'operator':
      return `a person: ${action.words}`;
    case 'confirm':
    case 'choose':
      return `a person decides: ${action.question}`;
    case 'check':
      return `see that ${action.that}`;
    case 'find':
      return action.if === null ? '' : `see whether ${action.if}`;
    case 'wait':
      return action.until === null ? '' : `wait until ${action.until}`;
    case 'refuse':
      return `refused: ${action.because}`;
  }
}
