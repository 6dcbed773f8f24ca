/** What the daemon has done by OCF agents, and the event that it ends with; never rejects. */
import { describeError } from '../core/errors.ts';
import type { OcfAgents } from '../ports/ocf.ts';
import type { DaemonEffect, DaemonEvent } from './state.ts';

type OcfEffect = Extract<DaemonEffect, { type: 'runOcf' | 'lookOcf' }>;

export async function carryOutOcf(ocf: OcfAgents, effect: OcfEffect): Promise<DaemonEvent> {
  const { id } = effect;
  if (effect.type === 'lookOcf') {
    const sight = await ocf.look(effect.at, effect.device).catch(() => null);
    return { type: 'ocf.looked', id, sight };
  }
  try {
    return { type: 'ocf.ended', id, ...(await ocf.run(effect.call, effect.limitMs)) };
  } catch (error) {
    // How far it came is not known.
    const reason = describeError(error);
    return { type: 'ocf.ended', id, code: null, timedOut: false, refused: false, reason };
  }
}
