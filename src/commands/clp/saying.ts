/**
 * What is logged of the orders of clpcl, clpdown, clpstdn and clpcfctrl: that somebody asked, before
 * anything is done, and what failed, in the X series (its messages cl, down, cfmgr), by the server
 * that the command runs on. Our choice: the cluster is called `cluster`, a server and a service by
 * its name, and whoever asked by the command. Nothing fails because it could not be logged.
 */
import { DrydockError } from '../../core/errors.ts';
import type { CommandMessage } from '../../messages/by-commands.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import type { CommandData } from '../data.ts';
import type { Environment, Report } from '../environment.ts';
import { request, wordsOf } from './context.ts';
import { quietly } from './waiting.ts';

interface Where {
  env: Environment;
  config: { manual: 'v3' | 'x5' };
}

/** Resolves when it is logged, or will not be. */
export async function sayHere(
  { env, config }: Where,
  key: CommandMessage,
  ...args: string[]
): Promise<void> {
  if (config.manual !== 'x5') return;
  await quietly(request(env, env.server, 'host', { do: 'say', key, args }));
}

export interface Asked {
  /** Given what and by whom. */
  asked: CommandMessage[];
  /** Given what, and why. */
  failed: CommandMessage;
  /** Given `what`, and the servers that it failed on; null: `failed`, naming them. */
  onSome: { key: CommandMessage; what: string } | null;
}

const actsIn = (data: CommandData | null) => (data?.schema === 'drydock.acts/1' ? data.acts : []);

async function sayFailures(
  where: Where,
  { failed, onSome }: Asked,
  what: string,
  report: Report,
): Promise<void> {
  const acts = actsIn(report.data);
  const failures = acts.filter(({ failure }) => failure);
  const [first] = failures;
  if (!first?.failure) return;
  const names = [...new Set(failures.map(({ server }) => server))].join(', ');
  if (onSome && failures.length < acts.length) {
    await sayHere(where, onSome.key, onSome.what, names);
  } else await sayHere(where, failed, what, first.failure);
}

/** Carries an order out, and says before that it was given and afterwards what of it failed. */
export async function told(
  where: Where,
  says: Asked,
  [what, by]: [what: string, by: string],
  order: () => Promise<Report>,
): Promise<Report> {
  // The order does not wait for its own log line; the command does, before it ends.
  const saying = Promise.all(says.asked.map((key) => sayHere(where, key, what, by)));
  try {
    const report = await order();
    await saying;
    await sayFailures(where, says, what, report);
    return report;
  } catch (error) {
    await saying;
    const isKnown =
      error instanceof RemoteError || error instanceof WireError || error instanceof DrydockError;
    if (isKnown) await sayHere(where, says.failed, what, wordsOf(error));
    throw error;
  }
}
