/**
 * Who can cut the power of another server: a management controller, a hypervisor, a cloud. Two verbs
 * and no third: what cycles or resets a server never tells that it was off.
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
}
