/** What of a plan people approve act by act: every command that a run of it may give, and where. */
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Answer } from '../../ports/commands.ts';
import type { ApprovedAct, ApprovedOrder } from '../../schema/generated/window-document.ts';

function orderOf(server: string | null, argv: string[], answers: Answer[]): ApprovedOrder | null {
  if (server === null) return null;
  return { server, argv, answers: answers.map(({ prompt, reply }) => ({ prompt, reply })) };
}

function commandOf({ server, action }: PlannedStep): ApprovedOrder | null {
  if (action.verb === 'run') return orderOf(server, action.argv, action.answers);
  return action.verb === 'watch' ? orderOf(server, action.argv, []) : null;
}

function isAct({ action, undo, safe }: PlannedStep): boolean {
  return ['run', 'watch', 'operator'].includes(action.verb) || undo !== null || safe;
}

/** In the order of the steps; those of every choice that a person may make are among them. */
export function actsOf({ steps }: Pick<Plan, 'steps'>): ApprovedAct[] {
  return steps.filter(isAct).map((step) => ({
    step: step.id,
    verb: step.action.verb,
    order: commandOf(step),
    undo: step.undo && orderOf(step.undo.server, step.undo.argv, step.undo.answers),
    safe: step.safe,
  }));
}
