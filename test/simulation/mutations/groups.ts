/**
 * Bugs in what is done with a group, and in how a daemon stops. Found once: a stop that never ended
 * beside a group that does not stop, an end said without its beginning, failovers without end.
 */
import type { Mutation } from '../../support/mutation.ts';

const tasks = 'src/engine/groups/tasks.ts';
const orders = 'src/engine/groups/orders.ts';
const stop = 'src/engine/daemon/stop.ts';
const attempts = 'src/engine/groups/attempts.ts';

export const groupBugs: Mutation[] = [
  {
    name: 'a stop without end',
    what: 'A daemon waits with its end for a group that cannot be stopped.',
    file: stop,
    find: "(isHere(run) && groupValue(run) !== 'stuck')",
    replace: 'isHere(run)',
  },
  {
    name: 'stops while a group still stops',
    what: 'The daemon ends while a task of a group is still under way.',
    file: stop,
    find: 'if (runs.some((run) => run.task || (isHere(run)',
    replace: "if (runs.some((run) => (groupValue(run) === 'online'",
  },
  {
    name: 'the end of a stop is ordered again',
    what: 'A daemon that has stopped its groups says so after every event.',
    file: stop,
    find: 'if (!stopping || stopping.ending) return;',
    replace: 'if (!stopping) return;',
  },
  {
    name: 'what failed stays when the daemon stops',
    what: 'A group that failed to start keeps what it holds when the daemon stops.',
    file: stop,
    find: "if (!mayGo(run) && value !== 'failed') continue;",
    replace: 'if (!mayGo(run)) continue;',
  },
  {
    name: 'an end without a beginning',
    what: 'A group’s stop has ended that never began.',
    file: tasks,
    find: 'if (ran && !isHere(',
    replace: 'if (!isHere(',
  },
  {
    name: 'a beginning is not said',
    what: 'A group’s stop begins without a word.',
    file: tasks,
    find: "  if (!remains) say(turn, 'groupStopping', group);\n",
    replace: '',
  },
  {
    name: 'failovers without end',
    what: 'Failovers after a failed start are not counted: two servers hand a group to and fro.',
    file: tasks,
    find: 'failovers: run.failovers + 1',
    replace: 'failovers: run.failovers',
  },
  {
    name: 'a dropped task goes on',
    what: 'Whoever stops a group does not end what is being done with it; its caller waits for ever.',
    file: 'src/engine/hearing.ts',
    find: "'stop.wanted': [tasks.dropTask, tasks.onStopWanted],",
    replace: "'stop.wanted': [tasks.onStopWanted],",
  },
  {
    name: 'a finished task stays',
    what: 'A task that is done is not taken away: the group is busy for ever.',
    file: tasks,
    find: '  setGroup(turn, group, { task: null });\n',
    replace: '',
  },
  {
    name: 'a restart ends in a stop',
    what: 'What a restart stopped is not started again.',
    file: 'machines/task.machine.ts',
    find: "context.kind === 'restart' && event.type === 'group.stopped' && !event.stays,",
    replace: "context.kind === 'restart' && event.type === 'group.stopped' && event.stays,",
  },
  {
    name: 'started although it runs elsewhere',
    what: 'An operator’s start does not look whether another server runs the group.',
    file: orders,
    find: '  if (home) {\n',
    replace: '  if (home === turn.state.server) {\n',
  },
  {
    name: 'a move is not answered',
    what: 'Whoever ordered a move of a group is not told of its end.',
    file: orders,
    find: "stop(turn, group, { kind: 'move', target, replies: [job] });",
    replace: "stop(turn, group, { kind: 'move', target, replies: [] });",
  },
  {
    name: 'a busy agent is a failure',
    what: 'An agent that only just starts fails the group’s start at once.',
    file: attempts,
    find: 'return sinceMs < (result.passesWithinMs ?? 0);',
    replace: 'return sinceMs < 0;',
  },
  {
    name: 'tries again without a timer',
    what: 'What passes by itself is never tried again: the group starts for ever.',
    file: attempts,
    find: "    emit(turn, { type: 'armTimer', id, at: turn.now + AGAIN_MS });\n",
    replace: '',
  },
  {
    name: 'the first resource is stopped first',
    what: 'Resources stop in the order in which they start.',
    file: tasks,
    find: 'const wanted = (task.only ?? inOrder(turn.state, group)).toReversed();',
    replace: 'const wanted = task.only ?? inOrder(turn.state, group);',
  },
];
