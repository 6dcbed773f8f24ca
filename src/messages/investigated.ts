/**
 * The messages that begin an investigation by themselves (x5 2.9): a resource was not activated, a
 * monitor found its error, a forced stop failed. By their key, with what is named first in them. That
 * a monitor's error counts as the failure of its activation that the manual names is our reading: its
 * table holds programs for monitors, and those say something of what was found.
 */
import { MESSAGES } from '../schema/generated/raised-messages.ts';
import { type MessageKey, readMessage } from './index.ts';

type Cause = 'resource' | 'monitor' | 'server';

const INVESTIGATED: Partial<Record<MessageKey<'x5'>, Cause>> = {
  resourceStartFailed: 'resource',
  monitorFailed: 'monitor',
  bmcOffFailed: 'server',
  bmcCycleFailed: 'server',
  bmcResetFailed: 'server',
  bmcNmiFailed: 'server',
  machineStopFailed: 'server',
  stopScriptFailed: 'server',
};

/** `name`: of the resource or monitor, null where it is `of` a server. null: the message begins nothing. */
export function investigationOf(said: {
  module: string;
  id: number;
  text: string;
}): { of: Cause; name: string | null } | null {
  for (const [key, of] of Object.entries(INVESTIGATED)) {
    const { module, id, text } = MESSAGES.x5[key as keyof typeof INVESTIGATED];
    if (module !== said.module || id !== said.id) continue;
    const [name = null] = readMessage(text, said.text) ?? [];
    return { of, name: of === 'server' ? null : name };
  }
  return null;
}
