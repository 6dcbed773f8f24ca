/* Generated from src/messages/*.json by `npm run types`. */
import type { Destination } from '../../ports/log.ts';

export type Said = string | number;

/** What each message is given, by generation. */
export interface MessageArguments {
v3: {
  /** Cluster daemon has started properly */
  'started': [];
  /** Cluster daemon is shutting down */
  'shuttingDown': [];
  /** Shutdown stall monitor has started */
  'shutdownWatched': [];
  /** Cluster daemon critical error has occurred. */
  'daemonBroken': [];
  /** %1 process exit abnormally. */
  'processDied': [_1: Said];
  /** Rc process exit with error status.(halting system) */
  'haltForStuck': [];
  /** %1 process initialize error has occurred(return code:%2). */
  'processCannotStart': [_1: Said, _2: Said];
  /** system will be halted. */
  'halted': [];
  /** Cluster daemon will be stopped. */
  'daemonStopped': [];
  /** system will be rebooted. */
  'rebooted': [];
  /** There was a request to halt system from the %1. */
  'haltAsked': [_1: Said];
  /** There was a request to stop cluster daemon from the %1 */
  'stopAsked': [_1: Said];
  /** There was a request to reboot system from the %1. */
  'rebootAsked': [_1: Said];
  /** There was a request to restart cluster daemon from the %1. */
  'restartAsked': [_1: Said];
  /** There was a request to resume cluster daemon from the %1. */
  'resumeAsked': [_1: Said];
  /** There was a request to suspend cluster daemon from the %1. */
  'suspendAsked': [_1: Said];
  /** Server %1 up. */
  'serverUp': [_1: Said];
  /** Server %1 down. */
  'serverDown': [_1: Said];
  /** Resource %1 of server %2 up. */
  'beatUp': [_1: Said, _2: Said];
  /** Resource %1 of server %2 down. */
  'beatDown': [_1: Said, _2: Said];
  /** Resource %1 of server %2 unknown. */
  'beatUnknown': [_1: Said, _2: Said];
  /** %1 process exit abnormally. */
  'beatProcessDied': [_1: Said];
  /** %1 process will be restarted. */
  'beatProcessRestarted': [_1: Said];
  /** The start processing of a group %1 started. */
  'groupStarting': [_1: Said];
  /** The start processing of a group %1 ended. */
  'groupStarted': [_1: Said];
  /** The start processing of a group %1 failed. */
  'groupStartFailed': [_1: Said];
  /** The stop processing of a group %1 started. */
  'groupStopping': [_1: Said];
  /** The stop processing of a group %1 ended. */
  'groupStopped': [_1: Said];
  /** The stop processing of a group %1 failed. */
  'groupStopFailed': [_1: Said];
  /** The start processing of a resource %1 started. */
  'resourceStarting': [_1: Said];
  /** The start processing of a resource %1 ended. */
  'resourceStarted': [_1: Said];
  /** The start processing of a resource %1 failed. (%2: %3) */
  'resourceStartFailed': [_1: Said, _2: Said, _3: Said];
  /** The stop processing of a resource %1 started. */
  'resourceStopping': [_1: Said];
  /** The stop processing of a resource %1 ended. */
  'resourceStopped': [_1: Said];
  /** The stop processing of a resource %1 failed. (%2: %3) */
  'resourceStopFailed': [_1: Said, _2: Said, _3: Said];
  /** The move processing of a group %1 started. */
  'moveStarting': [_1: Said];
  /** The move processing of a group %1 ended. */
  'moveEnded': [_1: Said];
  /** The move processing of a group %1 failed. */
  'moveFailed': [_1: Said];
  /** The failover processing of a group %1 started. */
  'failoverStarting': [_1: Said];
  /** The failover processing of a group %1 ended. */
  'failoverEnded': [_1: Said];
  /** The failover processing of a group %1 failed. */
  'failoverFailed': [_1: Said];
  /** The restart processing of a group %1 started. */
  'restartStarting': [_1: Said];
  /** The restart processing of a group %1 ended. */
  'restartEnded': [_1: Said];
  /** The restart processing of a group %1 failed. */
  'restartFailed': [_1: Said];
  /** The restart processing of a resource %1 started. */
  'resourceRestarting': [_1: Said];
  /** The restart processing of a resource %1 ended. */
  'resourceRestarted': [_1: Said];
  /** The restart processing of a resource %1 failed. */
  'resourceRestartFailed': [_1: Said];
  /** Shutdown the cluster. */
  'clusterShutdown': [];
  /** Shutdown the server. */
  'shutdownServer': [];
  /** group %1 is started on more than one server. */
  'groupOnTwo': [_1: Said];
  /** Monitor %1 start. */
  'monitorStart': [_1: Said];
  /** Monitor %1 stop. */
  'monitorStop': [_1: Said];
  /** Monitor %1 is not monitored in this server. */
  'monitorUnused': [_1: Said];
  /** Monitor %1 warn. (%2 : %3) */
  'monitorWarn': [_1: Said, _2: Said, _3: Said];
  /** Monitor %1 failed. (%2 : %3) */
  'monitorFailed': [_1: Said, _2: Said, _3: Said];
  /** %1 was restarted for failure in %2. */
  'restartedFor': [_1: Said, _2: Said];
  /** %1 was failover for failure in %2. */
  'failedOverFor': [_1: Said, _2: Said];
  /** Stop of cluster was required for failure in %1. */
  'stopFor': [_1: Said];
  /** Halt of system was required for failure in %1. */
  'haltFor': [_1: Said];
  /** Reboot of system was required for failure in %1. */
  'rebootFor': [_1: Said];
  /** Restart of %1 by the failure in %2 was not completed. */
  'restartForFailed': [_1: Said, _2: Said];
  /** Failover of %1 by the failure in %2 was not completed. */
  'failoverForFailed': [_1: Said, _2: Said];
  /** Not action because %1 is not online. */
  'notOnline': [_1: Said];
  /** Status of %1 changed normally. */
  'monitorNormal': [_1: Said];
  /** The number of license is %1. (%2) */
  'licenceCount': [_1: Said, _2: Said];
  /** Period of trial is till %1. (%2) */
  'licenceTrial': [_1: Said, _2: Said];
  /** The license is insufficient. The number of insufficient is %1. (%2) */
  'licenceShort': [_1: Said, _2: Said];
  /** The license is not registered. (%1) */
  'licenceNone': [_1: Said];
  /** The license of trial expired by %1. (%2) */
  'licenceEnded': [_1: Said, _2: Said];
  /** The license is unknown. (%1) */
  'licenceUnknown': [_1: Said];
  /** Stop of cluster was required because license (%1) was invalid. */
  'licenceStop': [_1: Said];
  /** The license of trial is valid from %1. (%2) */
  'licenceEarly': [_1: Said, _2: Said];
  /** Device(%1) of resource(%2) is not exist. */
  'diskhbMissing': [_1: Said, _2: Said];
  /** Device(%1) of resource(%2) is not block device. */
  'diskhbNotBlock': [_1: Said, _2: Said];
  /** Device(%1) is not exist. */
  'comhbMissing': [_1: Said];
  /** %1 process initialize error has occurred. (status=%2) */
  'monitoredCannotStart': [_1: Said, _2: Said];
  /** %1 process exit abnormally. (status=%2) */
  'monitoredDied': [_1: Said, _2: Said];
  /** %1 process will be restarted. */
  'monitoredRestarted': [_1: Said];
  /** System will be rebooted for %1 process exit abnormally. */
  'rebootForProcess': [_1: Said];
  /** Agent has started successfully. */
  'agentStarted': [];
  /** Stop agent successfully. */
  'agentStopped': [];
  /** Failed to activate mirror disk.%1(Device:%2) */
  'mirrorNotActivated': [_1: Said, _2: Said];
  /** Fsck has been started.(Device: %1) */
  'fsckStarted': [_1: Said];
  /** Disk has cleaned by fsck.(Device: %1) */
  'fsckEnded': [_1: Said];
  /** Failed to deactivate mirror disk.%1(Device:%2) */
  'mirrorNotDeactivated': [_1: Said, _2: Said];
  /** Building of switch mirror disk finished abnormally.%1(Device:%2) */
  'recoveryFailed': [_1: Said, _2: Said];
  /** Building of switch mirror disk has finished successfully.(Device: %1) */
  'recoveryEnded': [_1: Said];
  /** Recovery mode is %1. */
  'recoveryMode': [_1: Said];
  /** The number of license is %1. (%2) */
  'fastSyncCount': [_1: Said, _2: Said];
  /** Period of trial is till %1. (%2) */
  'fastSyncTrial': [_1: Said, _2: Said];
  /** The license is insufficient. The number of insufficient is %1. (%2) */
  'fastSyncShort': [_1: Said, _2: Said];
  /** The license of trial expired by %1. (%2) */
  'fastSyncEnded': [_1: Said, _2: Said];
  /** The license of trial is valid from %1. (%2) */
  'fastSyncEarly': [_1: Said, _2: Said];
  /** Initial recovery of mirror disk started.(Device:%1) */
  'constructionStarted': [_1: Said];
  /** Recovery started.(Device: %1) */
  'recoveryStarted': [_1: Said];
  /** Initial recovery of mirror disk has finished successfully.(Device:%1) */
  'constructionEnded': [_1: Said];
  /** Initial recovery of mirror disk finished abnormally.%1(Device:%2) */
  'constructionFailed': [_1: Said, _2: Said];
  /** NMP%1 com port is closed, exit. */
  'driverPortClosed': [_1: Said];
  /** NMP(%1):mirror break occurred, recovery failed. */
  'driverRecoveryBroken': [_1: Said];
  /** NMP%1 open I/O port OK */
  'driverDeviceOpened': [_1: Said];
  /** NMP%1 close I/O port OK. */
  'driverDeviceClosed': [_1: Said];
  /** NMP%1 I/O port was closed, mount(%2), io(%3) */
  'driverDeviceClosedEarly': [_1: Said, _2: Said, _3: Said];
  /** warning!! NMP%1 disk I/O error, system will reboot. */
  'driverDiskError': [_1: Said];
  /** ERROR:MOUNT PORT is opened */
  'driverMountOpen': [];
  /** ERROR:NMP%1 is busy. */
  'driverBusy': [_1: Said];
  /** The daemon's facts cannot be written (%1). */
  'factsUnwritten': [_1: Said];
  /** Power of server %1 is off (forced stop). */
  'fenced': [_1: Said];
  /** Forced stop of server %1 failed (%2); its groups wait. Make sure that it is off, then clpgrp -s. */
  'fenceFailed': [_1: Said, _2: Said];
  /** The power of server %1 could not be cut now (%2): a forced stop would fail. */
  'controllerSilent': [_1: Said, _2: Said];
  /** The power of server %1 could be cut again. */
  'controllerAnswers': [_1: Said];
  /** This server holds the management IP address %1. */
  'managementTaken': [_1: Said];
  /** This server has let go of the management IP address %1. */
  'managementLet': [_1: Said];
  /** This server cannot take the management IP address %1 (%2); it tries again. */
  'managementRefused': [_1: Said, _2: Said];
  /** Group %1 waits: nothing proves that the active side of its mirror stopped first (%2). Start the other server; or make sure that it is off, force the mirror (clpmdctrl --force) and start the group (clpgrp -s %1). */
  'mirrorBlocked': [_1: Said, _2: Said];
  /** Group %1 waits: %2 was not heard since this server started, and nothing says that it is off. Mend the network or switch it off; or make sure that it runs nothing and start the group (clpgrp -s %1). */
  'startWaits': [_1: Said, _2: Said];
  /** Waiting for the other servers for %1 s (clpbwctrl -c ends it). */
  'startupWait': [_1: Said];
  /** No recovery for %1: recovery is switched off. */
  'recoveryHeld': [_1: Said];
  /** The power of %1 is cut. */
  'powerCut': [_1: Said];
  /** %1 is reset: %2. */
  'serverReset': [_1: Said, _2: Said];
  /** %1 stalls in its shutdown since %2 ms: %3. */
  'shutdownStalled': [_1: Said, _2: Said, _3: Said];
  /** Disk %1 of %2 is replaced: %3. */
  'diskReplaced': [_1: Said, _2: Said, _3: Said];
  /** Disk %1 (%2) fails: %3. */
  'diskFailed': [_1: Said, _2: Said, _3: Said];
  /** %1 is held by %2 and by %3. */
  'addressHeldTwice': [_1: Said, _2: Said, _3: Said];
  /** ending every process failed: %1 */
  'endingFailed': [_1: Said];
  /** making disk %1 failed: %2 */
  'makingDiskFailed': [_1: Said, _2: Said];
  /** The image %1 is made of the disks of %2. */
  'imageMade': [_1: Said, _2: Said];
  /** The disks of %1 are restored from the image %2. */
  'imageRestored': [_1: Said, _2: Said];
  /** copying disk %1 failed: %2 */
  'copyingDiskFailed': [_1: Said, _2: Said];
  /** BREAK-GLASS by %1 until %2: %3 */
  'glassBroken': [_1: Said, _2: Said, _3: Said];
  /** starting %1 failed: %2 */
  'startingFailed': [_1: Said, _2: Said];
  /** %1 is not started: %2 does not run. */
  'serviceNotStarted': [_1: Said, _2: Said];
  /** Nothing was collected for the investigation of %1 %2: %3. */
  'investigationFailed': [_1: Said, _2: Said, _3: Said];
  /** Another machine is in the place of %1: %2. */
  'serverReplaced': [_1: Said, _2: Said];
  /** making the system of %1 failed: %2 */
  'makingSystemFailed': [_1: Said, _2: Said];
  /** Disk %1 of %2 is added: %3. */
  'diskAdded': [_1: Said, _2: Said, _3: Said];
  /** %1: %2 */
  'mirrorNote': [_1: Said, _2: Said];
  /** %1: the host keeps no generation: %2 */
  'noGenerationKept': [_1: Said, _2: Said];
  /** %1: %2 is not offered: %3 */
  'deviceNotOffered': [_1: Said, _2: Said, _3: Said];
  /** The copy of %1 %2. */
  'restoredCopy': [_1: Said, _2: Said];
  /** %1: every block was compared with %2: equal. */
  'restoredEqual': [_1: Said, _2: Said];
  /** The restored copy of %1 differs from that of %2 in %3 of %4 blocks; name the server whose copy is right: clpmdctrl --force SERVER %1. */
  'restoredDiffers': [_1: Said, _2: Said, _3: Said, _4: Said];
  /** Mail server %1 does not take mail (%2). Events that are mailed stand here meanwhile. */
  'mailFailed': [_1: Said, _2: Said];
};
x5: {
  /** Starting the cluster daemon... */
  'started': [];
  /** Shutting down the cluster daemon... */
  'shuttingDown': [];
  /** Shutdown monitoring is started... */
  'shutdownWatched': [];
  /** A critical error occurred in the cluster daemon. */
  'daemonBroken': [];
  /** Process %1 was terminated abnormally. */
  'processDied': [_1: Said];
  /** The system will be stopped because the cluster daemon process terminated abnormally. */
  'haltForStuck': [];
  /** An error occurred when initializing process %1.(return code:%2) */
  'processCannotStart': [_1: Said, _2: Said];
  /** The system will be stopped. */
  'halted': [];
  /** The cluster daemon will be stopped. */
  'daemonStopped': [];
  /** The system will be rebooted. */
  'rebooted': [];
  /** Received a request to stop the system from %1. */
  'haltAsked': [_1: Said];
  /** Received a request to stop the cluster daemon from %1. */
  'stopAsked': [_1: Said];
  /** Received a request to reboot the system from %1. */
  'rebootAsked': [_1: Said];
  /** Received a request to restart the cluster daemon from %1. */
  'restartAsked': [_1: Said];
  /** Received a request to resume the cluster daemon from %1. */
  'resumeAsked': [_1: Said];
  /** Received a request to suspend the cluster daemon from %1. */
  'suspendAsked': [_1: Said];
  /** Server %1 has started. */
  'serverUp': [_1: Said];
  /** Server %1 has been stopped. */
  'serverDown': [_1: Said];
  /** Resource %1 of server %2 has started. */
  'beatUp': [_1: Said, _2: Said];
  /** Resource %1 of server %2 has stopped. */
  'beatDown': [_1: Said, _2: Said];
  /** Waiting for all servers to start. */
  'waitBegun': [];
  /** All servers have started. */
  'waitComplete': [];
  /** Timeout occurred during the wait for startup of all servers. */
  'waitOver': [];
  /** Timeout occurred during the wait for startup of all servers. (Cannot communicate with some servers.) */
  'waitOverUntalked': [];
  /** Waiting for startup of all servers has been canceled. */
  'waitCancelled': [];
  /** Status of resource %1 of server %2 is unknown. */
  'beatUnknown': [_1: Said, _2: Said];
  /** Process %1 was terminated abnormally. */
  'beatProcessDied': [_1: Said];
  /** Process %1 will be restarted. */
  'beatProcessRestarted': [_1: Said];
  /** Network partition was detected. Shut down the server %1 to protect data. */
  'partitionedHalt': [_1: Said];
  /** An error occurred while confirming the network partition. Shut down the server %1. */
  'resolutionFailedHalt': [_1: Said];
  /** Failed to start the resource %1. Server name:%2 */
  'resourceNotStarted': [_1: Said, _2: Said];
  /** The network partition %1 of the server %2 has been recovered to the normal status. */
  'partitionNormal': [_1: Said, _2: Said];
  /** The network partition %1 of the server %2 has an error. */
  'partitionError': [_1: Said, _2: Said];
  /** Network partition was detected.  Stop the cluster service on the server %1 to protect data. */
  'partitionedStop': [_1: Said];
  /** An error occurred while confirming the network partition. Stop the cluster service on the server %1. */
  'resolutionFailedStop': [_1: Said];
  /** Network partition was detected.  Reboot the cluster service on the server %1 to protect data. */
  'partitionedReboot': [_1: Said];
  /** Network partition was detected.  Execute action(%1) on the server %2 to protect data. */
  'partitionedAction': [_1: Said, _2: Said];
  /** An error occurred while confirming the network partition. Reboot the server %1. */
  'resolutionFailedReboot': [_1: Said];
  /** An error occurred while confirming the network partition. Execute action(%1) on the server %2. */
  'resolutionFailedAction': [_1: Said, _2: Said];
  /** Cannot communicate with server %1. */
  'cannotTalk': [_1: Said];
  /** Recovered from internal communication error with server %1. */
  'talksAgain': [_1: Said];
  /** Activating group %1 has started. */
  'groupStarting': [_1: Said];
  /** Activating group %1 has completed. */
  'groupStarted': [_1: Said];
  /** Activating group %1 has failed. */
  'groupStartFailed': [_1: Said];
  /** Waiting for group %1 to start has started. */
  'startWaitBegun': [_1: Said];
  /** Waiting for group %1 to start has been completed. */
  'startWaitEnded': [_1: Said];
  /** Group start has been cancelled because waiting for group %1 to start has timed out. */
  'startWaitTimedOut': [_1: Said];
  /** Stopping group %1 has started. */
  'groupStopping': [_1: Said];
  /** Stopping group %1 has completed. */
  'groupStopped': [_1: Said];
  /** Stopping group %1 has failed. */
  'groupStopFailed': [_1: Said];
  /** Server %1 is not in a condition to start group %2. */
  'notFitToStart': [_1: Said, _2: Said];
  /** Waiting for group %1 to stop has started. */
  'stopWaitBegun': [_1: Said];
  /** Waiting for group %1 to stop has been completed. */
  'stopWaitEnded': [_1: Said];
  /** Waiting for group %1 to stop has timed out. However, group stop continues. */
  'stopWaitTimedOut': [_1: Said];
  /** Activating %1 resource has started. */
  'resourceStarting': [_1: Said];
  /** Activating %1 resource has completed. */
  'resourceStarted': [_1: Said];
  /** Activating %1 resource has failed.(%2 : %3) */
  'resourceStartFailed': [_1: Said, _2: Said, _3: Said];
  /** A request to activate %1 resource on server %2 has been started. */
  'remoteStartAsked': [_1: Said, _2: Said];
  /** A request to activate %1 resource on server %2 has been completed. */
  'remoteStartDone': [_1: Said, _2: Said];
  /** A request to activate %1 resource on server %2 has been failed. */
  'remoteStartFailed': [_1: Said, _2: Said];
  /** Stopping %1 resource has started. */
  'resourceStopping': [_1: Said];
  /** Stopping %1 resource has completed. */
  'resourceStopped': [_1: Said];
  /** Stopping %1 resource has failed.(%2 : %3) */
  'resourceStopFailed': [_1: Said, _2: Said, _3: Said];
  /** A request to stop %1 resource on server %2 has been started. */
  'remoteStopAsked': [_1: Said, _2: Said];
  /** A request to stop %1 resource on server %2 has been completed. */
  'remoteStopDone': [_1: Said, _2: Said];
  /** A request to stop %1 resource on server %2 has been failed. */
  'remoteStopFailed': [_1: Said, _2: Said];
  /** Moving group %1 has started. */
  'moveStarting': [_1: Said];
  /** Moving group %1 has completed. */
  'moveEnded': [_1: Said];
  /** Moving group %1 has failed. */
  'moveFailed': [_1: Said];
  /** Failover group %1 has started. */
  'failoverStarting': [_1: Said];
  /** Failover group %1 has completed. */
  'failoverEnded': [_1: Said];
  /** Failover group %1 has failed. */
  'failoverFailed': [_1: Said];
  /** Server %1 is not in a condition to move group %2. */
  'notInConditionToMove': [_1: Said, _2: Said];
  /** Server %1 has been set as the destination for the group %2 (reason: %3). */
  'destinationSet': [_1: Said, _2: Said, _3: Said];
  /** There is no appropriate destination for the group %1 (reason: %2). */
  'noDestination': [_1: Said, _2: Said];
  /** Server %1 is not in a condition to start group %2 (reason: %3). */
  'notInConditionToStart': [_1: Said, _2: Said, _3: Said];
  /** Server %1 in the same server group (%2) has been set as the destination for the group %3. */
  'sameServerGroup': [_1: Said, _2: Said, _3: Said];
  /** Server %1 not in the same server group (%2) has been set as the destination for the group %3. */
  'otherServerGroup': [_1: Said, _2: Said, _3: Said];
  /** Can not failover the group %1 because there is no appropriate destination in the same server group %2. */
  'noneInServerGroup': [_1: Said, _2: Said];
  /** Restarting group %1 has started. */
  'restartStarting': [_1: Said];
  /** Restarting group %1 has completed. */
  'restartEnded': [_1: Said];
  /** Restarting group %1 has failed. */
  'restartFailed': [_1: Said];
  /** Failback group %1 has started. */
  'failbackStarting': [_1: Said];
  /** Failback group %1 has completed. */
  'failbackEnded': [_1: Said];
  /** Failback group %1 has failed. */
  'failbackFailed': [_1: Said];
  /** Restarting resource %1 has started. */
  'resourceRestarting': [_1: Said];
  /** Restarting resource %1 has completed. */
  'resourceRestarted': [_1: Said];
  /** Restarting resource %1 has failed. */
  'resourceRestartFailed': [_1: Said];
  /** Starting a single resource %1. */
  'aloneStarting': [_1: Said];
  /** A single resource %1 has been started. */
  'aloneStarted': [_1: Said];
  /** Failed to start a single resource %1. */
  'aloneStartFailed': [_1: Said];
  /** Server %1 is not in a condition to start a single resource %2. */
  'notFitToStartOne': [_1: Said, _2: Said];
  /** Stopping a single resource %1. */
  'aloneStopping': [_1: Said];
  /** A single resource %1 has been stopped. */
  'aloneStopped': [_1: Said];
  /** Failed to stop a single resource %1. */
  'aloneStopFailed': [_1: Said];
  /** All the servers in the cluster were shut down. */
  'clusterShutdown': [];
  /** The server was shut down. */
  'shutdownServer': [];
  /** Group %1 has started on more than one server. */
  'groupOnTwo': [_1: Said];
  /** Restart count exceeded the maximum value %1. Final action of resource %2 will not be executed. */
  'resourceRebootsExceeded': [_1: Said, _2: Said];
  /** Script before final action upon %1 failure in resource %2 started. */
  'actionScriptStarted': [_1: Said, _2: Said];
  /** Script before final action upon %1 failure in resource %2 completed. */
  'actionScriptEnded': [_1: Said, _2: Said];
  /** Script %1 in resource %2 started */
  'aroundStarted': [_1: Said, _2: Said];
  /** Script %1 in resource %2 completed */
  'aroundEnded': [_1: Said, _2: Said];
  /** Script %1 before final action upon failure in resource %2 failed. */
  'actionScriptFailed': [_1: Said, _2: Said];
  /** Failed to execute script %1 in resource %2.(%3) */
  'aroundFailed': [_1: Said, _2: Said, _3: Said];
  /** Resource(%1) will be reactivated since activating resource(%2) failed. */
  'resourceTriedAgain': [_1: Said, _2: Said];
  /** Group(%1) will be moved to server(%2) since activating  resource(%3) failed. */
  'groupGoesForFailure': [_1: Said, _2: Said, _3: Said];
  /** Group(%1) will be stopped since activating  resource(%2) failed. */
  'groupStopsForFailure': [_1: Said, _2: Said];
  /** Cluster daemon will be stopped since activating  resource(%1) failed. */
  'activationStopDaemon': [_1: Said];
  /** System will be halted since activating resource(%1) failed. */
  'activationStopDaemonAndShutdown': [_1: Said];
  /** System will be rebooted since activating resource(%1) failed. */
  'activationStopDaemonAndReboot': [_1: Said];
  /** Resource(%1) will be stopping again since stopping resource(%2) failed. */
  'resourceStopTriedAgain': [_1: Said, _2: Said];
  /** Cluster daemon will be stopped since stopping resource(%1) failed. */
  'deactivationStopDaemon': [_1: Said];
  /** System will be halted since stopping resource(%1) failed. */
  'deactivationStopDaemonAndShutdown': [_1: Said];
  /** System will be rebooted since stopping resource(%1) failed. */
  'deactivationStopDaemonAndReboot': [_1: Said];
  /** System panic by sysrq is requested since activating resource(%1) failed. */
  'activationSysrqPanic': [_1: Said];
  /** System reset by keepalive driver is requested since activating resource(%1) failed. */
  'activationKeepaliveReset': [_1: Said];
  /** System panic by keepalive driver is requested since activating resource(%1) failed. */
  'activationKeepalivePanic': [_1: Said];
  /** System reset by BMC is requested since activating resource(%1) failed. */
  'activationBmcReset': [_1: Said];
  /** System power down by BMC is requested since activating resource(%1) failed. */
  'activationBmcPowerOff': [_1: Said];
  /** System power cycle by BMC is requested since activating resource(%1) failed. */
  'activationBmcPowerCycle': [_1: Said];
  /** NMI send by BMC is requested since activating resource(%1) failed. */
  'activationBmcNmi': [_1: Said];
  /** IO Fencing by ACPI driver is requested since activating resource(%1) failed. */
  'activationIoFencing': [_1: Said];
  /** An attempt to panic system by sysrq due to failure of resource(%1) activation failed. */
  'activationSysrqPanicFailed': [_1: Said];
  /** An attempt to reset system by keepalive driver due to failure of resource(%1) activation failed. */
  'activationKeepaliveResetFailed': [_1: Said];
  /** An attempt to panic system by keepalive driver due to failure of resource(%1) activation failed. */
  'activationKeepalivePanicFailed': [_1: Said];
  /** An attempt to reset system by BMC due to failure of resource(%1) activation failed. */
  'activationBmcResetFailed': [_1: Said];
  /** An attempt to power down system by BMC due to failure of resource(%1) activation failed. */
  'activationBmcPowerOffFailed': [_1: Said];
  /** An attempt to power cycle system by BMC due to failure of resource(%1) activation failed. */
  'activationBmcPowerCycleFailed': [_1: Said];
  /** An attempt to send NMI by BMC due to failure of resource(%1) activation failed. */
  'activationBmcNmiFailed': [_1: Said];
  /** An attempt to IO Fencing by ACPI driver due to failure of resource(%1) activation failed. */
  'activationIoFencingFailed': [_1: Said];
  /** System panic by sysrq is requested since deactivating resource(%1) failed. */
  'deactivationSysrqPanic': [_1: Said];
  /** System reset by keepalive driver is requested since deactivating resource(%1) failed. */
  'deactivationKeepaliveReset': [_1: Said];
  /** System panic by keepalive driver is requested since deactivating resource(%1) failed. */
  'deactivationKeepalivePanic': [_1: Said];
  /** System reset by BMC is requested since deactivating resource(%1) failed. */
  'deactivationBmcReset': [_1: Said];
  /** System power down by BMC is requested since deactivating resource(%1) failed. */
  'deactivationBmcPowerOff': [_1: Said];
  /** System power cycle by BMC is requested since deactivating resource(%1) failed. */
  'deactivationBmcPowerCycle': [_1: Said];
  /** Sending NMI by BMC is requested since deactivating resource(%1) failed. */
  'deactivationBmcNmi': [_1: Said];
  /** IO Fencing by ACPI driver is requested since deactivating resource(%1) failed. */
  'deactivationIoFencing': [_1: Said];
  /** An attempt to panic system by sysrq due to failure of resource(%1) deactivation failed. */
  'deactivationSysrqPanicFailed': [_1: Said];
  /** An attempt to reset system by keepalive driver due to failure of resource(%1) deactivation failed. */
  'deactivationKeepaliveResetFailed': [_1: Said];
  /** An attempt to panic system by keepalive driver due to failure of resource(%1) deactivation failed. */
  'deactivationKeepalivePanicFailed': [_1: Said];
  /** An attempt to reset system by BMC due to failure of resource(%1) deactivation failed. */
  'deactivationBmcResetFailed': [_1: Said];
  /** An attempt to power down system by BMC due to failure of resource(%1) deactivation failed. */
  'deactivationBmcPowerOffFailed': [_1: Said];
  /** An attempt to power cycle system by BMC due to failure of resource(%1) deactivation failed. */
  'deactivationBmcPowerCycleFailed': [_1: Said];
  /** An attempt to send NMI by BMC due to failure of resource(%1) deactivation failed. */
  'deactivationBmcNmiFailed': [_1: Said];
  /** An attempt to IO Fencing by ACPI driver due to failure of resource(%1) deactivation failed. */
  'deactivationIoFencingFailed': [_1: Said];
  /** Group start has been cancelled because waiting for group %1 to start has failed. */
  'startWaitFailed': [_1: Said];
  /** System power down by BMC is requested. (destination server : %1) */
  'bmcOffOrdered': [_1: Said];
  /** System power cycle by BMC is requested. (destination server : %1) */
  'bmcCycleOrdered': [_1: Said];
  /** System reset by BMC is requested.  (destination server : %1) */
  'bmcResetOrdered': [_1: Said];
  /** Sending NMI by BMC is requested.  (destination server : %1) */
  'bmcNmiOrdered': [_1: Said];
  /** Forced stop of virtual machine is requested. (destination server : %1) */
  'machineStopOrdered': [_1: Said];
  /** Script for forced stop has started. */
  'stopScriptStarted': [];
  /** Script for forced stop has completed. */
  'stopScriptEnded': [];
  /** An attempt to power down system by BMC failed. (destination server : %1) */
  'bmcOffFailed': [_1: Said];
  /** An attempt to power cycle system by BMC failed. (destination server : %1) */
  'bmcCycleFailed': [_1: Said];
  /** An attempt to reset system by BMC failed. (destination server : %1) */
  'bmcResetFailed': [_1: Said];
  /** An attempt to send NMI by BMC failed. (destination server : %1) */
  'bmcNmiFailed': [_1: Said];
  /** An attempt to force stop virtual machine failed. (destination server : %1) */
  'machineStopFailed': [_1: Said];
  /** Script for forced stop has failed. (%1) */
  'stopScriptFailed': [_1: Said];
  /** Waiting for group %1 to stop has failed. However, group stop continues. */
  'stopWaitFailed': [_1: Said];
  /** Since server %1 is specified as that which suppresses shutdown at both-system activation detection, it ignored the shutdown request. */
  'doubleRunIgnored': [_1: Said];
  /** Since server %1 is not specified as that which suppresses shutdown at both-system activation detection, it executed the shutdown request. */
  'doubleRunHeeded': [_1: Said];
  /** Ignored the automatic start of groups because automatic group startup is disabled. */
  'autoStartupOff': [];
  /** Ignored the recovery action in resource activation because recovery action caused by group resource activation error is disabled. */
  'activationRecoveryOff': [];
  /** Ignored the recovery action in resource deactivation because recovery action caused by group resource deactivation error is disabled. */
  'deactivationRecoveryOff': [];
  /** Monitoring %1 has started. */
  'monitorStart': [_1: Said];
  /** Monitoring %1 has stopped. */
  'monitorStop': [_1: Said];
  /** %1 is not monitored by this server. */
  'monitorUnused': [_1: Said];
  /** Warn monitoring %1. (%2 : %3) */
  'monitorWarn': [_1: Said, _2: Said, _3: Said];
  /** Detected an error in monitoring %1. (%2 : %3) */
  'monitorFailed': [_1: Said, _2: Said, _3: Said];
  /** Recovery target %1 has restarted because an error was detected in monitoring %2. */
  'restartedFor': [_1: Said, _2: Said];
  /** Recovery target %1 failed over because an error was detected in monitoring %2. */
  'failedOverFor': [_1: Said, _2: Said];
  /** Stopping the cluster has been required because an error was detected in monitoring %1. */
  'stopFor': [_1: Said];
  /** Stopping the system has been required because an error was detected in monitoring %1. */
  'haltFor': [_1: Said];
  /** Rebooting the system has been required because an error was detected in monitoring %1. */
  'rebootFor': [_1: Said];
  /** Attempted to restart the recovery target %1 due to the error detected in monitoring %2, but failed. */
  'restartForFailed': [_1: Said, _2: Said];
  /** Attempted to fail over %1 due to the error detected in monitoring %2, but failed. */
  'failoverForFailed': [_1: Said, _2: Said];
  /** Recovery will not be executed since the recovery target %1 is not active. */
  'notOnline': [_1: Said];
  /** %1 status changed from error to normal. */
  'monitorNormal': [_1: Said];
  /** Monitoring %1 was suspended. */
  'oneMonitorSuspended': [_1: Said];
  /** Monitoring %1 was resumed. */
  'oneMonitorResumed': [_1: Said];
  /** All monitors were suspended. */
  'allMonitorsSuspended': [];
  /** All monitors were resumed. */
  'allMonitorsResumed': [];
  /** System panic by sysrq has been required because an error was detected in monitoring %1. */
  'monitorSysrqPanic': [_1: Said];
  /** Attempted to panic system by sysrq due to the error detected in monitoring %1, but failed. */
  'monitorSysrqPanicFailed': [_1: Said];
  /** System reset by keepalive driver has been required because an error was detected in monitoring %1. */
  'monitorKeepaliveReset': [_1: Said];
  /** Attempted to reset system by keepalive driver  due to the error detected in monitoring %1, but failed. */
  'monitorKeepaliveResetFailed': [_1: Said];
  /** System panic by keepalive driver has been required because an error was detected in monitoring %1. */
  'monitorKeepalivePanic': [_1: Said];
  /** Attempted to panic system by keepalive driver  due to the error detected in monitoring %1, but failed. */
  'monitorKeepalivePanicFailed': [_1: Said];
  /** System reset by BMC has been required because an error was detected in monitoring %1. */
  'monitorBmcReset': [_1: Said];
  /** Attempted to reset system by BMC due to the error detected in monitoring %1, but failed. */
  'monitorBmcResetFailed': [_1: Said];
  /** System power down by BMC has been required because an error was detected in monitoring %1. */
  'monitorBmcPowerOff': [_1: Said];
  /** Attempted to power down system by BMC due to the error detected in monitoring %1, but failed. */
  'monitorBmcPowerOffFailed': [_1: Said];
  /** System power cycle by BMC has been required because an error was detected in monitoring %1. */
  'monitorBmcPowerCycle': [_1: Said];
  /** Attempted to power cycle system by BMC due to the error detected in monitoring %1, but failed. */
  'monitorBmcPowerCycleFailed': [_1: Said];
  /** NMI send by BMC has been required because an error was detected in monitoring %1. */
  'monitorBmcNmi': [_1: Said];
  /** Attempted to send NMI by BMC due to the error detected in monitoring %1, but failed. */
  'monitorBmcNmiFailed': [_1: Said];
  /** %1 status changed from warning to normal. */
  'warningOver': [_1: Said];
  /** Stopping the cluster is required since license (%1) is invalid. */
  'licenceStop': [_1: Said];
  /** Detected a monitor delay in monitoring %1. (timeout=%2*%3 actual-time=%4 delay warning rate=%5) */
  'checkDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said];
  /** Script before %1 upon failure in monitor resource %2 completed. */
  'beforeActionDone': [_1: Said, _2: Said];
  /** Script before %1 upon failure in monitor resource %2 failed. */
  'beforeActionFailed': [_1: Said, _2: Said];
  /** Restart count exceeded the maximum of %1. Final action of monitoring %2 will not be executed. */
  'monitorRebootsExceeded': [_1: Said, _2: Said];
  /** The collecting of detailed information triggered by monitor resource %1 error has been started (timeout=%2). */
  'collectionBegun': [_1: Said, _2: Said];
  /** The collection of detailed information triggered by monitor resource %1 error has been completed. */
  'collectionEnded': [_1: Said];
  /** The collection of detailed information triggered by monitor resource %1 error has been failed (%2). */
  'collectionFailed': [_1: Said, _2: Said];
  /** Recovery script has been executed since an error was detected in monitoring %1. */
  'recoveryScriptDone': [_1: Said];
  /** An attempt was made to execute the recovery script due to a %1 monitoring failure, but failed. */
  'recoveryScriptFailed': [_1: Said];
  /** Dummy Failure of monitor resource %1 is enabled. */
  'dummyFailureOn': [_1: Said];
  /** Dummy Failure of monitor resource %1 is disabled. */
  'dummyFailureOff': [_1: Said];
  /** Dummy Failure of all monitor will be enabled. */
  'allDummyFailuresOn': [];
  /** Dummy Failure of all monitor will be disabled. */
  'allDummyFailuresOff': [];
  /** An attempt was made to enable Dummy Failure of monitor resource %1, but failed. */
  'dummyFailureNotOn': [_1: Said];
  /** An attempt was made to disable Dummy Failure of monitor resource %1, but failed. */
  'dummyFailureNotOff': [_1: Said];
  /** Ignored the recovery action in monitoring %1 because recovery action caused by monitor resource error is disabled. */
  'monitorRecoveryIgnored': [_1: Said];
  /** IO Fencing by ACPI driver has been required because an error was detected in monitoring %1. */
  'monitorIoFencing': [_1: Said];
  /** Attempted to IO Fencing by ACPI driver due to the error detected in monitoring %1, but failed. */
  'monitorIoFencingFailed': [_1: Said];
  /** There was a notification from external (IP=%1), but it was denied. */
  'notificationDenied': [_1: Said];
  /** There was a notification (%1) from external (IP=%2). */
  'notified': [_1: Said, _2: Said];
  /** Action (%1) has been completed. */
  'requestedActionDone': [_1: Said];
  /** Attempted to execute action (%1), but it failed. */
  'requestedActionFailed': [_1: Said];
  /** The system will be shutdown because cluster resume was failed. */
  'resumeFailed': [];
  /** An attempt to shutdown the system failed. */
  'haltFailed': [];
  /** Starting a dynamic adding resource %1. */
  'addedStarting': [_1: Said];
  /** A dynamic adding resource %1 has been started. */
  'addedStarted': [_1: Said];
  /** Failed to a dynamic adding resource %1. */
  'addedFailed': [_1: Said];
  /** Server %1 is not in a condition to start a dynamic adding resource %2. */
  'addedNotStarted': [_1: Said, _2: Said];
  /** Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6) */
  'lanhbDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said, _6: Said];
  /** Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6) */
  'lankhbDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said, _6: Said];
  /** Device(%1) of resource(%2) does not exist. */
  'diskhbMissing': [_1: Said, _2: Said];
  /** Device(%1) of resource(%2) is not a block device. */
  'diskhbNotBlock': [_1: Said, _2: Said];
  /** File system exists on device(%1) of resource(%2). */
  'diskhbFileSystem': [_1: Said, _2: Said];
  /** Resource %1 recovered from initialization error. */
  'diskhbRecovered': [_1: Said];
  /** Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6) */
  'diskhbDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said, _6: Said];
  /** Device (%1) does not exist. */
  'comhbMissing': [_1: Said];
  /** Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6) */
  'comhbDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said, _6: Said];
  /** Failed to initialize to BMC. */
  'bmchbNotInitialised': [];
  /** Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6) */
  'bmchbDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said, _6: Said];
  /** An error occurred when initializing monitored process %1. (status=%2) */
  'monitoredCannotStart': [_1: Said, _2: Said];
  /** Monitor target process %1  terminated abnormally. (status=%2) */
  'monitoredDied': [_1: Said, _2: Said];
  /** Monitor target process %1 will be restarted. */
  'monitoredRestarted': [_1: Said];
  /** System will be rebooted since monitor target process %1 terminated abnormally. */
  'rebootForProcess': [_1: Said];
  /** Failed to activate mirror disk. %1(Device:%2) */
  'mirrorNotActivated': [_1: Said, _2: Said];
  /** fsck to %1 has started. */
  'fsckStarted': [_1: Said];
  /** fsck to %1 was successful. */
  'fsckEnded': [_1: Said];
  /** Failed to deactivate mirror disk. %1(Device:%2) */
  'mirrorNotDeactivated': [_1: Said, _2: Said];
  /** Failed to recover the mirror. %1(Device:%2) */
  'recoveryFailed': [_1: Said, _2: Said];
  /** Mirror recovery  of %1 was completed successfully. */
  'recoveryEnded': [_1: Said];
  /** Mirror recovery mode is %1.(Device:%2) */
  'recoveryMode': [_1: Said, _2: Said];
  /** Initial mirror recovery of %1 has started. */
  'constructionStarted': [_1: Said];
  /** Mirror recovery of %1 has started.(%2 bytes) */
  'recoveryStarted': [_1: Said, _2: Said];
  /** Initial mirror recovery of %1 was successful. */
  'constructionEnded': [_1: Said];
  /** Failed to perform initial mirror recovery. %1(Device:%2) */
  'constructionFailed': [_1: Said, _2: Said];
  /** Initial mirror recovery was not executed following the configuration. (Device:%1) */
  'constructionNotExecuted': [_1: Said];
  /** Mirror partition mkfs was executed. (Device:%1) */
  'mirrorFormatted': [_1: Said];
  /** Mirror partition mkfs was not executed following the configuration. (Device:%1) */
  'mirrorNotFormatted': [_1: Said];
  /** Forced mirror recovery was canceled. Execute the command "clpmdctrl --force" to resume the mirror recovery. (Device:%1) */
  'forcedRecoveryCancelled': [_1: Said];
  /** One of the servers is active, but NMP size of mirror disks are not the same. (Device:%1) */
  'mirrorSizesDiffer': [_1: Said];
  /** The NMP sizes of both servers' disks has been successfully synchronized.  (Device:%1) */
  'mirrorSizesSame': [_1: Said];
  /** Mirror recovery data has been successfully synchronized. NMP size synchronization has failed. (Device:%1) */
  'mirrorSizesStillDiffer': [_1: Said];
  /** Failed to isolate the mirror. %1(Device:%2) */
  'mirrorIsolationFailed': [_1: Said, _2: Said];
  /** Forced activation of the mirror failed. %1 (Device:%2) */
  'forcedActivationFailed': [_1: Said, _2: Said];
  /** Forced recovery of the mirror failed. %1(Device:%2) */
  'forcedRecoveryFailed': [_1: Said, _2: Said];
  /** Isolating the mirror %1 completed successfully. */
  'mirrorIsolated': [_1: Said];
  /** Mirror force active of %1 was completed successfully. */
  'forcedActivationEnded': [_1: Said];
  /** Forced recovery of the mirror %1 completed successfully. */
  'forcedRecoveryEnded': [_1: Said];
  /** Failed to write to cluster partition of hybrid disk(%1). */
  'hybridPartitionUnwritten': [_1: Said];
  /** Failed to read from cluster partition of hybrid disk(%1). */
  'hybridPartitionUnread': [_1: Said];
  /** Mirror recovery of %1 was canceled. */
  'recoveryCancelled': [_1: Said];
  /** Failed to cancel mirror recovery of %1. */
  'recoveryNotCancelled': [_1: Said];
  /** The Mirror Agent has started successfully. */
  'agentStarted': [];
  /** The Mirror Agent has stopped successfully. */
  'agentStopped': [];
  /** Extension of mirror disk %1 was succeeded. */
  'mirrorExtended': [_1: Said];
  /** Failed to extend mirror disk %1. */
  'mirrorNotExtended': [_1: Said];
  /** There was a request to start %1 from the %2. */
  'startRequested': [_1: Said, _2: Said];
  /** There was a request to stop %1 from the %2. */
  'stopRequested': [_1: Said, _2: Said];
  /** There was a request to suspend %1 from the %2. */
  'suspendRequested': [_1: Said, _2: Said];
  /** There was a request to resume %1 from the %2. */
  'resumeRequested': [_1: Said, _2: Said];
  /** A request to start %1 failed(%2). */
  'startRequestFailed': [_1: Said, _2: Said];
  /** A request to stop %1 failed(%2). */
  'stopRequestFailed': [_1: Said, _2: Said];
  /** A request to suspend %1 failed(%2). */
  'suspendRequestFailed': [_1: Said, _2: Said];
  /** A request to resume %1 failed(%2). */
  'resumeRequestFailed': [_1: Said, _2: Said];
  /** A request to %1 cluster failed on some servers(%2). */
  'requestFailedOnSome': [_1: Said, _2: Said];
  /** A request to start %1 failed on some servers(%2). */
  'startFailedOnSome': [_1: Said, _2: Said];
  /** A request to stop %1 failed on some servers(%2). */
  'stopFailedOnSome': [_1: Said, _2: Said];
  /** A request to stop %1 failed because cluster is running(%2). */
  'stopWhileRunning': [_1: Said, _2: Said];
  /** mail successed.(SMTP server: %1) */
  'mailSent': [_1: Said];
  /** There was a request to shutdown %1 from the %2. */
  'shutdownRequested': [_1: Said, _2: Said];
  /** There was a request to reboot %1 from the %2. */
  'rebootRequested': [_1: Said, _2: Said];
  /** A request to shutdown %1 failed(%2). */
  'shutdownRequestFailed': [_1: Said, _2: Said];
  /** A request to reboot %1 failed(%2). */
  'rebootRequestFailed': [_1: Said, _2: Said];
  /** Detected a monitor delay in monitoring %1. (timeout=%2*%3 actual-time=%4 delay warning rate=%5) */
  'vipwDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said];
  /** Detected a monitor delay in monitoring %1. (timeout=%2*%3 actual-time=%4 delay warning rate=%5) */
  'ddnswDelayed': [_1: Said, _2: Said, _3: Said, _4: Said, _5: Said];
  /** The cluster configuration data has been uploaded by %1. */
  'configurationUploaded': [_1: Said];
  /** The number of licenses is %1. (Product name:%2) */
  'licenceCount': [_1: Said, _2: Said];
  /** The trial license is valid until %1. (Product name:%2) */
  'licenceTrial': [_1: Said, _2: Said];
  /** The number of licenses is insufficient. The number of insufficient licenses is %1. (Product name:%2) */
  'licenceShort': [_1: Said, _2: Said];
  /** The license is not registered. (Product name:%1) */
  'licenceNone': [_1: Said];
  /** The trial license has expired in %1. (Product name:%2) */
  'licenceEnded': [_1: Said, _2: Said];
  /** The registered license is unknown. (Product name:%1) */
  'licenceUnknown': [_1: Said];
  /** The trial license is valid from %1. (Product name:%2) */
  'licenceEarly': [_1: Said, _2: Said];
  /** The fixed term license is valid until %1. (Product name:%2) */
  'licenceFixed': [_1: Said, _2: Said];
  /** The fixed term license has expired in %1. (Product name:%2) */
  'licenceFixedEnded': [_1: Said, _2: Said];
  /** NMP%1 com port is closed, exit. */
  'driverPortClosed': [_1: Said];
  /** NMP(%1):mirror break occurred, recovery failed. */
  'driverRecoveryBroken': [_1: Said];
  /** NMP%1 open I/O port OK */
  'driverDeviceOpened': [_1: Said];
  /** NMP%1 close I/O port OK. */
  'driverDeviceClosed': [_1: Said];
  /** NMP%1 I/O port was closed, mount(%2), io(%3) */
  'driverDeviceClosedEarly': [_1: Said, _2: Said, _3: Said];
  /** warning!! NMP%1 disk I/O error, system will reboot. */
  'driverDiskError': [_1: Said];
  /** ERROR:MOUNT PORT is opened */
  'driverMountOpen': [];
  /** ERROR:NMP%1 is busy. */
  'driverBusy': [_1: Said];
  /** The daemon's facts cannot be written (%1). */
  'factsUnwritten': [_1: Said];
  /** Power of server %1 is off (forced stop). */
  'fenced': [_1: Said];
  /** Forced stop of server %1 failed (%2); its groups wait. Make sure that it is off, then clpgrp -s. */
  'fenceFailed': [_1: Said, _2: Said];
  /** The power of server %1 could not be cut now (%2): a forced stop would fail. */
  'controllerSilent': [_1: Said, _2: Said];
  /** The power of server %1 could be cut again. */
  'controllerAnswers': [_1: Said];
  /** This server holds the management IP address %1. */
  'managementTaken': [_1: Said];
  /** This server has let go of the management IP address %1. */
  'managementLet': [_1: Said];
  /** This server cannot take the management IP address %1 (%2); it tries again. */
  'managementRefused': [_1: Said, _2: Said];
  /** Group %1 waits: nothing proves that the active side of its mirror stopped first (%2). Start the other server; or make sure that it is off, force the mirror (clpmdctrl --force) and start the group (clpgrp -s %1). */
  'mirrorBlocked': [_1: Said, _2: Said];
  /** Group %1 waits: %2 was not heard since this server started, and nothing says that it is off. Mend the network or switch it off; or make sure that it runs nothing and start the group (clpgrp -s %1). */
  'startWaits': [_1: Said, _2: Said];
  /** Waiting for the other servers for %1 s (clpbwctrl -c ends it). */
  'startupWait': [_1: Said];
  /** No recovery for %1: recovery is switched off. */
  'recoveryHeld': [_1: Said];
  /** The power of %1 is cut. */
  'powerCut': [_1: Said];
  /** %1 is reset: %2. */
  'serverReset': [_1: Said, _2: Said];
  /** %1 stalls in its shutdown since %2 ms: %3. */
  'shutdownStalled': [_1: Said, _2: Said, _3: Said];
  /** Disk %1 of %2 is replaced: %3. */
  'diskReplaced': [_1: Said, _2: Said, _3: Said];
  /** Disk %1 (%2) fails: %3. */
  'diskFailed': [_1: Said, _2: Said, _3: Said];
  /** %1 is held by %2 and by %3. */
  'addressHeldTwice': [_1: Said, _2: Said, _3: Said];
  /** ending every process failed: %1 */
  'endingFailed': [_1: Said];
  /** making disk %1 failed: %2 */
  'makingDiskFailed': [_1: Said, _2: Said];
  /** The image %1 is made of the disks of %2. */
  'imageMade': [_1: Said, _2: Said];
  /** The disks of %1 are restored from the image %2. */
  'imageRestored': [_1: Said, _2: Said];
  /** copying disk %1 failed: %2 */
  'copyingDiskFailed': [_1: Said, _2: Said];
  /** BREAK-GLASS by %1 until %2: %3 */
  'glassBroken': [_1: Said, _2: Said, _3: Said];
  /** starting %1 failed: %2 */
  'startingFailed': [_1: Said, _2: Said];
  /** %1 is not started: %2 does not run. */
  'serviceNotStarted': [_1: Said, _2: Said];
  /** Nothing was collected for the investigation of %1 %2: %3. */
  'investigationFailed': [_1: Said, _2: Said, _3: Said];
  /** Another machine is in the place of %1: %2. */
  'serverReplaced': [_1: Said, _2: Said];
  /** making the system of %1 failed: %2 */
  'makingSystemFailed': [_1: Said, _2: Said];
  /** Disk %1 of %2 is added: %3. */
  'diskAdded': [_1: Said, _2: Said, _3: Said];
  /** %1: %2 */
  'mirrorNote': [_1: Said, _2: Said];
  /** %1: the host keeps no generation: %2 */
  'noGenerationKept': [_1: Said, _2: Said];
  /** %1: %2 is not offered: %3 */
  'deviceNotOffered': [_1: Said, _2: Said, _3: Said];
  /** The copy of %1 %2. */
  'restoredCopy': [_1: Said, _2: Said];
  /** %1: every block was compared with %2: equal. */
  'restoredEqual': [_1: Said, _2: Said];
  /** The restored copy of %1 differs from that of %2 in %3 of %4 blocks; name the server whose copy is right: clpmdctrl --force SERVER %1. */
  'restoredDiffers': [_1: Said, _2: Said, _3: Said, _4: Said];
  /** Mail server %1 does not take mail (%2). Events that are mailed stand here meanwhile. */
  'mailFailed': [_1: Said, _2: Said];
};
}

