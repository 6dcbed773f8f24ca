/**
 * Whose doing a process of this server is: an operation's, the cluster daemon's, or somebody's who
 * typed it. What is asked about are processes as the kernel tells them; what is answered comes from
 * those that this supervisor has started itself (src/ports/machinery.ts).
 */
import type { JsonObject } from '../core/json.ts';
import type { ProcessMark } from '../ports/machinery.ts';
import { objects, whole } from './fields.ts';
import { emit, type Turn } from './turn.ts';

const MOST_ANCESTORS = 64;

function markIn(body: JsonObject): ProcessMark {
  const { startTicks } = body;
  return {
    pid: whole(body, 'pid', 1),
    startTicks: typeof startTicks === 'string' ? startTicks : null,
  };
}

export function askOrigin(turn: Turn, id: string, body: JsonObject): void {
  const ancestry = objects(body, 'ancestry').slice(0, MOST_ANCESTORS).map(markIn);
  emit(turn, { type: 'findOrigin', id, ancestry });
}
