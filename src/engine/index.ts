/** The room's face. */

export { checkTypes, initialDaemon, typesByAgent } from './daemon/fresh.ts';
export { viewOf } from './daemon/view.ts';
export { type DaemonHandle, type DaemonWorld, driveDaemon, type FactsStore } from './drive.ts';
export { forceStop, overPowerControl } from './forced-stop.ts';
export { judgeMirror } from './monitors/agent.ts';
export type { DaemonEffect, DaemonEvent, DaemonFacts, DaemonState } from './state.ts';
export { stepDaemon } from './step.ts';
export { wirePower } from './wire-power.ts';