/** What the words of each failure are given. */
export interface FailureArguments {
  /** IP address did not exist. */
  'fip.notThere': [];
  /** This ip address was already used. IP=%1 */
  'fip.used': [_1: Said];
  /** Mount point was already mounted. (%1) */
  'disk.mounted': [_1: Said];
  /** Mount point was not mounted. (%1) */
  'disk.notMounted': [_1: Said];
  /** Mount point was invalid. (%1) */
  'disk.badPoint': [_1: Said];
  /** Max recover retry over. (%1, retry=%2) */
  'disk.retryOver': [_1: Said, _2: Said];
  /** Command failed. (%1, ret=%2) */
  'disk.command': [_1: Said, _2: Said];
  /** Termination code %1 was returned. */
  'exec.exited': [_1: Said];
  /** Command was not completed within %1 seconds. */
  'exec.tooLong': [_1: Said];
  /** Command was aborted. */
  'exec.aborted': [];
  /** Command was not found. (error=%1) */
  'exec.notFound': [_1: Said];
  /** Need to start mirror agent at first. */
  'md.noAgent': [];
  /** Mirror disk was not in config.(%1) */
  'md.notInConfig': [_1: Said];
  /** Failed to get cluster partition information. */
  'md.noPartition': [];
  /** The local server has not the latest data.(%1) */
  'md.notLatest': [_1: Said];
  /** Command failed. (%1) */
  'md.commandFailed': [_1: Said];
  /** Raw device was already bound. (%1) */
  'raw.bound': [_1: Said];
  /** Device was invalid. (%1) */
  'raw.badDevice': [_1: Said];
  /** Command failed. (%1, ret=%2) */
  'vxdg.command': [_1: Said, _2: Said];
  /** Mount point was already mounted. (%1) */
  'vxvol.mounted': [_1: Said];
  /** Mount point was not mounted. (%1) */
  'vxvol.notMounted': [_1: Said];
  /** Mount point was invalid. (%1) */
  'vxvol.badPoint': [_1: Said];
  /** Max recover retry over. (%1, retry=%2) */
  'vxvol.retryOver': [_1: Said, _2: Said];
  /** Command failed. (%1, ret=%2) */
  'vxvol.command': [_1: Said, _2: Said];
  /** Ping cannot reach. (ret=%1) IP=%2 */
  'ipw.unreachable': [_1: Said, _2: Said];
  /** Internal error. (status=%1) */
  'ipw.internal': [_1: Said];
  /** Ioctl was failed. (err=%1) Device=%2 */
  'diskw.ioctl': [_1: Said, _2: Said];
  /** Ioctl was failed by timeout. Device=%1 */
  'diskw.ioctlTimeout': [_1: Said];
  /** Open was failed. (err=%1) Device=%2 */
  'diskw.open': [_1: Said, _2: Said];
  /** Read was failed. (err=%1) Device=%2 */
  'diskw.read': [_1: Said, _2: Said];
  /** Read was failed by timeout. Device=%1 */
  'diskw.readTimeout': [_1: Said];
  /** Write was failed. (err=%1) Device=%2 */
  'diskw.write': [_1: Said, _2: Said];
  /** Write was failed by timeout. Device=%1 */
  'diskw.writeTimeout': [_1: Said];
  /** Internal error. (status=%1) */
  'diskw.internal': [_1: Said];
  /** Resource %1 was not found. */
  'pidw.notFound': [_1: Said];
  /** Device was invalid. Device=%1 */
  'raww.badDevice': [_1: Said];
  /** Open was failed by timeout. Device=%1 */
  'raww.openTimeout': [_1: Said];
  /** Read was failed. (err=%1) Device=%2 */
  'raww.read': [_1: Said, _2: Said];
  /** Read was failed by timeout. Device=%1 */
  'raww.readTimeout': [_1: Said];
  /** Already bound for other. Rawdevice=%1 Device=%2 */
  'raww.boundElsewhere': [_1: Said, _2: Said];
  /** Bind was failed. Rawdevice=%1 Device=%2 */
  'raww.unbound': [_1: Said, _2: Said];
  /** Internal error. (status=%1) */
  'raww.internal': [_1: Said];
  /** Need to start mirror agent at first. */
  'mdw.noAgent': [];
  /** Internal error[status=%1] */
  'mdw.internal': [_1: Said];
  /** Remote driver status is unknown. */
  'mdw.remoteUnknown': [];
  /** Local mirror disk status is unknown or not constructed.(%1) */
  'mdw.localUnknown': [_1: Said];
  /** Local mirror disk is abnormal. (%1) */
  'mdw.localAbnormal': [_1: Said];
  /** Remote mirror disk is abnormal.(%1) */
  'mdw.remoteAbnormal': [_1: Said];
  /** Both mirror disks are abnormal.(%1) */
  'mdw.bothAbnormal': [_1: Said];
  /** Mirror disk was activated on both servers.(%1) */
  'mdw.bothActive': [_1: Said];
  /** The recovery is in progress. (%1) */
  'mdw.recovering': [_1: Said];
  /** Need to start mirror agent at first. */
  'mdnw.noAgent': [];
  /** Internal error[status=%1] */
  'mdnw.internal': [_1: Said];
  /** Network was interrupted */
  'mdnw.interrupted': [];
  /** Command was failed. Command=%1 */
  'vxdw.failed': [_1: Said];
  /** Thread timeout. Command=%1 Timeout=%2 */
  'vxdw.tooLong': [_1: Said, _2: Said];
  /** Read was failed. (err=%1) Device=%2 */
  'vxvolw.read': [_1: Said, _2: Said];
  /** Read was failed by timeout. Device=%1 */
  'vxvolw.readTimeout': [_1: Said];
  /** stat was failed. (err=%1) Device=%2 */
  'vxvolw.stat': [_1: Said, _2: Said];
  /** Internal error. (status=%1) */
  'vxvolw.internal': [_1: Said];
  /** The local server hasn't the latest data. */
  'mdadmn.notLatest': [];
  /** Communication to the remote server failed. */
  'mdadmn.unreachable': [];
  /** The remote server is active. */
  'mdadmn.remoteActive': [];
  /** Mount operation failed. */
  'mdadmn.mountFailed': [];
  /** Umount operation failed. */
  'mdadmn.umountFailed': [];
  /** The recovery is in progress. */
  'mdadmn.recovering': [];
  /** The destination server is active. */
  'mdadmn.destinationActive': [];
  /** Can not judge the recovery direction. */
  'mdadmn.directionUnknown': [];
  /** The source server is abnormal. */
  'mdadmn.sourceAbnormal': [];
  /** Command failed. (%1, ret=%2) */
  'volmgr.command': [_1: Said, _2: Said];
  /** The name was not registered. (%1, status=%2) */
  'ddns.refused': [_1: Said, _2: Said];
  /** The volume group is not imported here. (%1) */
  'volmgrw.notHere': [_1: Said];
  /** The name does not stand for the address. (%1, IP=%2) */
  'ddnsw.wrong': [_1: Said, _2: Said];
  /** There is no such interface. (%1) */
  'miiw.unknown': [_1: Said];
  /** The interface has no link. (%1) */
  'miiw.down': [_1: Said];
  /** The processes could not be looked up. (%1) */
  'psw.internal': [_1: Said];
  /** The number of processes is out of range. (%1, count=%2) */
  'psw.count': [_1: Said, _2: Said];
  /** The monitors failed. (%1) */
  'mtw.failed': [_1: Said];
  /** Termination code %1 was returned. */
  'genw.exited': [_1: Said];
  /** Action %1 of agent %2 has failed. (%3) */
  'ocf.failed': [_1: Said, _2: Said, _3: Said];
  /** Agent %1 needs parameter %2. */
  'ocf.lacks': [_1: Said, _2: Said];
  /** What agent %1 would start is here already, and was not started by the cluster. (%2) */
  'ocf.stranger': [_1: Said, _2: Said];
  /** Agent %1 does not tell whether its resource runs here. (%2) */
  'ocf.unknown': [_1: Said, _2: Said];
  /** What agent %1 runs is not installed here. (%2) */
  'ocf.notInstalled': [_1: Said, _2: Said];
  /** Agent %1 said that it started, and did not. (%2) */
  'ocf.notStarted': [_1: Said, _2: Said];
  /** Agent %1 said that it stopped, and it is not known to be gone. (%2) */
  'ocf.notStopped': [_1: Said, _2: Said];
  /** %1 is no resource that an agent runs. */
  'ocfw.noResource': [_1: Said];
  /** Action monitor of agent %1 has failed. (%2) */
  'ocfw.failed': [_1: Said, _2: Said];
  /** Dummy failure. */
  'dummyFailure': [];
  /** command is timeout */
  'stalled': [];
  /** The activation was given up. */
  'givenUp': [];
  /** %1 (%2) */
  'refused': [_1: Said, _2: Said];
}

