/**
 * The real clock. It starts from the wall clock and then runs on the monotonic one, so that a
 * stepped system time neither fires heartbeat timeouts nor holds them back.
 */
import type { Clock } from '../ports/clock.ts';

/** setTimeout overflows above 2^31 - 1 ms; longer waits are taken in such pieces. */
const LONGEST_TIMER_MS = 2 ** 30;

function monotonicNow(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

export function systemClock(): Clock {
  return {
    now: monotonicNow,
    at(at, fn) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const leftMs = at - monotonicNow();
        const waitMs = Math.min(Math.max(leftMs, 0), LONGEST_TIMER_MS);
        timer = setTimeout(() => (monotonicNow() < at ? arm() : fn()), waitMs);
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
