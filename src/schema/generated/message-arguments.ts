/* Generated from src/messages/*.json by `npm run types`. */
export type Said = string | number;

export interface OfBoth {
  /** pm 1: Cluster daemon has started properly */
  'started': [];
  /** pm 2: Cluster daemon is shutting down */
  'shuttingDown': [];
  /** pm 20: %1 process exit abnormally. */
  'processDied': [_1: Said];
  /** pm 22: %1 process initialize error has occurred(return code:%2). */
  'processCannotStart': [_1: Said, _2: Said];
  /** pm 23: system will be halted. */
  'halted': [];
  /** pm 24: Cluster daemon will be stopped. */
  'daemonStopped': [];
  /** pm 25: system will be rebooted. */
  'rebooted': [];
  /** pm 30: There was a request to halt system from the %1. */
  'haltAsked': [_1: Said];
  /** pm 31: There was a request to stop cluster daemon from the %1 */
  'stopAsked': [_1: Said];
  /** pm 32: There was a request to reboot system from the %1. */
  'rebootAsked': [_1: Said];
  /** pm 34: There was a request to resume cluster daemon from the %1. */
  'resumeAsked': [_1: Said];
  /** pm 35: There was a request to suspend cluster daemon from the %1. */
  'suspendAsked': [_1: Said];
  /** nm 1: Server %1 up. */
  'serverUp': [_1: Said];
  /** nm 2: Server %1 down. */
  'serverDown': [_1: Said];
  /** nm 3: Resource %1 of server %2 up. */
  'beatUp': [_1: Said, _2: Said];
  /** nm 4: Resource %1 of server %2 down. */
  'beatDown': [_1: Said, _2: Said];
  /** rc 10: The start processing of a group %1 started. */
  'groupStarting': [_1: Said];
  /** rc 11: The start processing of a group %1 ended. */
  'groupStarted': [_1: Said];
  /** rc 12: The start processing of a group %1 failed. */
  'groupStartFailed': [_1: Said];
  /** rc 20: The stop processing of a group %1 started. */
  'groupStopping': [_1: Said];
  /** rc 21: The stop processing of a group %1 ended. */
  'groupStopped': [_1: Said];
  /** rc 22: The stop processing of a group %1 failed. */
  'groupStopFailed': [_1: Said];
  /** rc 30: The start processing of a resource %1 started. */
  'resourceStarting': [_1: Said];
  /** rc 31: The start processing of a resource %1 ended. */
  'resourceStarted': [_1: Said];
  /** rc 32: The start processing of a resource %1 failed. (%2: %3) */
  'resourceStartFailed': [_1: Said, _2: Said, _3: Said];
  /** rc 40: The stop processing of a resource %1 started. */
  'resourceStopping': [_1: Said];
  /** rc 41: The stop processing of a resource %1 ended. */
  'resourceStopped': [_1: Said];
  /** rc 42: The stop processing of a resource %1 failed. (%2: %3) */
  'resourceStopFailed': [_1: Said, _2: Said, _3: Said];
  /** rc 50: The move processing of a group %1 started. */
  'moveStarting': [_1: Said];
  /** rc 51: The move processing of a group %1 ended. */
  'moveEnded': [_1: Said];
  /** rc 52: The move processing of a group %1 failed. */
  'moveFailed': [_1: Said];
  /** rc 60: The failover processing of a group %1 started. */
  'failoverStarting': [_1: Said];
  /** rc 61: The failover processing of a group %1 ended. */
  'failoverEnded': [_1: Said];
  /** rc 62: The failover processing of a group %1 failed. */
  'failoverFailed': [_1: Said];
  /** rc 70: The restart processing of a group %1 started. */
  'restartStarting': [_1: Said];
  /** rc 71: The restart processing of a group %1 ended. */
  'restartEnded': [_1: Said];
  /** rc 72: The restart processing of a group %1 failed. */
  'restartFailed': [_1: Said];
  /** rc 91: Shutdown the server. */
  'shutdownServer': [];
  /** rc 92: group %1 is started on more than one server. */
  'groupOnTwo': [_1: Said];
  /** rm 1: Monitor %1 start. */
  'monitorStart': [_1: Said];
  /** rm 2: Monitor %1 stop. */
  'monitorStop': [_1: Said];
  /** rm 4: Monitor %1 warn. (%2 : %3) */
  'monitorWarn': [_1: Said, _2: Said, _3: Said];
  /** rm 9: Monitor %1 failed. (%2 : %3) */
  'monitorFailed': [_1: Said, _2: Said, _3: Said];
  /** rm 13: %1 was restarted for failure in %2. */
  'restartedFor': [_1: Said, _2: Said];
  /** rm 14: %1 was failover for failure in %2. */
  'failedOverFor': [_1: Said, _2: Said];
  /** rm 15: Stop of cluster was required for failure in %1. */
  'stopFor': [_1: Said];
  /** rm 16: Halt of system was required for failure in %1. */
  'haltFor': [_1: Said];
  /** rm 17: Reboot of system was required for failure in %1. */
  'rebootFor': [_1: Said];
  /** rm 19: Restart of %1 by the failure in %2 was not completed. */
  'restartForFailed': [_1: Said, _2: Said];
  /** rm 20: Failover of %1 by the failure in %2 was not completed. */
  'failoverForFailed': [_1: Said, _2: Said];
  /** rm 25: Not action because %1 is not online. */
  'notOnline': [_1: Said];
  /** rm 26: Status of %1 changed normally. */
  'monitorNormal': [_1: Said];
  /** monp 2: %1 process exit abnormally. (status=%2) */
  'monitoredDied': [_1: Said, _2: Said];
  /** monp 8: System will be rebooted for %1 process exit abnormally. */
  'rebootForProcess': [_1: Said];
  /** pm: The daemon's facts cannot be written (%1). */
  'factsUnwritten': [_1: Said];
  /** fence 200: Power of server %1 is off (forced stop). */
  'fenced': [_1: Said];
  /** fence 201: Forced stop of server %1 failed (%2); its groups wait. Make sure that it is off, then clpgrp -s. */
  'fenceFailed': [_1: Said, _2: Said];
  /** rc 202: Group %1 waits: nothing proves that the active side of its mirror stopped first (%2). Start the other server; or make sure that it is off, force the mirror (clpmdctrl --force) and start the group (clpgrp -s %1). */
  'mirrorBlocked': [_1: Said, _2: Said];
  /** pm 203: Waiting for the other servers for %1 s (clpbwctrl -c ends it). */
  'startupWait': [_1: Said];
  /** rm 204: No recovery for %1: recovery is switched off. */
  'recoveryHeld': [_1: Said];
  /** host 1: The power of %1 is cut. */
  'powerCut': [_1: Said];
  /** host 2: %1 is reset: %2. */
  'serverReset': [_1: Said, _2: Said];
  /** host 3: %1 stalls in its shutdown since %2 ms. */
  'shutdownStalled': [_1: Said, _2: Said];
  /** host 4: Disk %1 of %2 is replaced: %3. */
  'diskReplaced': [_1: Said, _2: Said, _3: Said];
  /** host 5: Disk %1 (%2) fails: %3. */
  'diskFailed': [_1: Said, _2: Said, _3: Said];
  /** host 6: %1 is held by %2 and by %3. */
  'addressHeldTwice': [_1: Said, _2: Said, _3: Said];
  /** host 7: ending every process failed: %1 */
  'endingFailed': [_1: Said];
  /** host 8: making disk %1 failed: %2 */
  'makingDiskFailed': [_1: Said, _2: Said];
  /** host 9: The image %1 is made of the disks of %2. */
  'imageMade': [_1: Said, _2: Said];
  /** host 10: The disks of %1 are restored from the image %2. */
  'imageRestored': [_1: Said, _2: Said];
  /** host 11: copying disk %1 failed: %2 */
  'copyingDiskFailed': [_1: Said, _2: Said];
  /** host 12: BREAK-GLASS by %1 until %2: %3 */
  'glassBroken': [_1: Said, _2: Said, _3: Said];
  /** host 13: starting %1 failed: %2 */
  'startingFailed': [_1: Said, _2: Said];
}

