/**
 * What stands outside the servers, and several of them reach: who holds a shared disk or a volume
 * group, and what a name server answers. Each is one short text under a key; whoever came last is
 * right, as with a reservation that is preempted.
 */
export interface Outside {
  /** What stands there; null: nothing. */
  look(key: string): Promise<string | null>;
  /** Puts this in place of whatever stood there. */
  take(key: string, text: string): Promise<void>;
  /** Takes it away, if it still says that. */
  release(key: string, text: string): Promise<void>;
}
