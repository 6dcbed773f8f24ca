/**
 * Who can cut the power of another server: a management controller, a hypervisor, a cloud. No
 * verb cycles or resets: that never tells that a server was off.
 */

/** `unknown` is never off; `why` is for people. */
export type PowerReading = { power: 'on' | 'off' } | { power: 'unknown'; why: string };

export interface PowerControl {
  /** Asks, once, within seconds. Never rejects. */
  look(server: string): Promise<PowerReading>;
  /**
   * Orders the power off, once. Resolves when the order is out, and nothing more of it comes:
   * whether it was heard only a look tells. Never rejects.
   */
  order(server: string): Promise<void>;
  /**
   * Why the login may read and not cut, asked without cutting anything; null: it may, or nothing is
   * known of it. Left out where nothing can be asked. Never rejects.
   */
  denial?(server: string): Promise<string | null>;
  /** Orders the power on, of a server that was read as off. Otherwise the same. */
  start(server: string): Promise<void>;
}