export interface OfV3 {
}

export interface OfX5 {
}

/** What each message is given, by generation. */
export interface MessageArguments {
  v3: OfBoth & OfV3;
  x5: OfBoth & OfX5;
}

/** What the words of each failure are given. */
export interface FailureArguments {
  /** fip 14: IP address did not exist. */
  'fip.notThere': [];
  /** fip 15: This ip address was already used. IP=%1 */
  'fip.used': [_1: Said];
  /** exec 1: Termination code %1 was returned. */
  'exec.exited': [_1: Said];
  /** exec 1: Command was not completed within %1 seconds. */
  'exec.tooLong': [_1: Said];
  /** exec 1: Command was aborted. */
  'exec.aborted': [];
  /** exec 1: Command was not found. (error=%1) */
  'exec.notFound': [_1: Said];
  /** md 1: Need to start mirror agent at first. */
  'md.noAgent': [];
  /** md 81: The local server has not the latest data.(%1) */
  'md.notLatest': [_1: Said];
  /** ipw 1: Ping cannot reach. (ret=%1) IP=%2 */
  'ipw.unreachable': [_1: Said, _2: Said];
  /** ipw 6: Internal error. (status=%1) */
  'ipw.internal': [_1: Said];
  /** pidw 1: Resource %1 was not found. */
  'pidw.notFound': [_1: Said];
  /** mdw 1: Need to start mirror agent at first. */
  'mdw.noAgent': [];
  /** mdw 30: Internal error[status=%1] */
  'mdw.internal': [_1: Said];
  /** mdw 51: Remote driver status is unknown. */
  'mdw.remoteUnknown': [];
  /** mdw 58: Local mirror disk status is unknown or not constructed.(%1) */
  'mdw.localUnknown': [_1: Said];
  /** mdw 63: Local mirror disk is abnormal. (%1) */
  'mdw.localAbnormal': [_1: Said];
  /** mdw 64: Remote mirror disk is abnormal.(%1) */
  'mdw.remoteAbnormal': [_1: Said];
  /** mdw 65: Both mirror disks are abnormal.(%1) */
  'mdw.bothAbnormal': [_1: Said];
  /** mdw 66: Mirror disk was activated on both servers.(%1) */
  'mdw.bothActive': [_1: Said];
  /** mdw 100: The recovery is in progress. (%1) */
  'mdw.recovering': [_1: Said];
  /** mdnw 1: Need to start mirror agent at first. */
  'mdnw.noAgent': [];
  /** mdnw 30: Internal error[status=%1] */
  'mdnw.internal': [_1: Said];
  /** mdnw 31: Network was interrupted */
  'mdnw.interrupted': [];
  /** genw 1: Termination code %1 was returned. */
  'genw.exited': [_1: Said];
  /** 99: command is timeout */
  'stalled': [];
  /** 1: The activation was given up. */
  'givenUp': [];
  /** 30: %1 (%2) */
  'refused': [_1: Said, _2: Said];
}
