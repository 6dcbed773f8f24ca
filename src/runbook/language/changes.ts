/** What steps do to the cluster, by the word of the commands that they run. */
import { traitsOf } from '../../commands/index.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';

/** What `effect` says of a program of the site that changes nothing. */
export const LOOKS_ONLY = 'looks';

/** Whether the step acts on the cluster, by a command or by a person's hands. */
export function isActing({ action, effect }: Pick<PlannedStep, 'action' | 'effect'>): boolean {
  // By the word of the site, which alone knows what its program does.
  if (effect === LOOKS_ONLY) return false;
  if (action.verb === 'run') return traitsOf(action.argv).changes;
  return action.verb === 'operator';
}

/** What no twin knows of a plan: what the programs of the site do. */
export function sitePrograms(plan: Pick<Plan, 'steps'>): string[] {
  return plan.steps.flatMap(({ id, action, effect }) => {
    if (action.verb !== 'run' || !traitsOf(action.argv).isSites) return [];
    return [
      `what the site's program of ${id} does (${effect ?? 'not said'}): it is taken to succeed`,
    ];
  });
}

/** `STEP: title` of what changes something and has no undo: to be said before a run starts. */
export function cannotUndo(plan: Pick<Plan, 'steps' | 'undoes'>): string[] {
  if (plan.undoes !== undefined) return [];
  const final = plan.steps.filter((step) => isActing(step) && step.undo === null);
  return final.map(({ id, title }) => `${id}: ${title}`);
}
