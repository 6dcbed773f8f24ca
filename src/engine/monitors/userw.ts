/**
 * User space: pets the host's watchdog, which ends the server when it stalls for longer than the
 * heartbeat timeout: by a reset (v3 10.5), a panic or I/O fencing, as its parameter `action` says
 * (x5 2.12.7).
 */
import { stallEndOf } from '../../config/index.ts';
import type { Keeping } from './type.ts';

const RELEASE_MS = 1000;

export const userw: Keeping = {
  // Three times within the watchdog's time.
  everyMs: ({ monitor, beatTimeoutMs }) => Math.min(monitor.intervalMs, beatTimeoutMs / 3),
  order: ({ monitor, beatTimeoutMs }) => ({
    by: 'host',
    body: {
      do: 'watchdog',
      timeoutMs: Math.round(beatTimeoutMs),
      end: stallEndOf(monitor.parameters.action),
    },
  }),
  release: { by: 'host', body: { do: 'watchdog', timeoutMs: 0 }, limitMs: RELEASE_MS },
};
