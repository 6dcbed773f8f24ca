/** What a matrix of faults comes to: in one sentence, and what each of its words means. */

import type {
  FaultMatrixReport,
  FaultOutcome,
} from '../../schema/generated/reports/fault-matrix.ts';
import { counted } from '../figures.ts';

type End = FaultOutcome['end'];

/** In the order in which a person wants to know of them. */
export const MEANINGS: Record<End, string> = {
  stuck: 'the run stopped where only a person can tell what to do, and says what',
  waits: 'the run still waited when the rehearsal gave it up',
  parked: 'the run rests at a point where nothing is under way, and is resumed with an answer',
  rolledBack: 'what was done was taken back',
  resumed: 'the runner died or the person left, the run was resumed once, and came to its end',
  completed: 'the run came to its end all the same',
  nothing: 'there was nothing to strike: the step is skipped, or the fault does not concern it',
};

const SAID: Record<End, string> = {
  stuck: 'stop for a person',
  waits: 'wait without an end',
  parked: 'park',
  rolledBack: 'are rolled back',
  resumed: 'are resumed and completed',
  completed: 'are completed',
  nothing: 'have nothing to strike',
};

export function countEnds(cells: readonly FaultOutcome[]): FaultMatrixReport['ends'] {
  return (Object.keys(MEANINGS) as End[]).flatMap((end) => {
    const count = cells.filter((cell) => cell.end === end).length;
    return count > 0 ? [{ end, count, meaning: MEANINGS[end] }] : [];
  });
}

export function verdictOf(cells: readonly FaultOutcome[]): { verdict: string; safe: boolean } {
  const broken = cells.filter(({ violations }) => violations.length > 0);
  const steps = new Set(cells.map(({ step }) => step)).size;
  const struck = `${counted(cells.length, 'fault')} at ${counted(steps, 'step')}`;
  const ends = countEnds(cells)
    .map(({ end, count }) => `${count} ${SAID[end]}`)
    .join(', ');
  if (broken.length === 0) {
    return { verdict: `SAFE: none of ${struck} breaks an invariant; ${ends}.`, safe: true };
  }
  const where = [...new Set(broken.map(({ step }) => step))].join(', ');
  const verdict = `UNSAFE: ${broken.length} of ${struck} break an invariant (at ${where}); ${ends}.`;
  return { verdict, safe: false };
}
