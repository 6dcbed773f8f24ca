/** Which server answers on the network: for ping, and for the table of neighbours. */
import { soundAnswer } from '../../cluster/index.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import type { Environment } from '../environment.ts';

const WAIT_MS = 1_000;

/** Whether a server answers for a floating address. */
export async function holds(env: Environment, server: string, address: string): Promise<boolean> {
  const to = { server, part: 'host' } as const;
  try {
    const body = { do: 'status' };
    const view = soundAnswer(to, body, await env.request(to, body, WAIT_MS));
    const { addresses } = view as { addresses?: string[] };
    return addresses?.includes(address) ?? false;
  } catch (error) {
    if (error instanceof WireError || error instanceof RemoteError) return false;
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
