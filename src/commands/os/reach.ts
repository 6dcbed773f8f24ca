/** Which server answers on the network: for ping, and for the table of neighbours. */
import { soundAnswer } from '../../cluster/index.ts';
import type { HostView } from '../../ports/views.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import type { Environment } from '../environment.ts';

const WAIT_MS = 1_000;

/**
 * Whether a server answers for an address: a floating one that it holds, or one of its own. `configured`:
 * what it has by clp.conf, for one that does not tell of its interfaces.
 */
export async function holds(
  env: Environment,
  server: string,
  address: string,
  configured: readonly string[],
): Promise<boolean> {
  const to = { server, part: 'host' } as const;
  try {
    const body = { do: 'status' };
    const view = soundAnswer(to, body, await env.request(to, body, WAIT_MS));
    const { addresses = [], interfaces } = view as Pick<HostView, 'addresses' | 'interfaces'>;
    const own = interfaces && Object.values(interfaces).map((text) => text.split('/')[0]);
    return [...addresses, ...(own ?? configured)].includes(address);
  } catch (error) {
    if (error instanceof WireError) return false;
    if (error instanceof RemoteError)
      return error.code !== 'os.off' && configured.includes(address);
    throw error;
  }
}

/** Its operating system answers, or refuses: either is an answer. */
export async function isUp(env: Environment, server: string): Promise<boolean> {
  const to = { server, part: 'host' } as const;
  try {
    await env.request(to, { do: 'status' }, WAIT_MS);
    return true;
  } catch (error) {
    if (error instanceof WireError) return false;
    if (error instanceof RemoteError) return error.code !== 'os.off';
    throw error;
  }
}
