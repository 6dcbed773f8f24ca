/**
 * One configuration on all servers or on none. Every server is read first, so that a silent one is
 * found before anything is written; when a write fails, what was written is put back. By force each
 * server is written that can be, and the others are told: their file differs, which is a debt until
 * the next push.
 */
import { CONFIG_PATH } from '../../core/paths.ts';
import type { Environment } from '../environment.ts';
import { refused, request, wordsOf } from './context.ts';
import { type Outcome, onEach } from './each.ts';

interface Old {
  server: string;
  text: string | null;
}

async function readOld(env: Environment, server: string): Promise<Old> {
  const body = { do: 'files', op: 'read', path: CONFIG_PATH } as const;
  const answer = (await request(env, server, 'host', body)) as { text: string | null };
  return { server, text: answer.text };
}

function write(env: Environment, server: string, text: string) {
  return request(env, server, 'host', { do: 'files', op: 'write', path: CONFIG_PATH, text });
}

async function putBack(env: Environment, written: Old[]): Promise<string> {
  const outcomes = await onEach(
    written.map(({ server }) => server),
    async (server) => {
      const old = written.find((one) => one.server === server);
      if (old === undefined || old.text === null) return 'it had none before';
      await write(env, server, old.text);
      return null;
    },
  );
  const left = outcomes.filter(({ failure }) => failure !== null).map(({ server }) => server);
  if (left.length === 0) return 'the old one is back on every server';
  return `the new one still lies on ${left.join(', ')}`;
}

/** Whom it missed, and why; the rest has it. Throws when nobody has. */
export async function distributeByForce(
  env: Environment,
  servers: string[],
  text: string,
): Promise<Outcome[]> {
  const outcomes = await onEach(servers, async (server) => {
    await write(env, server, text);
    return null;
  });
  const [missed] = outcomes.filter(({ failure }) => failure !== null);
  if (missed === undefined || missed.failure === null) return outcomes;
  if (outcomes.some(({ failure }) => failure === null)) return outcomes;
  throw refused(`cannot write on ${missed.server}: ${missed.failure}`, 'nothing was distributed');
}

export async function distribute(env: Environment, servers: string[], text: string): Promise<void> {
  const old: Old[] = [];
  for (const server of servers) {
    try {
      old.push(await readOld(env, server));
    } catch (error) {
      throw refused(`${server} cannot be reached: ${wordsOf(error)}`, 'nothing was distributed');
    }
  }
  const written: Old[] = [];
  for (const one of old) {
    try {
      // A write whose answer is lost may have happened: it is put back like the others.
      written.push(one);
      await write(env, one.server, text);
    } catch (error) {
      const words = wordsOf(error);
      throw refused(`cannot write on ${one.server}: ${words}`, await putBack(env, written));
    }
  }
}
