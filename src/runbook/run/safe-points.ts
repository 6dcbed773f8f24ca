/** Where a run may rest. */
import type { PlannedStep } from '../../core/plan.ts';
import type { RunState } from './fold.ts';

/** True when the last step that did something said that a run may be parked after it. */
export function isSafePoint(state: Pick<RunState, 'plan' | 'context'>, index: number): boolean {
  for (let at = index - 1; at >= 0; at -= 1) {
    const step = state.plan.steps[at] as PlannedStep;
    if (step.safe) return true;
    const hasActed = step.action.verb === 'run' || step.action.verb === 'operator';
    if (hasActed && state.context.outcomes[step.id] !== 'skipped') return false;
  }
  return true;
}
