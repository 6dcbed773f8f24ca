/** A cluster of eight servers with a group on each, which goes to the next server and so on. */
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';
import { configTextOf, worldFrom } from '../simulation/worlds.ts';

/** As a clp.conf. The timeout is what a lab's processes take, all starting at once, and more. */
export function eightServers(timeoutMs: number): string {
  const text = configTextOf(worldFrom('cluster x5mirror servers=8 groups=8 mirrors=0'));
  const config = parseClusterConfiguration(text, 'eight.clp.conf');
  const heartbeat = { intervalMs: timeoutMs / 5, timeoutMs };
  return writeClusterConfiguration({ ...config, heartbeat, startupWaitMs: 120_000 }, text);
}