type Templates<Keys, Template> = { [K in keyof Keys]: Template };

export interface MessageTemplate {
  module: string;
  level: 'Info' | 'Warning' | 'Error';
  /** 0 for a line of the mirror driver, which has none. */
  id: number;
  /** As delivered. */
  to: readonly Destination[];
  text: string;
}

export interface FailureTemplate {
  /** 0 where none goes with it. */
  code: number;
  text: string;
}

export const MESSAGES: {
  [G in keyof MessageArguments]: Templates<MessageArguments[G], MessageTemplate>;
} = {
"v3": {
  "started": {
    "module": "pm",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Cluster daemon has started properly"
  },
  "shuttingDown": {
    "module": "pm",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Cluster daemon is shutting down"
  },
  "shutdownWatched": {
    "module": "pm",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Shutdown stall monitor has started"
  },
  "daemonBroken": {
    "module": "pm",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "Cluster daemon critical error has occurred."
  },
  "processDied": {
    "module": "pm",
    "level": "Error",
    "id": 20,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "%1 process exit abnormally."
  },
  "haltForStuck": {
    "module": "pm",
    "level": "Error",
    "id": 21,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Rc process exit with error status.(halting system)"
  },
  "processCannotStart": {
    "module": "pm",
    "level": "Error",
    "id": 22,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "%1 process initialize error has occurred(return code:%2)."
  },
  "halted": {
    "module": "pm",
    "level": "Info",
    "id": 23,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "system will be halted."
  },
  "daemonStopped": {
    "module": "pm",
    "level": "Info",
    "id": 24,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Cluster daemon will be stopped."
  },
  "rebooted": {
    "module": "pm",
    "level": "Info",
    "id": 25,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "system will be rebooted."
  },
  "haltAsked": {
    "module": "pm",
    "level": "Info",
    "id": 30,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to halt system from the %1."
  },
  "stopAsked": {
    "module": "pm",
    "level": "Info",
    "id": 31,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to stop cluster daemon from the %1"
  },
  "rebootAsked": {
    "module": "pm",
    "level": "Info",
    "id": 32,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to reboot system from the %1."
  },
  "restartAsked": {
    "module": "pm",
    "level": "Info",
    "id": 33,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to restart cluster daemon from the %1."
  },
  "resumeAsked": {
    "module": "pm",
    "level": "Info",
    "id": 34,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to resume cluster daemon from the %1."
  },
  "suspendAsked": {
    "module": "pm",
    "level": "Info",
    "id": 35,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to suspend cluster daemon from the %1."
  },
  "serverUp": {
    "module": "nm",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 up."
  },
  "serverDown": {
    "module": "nm",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "Server %1 down."
  },
  "beatUp": {
    "module": "nm",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Resource %1 of server %2 up."
  },
  "beatDown": {
    "module": "nm",
    "level": "Info",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Resource %1 of server %2 down."
  },
  "beatUnknown": {
    "module": "nm",
    "level": "Error",
    "id": 10,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "Resource %1 of server %2 unknown."
  },
  "beatProcessDied": {
    "module": "nm",
    "level": "Error",
    "id": 20,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "%1 process exit abnormally."
  },
  "beatProcessRestarted": {
    "module": "nm",
    "level": "Info",
    "id": 24,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 process will be restarted."
  },
  "groupStarting": {
    "module": "rc",
    "level": "Info",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The start processing of a group %1 started."
  },
  "groupStarted": {
    "module": "rc",
    "level": "Info",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The start processing of a group %1 ended."
  },
  "groupStartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 12,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The start processing of a group %1 failed."
  },
  "groupStopping": {
    "module": "rc",
    "level": "Info",
    "id": 20,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The stop processing of a group %1 started."
  },
  "groupStopped": {
    "module": "rc",
    "level": "Info",
    "id": 21,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The stop processing of a group %1 ended."
  },
  "groupStopFailed": {
    "module": "rc",
    "level": "Error",
    "id": 22,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The stop processing of a group %1 failed."
  },
  "resourceStarting": {
    "module": "rc",
    "level": "Info",
    "id": 30,
    "to": [
      "syslog"
    ],
    "text": "The start processing of a resource %1 started."
  },
  "resourceStarted": {
    "module": "rc",
    "level": "Info",
    "id": 31,
    "to": [
      "syslog"
    ],
    "text": "The start processing of a resource %1 ended."
  },
  "resourceStartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 32,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "The start processing of a resource %1 failed. (%2: %3)"
  },
  "resourceStopping": {
    "module": "rc",
    "level": "Info",
    "id": 40,
    "to": [
      "syslog"
    ],
    "text": "The stop processing of a resource %1 started."
  },
  "resourceStopped": {
    "module": "rc",
    "level": "Info",
    "id": 41,
    "to": [
      "syslog"
    ],
    "text": "The stop processing of a resource %1 ended."
  },
  "resourceStopFailed": {
    "module": "rc",
    "level": "Error",
    "id": 42,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "The stop processing of a resource %1 failed. (%2: %3)"
  },
  "moveStarting": {
    "module": "rc",
    "level": "Info",
    "id": 50,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The move processing of a group %1 started."
  },
  "moveEnded": {
    "module": "rc",
    "level": "Info",
    "id": 51,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The move processing of a group %1 ended."
  },
  "moveFailed": {
    "module": "rc",
    "level": "Error",
    "id": 52,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The move processing of a group %1 failed."
  },
  "failoverStarting": {
    "module": "rc",
    "level": "Info",
    "id": 60,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The failover processing of a group %1 started."
  },
  "failoverEnded": {
    "module": "rc",
    "level": "Info",
    "id": 61,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The failover processing of a group %1 ended."
  },
  "failoverFailed": {
    "module": "rc",
    "level": "Error",
    "id": 62,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The failover processing of a group %1 failed."
  },
  "restartStarting": {
    "module": "rc",
    "level": "Info",
    "id": 70,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restart processing of a group %1 started."
  },
  "restartEnded": {
    "module": "rc",
    "level": "Info",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restart processing of a group %1 ended."
  },
  "restartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 72,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restart processing of a group %1 failed."
  },
  "resourceRestarting": {
    "module": "rc",
    "level": "Info",
    "id": 80,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restart processing of a resource %1 started."
  },
  "resourceRestarted": {
    "module": "rc",
    "level": "Info",
    "id": 81,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restart processing of a resource %1 ended."
  },
  "resourceRestartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 82,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restart processing of a resource %1 failed."
  },
  "clusterShutdown": {
    "module": "rc",
    "level": "Info",
    "id": 90,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Shutdown the cluster."
  },
  "shutdownServer": {
    "module": "rc",
    "level": "Info",
    "id": 91,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Shutdown the server."
  },
  "groupOnTwo": {
    "module": "rc",
    "level": "Error",
    "id": 92,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "group %1 is started on more than one server."
  },
  "monitorStart": {
    "module": "rm",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitor %1 start."
  },
  "monitorStop": {
    "module": "rm",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitor %1 stop."
  },
  "monitorUnused": {
    "module": "rm",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitor %1 is not monitored in this server."
  },
  "monitorWarn": {
    "module": "rm",
    "level": "Warning",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitor %1 warn. (%2 : %3)"
  },
  "monitorFailed": {
    "module": "rm",
    "level": "Error",
    "id": 9,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "Monitor %1 failed. (%2 : %3)"
  },
  "restartedFor": {
    "module": "rm",
    "level": "Info",
    "id": 13,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 was restarted for failure in %2."
  },
  "failedOverFor": {
    "module": "rm",
    "level": "Info",
    "id": 14,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 was failover for failure in %2."
  },
  "stopFor": {
    "module": "rm",
    "level": "Info",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stop of cluster was required for failure in %1."
  },
  "haltFor": {
    "module": "rm",
    "level": "Info",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Halt of system was required for failure in %1."
  },
  "rebootFor": {
    "module": "rm",
    "level": "Info",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Reboot of system was required for failure in %1."
  },
  "restartForFailed": {
    "module": "rm",
    "level": "Error",
    "id": 19,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restart of %1 by the failure in %2 was not completed."
  },
  "failoverForFailed": {
    "module": "rm",
    "level": "Error",
    "id": 20,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failover of %1 by the failure in %2 was not completed."
  },
  "notOnline": {
    "module": "rm",
    "level": "Warning",
    "id": 25,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Not action because %1 is not online."
  },
  "monitorNormal": {
    "module": "rm",
    "level": "Info",
    "id": 26,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Status of %1 changed normally."
  },
  "licenceCount": {
    "module": "rm",
    "level": "Info",
    "id": 50,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The number of license is %1. (%2)"
  },
  "licenceTrial": {
    "module": "rm",
    "level": "Info",
    "id": 51,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Period of trial is till %1. (%2)"
  },
  "licenceShort": {
    "module": "rm",
    "level": "Warning",
    "id": 52,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license is insufficient. The number of insufficient is %1. (%2)"
  },
  "licenceNone": {
    "module": "rm",
    "level": "Error",
    "id": 53,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license is not registered. (%1)"
  },
  "licenceEnded": {
    "module": "rm",
    "level": "Error",
    "id": 54,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license of trial expired by %1. (%2)"
  },
  "licenceUnknown": {
    "module": "rm",
    "level": "Error",
    "id": 56,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license is unknown. (%1)"
  },
  "licenceStop": {
    "module": "rm",
    "level": "Error",
    "id": 57,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "Stop of cluster was required because license (%1) was invalid."
  },
  "licenceEarly": {
    "module": "rm",
    "level": "Error",
    "id": 59,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license of trial is valid from %1. (%2)"
  },
  "diskhbMissing": {
    "module": "diskhb",
    "level": "Error",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Device(%1) of resource(%2) is not exist."
  },
  "diskhbNotBlock": {
    "module": "diskhb",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Device(%1) of resource(%2) is not block device."
  },
  "comhbMissing": {
    "module": "comhb",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Device(%1) is not exist."
  },
  "monitoredCannotStart": {
    "module": "monp",
    "level": "Error",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 process initialize error has occurred. (status=%2)"
  },
  "monitoredDied": {
    "module": "monp",
    "level": "Error",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 process exit abnormally. (status=%2)"
  },
  "monitoredRestarted": {
    "module": "monp",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 process will be restarted."
  },
  "rebootForProcess": {
    "module": "monp",
    "level": "Info",
    "id": 8,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System will be rebooted for %1 process exit abnormally."
  },
  "agentStarted": {
    "module": "mdagent",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Agent has started successfully."
  },
  "agentStopped": {
    "module": "mdagent",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stop agent successfully."
  },
  "mirrorNotActivated": {
    "module": "mdadmn",
    "level": "Error",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to activate mirror disk.%1(Device:%2)"
  },
  "fsckStarted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Fsck has been started.(Device: %1)"
  },
  "fsckEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Disk has cleaned by fsck.(Device: %1)"
  },
  "mirrorNotDeactivated": {
    "module": "mdadmn",
    "level": "Error",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to deactivate mirror disk.%1(Device:%2)"
  },
  "recoveryFailed": {
    "module": "mdadmn",
    "level": "Error",
    "id": 5,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "Building of switch mirror disk finished abnormally.%1(Device:%2)"
  },
  "recoveryEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 6,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Building of switch mirror disk has finished successfully.(Device: %1)"
  },
  "recoveryMode": {
    "module": "mdadmn",
    "level": "Info",
    "id": 7,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Recovery mode is %1."
  },
  "fastSyncCount": {
    "module": "mdadmn",
    "level": "Info",
    "id": 8,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The number of license is %1. (%2)"
  },
  "fastSyncTrial": {
    "module": "mdadmn",
    "level": "Info",
    "id": 9,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Period of trial is till %1. (%2)"
  },
  "fastSyncShort": {
    "module": "mdadmn",
    "level": "Warning",
    "id": 13,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license is insufficient. The number of insufficient is %1. (%2)"
  },
  "fastSyncEnded": {
    "module": "mdadmn",
    "level": "Error",
    "id": 14,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license of trial expired by %1. (%2)"
  },
  "fastSyncEarly": {
    "module": "mdadmn",
    "level": "Error",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license of trial is valid from %1. (%2)"
  },
  "constructionStarted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Initial recovery of mirror disk started.(Device:%1)"
  },
  "recoveryStarted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Recovery started.(Device: %1)"
  },
  "constructionEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 18,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Initial recovery of mirror disk has finished successfully.(Device:%1)"
  },
  "constructionFailed": {
    "module": "mdadmn",
    "level": "Error",
    "id": 19,
    "to": [
      "alert",
      "syslog",
      "mail"
    ],
    "text": "Initial recovery of mirror disk finished abnormally.%1(Device:%2)"
  },
  "driverPortClosed": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 com port is closed, exit."
  },
  "driverRecoveryBroken": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP(%1):mirror break occurred, recovery failed."
  },
  "driverDeviceOpened": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 open I/O port OK"
  },
  "driverDeviceClosed": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 close I/O port OK."
  },
  "driverDeviceClosedEarly": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 I/O port was closed, mount(%2), io(%3)"
  },
  "driverDiskError": {
    "module": "liscal",
    "level": "Error",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "warning!! NMP%1 disk I/O error, system will reboot."
  },
  "driverMountOpen": {
    "module": "liscal",
    "level": "Error",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "ERROR:MOUNT PORT is opened"
  },
  "driverBusy": {
    "module": "liscal",
    "level": "Error",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "ERROR:NMP%1 is busy."
  },
  "factsUnwritten": {
    "module": "pm",
    "level": "Error",
    "id": 9001,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The daemon's facts cannot be written (%1)."
  },
  "fenced": {
    "module": "fence",
    "level": "Info",
    "id": 200,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Power of server %1 is off (forced stop)."
  },
  "fenceFailed": {
    "module": "fence",
    "level": "Error",
    "id": 201,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Forced stop of server %1 failed (%2); its groups wait. Make sure that it is off, then clpgrp -s."
  },
  "controllerSilent": {
    "module": "fence",
    "level": "Warning",
    "id": 202,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The power of server %1 could not be cut now (%2): a forced stop would fail."
  },
  "controllerAnswers": {
    "module": "fence",
    "level": "Info",
    "id": 203,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The power of server %1 could be cut again."
  },
  "managementTaken": {
    "module": "pm",
    "level": "Info",
    "id": 9005,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "This server holds the management IP address %1."
  },
  "managementLet": {
    "module": "pm",
    "level": "Info",
    "id": 9006,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "This server has let go of the management IP address %1."
  },
  "managementRefused": {
    "module": "pm",
    "level": "Warning",
    "id": 9007,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "This server cannot take the management IP address %1 (%2); it tries again."
  },
  "mirrorBlocked": {
    "module": "rc",
    "level": "Error",
    "id": 9002,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group %1 waits: nothing proves that the active side of its mirror stopped first (%2). Start the other server; or make sure that it is off, force the mirror (clpmdctrl --force) and start the group (clpgrp -s %1)."
  },
  "startWaits": {
    "module": "rc",
    "level": "Warning",
    "id": 9003,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group %1 waits: %2 was not heard since this server started, and nothing says that it is off. Mend the network or switch it off; or make sure that it runs nothing and start the group (clpgrp -s %1)."
  },
  "startupWait": {
    "module": "pm",
    "level": "Info",
    "id": 9003,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for the other servers for %1 s (clpbwctrl -c ends it)."
  },
  "recoveryHeld": {
    "module": "rm",
    "level": "Info",
    "id": 9004,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "No recovery for %1: recovery is switched off."
  },
  "powerCut": {
    "module": "host",
    "level": "Warning",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The power of %1 is cut."
  },
  "serverReset": {
    "module": "host",
    "level": "Error",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 is reset: %2."
  },
  "shutdownStalled": {
    "module": "host",
    "level": "Error",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 stalls in its shutdown since %2 ms: %3."
  },
  "diskReplaced": {
    "module": "host",
    "level": "Info",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Disk %1 of %2 is replaced: %3."
  },
  "diskFailed": {
    "module": "host",
    "level": "Error",
    "id": 5,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Disk %1 (%2) fails: %3."
  },
  "addressHeldTwice": {
    "module": "host",
    "level": "Warning",
    "id": 6,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 is held by %2 and by %3."
  },
  "endingFailed": {
    "module": "host",
    "level": "Error",
    "id": 7,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "ending every process failed: %1"
  },
  "makingDiskFailed": {
    "module": "host",
    "level": "Error",
    "id": 8,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "making disk %1 failed: %2"
  },
  "imageMade": {
    "module": "host",
    "level": "Info",
    "id": 9,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The image %1 is made of the disks of %2."
  },
  "imageRestored": {
    "module": "host",
    "level": "Info",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The disks of %1 are restored from the image %2."
  },
  "copyingDiskFailed": {
    "module": "host",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "copying disk %1 failed: %2"
  },
  "glassBroken": {
    "module": "host",
    "level": "Error",
    "id": 12,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "BREAK-GLASS by %1 until %2: %3"
  },
  "startingFailed": {
    "module": "host",
    "level": "Error",
    "id": 13,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "starting %1 failed: %2"
  },
  "serviceNotStarted": {
    "module": "host",
    "level": "Error",
    "id": 14,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 is not started: %2 does not run."
  },
  "investigationFailed": {
    "module": "host",
    "level": "Warning",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Nothing was collected for the investigation of %1 %2: %3."
  },
  "serverReplaced": {
    "module": "host",
    "level": "Info",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Another machine is in the place of %1: %2."
  },
  "makingSystemFailed": {
    "module": "host",
    "level": "Error",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "making the system of %1 failed: %2"
  },
  "diskAdded": {
    "module": "host",
    "level": "Info",
    "id": 18,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Disk %1 of %2 is added: %3."
  },
  "mirrorNote": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9001,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: %2"
  },
  "noGenerationKept": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9002,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: the host keeps no generation: %2"
  },
  "deviceNotOffered": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9003,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: %2 is not offered: %3"
  },
  "restoredCopy": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9004,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The copy of %1 %2."
  },
  "restoredEqual": {
    "module": "mdagent",
    "level": "Info",
    "id": 9005,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: every block was compared with %2: equal."
  },
  "restoredDiffers": {
    "module": "mdagent",
    "level": "Error",
    "id": 9006,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restored copy of %1 differs from that of %2 in %3 of %4 blocks; name the server whose copy is right: clpmdctrl --force SERVER %1."
  },
  "mailFailed": {
    "module": "mail",
    "level": "Warning",
    "id": 9001,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mail server %1 does not take mail (%2). Events that are mailed stand here meanwhile."
  }
},
"x5": {
  "started": {
    "module": "pm",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Starting the cluster daemon..."
  },
  "shuttingDown": {
    "module": "pm",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Shutting down the cluster daemon..."
  },
  "shutdownWatched": {
    "module": "pm",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Shutdown monitoring is started..."
  },
  "daemonBroken": {
    "module": "pm",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "A critical error occurred in the cluster daemon."
  },
  "processDied": {
    "module": "pm",
    "level": "Error",
    "id": 20,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Process %1 was terminated abnormally."
  },
  "haltForStuck": {
    "module": "pm",
    "level": "Error",
    "id": 21,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The system will be stopped because the cluster daemon process terminated abnormally."
  },
  "processCannotStart": {
    "module": "pm",
    "level": "Error",
    "id": 22,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "An error occurred when initializing process %1.(return code:%2)"
  },
  "halted": {
    "module": "pm",
    "level": "Info",
    "id": 23,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The system will be stopped."
  },
  "daemonStopped": {
    "module": "pm",
    "level": "Info",
    "id": 24,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The cluster daemon will be stopped."
  },
  "rebooted": {
    "module": "pm",
    "level": "Info",
    "id": 25,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The system will be rebooted."
  },
  "haltAsked": {
    "module": "pm",
    "level": "Info",
    "id": 30,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Received a request to stop the system from %1."
  },
  "stopAsked": {
    "module": "pm",
    "level": "Info",
    "id": 31,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Received a request to stop the cluster daemon from %1."
  },
  "rebootAsked": {
    "module": "pm",
    "level": "Info",
    "id": 32,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Received a request to reboot the system from %1."
  },
  "restartAsked": {
    "module": "pm",
    "level": "Info",
    "id": 33,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Received a request to restart the cluster daemon from %1."
  },
  "resumeAsked": {
    "module": "pm",
    "level": "Info",
    "id": 34,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Received a request to resume the cluster daemon from %1."
  },
  "suspendAsked": {
    "module": "pm",
    "level": "Info",
    "id": 35,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Received a request to suspend the cluster daemon from %1."
  },
  "serverUp": {
    "module": "nm",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 has started."
  },
  "serverDown": {
    "module": "nm",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Server %1 has been stopped."
  },
  "beatUp": {
    "module": "nm",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Resource %1 of server %2 has started."
  },
  "beatDown": {
    "module": "nm",
    "level": "Info",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Resource %1 of server %2 has stopped."
  },
  "waitBegun": {
    "module": "nm",
    "level": "Info",
    "id": 5,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for all servers to start."
  },
  "waitComplete": {
    "module": "nm",
    "level": "Info",
    "id": 6,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "All servers have started."
  },
  "waitOver": {
    "module": "nm",
    "level": "Info",
    "id": 7,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Timeout occurred during the wait for startup of all servers."
  },
  "waitOverUntalked": {
    "module": "nm",
    "level": "Error",
    "id": 8,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Timeout occurred during the wait for startup of all servers. (Cannot communicate with some servers.)"
  },
  "waitCancelled": {
    "module": "nm",
    "level": "Info",
    "id": 9,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for startup of all servers has been canceled."
  },
  "beatUnknown": {
    "module": "nm",
    "level": "Error",
    "id": 10,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Status of resource %1 of server %2 is unknown."
  },
  "beatProcessDied": {
    "module": "nm",
    "level": "Error",
    "id": 20,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Process %1 was terminated abnormally."
  },
  "beatProcessRestarted": {
    "module": "nm",
    "level": "Info",
    "id": 24,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Process %1 will be restarted."
  },
  "partitionedHalt": {
    "module": "nm",
    "level": "Error",
    "id": 30,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Network partition was detected. Shut down the server %1 to protect data."
  },
  "resolutionFailedHalt": {
    "module": "nm",
    "level": "Error",
    "id": 31,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An error occurred while confirming the network partition. Shut down the server %1."
  },
  "resourceNotStarted": {
    "module": "nm",
    "level": "Error",
    "id": 35,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to start the resource %1. Server name:%2"
  },
  "partitionNormal": {
    "module": "nm",
    "level": "Info",
    "id": 36,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The network partition %1 of the server %2 has been recovered to the normal status."
  },
  "partitionError": {
    "module": "nm",
    "level": "Error",
    "id": 37,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The network partition %1 of the server %2 has an error."
  },
  "partitionedStop": {
    "module": "nm",
    "level": "Error",
    "id": 40,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Network partition was detected.  Stop the cluster service on the server %1 to protect data."
  },
  "resolutionFailedStop": {
    "module": "nm",
    "level": "Error",
    "id": 41,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An error occurred while confirming the network partition. Stop the cluster service on the server %1."
  },
  "partitionedReboot": {
    "module": "nm",
    "level": "Error",
    "id": 42,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Network partition was detected.  Reboot the cluster service on the server %1 to protect data."
  },
  "partitionedAction": {
    "module": "nm",
    "level": "Error",
    "id": 43,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Network partition was detected.  Execute action(%1) on the server %2 to protect data."
  },
  "resolutionFailedReboot": {
    "module": "nm",
    "level": "Error",
    "id": 44,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An error occurred while confirming the network partition. Reboot the server %1."
  },
  "resolutionFailedAction": {
    "module": "nm",
    "level": "Error",
    "id": 45,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An error occurred while confirming the network partition. Execute action(%1) on the server %2."
  },
  "cannotTalk": {
    "module": "nm",
    "level": "Error",
    "id": 80,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Cannot communicate with server %1."
  },
  "talksAgain": {
    "module": "nm",
    "level": "Info",
    "id": 81,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Recovered from internal communication error with server %1."
  },
  "groupStarting": {
    "module": "rc",
    "level": "Info",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Activating group %1 has started."
  },
  "groupStarted": {
    "module": "rc",
    "level": "Info",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Activating group %1 has completed."
  },
  "groupStartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 12,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Activating group %1 has failed."
  },
  "startWaitBegun": {
    "module": "rc",
    "level": "Info",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for group %1 to start has started."
  },
  "startWaitEnded": {
    "module": "rc",
    "level": "Info",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for group %1 to start has been completed."
  },
  "startWaitTimedOut": {
    "module": "rc",
    "level": "Error",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group start has been cancelled because waiting for group %1 to start has timed out."
  },
  "groupStopping": {
    "module": "rc",
    "level": "Info",
    "id": 20,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stopping group %1 has started."
  },
  "groupStopped": {
    "module": "rc",
    "level": "Info",
    "id": 21,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stopping group %1 has completed."
  },
  "groupStopFailed": {
    "module": "rc",
    "level": "Error",
    "id": 22,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stopping group %1 has failed."
  },
  "notFitToStart": {
    "module": "rc",
    "level": "Warning",
    "id": 23,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 is not in a condition to start group %2."
  },
  "stopWaitBegun": {
    "module": "rc",
    "level": "Info",
    "id": 25,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for group %1 to stop has started."
  },
  "stopWaitEnded": {
    "module": "rc",
    "level": "Info",
    "id": 26,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for group %1 to stop has been completed."
  },
  "stopWaitTimedOut": {
    "module": "rc",
    "level": "Warning",
    "id": 28,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for group %1 to stop has timed out. However, group stop continues."
  },
  "resourceStarting": {
    "module": "rc",
    "level": "Info",
    "id": 30,
    "to": [
      "syslog"
    ],
    "text": "Activating %1 resource has started."
  },
  "resourceStarted": {
    "module": "rc",
    "level": "Info",
    "id": 31,
    "to": [
      "syslog"
    ],
    "text": "Activating %1 resource has completed."
  },
  "resourceStartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 32,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Activating %1 resource has failed.(%2 : %3)"
  },
  "remoteStartAsked": {
    "module": "rc",
    "level": "Info",
    "id": 33,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to activate %1 resource on server %2 has been started."
  },
  "remoteStartDone": {
    "module": "rc",
    "level": "Info",
    "id": 34,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to activate %1 resource on server %2 has been completed."
  },
  "remoteStartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 35,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to activate %1 resource on server %2 has been failed."
  },
  "resourceStopping": {
    "module": "rc",
    "level": "Info",
    "id": 40,
    "to": [
      "syslog"
    ],
    "text": "Stopping %1 resource has started."
  },
  "resourceStopped": {
    "module": "rc",
    "level": "Info",
    "id": 41,
    "to": [
      "syslog"
    ],
    "text": "Stopping %1 resource has completed."
  },
  "resourceStopFailed": {
    "module": "rc",
    "level": "Error",
    "id": 42,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Stopping %1 resource has failed.(%2 : %3)"
  },
  "remoteStopAsked": {
    "module": "rc",
    "level": "Info",
    "id": 44,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to stop %1 resource on server %2 has been started."
  },
  "remoteStopDone": {
    "module": "rc",
    "level": "Info",
    "id": 45,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to stop %1 resource on server %2 has been completed."
  },
  "remoteStopFailed": {
    "module": "rc",
    "level": "Error",
    "id": 46,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to stop %1 resource on server %2 has been failed."
  },
  "moveStarting": {
    "module": "rc",
    "level": "Info",
    "id": 50,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Moving group %1 has started."
  },
  "moveEnded": {
    "module": "rc",
    "level": "Info",
    "id": 51,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Moving group %1 has completed."
  },
  "moveFailed": {
    "module": "rc",
    "level": "Error",
    "id": 52,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Moving group %1 has failed."
  },
  "failoverStarting": {
    "module": "rc",
    "level": "Info",
    "id": 60,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failover group %1 has started."
  },
  "failoverEnded": {
    "module": "rc",
    "level": "Info",
    "id": 61,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failover group %1 has completed."
  },
  "failoverFailed": {
    "module": "rc",
    "level": "Error",
    "id": 62,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failover group %1 has failed."
  },
  "notInConditionToMove": {
    "module": "rc",
    "level": "Warning",
    "id": 63,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 is not in a condition to move group %2."
  },
  "destinationSet": {
    "module": "rc",
    "level": "Info",
    "id": 64,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 has been set as the destination for the group %2 (reason: %3)."
  },
  "noDestination": {
    "module": "rc",
    "level": "Error",
    "id": 65,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There is no appropriate destination for the group %1 (reason: %2)."
  },
  "notInConditionToStart": {
    "module": "rc",
    "level": "Warning",
    "id": 66,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 is not in a condition to start group %2 (reason: %3)."
  },
  "sameServerGroup": {
    "module": "rc",
    "level": "Info",
    "id": 67,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 in the same server group (%2) has been set as the destination for the group %3."
  },
  "otherServerGroup": {
    "module": "rc",
    "level": "Info",
    "id": 68,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 not in the same server group (%2) has been set as the destination for the group %3."
  },
  "noneInServerGroup": {
    "module": "rc",
    "level": "Warning",
    "id": 69,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Can not failover the group %1 because there is no appropriate destination in the same server group %2."
  },
  "restartStarting": {
    "module": "rc",
    "level": "Info",
    "id": 70,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restarting group %1 has started."
  },
  "restartEnded": {
    "module": "rc",
    "level": "Info",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restarting group %1 has completed."
  },
  "restartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 72,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restarting group %1 has failed."
  },
  "failbackStarting": {
    "module": "rc",
    "level": "Info",
    "id": 74,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failback group %1 has started."
  },
  "failbackEnded": {
    "module": "rc",
    "level": "Info",
    "id": 75,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failback group %1 has completed."
  },
  "failbackFailed": {
    "module": "rc",
    "level": "Error",
    "id": 76,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failback group %1 has failed."
  },
  "resourceRestarting": {
    "module": "rc",
    "level": "Info",
    "id": 80,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restarting resource %1 has started."
  },
  "resourceRestarted": {
    "module": "rc",
    "level": "Info",
    "id": 81,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restarting resource %1 has completed."
  },
  "resourceRestartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 82,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restarting resource %1 has failed."
  },
  "aloneStarting": {
    "module": "rc",
    "level": "Info",
    "id": 83,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Starting a single resource %1."
  },
  "aloneStarted": {
    "module": "rc",
    "level": "Info",
    "id": 84,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A single resource %1 has been started."
  },
  "aloneStartFailed": {
    "module": "rc",
    "level": "Error",
    "id": 85,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to start a single resource %1."
  },
  "notFitToStartOne": {
    "module": "rc",
    "level": "Warning",
    "id": 86,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 is not in a condition to start a single resource %2."
  },
  "aloneStopping": {
    "module": "rc",
    "level": "Info",
    "id": 87,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stopping a single resource %1."
  },
  "aloneStopped": {
    "module": "rc",
    "level": "Info",
    "id": 88,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A single resource %1 has been stopped."
  },
  "aloneStopFailed": {
    "module": "rc",
    "level": "Error",
    "id": 89,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to stop a single resource %1."
  },
  "clusterShutdown": {
    "module": "rc",
    "level": "Info",
    "id": 90,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "All the servers in the cluster were shut down."
  },
  "shutdownServer": {
    "module": "rc",
    "level": "Info",
    "id": 91,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The server was shut down."
  },
  "groupOnTwo": {
    "module": "rc",
    "level": "Error",
    "id": 92,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Group %1 has started on more than one server."
  },
  "resourceRebootsExceeded": {
    "module": "rc",
    "level": "Warning",
    "id": 100,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restart count exceeded the maximum value %1. Final action of resource %2 will not be executed."
  },
  "actionScriptStarted": {
    "module": "rc",
    "level": "Info",
    "id": 160,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script before final action upon %1 failure in resource %2 started."
  },
  "actionScriptEnded": {
    "module": "rc",
    "level": "Info",
    "id": 161,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script before final action upon %1 failure in resource %2 completed."
  },
  "aroundStarted": {
    "module": "rc",
    "level": "Info",
    "id": 162,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script %1 in resource %2 started"
  },
  "aroundEnded": {
    "module": "rc",
    "level": "Info",
    "id": 163,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script %1 in resource %2 completed"
  },
  "actionScriptFailed": {
    "module": "rc",
    "level": "Error",
    "id": 180,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script %1 before final action upon failure in resource %2 failed."
  },
  "aroundFailed": {
    "module": "rc",
    "level": "Error",
    "id": 181,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to execute script %1 in resource %2.(%3)"
  },
  "resourceTriedAgain": {
    "module": "rc",
    "level": "Info",
    "id": 200,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Resource(%1) will be reactivated since activating resource(%2) failed."
  },
  "groupGoesForFailure": {
    "module": "rc",
    "level": "Info",
    "id": 201,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group(%1) will be moved to server(%2) since activating  resource(%3) failed."
  },
  "groupStopsForFailure": {
    "module": "rc",
    "level": "Info",
    "id": 202,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group(%1) will be stopped since activating  resource(%2) failed."
  },
  "activationStopDaemon": {
    "module": "rc",
    "level": "Info",
    "id": 203,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Cluster daemon will be stopped since activating  resource(%1) failed."
  },
  "activationStopDaemonAndShutdown": {
    "module": "rc",
    "level": "Info",
    "id": 204,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System will be halted since activating resource(%1) failed."
  },
  "activationStopDaemonAndReboot": {
    "module": "rc",
    "level": "Info",
    "id": 205,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System will be rebooted since activating resource(%1) failed."
  },
  "resourceStopTriedAgain": {
    "module": "rc",
    "level": "Info",
    "id": 220,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Resource(%1) will be stopping again since stopping resource(%2) failed."
  },
  "deactivationStopDaemon": {
    "module": "rc",
    "level": "Info",
    "id": 223,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Cluster daemon will be stopped since stopping resource(%1) failed."
  },
  "deactivationStopDaemonAndShutdown": {
    "module": "rc",
    "level": "Info",
    "id": 224,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System will be halted since stopping resource(%1) failed."
  },
  "deactivationStopDaemonAndReboot": {
    "module": "rc",
    "level": "Info",
    "id": 225,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System will be rebooted since stopping resource(%1) failed."
  },
  "activationSysrqPanic": {
    "module": "rc",
    "level": "Info",
    "id": 240,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System panic by sysrq is requested since activating resource(%1) failed."
  },
  "activationKeepaliveReset": {
    "module": "rc",
    "level": "Info",
    "id": 241,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System reset by keepalive driver is requested since activating resource(%1) failed."
  },
  "activationKeepalivePanic": {
    "module": "rc",
    "level": "Info",
    "id": 242,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System panic by keepalive driver is requested since activating resource(%1) failed."
  },
  "activationBmcReset": {
    "module": "rc",
    "level": "Info",
    "id": 243,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System reset by BMC is requested since activating resource(%1) failed."
  },
  "activationBmcPowerOff": {
    "module": "rc",
    "level": "Info",
    "id": 244,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power down by BMC is requested since activating resource(%1) failed."
  },
  "activationBmcPowerCycle": {
    "module": "rc",
    "level": "Info",
    "id": 245,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power cycle by BMC is requested since activating resource(%1) failed."
  },
  "activationBmcNmi": {
    "module": "rc",
    "level": "Info",
    "id": 246,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "NMI send by BMC is requested since activating resource(%1) failed."
  },
  "activationIoFencing": {
    "module": "rc",
    "level": "Info",
    "id": 247,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "IO Fencing by ACPI driver is requested since activating resource(%1) failed."
  },
  "activationSysrqPanicFailed": {
    "module": "rc",
    "level": "Error",
    "id": 260,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to panic system by sysrq due to failure of resource(%1) activation failed."
  },
  "activationKeepaliveResetFailed": {
    "module": "rc",
    "level": "Error",
    "id": 261,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to reset system by keepalive driver due to failure of resource(%1) activation failed."
  },
  "activationKeepalivePanicFailed": {
    "module": "rc",
    "level": "Error",
    "id": 262,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to panic system by keepalive driver due to failure of resource(%1) activation failed."
  },
  "activationBmcResetFailed": {
    "module": "rc",
    "level": "Error",
    "id": 263,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to reset system by BMC due to failure of resource(%1) activation failed."
  },
  "activationBmcPowerOffFailed": {
    "module": "rc",
    "level": "Error",
    "id": 264,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to power down system by BMC due to failure of resource(%1) activation failed."
  },
  "activationBmcPowerCycleFailed": {
    "module": "rc",
    "level": "Error",
    "id": 265,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to power cycle system by BMC due to failure of resource(%1) activation failed."
  },
  "activationBmcNmiFailed": {
    "module": "rc",
    "level": "Error",
    "id": 266,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to send NMI by BMC due to failure of resource(%1) activation failed."
  },
  "activationIoFencingFailed": {
    "module": "rc",
    "level": "Error",
    "id": 267,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to IO Fencing by ACPI driver due to failure of resource(%1) activation failed."
  },
  "deactivationSysrqPanic": {
    "module": "rc",
    "level": "Info",
    "id": 280,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System panic by sysrq is requested since deactivating resource(%1) failed."
  },
  "deactivationKeepaliveReset": {
    "module": "rc",
    "level": "Info",
    "id": 281,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System reset by keepalive driver is requested since deactivating resource(%1) failed."
  },
  "deactivationKeepalivePanic": {
    "module": "rc",
    "level": "Info",
    "id": 282,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System panic by keepalive driver is requested since deactivating resource(%1) failed."
  },
  "deactivationBmcReset": {
    "module": "rc",
    "level": "Info",
    "id": 283,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System reset by BMC is requested since deactivating resource(%1) failed."
  },
  "deactivationBmcPowerOff": {
    "module": "rc",
    "level": "Info",
    "id": 284,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power down by BMC is requested since deactivating resource(%1) failed."
  },
  "deactivationBmcPowerCycle": {
    "module": "rc",
    "level": "Info",
    "id": 285,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power cycle by BMC is requested since deactivating resource(%1) failed."
  },
  "deactivationBmcNmi": {
    "module": "rc",
    "level": "Info",
    "id": 286,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Sending NMI by BMC is requested since deactivating resource(%1) failed."
  },
  "deactivationIoFencing": {
    "module": "rc",
    "level": "Info",
    "id": 287,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "IO Fencing by ACPI driver is requested since deactivating resource(%1) failed."
  },
  "deactivationSysrqPanicFailed": {
    "module": "rc",
    "level": "Error",
    "id": 300,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to panic system by sysrq due to failure of resource(%1) deactivation failed."
  },
  "deactivationKeepaliveResetFailed": {
    "module": "rc",
    "level": "Error",
    "id": 301,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to reset system by keepalive driver due to failure of resource(%1) deactivation failed."
  },
  "deactivationKeepalivePanicFailed": {
    "module": "rc",
    "level": "Error",
    "id": 302,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to panic system by keepalive driver due to failure of resource(%1) deactivation failed."
  },
  "deactivationBmcResetFailed": {
    "module": "rc",
    "level": "Error",
    "id": 303,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to reset system by BMC due to failure of resource(%1) deactivation failed."
  },
  "deactivationBmcPowerOffFailed": {
    "module": "rc",
    "level": "Error",
    "id": 304,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to power down system by BMC due to failure of resource(%1) deactivation failed."
  },
  "deactivationBmcPowerCycleFailed": {
    "module": "rc",
    "level": "Error",
    "id": 305,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to power cycle system by BMC due to failure of resource(%1) deactivation failed."
  },
  "deactivationBmcNmiFailed": {
    "module": "rc",
    "level": "Error",
    "id": 306,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to send NMI by BMC due to failure of resource(%1) deactivation failed."
  },
  "deactivationIoFencingFailed": {
    "module": "rc",
    "level": "Error",
    "id": 307,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to IO Fencing by ACPI driver due to failure of resource(%1) deactivation failed."
  },
  "startWaitFailed": {
    "module": "rc",
    "level": "Error",
    "id": 340,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group start has been cancelled because waiting for group %1 to start has failed."
  },
  "bmcOffOrdered": {
    "module": "rc",
    "level": "Info",
    "id": 400,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power down by BMC is requested. (destination server : %1)"
  },
  "bmcCycleOrdered": {
    "module": "rc",
    "level": "Info",
    "id": 401,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power cycle by BMC is requested. (destination server : %1)"
  },
  "bmcResetOrdered": {
    "module": "rc",
    "level": "Info",
    "id": 402,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System reset by BMC is requested.  (destination server : %1)"
  },
  "bmcNmiOrdered": {
    "module": "rc",
    "level": "Info",
    "id": 403,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Sending NMI by BMC is requested.  (destination server : %1)"
  },
  "machineStopOrdered": {
    "module": "rc",
    "level": "Info",
    "id": 410,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Forced stop of virtual machine is requested. (destination server : %1)"
  },
  "stopScriptStarted": {
    "module": "rc",
    "level": "Info",
    "id": 411,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script for forced stop has started."
  },
  "stopScriptEnded": {
    "module": "rc",
    "level": "Info",
    "id": 412,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script for forced stop has completed."
  },
  "bmcOffFailed": {
    "module": "rc",
    "level": "Error",
    "id": 420,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to power down system by BMC failed. (destination server : %1)"
  },
  "bmcCycleFailed": {
    "module": "rc",
    "level": "Error",
    "id": 421,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to power cycle system by BMC failed. (destination server : %1)"
  },
  "bmcResetFailed": {
    "module": "rc",
    "level": "Error",
    "id": 422,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to reset system by BMC failed. (destination server : %1)"
  },
  "bmcNmiFailed": {
    "module": "rc",
    "level": "Error",
    "id": 423,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to send NMI by BMC failed. (destination server : %1)"
  },
  "machineStopFailed": {
    "module": "rc",
    "level": "Error",
    "id": 430,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt to force stop virtual machine failed. (destination server : %1)"
  },
  "stopScriptFailed": {
    "module": "rc",
    "level": "Error",
    "id": 431,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script for forced stop has failed. (%1)"
  },
  "stopWaitFailed": {
    "module": "rc",
    "level": "Warning",
    "id": 441,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for group %1 to stop has failed. However, group stop continues."
  },
  "doubleRunIgnored": {
    "module": "rc",
    "level": "Warning",
    "id": 502,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Since server %1 is specified as that which suppresses shutdown at both-system activation detection, it ignored the shutdown request."
  },
  "doubleRunHeeded": {
    "module": "rc",
    "level": "Info",
    "id": 504,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Since server %1 is not specified as that which suppresses shutdown at both-system activation detection, it executed the shutdown request."
  },
  "autoStartupOff": {
    "module": "rc",
    "level": "Warning",
    "id": 511,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Ignored the automatic start of groups because automatic group startup is disabled."
  },
  "activationRecoveryOff": {
    "module": "rc",
    "level": "Warning",
    "id": 512,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Ignored the recovery action in resource activation because recovery action caused by group resource activation error is disabled."
  },
  "deactivationRecoveryOff": {
    "module": "rc",
    "level": "Warning",
    "id": 513,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Ignored the recovery action in resource deactivation because recovery action caused by group resource deactivation error is disabled."
  },
  "monitorStart": {
    "module": "rm",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitoring %1 has started."
  },
  "monitorStop": {
    "module": "rm",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitoring %1 has stopped."
  },
  "monitorUnused": {
    "module": "rm",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 is not monitored by this server."
  },
  "monitorWarn": {
    "module": "rm",
    "level": "Warning",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Warn monitoring %1. (%2 : %3)"
  },
  "monitorFailed": {
    "module": "rm",
    "level": "Error",
    "id": 9,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Detected an error in monitoring %1. (%2 : %3)"
  },
  "restartedFor": {
    "module": "rm",
    "level": "Info",
    "id": 13,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Recovery target %1 has restarted because an error was detected in monitoring %2."
  },
  "failedOverFor": {
    "module": "rm",
    "level": "Info",
    "id": 14,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Recovery target %1 failed over because an error was detected in monitoring %2."
  },
  "stopFor": {
    "module": "rm",
    "level": "Info",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stopping the cluster has been required because an error was detected in monitoring %1."
  },
  "haltFor": {
    "module": "rm",
    "level": "Info",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Stopping the system has been required because an error was detected in monitoring %1."
  },
  "rebootFor": {
    "module": "rm",
    "level": "Info",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Rebooting the system has been required because an error was detected in monitoring %1."
  },
  "restartForFailed": {
    "module": "rm",
    "level": "Error",
    "id": 19,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to restart the recovery target %1 due to the error detected in monitoring %2, but failed."
  },
  "failoverForFailed": {
    "module": "rm",
    "level": "Error",
    "id": 20,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to fail over %1 due to the error detected in monitoring %2, but failed."
  },
  "notOnline": {
    "module": "rm",
    "level": "Warning",
    "id": 25,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Recovery will not be executed since the recovery target %1 is not active."
  },
  "monitorNormal": {
    "module": "rm",
    "level": "Info",
    "id": 26,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 status changed from error to normal."
  },
  "oneMonitorSuspended": {
    "module": "rm",
    "level": "Info",
    "id": 29,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitoring %1 was suspended."
  },
  "oneMonitorResumed": {
    "module": "rm",
    "level": "Info",
    "id": 30,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitoring %1 was resumed."
  },
  "allMonitorsSuspended": {
    "module": "rm",
    "level": "Info",
    "id": 31,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "All monitors were suspended."
  },
  "allMonitorsResumed": {
    "module": "rm",
    "level": "Info",
    "id": 32,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "All monitors were resumed."
  },
  "monitorSysrqPanic": {
    "module": "rm",
    "level": "Info",
    "id": 35,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System panic by sysrq has been required because an error was detected in monitoring %1."
  },
  "monitorSysrqPanicFailed": {
    "module": "rm",
    "level": "Error",
    "id": 36,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to panic system by sysrq due to the error detected in monitoring %1, but failed."
  },
  "monitorKeepaliveReset": {
    "module": "rm",
    "level": "Info",
    "id": 37,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System reset by keepalive driver has been required because an error was detected in monitoring %1."
  },
  "monitorKeepaliveResetFailed": {
    "module": "rm",
    "level": "Error",
    "id": 38,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to reset system by keepalive driver  due to the error detected in monitoring %1, but failed."
  },
  "monitorKeepalivePanic": {
    "module": "rm",
    "level": "Info",
    "id": 39,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System panic by keepalive driver has been required because an error was detected in monitoring %1."
  },
  "monitorKeepalivePanicFailed": {
    "module": "rm",
    "level": "Error",
    "id": 40,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to panic system by keepalive driver  due to the error detected in monitoring %1, but failed."
  },
  "monitorBmcReset": {
    "module": "rm",
    "level": "Info",
    "id": 41,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System reset by BMC has been required because an error was detected in monitoring %1."
  },
  "monitorBmcResetFailed": {
    "module": "rm",
    "level": "Error",
    "id": 42,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to reset system by BMC due to the error detected in monitoring %1, but failed."
  },
  "monitorBmcPowerOff": {
    "module": "rm",
    "level": "Info",
    "id": 43,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power down by BMC has been required because an error was detected in monitoring %1."
  },
  "monitorBmcPowerOffFailed": {
    "module": "rm",
    "level": "Error",
    "id": 44,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to power down system by BMC due to the error detected in monitoring %1, but failed."
  },
  "monitorBmcPowerCycle": {
    "module": "rm",
    "level": "Info",
    "id": 45,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System power cycle by BMC has been required because an error was detected in monitoring %1."
  },
  "monitorBmcPowerCycleFailed": {
    "module": "rm",
    "level": "Error",
    "id": 46,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to power cycle system by BMC due to the error detected in monitoring %1, but failed."
  },
  "monitorBmcNmi": {
    "module": "rm",
    "level": "Info",
    "id": 47,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "NMI send by BMC has been required because an error was detected in monitoring %1."
  },
  "monitorBmcNmiFailed": {
    "module": "rm",
    "level": "Error",
    "id": 48,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to send NMI by BMC due to the error detected in monitoring %1, but failed."
  },
  "warningOver": {
    "module": "rm",
    "level": "Info",
    "id": 49,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 status changed from warning to normal."
  },
  "licenceStop": {
    "module": "rm",
    "level": "Error",
    "id": 57,
    "to": [
      "alert",
      "syslog",
      "mail",
      "snmp"
    ],
    "text": "Stopping the cluster is required since license (%1) is invalid."
  },
  "checkDelayed": {
    "module": "rm",
    "level": "Warning",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Detected a monitor delay in monitoring %1. (timeout=%2*%3 actual-time=%4 delay warning rate=%5)"
  },
  "beforeActionDone": {
    "module": "rm",
    "level": "Info",
    "id": 82,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script before %1 upon failure in monitor resource %2 completed."
  },
  "beforeActionFailed": {
    "module": "rm",
    "level": "Error",
    "id": 83,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Script before %1 upon failure in monitor resource %2 failed."
  },
  "monitorRebootsExceeded": {
    "module": "rm",
    "level": "Warning",
    "id": 100,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Restart count exceeded the maximum of %1. Final action of monitoring %2 will not be executed."
  },
  "collectionBegun": {
    "module": "rm",
    "level": "Info",
    "id": 130,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The collecting of detailed information triggered by monitor resource %1 error has been started (timeout=%2)."
  },
  "collectionEnded": {
    "module": "rm",
    "level": "Info",
    "id": 131,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The collection of detailed information triggered by monitor resource %1 error has been completed."
  },
  "collectionFailed": {
    "module": "rm",
    "level": "Warning",
    "id": 132,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The collection of detailed information triggered by monitor resource %1 error has been failed (%2)."
  },
  "recoveryScriptDone": {
    "module": "rm",
    "level": "Info",
    "id": 170,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Recovery script has been executed since an error was detected in monitoring %1."
  },
  "recoveryScriptFailed": {
    "module": "rm",
    "level": "Error",
    "id": 171,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt was made to execute the recovery script due to a %1 monitoring failure, but failed."
  },
  "dummyFailureOn": {
    "module": "rm",
    "level": "Info",
    "id": 180,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Dummy Failure of monitor resource %1 is enabled."
  },
  "dummyFailureOff": {
    "module": "rm",
    "level": "Info",
    "id": 181,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Dummy Failure of monitor resource %1 is disabled."
  },
  "allDummyFailuresOn": {
    "module": "rm",
    "level": "Info",
    "id": 182,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Dummy Failure of all monitor will be enabled."
  },
  "allDummyFailuresOff": {
    "module": "rm",
    "level": "Info",
    "id": 183,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Dummy Failure of all monitor will be disabled."
  },
  "dummyFailureNotOn": {
    "module": "rm",
    "level": "Warning",
    "id": 184,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt was made to enable Dummy Failure of monitor resource %1, but failed."
  },
  "dummyFailureNotOff": {
    "module": "rm",
    "level": "Warning",
    "id": 185,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An attempt was made to disable Dummy Failure of monitor resource %1, but failed."
  },
  "monitorRecoveryIgnored": {
    "module": "rm",
    "level": "Warning",
    "id": 192,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Ignored the recovery action in monitoring %1 because recovery action caused by monitor resource error is disabled."
  },
  "monitorIoFencing": {
    "module": "rm",
    "level": "Info",
    "id": 210,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "IO Fencing by ACPI driver has been required because an error was detected in monitoring %1."
  },
  "monitorIoFencingFailed": {
    "module": "rm",
    "level": "Error",
    "id": 211,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to IO Fencing by ACPI driver due to the error detected in monitoring %1, but failed."
  },
  "notificationDenied": {
    "module": "trnsv",
    "level": "Error",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a notification from external (IP=%1), but it was denied."
  },
  "notified": {
    "module": "trnsv",
    "level": "Info",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a notification (%1) from external (IP=%2)."
  },
  "requestedActionDone": {
    "module": "trnsv",
    "level": "Info",
    "id": 30,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Action (%1) has been completed."
  },
  "requestedActionFailed": {
    "module": "trnsv",
    "level": "Error",
    "id": 31,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Attempted to execute action (%1), but it failed."
  },
  "resumeFailed": {
    "module": "trnsv",
    "level": "Error",
    "id": 50,
    "to": [
      "syslog"
    ],
    "text": "The system will be shutdown because cluster resume was failed."
  },
  "haltFailed": {
    "module": "trnsv",
    "level": "Error",
    "id": 51,
    "to": [
      "syslog"
    ],
    "text": "An attempt to shutdown the system failed."
  },
  "addedStarting": {
    "module": "trnsv",
    "level": "Info",
    "id": 83,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Starting a dynamic adding resource %1."
  },
  "addedStarted": {
    "module": "trnsv",
    "level": "Info",
    "id": 84,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A dynamic adding resource %1 has been started."
  },
  "addedFailed": {
    "module": "trnsv",
    "level": "Error",
    "id": 85,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to a dynamic adding resource %1."
  },
  "addedNotStarted": {
    "module": "trnsv",
    "level": "Warning",
    "id": 86,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Server %1 is not in a condition to start a dynamic adding resource %2."
  },
  "lanhbDelayed": {
    "module": "lanhb",
    "level": "Warning",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6)"
  },
  "lankhbDelayed": {
    "module": "lankhb",
    "level": "Warning",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6)"
  },
  "diskhbMissing": {
    "module": "diskhb",
    "level": "Error",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Device(%1) of resource(%2) does not exist."
  },
  "diskhbNotBlock": {
    "module": "diskhb",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Device(%1) of resource(%2) is not a block device."
  },
  "diskhbFileSystem": {
    "module": "diskhb",
    "level": "Error",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "File system exists on device(%1) of resource(%2)."
  },
  "diskhbRecovered": {
    "module": "diskhb",
    "level": "Info",
    "id": 20,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Resource %1 recovered from initialization error."
  },
  "diskhbDelayed": {
    "module": "diskhb",
    "level": "Warning",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6)"
  },
  "comhbMissing": {
    "module": "comhb",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Device (%1) does not exist."
  },
  "comhbDelayed": {
    "module": "comhb",
    "level": "Warning",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6)"
  },
  "bmchbNotInitialised": {
    "module": "bmchb",
    "level": "Error",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to initialize to BMC."
  },
  "bmchbDelayed": {
    "module": "bmchb",
    "level": "Warning",
    "id": 71,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Heartbeats sent from HB resource %1 of server %2 are delayed.(timeout=%3*%4 actual-time=%5 delay warning rate=%6)"
  },
  "monitoredCannotStart": {
    "module": "monp",
    "level": "Error",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "An error occurred when initializing monitored process %1. (status=%2)"
  },
  "monitoredDied": {
    "module": "monp",
    "level": "Error",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitor target process %1  terminated abnormally. (status=%2)"
  },
  "monitoredRestarted": {
    "module": "monp",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Monitor target process %1 will be restarted."
  },
  "rebootForProcess": {
    "module": "monp",
    "level": "Info",
    "id": 8,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "System will be rebooted since monitor target process %1 terminated abnormally."
  },
  "mirrorNotActivated": {
    "module": "mdadmn",
    "level": "Error",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to activate mirror disk. %1(Device:%2)"
  },
  "fsckStarted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "fsck to %1 has started."
  },
  "fsckEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "fsck to %1 was successful."
  },
  "mirrorNotDeactivated": {
    "module": "mdadmn",
    "level": "Error",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to deactivate mirror disk. %1(Device:%2)"
  },
  "recoveryFailed": {
    "module": "mdadmn",
    "level": "Error",
    "id": 5,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to recover the mirror. %1(Device:%2)"
  },
  "recoveryEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 6,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror recovery  of %1 was completed successfully."
  },
  "recoveryMode": {
    "module": "mdadmn",
    "level": "Info",
    "id": 7,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror recovery mode is %1.(Device:%2)"
  },
  "constructionStarted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Initial mirror recovery of %1 has started."
  },
  "recoveryStarted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror recovery of %1 has started.(%2 bytes)"
  },
  "constructionEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 18,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Initial mirror recovery of %1 was successful."
  },
  "constructionFailed": {
    "module": "mdadmn",
    "level": "Error",
    "id": 19,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to perform initial mirror recovery. %1(Device:%2)"
  },
  "constructionNotExecuted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 20,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Initial mirror recovery was not executed following the configuration. (Device:%1)"
  },
  "mirrorFormatted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 21,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror partition mkfs was executed. (Device:%1)"
  },
  "mirrorNotFormatted": {
    "module": "mdadmn",
    "level": "Info",
    "id": 22,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror partition mkfs was not executed following the configuration. (Device:%1)"
  },
  "forcedRecoveryCancelled": {
    "module": "mdadmn",
    "level": "Info",
    "id": 23,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Forced mirror recovery was canceled. Execute the command \"clpmdctrl --force\" to resume the mirror recovery. (Device:%1)"
  },
  "mirrorSizesDiffer": {
    "module": "mdadmn",
    "level": "Warning",
    "id": 24,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "One of the servers is active, but NMP size of mirror disks are not the same. (Device:%1)"
  },
  "mirrorSizesSame": {
    "module": "mdadmn",
    "level": "Info",
    "id": 25,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The NMP sizes of both servers' disks has been successfully synchronized.  (Device:%1)"
  },
  "mirrorSizesStillDiffer": {
    "module": "mdadmn",
    "level": "Error",
    "id": 28,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror recovery data has been successfully synchronized. NMP size synchronization has failed. (Device:%1)"
  },
  "mirrorIsolationFailed": {
    "module": "mdadmn",
    "level": "Error",
    "id": 31,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to isolate the mirror. %1(Device:%2)"
  },
  "forcedActivationFailed": {
    "module": "mdadmn",
    "level": "Error",
    "id": 32,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Forced activation of the mirror failed. %1 (Device:%2)"
  },
  "forcedRecoveryFailed": {
    "module": "mdadmn",
    "level": "Error",
    "id": 33,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Forced recovery of the mirror failed. %1(Device:%2)"
  },
  "mirrorIsolated": {
    "module": "mdadmn",
    "level": "Info",
    "id": 34,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Isolating the mirror %1 completed successfully."
  },
  "forcedActivationEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 35,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror force active of %1 was completed successfully."
  },
  "forcedRecoveryEnded": {
    "module": "mdadmn",
    "level": "Info",
    "id": 36,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Forced recovery of the mirror %1 completed successfully."
  },
  "hybridPartitionUnwritten": {
    "module": "mdadmn",
    "level": "Info",
    "id": 40,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to write to cluster partition of hybrid disk(%1)."
  },
  "hybridPartitionUnread": {
    "module": "mdadmn",
    "level": "Info",
    "id": 42,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to read from cluster partition of hybrid disk(%1)."
  },
  "recoveryCancelled": {
    "module": "mdadmn",
    "level": "Info",
    "id": 44,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mirror recovery of %1 was canceled."
  },
  "recoveryNotCancelled": {
    "module": "mdadmn",
    "level": "Info",
    "id": 45,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to cancel mirror recovery of %1."
  },
  "agentStarted": {
    "module": "mdagent",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The Mirror Agent has started successfully."
  },
  "agentStopped": {
    "module": "mdagent",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The Mirror Agent has stopped successfully."
  },
  "mirrorExtended": {
    "module": "mdctrl",
    "level": "Info",
    "id": 50,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Extension of mirror disk %1 was succeeded."
  },
  "mirrorNotExtended": {
    "module": "mdctrl",
    "level": "Error",
    "id": 51,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Failed to extend mirror disk %1."
  },
  "startRequested": {
    "module": "cl",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to start %1 from the %2."
  },
  "stopRequested": {
    "module": "cl",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to stop %1 from the %2."
  },
  "suspendRequested": {
    "module": "cl",
    "level": "Info",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to suspend %1 from the %2."
  },
  "resumeRequested": {
    "module": "cl",
    "level": "Info",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to resume %1 from the %2."
  },
  "startRequestFailed": {
    "module": "cl",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to start %1 failed(%2)."
  },
  "stopRequestFailed": {
    "module": "cl",
    "level": "Error",
    "id": 12,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to stop %1 failed(%2)."
  },
  "suspendRequestFailed": {
    "module": "cl",
    "level": "Error",
    "id": 13,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to suspend %1 failed(%2)."
  },
  "resumeRequestFailed": {
    "module": "cl",
    "level": "Error",
    "id": 14,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to resume %1 failed(%2)."
  },
  "requestFailedOnSome": {
    "module": "cl",
    "level": "Error",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to %1 cluster failed on some servers(%2)."
  },
  "startFailedOnSome": {
    "module": "cl",
    "level": "Error",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to start %1 failed on some servers(%2)."
  },
  "stopFailedOnSome": {
    "module": "cl",
    "level": "Error",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to stop %1 failed on some servers(%2)."
  },
  "stopWhileRunning": {
    "module": "cl",
    "level": "Warning",
    "id": 21,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to stop %1 failed because cluster is running(%2)."
  },
  "mailSent": {
    "module": "mail",
    "level": "Info",
    "id": 6,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "mail successed.(SMTP server: %1)"
  },
  "shutdownRequested": {
    "module": "down",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to shutdown %1 from the %2."
  },
  "rebootRequested": {
    "module": "down",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "There was a request to reboot %1 from the %2."
  },
  "shutdownRequestFailed": {
    "module": "down",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to shutdown %1 failed(%2)."
  },
  "rebootRequestFailed": {
    "module": "down",
    "level": "Error",
    "id": 12,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "A request to reboot %1 failed(%2)."
  },
  "vipwDelayed": {
    "module": "vipw",
    "level": "Warning",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Detected a monitor delay in monitoring %1. (timeout=%2*%3 actual-time=%4 delay warning rate=%5)"
  },
  "ddnswDelayed": {
    "module": "ddnsw",
    "level": "Warning",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Detected a monitor delay in monitoring %1. (timeout=%2*%3 actual-time=%4 delay warning rate=%5)"
  },
  "configurationUploaded": {
    "module": "cfmgr",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The cluster configuration data has been uploaded by %1."
  },
  "licenceCount": {
    "module": "lcns",
    "level": "Info",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The number of licenses is %1. (Product name:%2)"
  },
  "licenceTrial": {
    "module": "lcns",
    "level": "Info",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The trial license is valid until %1. (Product name:%2)"
  },
  "licenceShort": {
    "module": "lcns",
    "level": "Warning",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The number of licenses is insufficient. The number of insufficient licenses is %1. (Product name:%2)"
  },
  "licenceNone": {
    "module": "lcns",
    "level": "Error",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The license is not registered. (Product name:%1)"
  },
  "licenceEnded": {
    "module": "lcns",
    "level": "Error",
    "id": 5,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The trial license has expired in %1. (Product name:%2)"
  },
  "licenceUnknown": {
    "module": "lcns",
    "level": "Error",
    "id": 7,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The registered license is unknown. (Product name:%1)"
  },
  "licenceEarly": {
    "module": "lcns",
    "level": "Error",
    "id": 8,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The trial license is valid from %1. (Product name:%2)"
  },
  "licenceFixed": {
    "module": "lcns",
    "level": "Info",
    "id": 9,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The fixed term license is valid until %1. (Product name:%2)"
  },
  "licenceFixedEnded": {
    "module": "lcns",
    "level": "Error",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The fixed term license has expired in %1. (Product name:%2)"
  },
  "driverPortClosed": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 com port is closed, exit."
  },
  "driverRecoveryBroken": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP(%1):mirror break occurred, recovery failed."
  },
  "driverDeviceOpened": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 open I/O port OK"
  },
  "driverDeviceClosed": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 close I/O port OK."
  },
  "driverDeviceClosedEarly": {
    "module": "liscal",
    "level": "Info",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "NMP%1 I/O port was closed, mount(%2), io(%3)"
  },
  "driverDiskError": {
    "module": "liscal",
    "level": "Error",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "warning!! NMP%1 disk I/O error, system will reboot."
  },
  "driverMountOpen": {
    "module": "liscal",
    "level": "Error",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "ERROR:MOUNT PORT is opened"
  },
  "driverBusy": {
    "module": "liscal",
    "level": "Error",
    "id": 0,
    "to": [
      "syslog"
    ],
    "text": "ERROR:NMP%1 is busy."
  },
  "factsUnwritten": {
    "module": "pm",
    "level": "Error",
    "id": 9001,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The daemon's facts cannot be written (%1)."
  },
  "fenced": {
    "module": "fence",
    "level": "Info",
    "id": 200,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Power of server %1 is off (forced stop)."
  },
  "fenceFailed": {
    "module": "fence",
    "level": "Error",
    "id": 201,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Forced stop of server %1 failed (%2); its groups wait. Make sure that it is off, then clpgrp -s."
  },
  "controllerSilent": {
    "module": "fence",
    "level": "Warning",
    "id": 202,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The power of server %1 could not be cut now (%2): a forced stop would fail."
  },
  "controllerAnswers": {
    "module": "fence",
    "level": "Info",
    "id": 203,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The power of server %1 could be cut again."
  },
  "managementTaken": {
    "module": "pm",
    "level": "Info",
    "id": 9005,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "This server holds the management IP address %1."
  },
  "managementLet": {
    "module": "pm",
    "level": "Info",
    "id": 9006,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "This server has let go of the management IP address %1."
  },
  "managementRefused": {
    "module": "pm",
    "level": "Warning",
    "id": 9007,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "This server cannot take the management IP address %1 (%2); it tries again."
  },
  "mirrorBlocked": {
    "module": "rc",
    "level": "Error",
    "id": 9002,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group %1 waits: nothing proves that the active side of its mirror stopped first (%2). Start the other server; or make sure that it is off, force the mirror (clpmdctrl --force) and start the group (clpgrp -s %1)."
  },
  "startWaits": {
    "module": "rc",
    "level": "Warning",
    "id": 9003,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Group %1 waits: %2 was not heard since this server started, and nothing says that it is off. Mend the network or switch it off; or make sure that it runs nothing and start the group (clpgrp -s %1)."
  },
  "startupWait": {
    "module": "pm",
    "level": "Info",
    "id": 9003,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Waiting for the other servers for %1 s (clpbwctrl -c ends it)."
  },
  "recoveryHeld": {
    "module": "rm",
    "level": "Info",
    "id": 9004,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "No recovery for %1: recovery is switched off."
  },
  "powerCut": {
    "module": "host",
    "level": "Warning",
    "id": 1,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The power of %1 is cut."
  },
  "serverReset": {
    "module": "host",
    "level": "Error",
    "id": 2,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 is reset: %2."
  },
  "shutdownStalled": {
    "module": "host",
    "level": "Error",
    "id": 3,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 stalls in its shutdown since %2 ms: %3."
  },
  "diskReplaced": {
    "module": "host",
    "level": "Info",
    "id": 4,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Disk %1 of %2 is replaced: %3."
  },
  "diskFailed": {
    "module": "host",
    "level": "Error",
    "id": 5,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Disk %1 (%2) fails: %3."
  },
  "addressHeldTwice": {
    "module": "host",
    "level": "Warning",
    "id": 6,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 is held by %2 and by %3."
  },
  "endingFailed": {
    "module": "host",
    "level": "Error",
    "id": 7,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "ending every process failed: %1"
  },
  "makingDiskFailed": {
    "module": "host",
    "level": "Error",
    "id": 8,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "making disk %1 failed: %2"
  },
  "imageMade": {
    "module": "host",
    "level": "Info",
    "id": 9,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The image %1 is made of the disks of %2."
  },
  "imageRestored": {
    "module": "host",
    "level": "Info",
    "id": 10,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The disks of %1 are restored from the image %2."
  },
  "copyingDiskFailed": {
    "module": "host",
    "level": "Error",
    "id": 11,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "copying disk %1 failed: %2"
  },
  "glassBroken": {
    "module": "host",
    "level": "Error",
    "id": 12,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "BREAK-GLASS by %1 until %2: %3"
  },
  "startingFailed": {
    "module": "host",
    "level": "Error",
    "id": 13,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "starting %1 failed: %2"
  },
  "serviceNotStarted": {
    "module": "host",
    "level": "Error",
    "id": 14,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1 is not started: %2 does not run."
  },
  "investigationFailed": {
    "module": "host",
    "level": "Warning",
    "id": 15,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Nothing was collected for the investigation of %1 %2: %3."
  },
  "serverReplaced": {
    "module": "host",
    "level": "Info",
    "id": 16,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Another machine is in the place of %1: %2."
  },
  "makingSystemFailed": {
    "module": "host",
    "level": "Error",
    "id": 17,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "making the system of %1 failed: %2"
  },
  "diskAdded": {
    "module": "host",
    "level": "Info",
    "id": 18,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Disk %1 of %2 is added: %3."
  },
  "mirrorNote": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9001,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: %2"
  },
  "noGenerationKept": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9002,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: the host keeps no generation: %2"
  },
  "deviceNotOffered": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9003,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: %2 is not offered: %3"
  },
  "restoredCopy": {
    "module": "mdagent",
    "level": "Warning",
    "id": 9004,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The copy of %1 %2."
  },
  "restoredEqual": {
    "module": "mdagent",
    "level": "Info",
    "id": 9005,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "%1: every block was compared with %2: equal."
  },
  "restoredDiffers": {
    "module": "mdagent",
    "level": "Error",
    "id": 9006,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "The restored copy of %1 differs from that of %2 in %3 of %4 blocks; name the server whose copy is right: clpmdctrl --force SERVER %1."
  },
  "mailFailed": {
    "module": "mail",
    "level": "Warning",
    "id": 9001,
    "to": [
      "alert",
      "syslog"
    ],
    "text": "Mail server %1 does not take mail (%2). Events that are mailed stand here meanwhile."
  }
},
};

