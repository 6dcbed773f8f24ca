/** How a server ends that stalls, as its daemon last said. x5 2.12.7, 2.12.8. */
import type { StallEnd } from '../config/index.ts';

/** What is left out is a reset: servers put up long ago say nothing of it. */
export interface Stalls {
  /** ms; null: not armed. */
  watchdogMs: number | null;
  /** In user space: the watchdog's. */
  watchdogEnd?: StallEnd;
  /** On its way down. */
  onStall?: StallEnd;
}

/** What is said of it; each of them leaves the server to boot again. */
export const STALL_ENDS: Record<StallEnd, string> = {
  reset: 'reset',
  panic: 'panic',
  ioFencing: 'I/O fencing',
};

export const ENDS = Object.keys(STALL_ENDS) as StallEnd[];
