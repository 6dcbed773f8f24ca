/** Monitors of an address: the host probes for it (v3 12.5.1). */
import { addressOf } from '../../config/index.ts';
import { type End, isTimedOut, type Work } from '../work.ts';
import { type Check, type CheckResult, fails, passed } from './type.ts';

export function probe({ config, monitor }: Check): Work {
  return { by: 'host', body: { do: 'address', op: 'probe', address: addressOf(config, monitor) } };
}

export interface Probed {
  /** This server holds it. */
  held: boolean;
  /** Somebody else answers for it. */
  isTaken: boolean;
}

/** What the probe found; or that it could not be done. */
export function probed(end: End): Probed | CheckResult {
  if (end.type === 'request.failed') {
    return isTimedOut(end) ? fails('stalled') : fails('ipw.internal', end.code);
  }
  const body = end.type === 'request.answered' ? end.body : null;
  const { held, conflict } = (body ?? {}) as { held?: unknown; conflict?: unknown };
  return { held: held === true, isTaken: typeof conflict === 'string' };
}

/** It is held here, and nobody else answers for it. */
export function judgeHeld(check: Check, { held, isTaken }: Probed): CheckResult {
  if (!held) return fails('fip.notThere');
  return isTaken ? fails('fip.used', addressOf(check.config, check.monitor)) : passed;
}