export const FAILURES: Templates<FailureArguments, FailureTemplate> = {
  "fip.notThere": {
    "code": 14,
    "text": "IP address did not exist."
  },
  "fip.used": {
    "code": 15,
    "text": "This ip address was already used. IP=%1"
  },
  "disk.mounted": {
    "code": 1,
    "text": "Mount point was already mounted. (%1)"
  },
  "disk.notMounted": {
    "code": 1,
    "text": "Mount point was not mounted. (%1)"
  },
  "disk.badPoint": {
    "code": 1,
    "text": "Mount point was invalid. (%1)"
  },
  "disk.retryOver": {
    "code": 1,
    "text": "Max recover retry over. (%1, retry=%2)"
  },
  "disk.command": {
    "code": 1,
    "text": "Command failed. (%1, ret=%2)"
  },
  "exec.exited": {
    "code": 1,
    "text": "Termination code %1 was returned."
  },
  "exec.tooLong": {
    "code": 1,
    "text": "Command was not completed within %1 seconds."
  },
  "exec.aborted": {
    "code": 1,
    "text": "Command was aborted."
  },
  "exec.notFound": {
    "code": 1,
    "text": "Command was not found. (error=%1)"
  },
  "md.noAgent": {
    "code": 1,
    "text": "Need to start mirror agent at first."
  },
  "md.notInConfig": {
    "code": 77,
    "text": "Mirror disk was not in config.(%1)"
  },
  "md.noPartition": {
    "code": 79,
    "text": "Failed to get cluster partition information."
  },
  "md.notLatest": {
    "code": 81,
    "text": "The local server has not the latest data.(%1)"
  },
  "md.commandFailed": {
    "code": 89,
    "text": "Command failed. (%1)"
  },
  "raw.bound": {
    "code": 1,
    "text": "Raw device was already bound. (%1)"
  },
  "raw.badDevice": {
    "code": 1,
    "text": "Device was invalid. (%1)"
  },
  "vxdg.command": {
    "code": 1,
    "text": "Command failed. (%1, ret=%2)"
  },
  "vxvol.mounted": {
    "code": 1,
    "text": "Mount point was already mounted. (%1)"
  },
  "vxvol.notMounted": {
    "code": 1,
    "text": "Mount point was not mounted. (%1)"
  },
  "vxvol.badPoint": {
    "code": 1,
    "text": "Mount point was invalid. (%1)"
  },
  "vxvol.retryOver": {
    "code": 1,
    "text": "Max recover retry over. (%1, retry=%2)"
  },
  "vxvol.command": {
    "code": 1,
    "text": "Command failed. (%1, ret=%2)"
  },
  "ipw.unreachable": {
    "code": 1,
    "text": "Ping cannot reach. (ret=%1) IP=%2"
  },
  "ipw.internal": {
    "code": 6,
    "text": "Internal error. (status=%1)"
  },
  "diskw.ioctl": {
    "code": 12,
    "text": "Ioctl was failed. (err=%1) Device=%2"
  },
  "diskw.ioctlTimeout": {
    "code": 13,
    "text": "Ioctl was failed by timeout. Device=%1"
  },
  "diskw.open": {
    "code": 14,
    "text": "Open was failed. (err=%1) Device=%2"
  },
  "diskw.read": {
    "code": 16,
    "text": "Read was failed. (err=%1) Device=%2"
  },
  "diskw.readTimeout": {
    "code": 17,
    "text": "Read was failed by timeout. Device=%1"
  },
  "diskw.write": {
    "code": 18,
    "text": "Write was failed. (err=%1) Device=%2"
  },
  "diskw.writeTimeout": {
    "code": 19,
    "text": "Write was failed by timeout. Device=%1"
  },
  "diskw.internal": {
    "code": 22,
    "text": "Internal error. (status=%1)"
  },
  "pidw.notFound": {
    "code": 1,
    "text": "Resource %1 was not found."
  },
  "raww.badDevice": {
    "code": 12,
    "text": "Device was invalid. Device=%1"
  },
  "raww.openTimeout": {
    "code": 15,
    "text": "Open was failed by timeout. Device=%1"
  },
  "raww.read": {
    "code": 16,
    "text": "Read was failed. (err=%1) Device=%2"
  },
  "raww.readTimeout": {
    "code": 17,
    "text": "Read was failed by timeout. Device=%1"
  },
  "raww.boundElsewhere": {
    "code": 33,
    "text": "Already bound for other. Rawdevice=%1 Device=%2"
  },
  "raww.unbound": {
    "code": 36,
    "text": "Bind was failed. Rawdevice=%1 Device=%2"
  },
  "raww.internal": {
    "code": 1,
    "text": "Internal error. (status=%1)"
  },
  "mdw.noAgent": {
    "code": 1,
    "text": "Need to start mirror agent at first."
  },
  "mdw.internal": {
    "code": 30,
    "text": "Internal error[status=%1]"
  },
  "mdw.remoteUnknown": {
    "code": 51,
    "text": "Remote driver status is unknown."
  },
  "mdw.localUnknown": {
    "code": 58,
    "text": "Local mirror disk status is unknown or not constructed.(%1)"
  },
  "mdw.localAbnormal": {
    "code": 63,
    "text": "Local mirror disk is abnormal. (%1)"
  },
  "mdw.remoteAbnormal": {
    "code": 64,
    "text": "Remote mirror disk is abnormal.(%1)"
  },
  "mdw.bothAbnormal": {
    "code": 65,
    "text": "Both mirror disks are abnormal.(%1)"
  },
  "mdw.bothActive": {
    "code": 66,
    "text": "Mirror disk was activated on both servers.(%1)"
  },
  "mdw.recovering": {
    "code": 100,
    "text": "The recovery is in progress. (%1)"
  },
  "mdnw.noAgent": {
    "code": 1,
    "text": "Need to start mirror agent at first."
  },
  "mdnw.internal": {
    "code": 30,
    "text": "Internal error[status=%1]"
  },
  "mdnw.interrupted": {
    "code": 31,
    "text": "Network was interrupted"
  },
  "vxdw.failed": {
    "code": 10,
    "text": "Command was failed. Command=%1"
  },
  "vxdw.tooLong": {
    "code": 23,
    "text": "Thread timeout. Command=%1 Timeout=%2"
  },
  "vxvolw.read": {
    "code": 14,
    "text": "Read was failed. (err=%1) Device=%2"
  },
  "vxvolw.readTimeout": {
    "code": 15,
    "text": "Read was failed by timeout. Device=%1"
  },
  "vxvolw.stat": {
    "code": 32,
    "text": "stat was failed. (err=%1) Device=%2"
  },
  "vxvolw.internal": {
    "code": 1,
    "text": "Internal error. (status=%1)"
  },
  "mdadmn.notLatest": {
    "code": 0,
    "text": "The local server hasn't the latest data."
  },
  "mdadmn.unreachable": {
    "code": 0,
    "text": "Communication to the remote server failed."
  },
  "mdadmn.remoteActive": {
    "code": 0,
    "text": "The remote server is active."
  },
  "mdadmn.mountFailed": {
    "code": 0,
    "text": "Mount operation failed."
  },
  "mdadmn.umountFailed": {
    "code": 0,
    "text": "Umount operation failed."
  },
  "mdadmn.recovering": {
    "code": 0,
    "text": "The recovery is in progress."
  },
  "mdadmn.destinationActive": {
    "code": 0,
    "text": "The destination server is active."
  },
  "mdadmn.directionUnknown": {
    "code": 0,
    "text": "Can not judge the recovery direction."
  },
  "mdadmn.sourceAbnormal": {
    "code": 0,
    "text": "The source server is abnormal."
  },
  "volmgr.command": {
    "code": 1,
    "text": "Command failed. (%1, ret=%2)"
  },
  "ddns.refused": {
    "code": 1,
    "text": "The name was not registered. (%1, status=%2)"
  },
  "volmgrw.notHere": {
    "code": 1,
    "text": "The volume group is not imported here. (%1)"
  },
  "ddnsw.wrong": {
    "code": 1,
    "text": "The name does not stand for the address. (%1, IP=%2)"
  },
  "miiw.unknown": {
    "code": 1,
    "text": "There is no such interface. (%1)"
  },
  "miiw.down": {
    "code": 1,
    "text": "The interface has no link. (%1)"
  },
  "psw.internal": {
    "code": 1,
    "text": "The processes could not be looked up. (%1)"
  },
  "psw.count": {
    "code": 1,
    "text": "The number of processes is out of range. (%1, count=%2)"
  },
  "mtw.failed": {
    "code": 1,
    "text": "The monitors failed. (%1)"
  },
  "genw.exited": {
    "code": 1,
    "text": "Termination code %1 was returned."
  },
  "ocf.failed": {
    "code": 1,
    "text": "Action %1 of agent %2 has failed. (%3)"
  },
  "ocf.lacks": {
    "code": 2,
    "text": "Agent %1 needs parameter %2."
  },
  "ocf.stranger": {
    "code": 3,
    "text": "What agent %1 would start is here already, and was not started by the cluster. (%2)"
  },
  "ocf.unknown": {
    "code": 4,
    "text": "Agent %1 does not tell whether its resource runs here. (%2)"
  },
  "ocf.notInstalled": {
    "code": 5,
    "text": "What agent %1 runs is not installed here. (%2)"
  },
  "ocf.notStarted": {
    "code": 6,
    "text": "Agent %1 said that it started, and did not. (%2)"
  },
  "ocf.notStopped": {
    "code": 7,
    "text": "Agent %1 said that it stopped, and it is not known to be gone. (%2)"
  },
  "ocfw.noResource": {
    "code": 2,
    "text": "%1 is no resource that an agent runs."
  },
  "ocfw.failed": {
    "code": 1,
    "text": "Action monitor of agent %1 has failed. (%2)"
  },
  "dummyFailure": {
    "code": 1,
    "text": "Dummy failure."
  },
  "stalled": {
    "code": 99,
    "text": "command is timeout"
  },
  "givenUp": {
    "code": 1,
    "text": "The activation was given up."
  },
  "refused": {
    "code": 30,
    "text": "%1 (%2)"
  }
};
