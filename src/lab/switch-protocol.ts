/** What programs ask of the switch, addressed as server `switch`. */
import type { Carried, LinkChange, LinkView } from './links.ts';

export const LOOPBACK = '127.0.0.1';

export type SwitchRequest =
  /** Where a part listens; it is known as long as the connection that said so is open. */
  | { do: 'register'; server: string; part: string; tcp: number; udp: number }
  | { do: 'power'; server: string; on: boolean }
  /** In a server's own interface on that net. */
  | { do: 'cable'; server: string; net: string; up: boolean }
  | { do: 'links'; changes: LinkChange[] } // → the links that are not sound
  /** Whether something outside the cluster answers a server over a net. */
  | { do: 'reaches'; server: string; net: string; target: string } // → { answers: boolean }
  /** Who runs the program behind a connection, by this end's port of it. */
  | { do: 'caller'; port: number; pid: number | null } // → { who: login@host, or null }
  | { do: 'status' }; // → SwitchView

export interface SwitchView {
  /** Parts that listen, as `server1/daemon`. */
  registered: string[];
  /** Cables that are not sound. */
  links: LinkView[];
  carried: Carried[];
}
