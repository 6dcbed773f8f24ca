/** What a mirror needs of the world. */
import type { BulkFiles } from '../ports/bulk-files.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceExports, Devices } from '../ports/devices.ts';
import type { FileSystems } from '../ports/file-systems.ts';
import type { LogFiles } from '../ports/files.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Wire } from '../ports/wire.ts';

export interface MirrorPorts {
  server: string;
  clock: Clock;
  random: Random;
  wire: Wire;
  devices: Devices;
  log: Log;
  /** The own server's files, for marks of commands and statistics; without it there are none. */
  files?: LogFiles;
  /** The own server's binary files: key files, and what a forced recovery keeps. */
  bulk?: BulkFiles;
  /** How applications reach an active mirror as a device; without it by requests alone. */
  exports?: DeviceExports;
  /** Real file systems, where the world has them. */
  fileSystems?: FileSystems;
  /** The disk under a mirror failed: the host is to be reset (v3 10.8). Not called while starting. */
  onDiskError: (mirror: string, why: string) => void;
}
