/**
 * What the daemon does in place of other processes of its server (clprm, clpnm, the heartbeats'), and
 * what is done by those that hold their place: only while they are at work, by the host's word.
 */
import type { DaemonRequest } from '../../ports/protocol.ts';
import { patch, refuse, reply, type Turn, tell } from '../turn.ts';

export function onIdleOrder(
  turn: Turn,
  id: string,
  { work }: Extract<DaemonRequest, { do: 'idle' }>,
  from: string,
): void {
  const { server } = turn.state;
  if (from !== server) {
    refuse(turn, id, 'request.invalid', `what is idle on ${server} is told by its own host`);
    return;
  }
  const before = turn.state.idle;
  patch(turn, { idle: work });
  tell(turn, { type: 'work.changed', before });
  reply(turn, id, {});
}
