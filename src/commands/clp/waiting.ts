/** Looking again until something holds, on the environment's own clock. */
import type { Json } from '../../core/json.ts';
import { sleep } from '../../ports/clock.ts';
import type { DaemonView, HostView } from '../../ports/views.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import type { Environment } from '../environment.ts';
import { refused, request } from './context.ts';

const LOOK_AGAIN_MS = 50;
const LOOK_AGAIN_AT_MOST_MS = 500;

/** Looks at growing distances. Throws when `limitMs` is over. */
export async function waitFor(
  env: Environment,
  what: string,
  limitMs: number,
  holds: () => Promise<boolean>,
): Promise<void> {
  const deadline = env.clock.now() + limitMs;
  for (let pauseMs = LOOK_AGAIN_MS; ; pauseMs = Math.min(pauseMs * 2, LOOK_AGAIN_AT_MOST_MS)) {
    if (await holds()) return;
    if (env.clock.now() >= deadline) {
      throw refused(`${what} took longer than ${limitMs / 1000} s`, 'look with clpstat');
    }
    await sleep(env.clock, pauseMs);
  }
}

/** The answer, or null when the part refused or nobody answered. */
export async function quietly<T>(asked: Promise<Json>): Promise<T | null> {
  try {
    return (await asked) as unknown as T;
  } catch (error) {
    if (error instanceof WireError || error instanceof RemoteError) return null;
    throw error;
  }
}

export function hostOf(env: Environment, server: string): Promise<HostView | null> {
  return quietly<HostView>(request(env, server, 'host', { do: 'status' }));
}

export function daemonOf(env: Environment, server: string): Promise<DaemonView | null> {
  return quietly<DaemonView>(request(env, server, 'daemon', { do: 'status' }));
}

/** null when the host does not say. */
export async function isServiceRunning(
  env: Environment,
  server: string,
  service: string,
): Promise<boolean | null> {
  const host = await hostOf(env, server);
  return host?.services[service]?.running ?? null;
}
