/**
 * Real file systems on an exported device, where the world has them: a lab that was brought up
 * with them, as root. Without this port a mount is only told and remembered (the host does both).
 */

/** Rejects with an error whose `code` is `timeout` when a program took too long. */
export interface FileSystems {
  /** Makes the export a disk of this server. At once when it is one. */
  attach(device: string): Promise<void>;
  /** Lets go of the disk, and of what a killed predecessor left mounted on it. */
  detach(device: string): Promise<void>;
  /** The disk holds nothing yet: not even its beginning is anything but zeroes. */
  isBlank(device: string): Promise<boolean>;
  make(device: string, fs: string, timeoutMs: number): Promise<void>;
  /** True: clean, or made so. Options as fsck takes them, in words. */
  check(device: string, fs: string, options: string[], timeoutMs: number): Promise<boolean>;
  mount(order: MountOrder, timeoutMs: number): Promise<void>;
  umount(point: string, timeoutMs: number): Promise<void>;
  /** Ends the processes of this server that use what is mounted there. */
  endUsers(point: string): Promise<void>;
}

export interface MountOrder {
  device: string;
  /** Path on the server. */
  point: string;
  fs: string;
  options: string[];
}
