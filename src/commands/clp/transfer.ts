/**
 * What clprexec and clptrnreq ask of another server: to run a script that lies in its own folder for
 * them (REQUESTED_PATH), or to fail over its groups. Servers are named by their addresses, in a list
 * by commas; the first one that answers is asked.
 */

import { DrydockError } from '../../core/errors.ts';
import { hint } from '../../core/nearest.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import { type Act, actsDone } from '../data.ts';
import { done, failed, type Report } from '../environment.ts';
import {
  type Context,
  GROUP_TIMEOUT_MS,
  groupNamed,
  refused,
  request,
  resourceNamed,
  SUCCEEDED,
  statusOf,
} from './context.ts';
import { usageError } from './options.ts';
import { daemonOf } from './waiting.ts';

/** By a name or an address of theirs. */
function serversAt({ config }: Context, words: string): string[] {
  return words.split(',').map((word) => {
    const found = config.servers.find(({ name, devices }) => {
      return name === word || devices.some(({ info }) => info === word);
    });
    if (found) return found.name;
    const known = config.servers.flatMap(({ devices }) => devices.map(({ info }) => info));
    throw usageError(`no server has the address ${word}`, hint(word, known));
  });
}

/** The first of them whose daemon answers. */
export async function answering(context: Context, words: string): Promise<string> {
  const servers = serversAt(context, words);
  for (const server of servers) if (await daemonOf(context.env, server)) return server;
  throw refused(`the daemon of ${servers.join(', ')} does not answer`, 'look with clpstat');
}

export async function runScriptOn(
  { env }: Context,
  server: string,
  script: string,
  limitMs: number,
): Promise<Report> {
  const body = { do: 'script', script, limitMs } as const;
  const answer = await request(env, server, 'daemon', body, limitMs + 5000);
  const { code } = answer as { code: number | null };
  const act: Act = { act: 'run', kind: 'server', name: server, server };
  if (code === 0) return done(SUCCEEDED, actsDone(act));
  const failure = code === null ? `${script} did not end in time` : `${script} ended with ${code}`;
  return { ...failed(`${server}: ${failure}`), data: actsDone({ ...act, failure }) };
}

/** Which groups of that server: the named one, that of a resource, or all that run there. */
async function groupsOn(
  context: Context,
  server: string,
  about: { group: string | undefined; resource: string | undefined },
): Promise<string[]> {
  if (about.group !== undefined) return [groupNamed(context, about.group).name];
  if (about.resource !== undefined) {
    const name = resourceNamed(context, about.resource);
    const found = context.config.groups.find(({ resources }) => resources.includes(name));
    if (found) return [found.name];
    throw refused(`resource ${name} is in no group`);
  }
  const { groups } = await statusOf(context);
  return Object.keys(groups).filter((name) => groups[name]?.current === server);
}

export async function failOverFrom(
  context: Context,
  server: string,
  about: { group: string | undefined; resource: string | undefined },
  limitMs: number,
): Promise<Report> {
  const acts: Act[] = [];
  for (const group of await groupsOn(context, server, about)) {
    const act: Act = { act: 'move', kind: 'group', name: group, server };
    const body = { do: 'group', op: 'move', group, target: null } as const;
    try {
      await request(context.env, server, 'daemon', body, Math.min(limitMs, GROUP_TIMEOUT_MS));
      acts.push(act);
    } catch (error) {
      const isKnown = error instanceof RemoteError || error instanceof WireError;
      if (!isKnown && !(error instanceof DrydockError)) throw error;
      acts.push({ ...act, failure: error.message });
    }
  }
  const bad = acts.filter(({ failure }) => failure);
  if (bad.length === 0) return done(SUCCEEDED, actsDone(...acts));
  const words = bad.map(({ name, failure }) => `${name}: ${failure}`).join('; ');
  return { ...failed(words), data: actsDone(...acts) };
}
