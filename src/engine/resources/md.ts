/**
 * A mirror disk: its agent activates it, and wants evidence when it cannot prove that its copy is
 * the newest (v3 12.4.4).
 */
import type { Json } from '../../core/json.ts';
import type { Work } from '../work.ts';
import { type Attempt, fails, type ResourceType, type Result, refused, succeeded } from './type.ts';

/** At boot the agent may start after the daemon, or still be shaking hands, for this long. */
const AGENT_START_MS = 10_000;

const evidenceCode = fails('md.notLatest', '').code;

function orderFor({ op, resource, evidence }: Attempt): Json {
  const mirror = resource.name;
  return op === 'activate'
    ? { do: 'activate', mirror, mount: true, force: false, evidence: evidence as Json }
    : { do: 'deactivate', mirror };
}

export const md: ResourceType = {
  evidenceCode,

  next(attempt, [end]): Work | Result {
    if (!end) return { by: 'agent', body: orderFor(attempt) };
    if (end.type !== 'request.failed') return succeeded;
    const { code, message } = end;
    switch (code) {
      case 'refused':
        return { ...fails('md.noAgent'), passesWithinMs: AGENT_START_MS };
      case 'mirror.notCurrent':
        // Of a hybrid disk: the copy is not open here, so what did not become active is not.
        return attempt.op === 'deactivate' && !attempt.wasActive ? succeeded : refused(end);
      case 'mirror.notLatest':
      case 'mirror.peerActive':
        return { succeeded: false, code: evidenceCode, text: message };
      default:
        return refused(end);
    }
  },
};
