/** What becomes of a plan when something goes wrong, as a table. */
import type {
  FaultMatrixReport,
  FaultOutcome,
} from '../../schema/generated/reports/fault-matrix.ts';
import { faultName } from '../../sim/step-faults.ts';
import { table } from '../context.ts';

function cellWords({ end, violations }: FaultOutcome): string {
  if (violations.length > 0) return 'UNSAFE';
  return end === 'nothing' ? '-' : end;
}

/** A stop by drift names every difference; here the first ones do. */
function shortened(words: string): string {
  const [first = '', second, ...more] = words.split('; ');
  const shown = [first, second].filter((part) => part !== undefined).join('; ');
  return more.length > 0 ? `${shown}; and ${more.length} more` : shown;
}

/** Why, and what to do then, once for each reason; in front of it where. */
function reasons(cells: readonly FaultOutcome[]): string[] {
  const found = new Map<string, string[]>();
  for (const cell of cells) {
    if (['completed', 'resumed', 'nothing'].includes(cell.end)) continue;
    const next = cell.next === null ? '' : `    next: ${cell.next}\n`;
    const why = `    ${cell.end}: ${shortened(cell.words)}\n${next}`;
    found.set(why, [...(found.get(why) ?? []), `${cell.step}:${faultName(cell)}`]);
  }
  return [...found].map(([why, where]) => `${where.join(', ')}\n${why}`);
}

/** Steps down, faults across; then why; then the verdict, and what its words mean. */
export function matrixWords({ cells, ends, verdict }: FaultMatrixReport): string {
  const names = [...new Set(cells.map(faultName))];
  const steps = [...new Set(cells.map(({ step }) => step))];
  const words = new Map(cells.map((cell) => [`${cell.step}:${faultName(cell)}`, cellWords(cell)]));
  const rows = steps.map((step) => [
    step,
    ...names.map((name) => words.get(`${step}:${name}`) ?? ''),
  ]);
  const wrong = cells.flatMap((cell) =>
    cell.violations.map((what) => `UNSAFE ${cell.step}:${faultName(cell)}: ${what}\n`),
  );
  const meanings = ends.map(({ end, meaning }) => [`  ${end === 'nothing' ? '-' : end}`, meaning]);
  return [
    table([['STEP', ...names], ...rows]),
    ...reasons(cells),
    ...wrong,
    `${verdict}\n`,
    table(meanings),
  ].join('');
}
