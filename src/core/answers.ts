/** Answers that were given beforehand to the prompts of a command. */
import type { Answer } from '../ports/commands.ts';

/**
 * Takes the next answer, which must belong to the prompt that is shown; null when it does not, or
 * when none is left. In order and never skipping: an answer that was refused is asked for again,
 * and must not eat what was meant for a later question.
 */
export function nextAnswer<A extends Answer>(left: A[], prompt: string): A | null {
  const [next] = left;
  if (!next || !prompt.includes(next.prompt)) return null;
  left.shift();
  return next;
}
