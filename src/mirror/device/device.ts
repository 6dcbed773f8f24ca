/** How applications on this server reach the mirror while it is active: offered, and mounted. */
import type { DeviceExport } from '../../ports/devices.ts';

export class Device {
  #export: DeviceExport | null = null;
  #isMounted = false;

  get isMounted(): boolean {
    return this.#isMounted;
  }

  mounted(isMounted: boolean): void {
    this.#isMounted = isMounted;
  }

  offered(device: DeviceExport): void {
    this.#export = device;
  }

  /** Nobody reads or writes over it any more. */
  async close(): Promise<void> {
    const open = this.#export;
    this.#export = null;
    await open?.close();
  }
}
