/**
 * A mirror disk: its agent activates it, and wants evidence when it cannot prove that its copy is
 * the newest (v3 12.4.4).
 */
import type { Json } from '../../core/json.ts';
import { fails, type ResourceType, type Result, refused, succeeded } from './type.ts';

/** At boot the agent may start after the daemon, or still be shaking hands, for this long. */
const AGENT_START_MS = 10_000;

const evidenceCode = fails('md.notLatest', '').code;

export const md: ResourceType = {
  evidenceCode,

  begin({ op, resource, evidence }) {
    const mirror = resource.name;
    const body: Json =
      op === 'activate'
        ? { do: 'activate', mirror, mount: true, force: false, evidence: evidence as Json }
        : { do: 'deactivate', mirror };
    return { by: 'agent', body };
  },

  judge(_, end): Result {
    if (end.type !== 'request.failed') return succeeded;
    const { code, message } = end;
    switch (code) {
      case 'refused':
        return { ...fails('md.noAgent'), passesWithinMs: AGENT_START_MS };
      case 'mirror.connecting':
      case 'mirror.busy':
        return { ...refused(end), passesWithinMs: AGENT_START_MS };
      case 'mirror.notLatest':
      case 'mirror.peerActive':
        return { succeeded: false, code: evidenceCode, text: message };
      default:
        return refused(end);
    }
  },
};
