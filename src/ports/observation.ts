/** The second face of a cluster: what can be seen of it. Nothing here acts. */
import type { Status } from '../schema/generated/status.ts';

export interface Observation {
  /** The cluster as far as it can be seen; a server that does not answer is unknown, not off. */
  status(): Promise<Status>;
  /**
   * What the clock of a server shows, ms since the epoch; null when it does not tell. Rejects with
   * WireError or RemoteError when it cannot be asked.
   */
  clockOf(server: string): Promise<number | null>;
}
