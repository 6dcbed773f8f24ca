/** Prompts of the commands. An operator who is not there has not said yes. */
import type { Environment } from '../environment.ts';
import { refused } from './context.ts';

export async function answerTo(env: Environment, prompt: string): Promise<string> {
  try {
    return (await env.ask(prompt)).trim();
  } catch (cause) {
    throw refused(`nobody answered "${prompt.trim()}"`, `nothing was done (${String(cause)})`);
  }
}

/** True for `y` alone. */
export async function saysYes(env: Environment, prompt: string): Promise<boolean> {
  const answer = await answerTo(env, prompt);
  return answer === 'y' || answer === 'Y';
}
