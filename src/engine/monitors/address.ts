/** Monitors of an address: the host probes for it (v3 12.5.1). */
import { type End, isTimedOut, type Work } from '../work.ts';
import { type Check, type CheckResult, fails, objectOf, passed } from './type.ts';

/** The monitor's own parameter, else that of the resource which it watches. */
export function addressOf({ monitor, config }: Check): string {
  const { ip } = monitor.parameters;
  if (typeof ip === 'string') return ip;
  const object = objectOf(monitor);
  const resource = config.resources.find(({ name }) => name === object);
  return String(resource?.parameters.ip ?? '');
}

export function probe(check: Check): Work {
  return { by: 'host', body: { do: 'address', op: 'probe', address: addressOf(check) } };
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
  return isTaken ? fails('fip.used', addressOf(check)) : passed;
}
