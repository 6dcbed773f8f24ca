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

/** What is on its way, for people; empty when nothing is. */
export function onTheWay(status: Status): string[] {
  const servers = Object.values(status.servers)
    .filter(({ system }) => system.state === 'starting' || system.state === 'stopping')
    .map(({ name, system }) => `${name} is ${system.word ?? system.state}`);
  const groups = Object.values(status.groups)
    .filter(({ state }) => state === 'starting' || state === 'stopping')
    .map(({ name, state, word }) => `${name} is ${word ?? state}`);
  const volumes = Object.values(status.volumes)
    .filter(({ copies }) => {
      const all = Object.values(copies);
      const areSeen = all.every(({ observed }) => observed.unknown === null);
      return areSeen && all.some(({ connection }) => connection.state === 'disconnected');
    })
    .map(({ name }) => `the sides of ${name} have not met`);
  return [...servers, ...groups, ...volumes];
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
