/** What becomes of a plan when something goes wrong, as a table. */
import type { FaultOutcome } from '../../schema/generated/reports/fault-matrix.ts';
import { faultName } from '../../sim/step-faults.ts';
import { table } from '../context.ts';

function cellWords({ outcome, exit, violations }: FaultOutcome): string {
  if (violations.length > 0) return 'UNSOUND';
  if (outcome === 'none') return '-';
  return exit ? `${outcome} ${exit}` : outcome;
}

/** A stop by drift names every difference; here the first ones do. */
function shortened(words: string): string {
  const [first = '', second, ...more] = words.split('; ');
  const shown = [first, second].filter((part) => part !== undefined).join('; ');
  return more.length > 0 ? `${shown}; and ${more.length} more` : shown;
}

/** Steps down, faults across; then why, once for each reason. */
export function matrixWords(cells: readonly FaultOutcome[]): string {
  const names = [...new Set(cells.map(faultName))];
  const steps = [...new Set(cells.map(({ step }) => step))];
  const cellAt = (step: string, name: string) =>
    cells.find((cell) => cell.step === step && faultName(cell) === name);
  const rows = steps.map((step) => [
    step,
    ...names.map((name) => {
      const cell = cellAt(step, name);
      return cell ? cellWords(cell) : '';
    }),
  ]);
  const reasons = new Map<string, string[]>();
  for (const cell of cells) {
    if (cell.outcome === 'done' || cell.outcome === 'none') continue;
    const why = `${cellWords(cell)}: ${shortened(cell.words)}`;
    reasons.set(why, [...(reasons.get(why) ?? []), `${cell.step}:${faultName(cell)}`]);
  }
  const lines = [...reasons].map(([why, where]) => `${where.join(', ')}\n    ${why}\n`);
  const wrong = cells.flatMap((cell) =>
    cell.violations.map((words) => `UNSOUND ${cell.step}:${faultName(cell)}: ${words}\n`),
  );
  return [table([['STEP', ...names], ...rows]), ...lines, ...wrong].join('');
}
