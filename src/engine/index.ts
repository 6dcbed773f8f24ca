/** The room's face. */

export { judgeMirror } from './checks.ts';
export { initialDaemon } from './daemon.ts';
export { type DaemonHandle, type DaemonWorld, driveDaemon, type FactsStore } from './drive.ts';
export type { DaemonEffect, DaemonEvent, DaemonFacts, DaemonState } from './state.ts';
export { stepDaemon } from './step.ts';
export { viewOf } from './view.ts';
