/**
 * Bugs in forced stops and in what proves how a server stopped. Found once: a forced stop proved by
 * anything that was answered, one that was lost during the wait at the start and never stopped.
 */
import type { Mutation } from '../../support/mutation.ts';

const fencing = 'src/engine/peers/fencing.ts';
const evidence = 'src/engine/peers/evidence.ts';

export const fencingBugs: Mutation[] = [
  {
    name: 'a refused stop is a stop',
    what: 'The power counts as cut although the controller refused, or did not answer.',
    file: fencing,
    find: 'if (failure === null) movePeer',
    replace: "if (failure !== '') movePeer",
  },
  {
    name: 'ordered is off',
    what: 'The power counts as off once the order was given, not once it was read as off.',
    file: 'machines/forced-stop.machine.ts',
    find: "on: { 'order.ended': { target: 'looking', actions: 'beginWait' } },",
    replace: "on: { 'order.ended': { target: 'off', actions: 'beginWait' } },",
  },
  {
    name: 'not known to be on is off',
    what: 'A controller that does not answer proves that its server is off.',
    file: fencing,
    find: "if ((body as { power?: string } | null)?.power !== 'off') return;",
    replace: "if ((body as { power?: string } | null)?.power === 'on') return;",
  },
  {
    name: 'lost in the wait is not stopped',
    what: 'A server lost while this one waited at its start is not stopped before its groups start.',
    file: fencing,
    find: "    if (peer.chart.context.evidence?.by !== 'fence') orderFence(turn, peer.name);\n",
    replace: '',
  },
  {
    name: 'stops by force only once',
    what: 'A forced stop that failed is never tried again.',
    file: fencing,
    find: "  emit(turn, { type: 'armTimer', id: `fence:${peer}`, at: turn.now + FENCE_AGAIN_MS });\n",
    replace: '',
  },
  {
    name: 'the delayed stop never comes',
    what: 'The timer of a forced stop that is delayed is not armed.',
    file: fencing,
    find: "  emit(turn, { type: 'armTimer', id: `fence:${name}`, at: turn.now + delayMs });\n",
    replace: '',
  },
  {
    name: 'evidence outlives its server’s return',
    what: 'Evidence of an earlier stop is kept after the server is heard again.',
    file: 'machines/peer.machine.ts',
    find: "        gone: {\n          on: {\n            'peer.heard': { target: 'reachable', actions: ['forgetEvidence', 'reportReturned'] },",
    replace:
      "        gone: {\n          on: {\n            'peer.heard': { target: 'reachable', actions: ['reportReturned'] },",
  },
  {
    name: 'the last answer is not noticed',
    what: 'Questions for evidence never count as answered: nothing is asked again.',
    file: evidence,
    find: "  movePeer(turn, name, { type: 'question.answered' });\n",
    replace: '',
  },
];
