/**
 * Has the cluster moved since a run stopped? What is predicted after the last step that ended well
 * is compared with what is seen now. A step in doubt says nothing: it is settled first, and the
 * comparison after it tells.
 */
import type { Plan } from '../../core/plan.ts';
import type { Status } from '../../schema/generated/status.ts';
import { AT_START, type Difference, differences } from './drift.ts';
import { factsOf } from './facts.ts';
import { isFinal, type RunState } from './fold.ts';
import { isInDoubt } from './transcript.ts';

/** Facts of the run itself: its lease is let go when it stops, roles are checked step by step. */
const OWN_FACTS = /^(lease|role)\./;

/** The key of the prediction that holds where the run stands. */
function standsAfter(state: RunState): string {
  const { steps } = state.plan;
  const at = state.step ? steps.findIndex(({ id }) => id === state.step?.id) : steps.length;
  const ended = steps
    .slice(0, at)
    .filter(({ id }) => ['done', 'already'].includes(state.context.outcomes[id] ?? ''))
    // Of what was adopted nothing is predicted: it was so at the start.
    .filter(({ id }) => state.context.intents[id] !== undefined);
  return ended.at(-1)?.id ?? AT_START;
}

/** `predicted`: the newest prediction of the run. Empty: it stands where it stood. */
export function movedSince(
  state: RunState,
  predicted: Plan['predicted'],
  status: Status,
): Difference[] {
  const wanted = predicted?.[standsAfter(state)];
  if (!wanted || isInDoubt(state) || isFinal(state.phase)) return [];
  const origin = predicted?.[AT_START]?.facts;
  const seen = factsOf(status, { self: state.run, origin });
  return differences(wanted, seen).filter(({ key }) => !OWN_FACTS.test(key));
}
