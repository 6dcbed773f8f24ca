/** Taking a server down in order: its daemon stops the groups first; without one, the OS alone. */
import { RemoteError, WireError } from '../../ports/wire.ts';
import type { Environment } from '../environment.ts';
import { GROUP_TIMEOUT_MS, request } from './context.ts';
import type { Asked } from './saying.ts';
import { hostOf } from './waiting.ts';

const GOING_DOWN = new Set(['stopping', 'shuttingDown', 'rebooting', 'poweredOff', 'booting']);

/** What is logged of it (saying.ts). */
export const DOWN = {
  shutdown: { asked: ['shutdownRequested'], failed: 'shutdownRequestFailed', onSome: null },
  reboot: { asked: ['rebootRequested'], failed: 'rebootRequestFailed', onSome: null },
} satisfies Record<string, Asked>;

/** null when it is under way; else why not. */
export async function takeDown(
  env: Environment,
  server: string,
  how: { reboot: boolean; all: boolean },
): Promise<string | null> {
  try {
    await request(env, server, 'daemon', { do: 'shutdown', ...how }, GROUP_TIMEOUT_MS);
    return null;
  } catch (error) {
    if (!(error instanceof WireError) || error.code === 'timeout') throw error;
  }
  // Nobody listens: the daemon was stopped before, or it went down while it answered.
  const host = await hostOf(env, server);
  if (host !== null && GOING_DOWN.has(host.node)) return null;
  try {
    const op = how.reboot ? 'reboot' : 'shutdown';
    await request(env, server, 'host', { do: 'power', op });
    return null;
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'os.off') return null;
    throw error;
  }
}
