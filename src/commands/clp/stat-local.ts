/**
 * clpstat --local: every server as this one sees it, and of groups, resources and monitors what its
 * own daemon says of itself. Where a group runs stands in `current` all the same.
 */
import { serviceSays } from '../../cluster/index.ts';
import type { DaemonView } from '../../ports/views.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Environment } from '../environment.ts';
import type { Look } from './stat-view.ts';
import { daemonOf } from './waiting.ts';

function statesOf<T extends { state: unknown; word: string | null }>(
  all: Record<string, T>,
  wordOf: (name: string) => DaemonView['groups'][string]['state'] | undefined,
): Record<string, T> {
  const own = Object.entries(all).map(([name, one]) => {
    const word = wordOf(name) ?? null;
    return [name, { ...one, ...serviceSays(word) }];
  });
  return Object.fromEntries(own) as Record<string, T>;
}

function ownMonitors(status: Status, viewer: string): Status['monitors'] {
  return Object.fromEntries(
    Object.entries(status.monitors).map(([name, monitor]) => {
      const own = monitor.servers[viewer];
      return [name, { ...monitor, servers: own === undefined ? {} : { [viewer]: own } }];
    }),
  );
}

export async function localOf(env: Environment, look: Look): Promise<Look> {
  const { status, viewer } = look;
  const view = await daemonOf(env, viewer);
  const inside = Object.assign(
    {},
    ...Object.values(view?.groups ?? {}).map((one) => one.resources),
  );
  const local: Status = {
    ...status,
    groups: statesOf(status.groups, (name) => view?.groups[name]?.state),
    resources: statesOf(status.resources, (name) => inside[name]),
    monitors: ownMonitors(status, viewer),
  };
  return { ...look, status: local };
}
