/**
 * What is left on a server whose cluster daemon does not run: by v3 10.3 and x5 2.12.5 a daemon that
 * died is missed, and the server does not go on without it; one that stopped in order leaves
 * nothing of any group behind, unless it said that something did not stop. A server without power,
 * or that only boots, has nothing mounted and answers for no address.
 */
import { isOsUp } from '../../src/host/turn.ts';
import type { LogEntry } from '../../src/ports/log.ts';
import type { SimServer } from '../../src/sim/sim-server.ts';

/** Module pm: the daemon starts, and has stopped in order. */
const DAEMON_STARTS = 1;
const DAEMON_STOPPED = 24;
/** Module rc: a resource did not stop. */
const STOP_FAILED = 42;
/** A server that lacks its daemon has begun to do something about it by then. */
const MISSED_MS = 3000;
const MOMENT_MS = 50;

interface Daemon {
  bootId: string;
  end: 'none' | 'in order' | 'not clean';
  goneSince: number | null;
  /** It ended in order and left nothing: what is mounted later, somebody did by hand. */
  isClean: boolean;
  isTold: boolean;
}

/** The addresses that it answers for, and what it has mounted. */
function heldBy(server: SimServer): string[] {
  const { addresses, mounts } = server.state();
  return [...Object.keys(addresses), ...mounts.map(({ device }) => device)];
}

export class Remains {
  readonly #servers: readonly SimServer[];
  #daemons = new Map<string, Daemon>();
  /** Servers of which it was said that they hold something while they are down. */
  #haunted = new Set<string>();

  constructor(servers: readonly SimServer[]) {
    this.#servers = servers;
  }

  take({ server, module, id }: LogEntry): void {
    const known = this.#daemons.get(server);
    if (module === 'pm' && id === DAEMON_STARTS) {
      const { bootId } = this.#servers.find(({ name }) => name === server)?.state() ?? {};
      this.#daemons.set(server, {
        bootId: bootId ?? '',
        end: 'none',
        goneSince: null,
        isClean: false,
        isTold: false,
      });
    } else if (known && module === 'rc' && id === STOP_FAILED) known.end = 'not clean';
    else if (known?.end === 'none' && module === 'pm' && id === DAEMON_STOPPED) {
      known.end = 'in order';
    }
  }

  look(now: number): string[] {
    return this.#servers.flatMap(
      (server) => this.#whileDown(server) ?? this.#lookAt(server, now) ?? [],
    );
  }

  #whileDown(server: SimServer): string | null {
    const { name } = server;
    const { value } = server.state().node;
    const held = value === 'poweredOff' || value === 'booting' ? heldBy(server) : [];
    if (held.length === 0 || this.#haunted.has(name)) return null;
    this.#haunted.add(name);
    return `${name} is ${value} and holds ${held.join(', ')}`;
  }

  #lookAt(server: SimServer, now: number): string | null {
    const known = this.#daemons.get(server.name);
    const state = server.state();
    if (!known || known.isTold || !isOsUp(state) || known.bootId !== state.bootId) return null;
    if (server.isRunning('daemon') || ['shuttingDown', 'rebooting'].includes(state.node.value)) {
      known.goneSince = null;
      return null;
    }
    known.goneSince ??= now;
    const words = this.#wrong(server, known, now - known.goneSince);
    known.isTold = words !== null;
    return words;
  }

  #wrong(server: SimServer, known: Daemon, goneMs: number): string | null {
    const { end } = known;
    const held = heldBy(server);
    if (end === 'none' && goneMs > MISSED_MS) return `${server.name} goes on without its daemon`;
    if (end !== 'in order' || goneMs < MOMENT_MS || known.isClean) return null;
    known.isClean = held.length === 0;
    if (known.isClean) return null;
    return `the daemon of ${server.name} has stopped and leaves ${held.join(', ')}`;
  }
}
