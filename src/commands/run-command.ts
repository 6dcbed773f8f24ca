/**
 * Running a command on a server, for its program in the lab and for the twin alike: one that may
 * change something passes the gate first, and what a person types is noted by the server before
 * it acts.
 */

import type { Judgement } from '../change/types.ts';
import type { Json } from '../core/json.ts';
import { sealWords } from '../core/secret-words.ts';
import { type Command, type Environment, failed, type Report } from './environment.ts';
import { passGate } from './way-out.ts';

const NOTE_TIMEOUT_MS = 10_000;

/** A failover asks nobody, nor do the scripts that belong to it. */
const CLUSTER: Judgement = {
  allowed: true,
  window: null,
  emergency: false,
  why: 'the cluster itself does it',
};

function askHost(env: Environment, body: Json): Promise<Json> {
  return env.request({ server: env.server, part: 'host' }, body, NOTE_TIMEOUT_MS);
}

/** null: not typed by hand, the server keeps a record of the operation anyway. */
async function beginNote(
  env: Environment,
  argv: string[],
  judged: Judgement,
): Promise<string | null> {
  if (env.caller.operation !== null) return null;
  const answer = await askHost(env, {
    do: 'note',
    op: 'begin',
    login: env.caller.login as unknown as Json,
    byCluster: env.caller.byCluster === true,
    argv: sealWords(argv, undefined).argv,
    window: judged.allowed ? judged.window : null,
    emergency: judged.allowed && judged.emergency,
    refused: judged.allowed ? null : judged.code,
    during: judged.allowed ? [] : judged.during,
  });
  return (answer as { id: string }).id;
}

/** A command that took its server down leaves a note without an end. */
async function endNote(env: Environment, id: string | null, exitCode: number): Promise<void> {
  if (id === null) return;
  await askHost(env, { do: 'note', op: 'end', id, exitCode }).catch(() => undefined);
}

/** `masked`: the arguments as the server's record and the approved plan hold them. */
export async function runCommand(
  env: Environment,
  command: Command,
  args: string[],
  masked: string[] = args,
): Promise<Report> {
  if (!command.traits(args).changes && !command.traits(masked).changes)
    return command.run(env, args);
  const judged = env.caller.byCluster ? CLUSTER : await passGate(env, command.name, masked);
  const note = await beginNote(env, [command.name, ...args], judged);
  if (!judged.allowed) {
    const { code, why, remedy } = judged;
    const report = failed(`${command.name}: refused (${code}): ${why}; ${remedy}`);
    return { ...report, refused: { code, why, remedy } };
  }
  try {
    const report = await command.run(env, args);
    await endNote(env, note, report.code);
    return report;
  } catch (error) {
    await endNote(env, note, 1);
    throw error;
  }
}
