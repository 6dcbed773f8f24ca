/** Prompts of the commands. An operator who is not there has not said yes. */
import type { Environment } from '../environment.ts';
import { refused } from './context.ts';

export async function answerTo(env: Environment, prompt: string): Promise<string> {
  try {
    return (await env.ask(prompt)).trim();
  } catch {
    throw refused(`nobody answered "${prompt.trim()}"`, 'nothing was done');
  }
}
