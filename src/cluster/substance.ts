/**
 * What a status says, the times apart at which it was said. Whoever looks steadily mostly sees the
 * same again; what follows from that alone then need not be reckoned anew (the facts of a run).
 */
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';
import type { Answered, Reports } from './ask.ts';

const substances = new WeakMap<Status, object>();

/** One object for all statuses of one door that follow one another and say the same. */
export function substanceOf(status: Status): object {
  return substances.get(status) ?? status;
}

function timeless<T extends object>(said: Answered<T>): object {
  if (said.kind !== 'answer') return { ...said, at: 0 };
  // Its own clock, of which no status tells.
  const view = 'now' in said.view ? { ...said.view, now: 0 } : said.view;
  return { ...said, at: 0, view };
}

/** Remembers what the last look of a door was made of. */
export function rememberSubstance(): (
  status: Status,
  config: ClusterConfiguration,
  all: readonly Reports[],
) => Status {
  let last: { text: string; config: ClusterConfiguration; substance: object } | null = null;
  return (status, config, all) => {
    const parts = all.map(({ server, host, bmc, daemon, agent }) => {
      return [server, timeless(host), timeless(bmc), timeless(daemon), timeless(agent)];
    });
    const text = JSON.stringify(parts);
    if (last?.text !== text || last.config !== config) last = { text, config, substance: {} };
    substances.set(status, last.substance);
    return status;
  };
}
