/**
 * Which configuration counts for whoever looks from outside: the one that lies on the first machine
 * of the rack that is a server by it. A machine that stands beside the cluster has none, or one that
 * does not name it: it was taken out of the cluster, and kept what it was told last.
 */
import { sharedConfiguration } from '../config/index.ts';
import { DrydockError } from '../core/errors.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';

function readable(text: string | null): ClusterConfiguration | null {
  if (text === null) return null;
  try {
    return sharedConfiguration(text, CONFIG_PATH);
  } catch (error) {
    if (error instanceof DrydockError) return null;
    throw error;
  }
}

/** Its text and what it says; null where no machine has one that can be read and names it. */
export function configurationOn(
  machines: readonly string[],
  textOn: (machine: string) => string | null,
): { text: string; config: ClusterConfiguration } | null {
  for (const machine of machines) {
    const text = textOn(machine);
    const config = readable(text);
    const isMember = config?.servers.some(({ name }) => name === machine);
    if (text !== null && config && isMember) return { text, config };
  }
  return null;
}
