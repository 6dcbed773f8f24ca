/** How the steps of a procedure stand that was begun by hand. */
import type { AdoptedStep } from '../../schema/generated/reports/adoption.ts';
import { table } from '../context.ts';

export function adoptionWords(steps: readonly AdoptedStep[]): string {
  return table(
    steps.map(({ id, verdict, why, byWord }) => [verdict, id, byWord ? `${why} (by word)` : why]),
  );
}
