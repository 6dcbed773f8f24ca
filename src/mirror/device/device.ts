/** How applications on this server reach the mirror while it is active: offered, and mounted. */
import type { DeviceExport } from '../../ports/devices.ts';

export class Device {
  readonly #changed: () => void;
  #export: DeviceExport | null = null;
  #isMounted = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isMounted(): boolean {
    return this.#isMounted;
  }

  mounted(isMounted: boolean): void {
    this.#isMounted = isMounted;
    this.#changed();
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
