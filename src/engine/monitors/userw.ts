/**
 * User space: pets the host's watchdog, which resets the server when it stalls for longer than the
 * heartbeat timeout (v3 10.5).
 */
import type { Keeping } from './type.ts';

const RELEASE_MS = 1000;

export const userw: Keeping = {
  // Three times within the watchdog's time.
  everyMs: ({ monitor, beatTimeoutMs }) => Math.min(monitor.intervalMs, beatTimeoutMs / 3),
  order: ({ beatTimeoutMs }) => ({
    by: 'host',
    body: { do: 'watchdog', timeoutMs: Math.round(beatTimeoutMs) },
  }),
  release: { by: 'host', body: { do: 'watchdog', timeoutMs: 0 }, limitMs: RELEASE_MS },
};
