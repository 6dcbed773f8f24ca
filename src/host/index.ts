/** A server's chassis and operating system: what other rooms use of it. */
export { partitionDevice, type ResolvedDevice, resolveDevice } from './devices.ts';
export { type DrivenHost, driveHost, type HostStore, type HostWorld } from './drive.ts';
export { type HardwareOptions, hardwareFor, mirrorDevicesOf, nextSerial } from './hardware.ts';
export {
  DEFAULT_TIMING,
  type Disk,
  type Hardware,
  type HostEffect,
  type HostEvent,
  type HostState,
  type HostTiming,
  initialHost,
} from './state.ts';
export { stepHost } from './step.ts';
export { isOsUp, isPowerOn } from './turn.ts';
