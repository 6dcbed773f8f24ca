/**
 * Servers that a distributed configuration does not name any more. Each gets it as well, and its
 * daemon ends: so it knows that it is out, and nothing of the cluster starts on it again. One whose
 * product was removed before (v3 6.3.2) has nothing that could read it.
 *
 * The manuals leave open what such a server does; what is done here is a choice. A group must not
 * be active there: it has to be moved first (x5 2.25.3 step 1).
 */
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Environment } from '../environment.ts';
import { stopDaemon } from './clpcl.ts';
import { refused, statusOf } from './context.ts';
import { hostOf, isServiceRunning } from './waiting.ts';

/** Whom to tell. Throws where a group is active on one of them, or may be. */
export async function leavingServers(
  env: Environment,
  before: ClusterConfiguration,
  after: ClusterConfiguration,
): Promise<string[]> {
  const kept = after.servers.map(({ name }) => name);
  const names = before.servers.map(({ name }) => name).filter((name) => !kept.includes(name));
  if (names.length === 0) return [];
  const { groups } = await statusOf({ env, config: before, local: env.server });
  for (const { name, activeOn } of Object.values(groups)) {
    const at = activeOn?.find((server) => names.includes(server));
    if (at === undefined) continue;
    throw refused(
      `group ${name} is active on ${at}, which is taken out`,
      `move it: clpgrp -m ${name}`,
    );
  }
  const told: string[] = [];
  for (const name of names) {
    const host = await hostOf(env, name);
    // Whoever does not answer is told, or missed, as every other server is.
    if (host === null || Object.keys(host.services).length > 0) told.push(name);
  }
  return told;
}

/** Once they have it. */
export async function endOn(
  env: Environment,
  before: ClusterConfiguration,
  servers: readonly string[],
): Promise<void> {
  const context = { env, config: before, local: env.server };
  for (const server of servers) {
    if ((await isServiceRunning(env, server, 'clusterpro')) !== true) continue;
    await stopDaemon({ context, all: false, limitMs: null }, server);
  }
}
