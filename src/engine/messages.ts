/**
 * The daemon's messages: module, event type, id, text. Templates of v3 12.1; `%1` … are filled in.
 * Ids from 200 on are Drydock's own: they say what an operator can do next.
 */
import type { Turn } from './turn.ts';

type Level = 'Info' | 'Warning' | 'Error';

const templates = {
  started: ['pm', 'Info', 1, 'Cluster daemon has started properly'],
  shuttingDown: ['pm', 'Info', 2, 'Cluster daemon is shutting down'],
  halted: ['pm', 'Info', 23, 'system will be halted.'],
  daemonStopped: ['pm', 'Info', 24, 'Cluster daemon will be stopped.'],
  rebooted: ['pm', 'Info', 25, 'system will be rebooted.'],
  haltAsked: ['pm', 'Info', 30, 'There was a request to halt system from the %1.'],
  stopAsked: ['pm', 'Info', 31, 'There was a request to stop cluster daemon from the %1'],
  rebootAsked: ['pm', 'Info', 32, 'There was a request to reboot system from the %1.'],
  resumeAsked: ['pm', 'Info', 34, 'There was a request to resume cluster daemon from the %1.'],
  suspendAsked: ['pm', 'Info', 35, 'There was a request to suspend cluster daemon from the %1.'],
  serverUp: ['nm', 'Info', 1, 'Server %1 up.'],
  serverDown: ['nm', 'Info', 2, 'Server %1 down.'],
  beatUp: ['nm', 'Info', 3, 'Resource %1 of server %2 up.'],
  beatDown: ['nm', 'Info', 4, 'Resource %1 of server %2 down.'],
  groupStarting: ['rc', 'Info', 10, 'The start processing of a group %1 started.'],
  groupStarted: ['rc', 'Info', 11, 'The start processing of a group %1 ended.'],
  groupStartFailed: ['rc', 'Error', 12, 'The start processing of a group %1 failed.'],
  groupStopping: ['rc', 'Info', 20, 'The stop processing of a group %1 started.'],
  groupStopped: ['rc', 'Info', 21, 'The stop processing of a group %1 ended.'],
  groupStopFailed: ['rc', 'Error', 22, 'The stop processing of a group %1 failed.'],
  resourceStarting: ['rc', 'Info', 30, 'The start processing of a resource %1 started.'],
  resourceStarted: ['rc', 'Info', 31, 'The start processing of a resource %1 ended.'],
  resourceStartFailed: [
    'rc',
    'Error',
    32,
    'The start processing of a resource %1 failed. (%2: %3)',
  ],
  resourceStopping: ['rc', 'Info', 40, 'The stop processing of a resource %1 started.'],
  resourceStopped: ['rc', 'Info', 41, 'The stop processing of a resource %1 ended.'],
  resourceStopFailed: ['rc', 'Error', 42, 'The stop processing of a resource %1 failed. (%2: %3)'],
  moveStarting: ['rc', 'Info', 50, 'The move processing of a group %1 started.'],
  moveEnded: ['rc', 'Info', 51, 'The move processing of a group %1 ended.'],
  moveFailed: ['rc', 'Error', 52, 'The move processing of a group %1 failed.'],
  failoverStarting: ['rc', 'Info', 60, 'The failover processing of a group %1 started.'],
  failoverEnded: ['rc', 'Info', 61, 'The failover processing of a group %1 ended.'],
  failoverFailed: ['rc', 'Error', 62, 'The failover processing of a group %1 failed.'],
  restartStarting: ['rc', 'Info', 70, 'The restart processing of a group %1 started.'],
  restartEnded: ['rc', 'Info', 71, 'The restart processing of a group %1 ended.'],
  restartFailed: ['rc', 'Error', 72, 'The restart processing of a group %1 failed.'],
  shutdownServer: ['rc', 'Info', 91, 'Shutdown the server.'],
  groupOnTwo: ['rc', 'Error', 92, 'group %1 is started on more than one server.'],
  monitorStart: ['rm', 'Info', 1, 'Monitor %1 start.'],
  monitorStop: ['rm', 'Info', 2, 'Monitor %1 stop.'],
  monitorWarn: ['rm', 'Warning', 4, 'Monitor %1 warn. (%2 : %3)'],
  monitorInvalid: ['rm', 'Warning', 6, 'Configuration of %1 is invalid. (%2 : %3)'],
  monitorFailed: ['rm', 'Error', 9, 'Monitor %1 failed. (%2 : %3)'],
  restartedFor: ['rm', 'Info', 13, '%1 was restarted for failure in %2.'],
  failedOverFor: ['rm', 'Info', 14, '%1 was failover for failure in %2.'],
  stopFor: ['rm', 'Info', 15, 'Stop of cluster was required for failure in %1.'],
  haltFor: ['rm', 'Info', 16, 'Halt of system was required for failure in %1.'],
  rebootFor: ['rm', 'Info', 17, 'Reboot of system was required for failure in %1.'],
  restartForFailed: ['rm', 'Error', 19, 'Restart of %1 by the failure in %2 was not completed.'],
  failoverForFailed: ['rm', 'Error', 20, 'Failover of %1 by the failure in %2 was not completed.'],
  notOnline: ['rm', 'Warning', 25, 'Not action because %1 is not online.'],
  monitorNormal: ['rm', 'Info', 26, 'Status of %1 changed normally.'],
  fenced: ['fence', 'Info', 200, 'Power of server %1 is off (forced stop).'],
  fenceFailed: [
    'fence',
    'Error',
    201,
    'Forced stop of server %1 failed (%2); its groups wait. Make sure that it is off, then clpgrp -s.',
  ],
  mirrorBlocked: [
    'rc',
    'Error',
    202,
    'Group %1 waits: nothing proves that the active side of its mirror stopped first (%2). ' +
      'Start the other server; or make sure that it is off, force the mirror (clpmdctrl --force) ' +
      'and start the group (clpgrp -s %1).',
  ],
  startupWait: [
    'pm',
    'Info',
    203,
    'Waiting for the other servers for %1 s (clpbwctrl -c ends it).',
  ],
  recoveryHeld: ['rm', 'Info', 204, 'No recovery for %1: recovery is switched off.'],
} as const satisfies Record<string, readonly [string, Level, number, string]>;

export type Message = keyof typeof templates;

export function say(turn: Turn, message: Message, ...words: (string | number)[]): void {
  const [module, level, id, template] = templates[message];
  const text = template.replace(/%(\d)/g, (_, nth: string) => String(words[Number(nth) - 1] ?? ''));
  turn.effects.push({ type: 'log', module, level, id, text });
}
