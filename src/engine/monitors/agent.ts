/** What monitors of mirrors ask the mirror agents, and what it means when none answers. */
import type { AgentView } from '../../ports/views.ts';
import { type End, isTimedOut, type Work } from '../work.ts';
import { type CheckResult, fails, passed, warns } from './type.ts';

export type Side = AgentView['mirrors'][string];

export const askAgent: Work = { by: 'agent', body: { do: 'status' } };

/** What the agent says of its copy; undefined: it does not answer, or knows no such mirror. */
export function sideOf(end: End, mirror: string): Side | undefined {
  if (end.type !== 'request.answered') return undefined;
  return (end.body as Partial<AgentView> | null)?.mirrors?.[mirror];
}

/** This server's agent does not answer; null when it does. */
export function silence(type: 'mdw' | 'mdnw', end: End): CheckResult | null {
  if (end.type !== 'request.failed') return null;
  if (isTimedOut(end)) return fails('stalled');
  return end.code === 'refused' ? fails(`${type}.noAgent`) : fails(`${type}.internal`, end.code);
}

/** `remote` null: it does not answer. */
export function judgeMirror(
  name: string,
  local: Side | undefined,
  remote: Side | null,
): CheckResult {
  if (!local?.constructed || local.color === 'GRAY') return fails('mdw.localUnknown', name);
  const isBad = (side: Side): boolean => side.color === 'RED';
  if (local.recovery || local.color === 'YELLOW') return warns('mdw.recovering', name);
  if (local.active === true && remote?.active === true) return fails('mdw.bothActive', name);
  if (isBad(local) && remote && isBad(remote)) return fails('mdw.bothAbnormal', name);
  if (isBad(local)) return fails('mdw.localAbnormal', name);
  if (!remote) return warns('mdw.remoteUnknown');
  if (isBad(remote)) return fails('mdw.remoteAbnormal', name);
  return passed;
}
