/**
 * Bugs in who counts as heard. Found once: two running groups that had not changed were not seen
 * when a partition ended; a newcomer did not learn what a suspended server runs.
 */
import type { Mutation } from '../../support/mutation.ts';

const heartbeats = 'src/engine/peers/heartbeats.ts';

export const heartbeatBugs: Mutation[] = [
  {
    name: 'late is lost',
    what: 'A server whose heartbeats are late counts as down at half the timeout.',
    file: heartbeats,
    find: "=> ['lost', 'unknown', 'unused'].includes(value)",
    replace: "=> ['lost', 'unknown', 'unused', 'late'].includes(value)",
  },
  {
    name: 'one lost path is all of them',
    what: 'A server counts as down when one of its heartbeat resources is lost.',
    file: heartbeats,
    find: 'const areLost = received.every(',
    replace: 'const areLost = received.some(',
  },
  {
    name: 'old words count as new',
    what: 'What a peer said of itself before overwrites what it said since.',
    file: heartbeats,
    find: '  if (isOlder || (born === known?.born && rev < known.rev)) return false;\n',
    replace: '',
  },
  {
    name: 'collisions are looked for in news only',
    what: 'After a partition what had not changed meanwhile is not compared.',
    file: heartbeats,
    find: 'if (isNews || isBack) tell(',
    replace: 'if (isNews) tell(',
  },
  {
    name: 'silence while suspended counts',
    what: 'After a suspension the others count as lost for the time in which nobody listened.',
    file: heartbeats,
    find: '    for (const resource of sent) noteTime(turn, name, resource);\n',
    replace: '',
  },
  {
    name: 'a suspended server says nothing to newcomers',
    what: 'A server that boots does not learn what a suspended one runs.',
    file: heartbeats,
    find: "    if (phase === 'waiting') sendBeats(turn, from);\n",
    replace: '',
  },
  {
    name: 'news waits for the next heartbeat',
    what: 'A new state is not told at once, and under the old revision.',
    file: 'src/engine/peers/sending.ts',
    find: '  renew(turn);\n  sendBeats(turn);\n',
    replace: '',
  },
  {
    name: 'the watch is not armed again',
    what: 'After one edge nobody watches for the next: a server that dies later is not missed.',
    file: heartbeats,
    find: "  if (isLate) movePeer(turn, name, { type: 'peer.delayed' });\n  armWatch(turn, name);\n",
    replace: "  if (isLate) movePeer(turn, name, { type: 'peer.delayed' });\n",
  },
  {
    name: 'the first other ends the wait',
    what: 'A server that starts waits for one of the others, not for all.',
    file: 'src/engine/daemon/phase.ts',
    find: 'const isComplete = names.every(',
    replace: 'const isComplete = names.some(',
  },
  {
    name: 'no wait at the start',
    what: 'A server starts groups at once, before it could hear who runs them.',
    file: 'src/engine/daemon/phase.ts',
    find: 'if (waitMs === 0) {',
    replace: 'if (waitMs >= 0) {',
  },
  {
    name: 'two homes are nobody’s concern',
    what: 'One group found on two servers is said, and neither is shut down.',
    file: 'src/engine/groups/conflicts.ts',
    find: '      if (!goesFor(turn, peer)) continue;\n',
    replace: '      continue;\n',
  },
];
