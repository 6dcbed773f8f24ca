/**
 * A status to plan and rehearse from. One look may fall into a moment that passes by itself: a
 * server that boots, a group that starts, agents that have not met yet. A twin would take such a
 * moment for a lasting fault (a mirror connect that is down while both agents run is a cut cable),
 * so looks are taken until nothing has changed for a while and nothing is on its way.
 *
 * What is still on its way at the limit is taken as it is: then it is no passing moment.
 */
import { canonical } from '../../audit/chain.ts';
import { type Clock, sleep } from '../../ports/clock.ts';
import type { Observation } from '../../ports/observation.ts';
import type { Status } from '../../schema/generated/status.ts';
import { factsOf } from './facts.ts';

const LOOK_EVERY_MS = 100;
/** Nothing on its way: two equal looks so far apart are enough. */
const QUIET_MS = 200;
const LIMIT_MS = 10_000;

const PASSING_NODES = ['booting', 'waiting', 'stopping', 'shuttingDown', 'rebooting'];

/** What is on its way, for people; empty when nothing is. */
export function onTheWay(status: Status): string[] {
  const servers = Object.values(status.servers)
    .filter(({ node }) => node !== null && PASSING_NODES.includes(node))
    .map(({ name, node }) => `${name} is ${node}`);
  const groups = Object.values(status.groups)
    .filter(({ state }) => state?.endsWith('Pending'))
    .map(({ name, state }) => `${name} is ${state}`);
  const mirrors = Object.values(status.mirrors)
    .filter(({ servers: sides }) => {
      const all = Object.entries(sides);
      const areRunning = all.every(([server]) => status.servers[server]?.agent === 'running');
      return areRunning && all.some(([, { connected }]) => connected === false);
    })
    .map(({ name }) => `the sides of ${name} have not met`);
  return [...servers, ...groups, ...mirrors];
}

export async function steadyStatus(
  observation: Pick<Observation, 'status'>,
  clock: Clock,
  limitMs = LIMIT_MS,
): Promise<Status> {
  const limit = clock.now() + limitMs;
  const essence = (status: Status) => canonical(factsOf(status, { self: null }));
  let seen = await observation.status();
  let since = clock.now();
  for (;;) {
    const now = clock.now();
    if (now >= limit) return seen;
    if (onTheWay(seen).length === 0 && now - since >= QUIET_MS) return seen;
    await sleep(clock, LOOK_EVERY_MS);
    const next = await observation.status();
    if (essence(next) !== essence(seen)) since = clock.now();
    seen = next;
  }
}
