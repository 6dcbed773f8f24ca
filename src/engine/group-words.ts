/**
 * What is said of a task of a group as it starts and ends (rc 10 to 12, 50 to 76): of the group, or,
 * where the task is for the sake of one resource, of that (rc 80 to 89; v3 has words for its restart
 * alone). When a part is all that runs of the group, a stop says both.
 */
import type { MessageKey } from '../messages/index.ts';
import { type Message, say, sayIfKnown } from './messages.ts';
import type { StartReason, Task } from './state.ts';
import type { Turn } from './turn.ts';

type How = 'starting' | 'ended' | 'failed';

const ofGroup: Record<How, Record<StartReason, Message>> = {
  starting: {
    start: 'groupStarting',
    move: 'moveStarting',
    failover: 'failoverStarting',
    restart: 'restartStarting',
  },
  ended: {
    start: 'groupStarted',
    move: 'moveEnded',
    failover: 'failoverEnded',
    restart: 'restartEnded',
  },
  failed: {
    start: 'groupStartFailed',
    move: 'moveFailed',
    failover: 'failoverFailed',
    restart: 'restartFailed',
  },
};

const ofOne: Record<'start' | 'stop' | 'restart', Record<How, MessageKey<'x5'>>> = {
  start: { starting: 'aloneStarting', ended: 'aloneStarted', failed: 'aloneStartFailed' },
  stop: { starting: 'aloneStopping', ended: 'aloneStopped', failed: 'aloneStopFailed' },
  restart: {
    starting: 'resourceRestarting',
    ended: 'resourceRestarted',
    failed: 'resourceRestartFailed',
  },
};

const goingBack = {
  starting: 'failbackStarting',
  ended: 'failbackEnded',
  failed: 'failbackFailed',
} as const;

/** A start here; `task` is null once it was dropped. */
export function sayStart(
  turn: Turn,
  group: string,
  task: Task | null,
  reason: StartReason,
  how: How,
): void {
  const alone = task?.alone ?? null;
  const words = ofOne[reason === 'restart' ? 'restart' : 'start'][how];
  if (alone !== null && sayIfKnown(turn, words, alone)) return;
  say(turn, ofGroup[how][reason], group);
}

/** A stop of one resource; of a restart the start says it. */
export function sayStop(turn: Turn, task: Task | null, how: How): void {
  if (!task || task.alone === null) return;
  if (task.kind === 'stop') sayIfKnown(turn, ofOne.stop[how], task.alone);
  if (task.kind === 'restart' && how === 'failed') say(turn, 'resourceRestartFailed', task.alone);
}

/** A move or failover; v3 says of a move back what it says of any. */
export function sayGoing(turn: Turn, group: string, task: Task, how: How): void {
  if (task.goesBack && sayIfKnown(turn, goingBack[how], group)) return;
  say(turn, ofGroup[how][task.kind === 'move' ? 'move' : 'failover'], group);
}
