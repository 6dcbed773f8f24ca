/**
 * The gate, with its way out. A gate that cannot judge, because what this server holds cannot be
 * read or nothing of it be believed, lets nobody through: unless somebody broke the glass on the
 * server (`drydock window emergency --without-documents`). Then it says so with every command, and the
 * server's note of the command says so too.
 */
import type { Judgement } from '../change/types.ts';
import { glassInWords, glassOf, WAY_OUT } from '../cluster/glass.ts';
import { DrydockError } from '../core/errors.ts';
import type { Environment } from './environment.ts';
import { askGate } from './gate.ts';

async function wayPast(env: Environment): Promise<Judgement | null> {
  const glass = await glassOf(env, env.server);
  if (glass === null) return null;
  const why = glassInWords(glass);
  env.progress(`BREAK-GLASS: nothing could be judged here; ${why}\n`);
  return { allowed: true, window: null, emergency: true, why };
}

/** As `askGate`; where it cannot judge, whether somebody broke the glass. */
export async function passGate(env: Environment, name: string, args: string[]): Promise<Judgement> {
  let judged: Judgement;
  try {
    judged = await askGate(env, name, args);
  } catch (error) {
    if (!(error instanceof DrydockError) || error.code !== 'gate.silent') throw error;
    const past = await wayPast(env);
    if (past) return past;
    const { message, code, remedy } = error;
    throw new DrydockError(message, { code, remedy: `${remedy}; ${WAY_OUT}`, cause: error });
  }
  if (judged.allowed || judged.code !== 'policy.untrusted') return judged;
  return (await wayPast(env)) ?? { ...judged, remedy: `${judged.remedy}; ${WAY_OUT}` };
}
