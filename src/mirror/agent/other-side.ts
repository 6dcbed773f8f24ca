/**
 * Who the other side of a mirror is. Of a mirror disk it is one server. Of a hybrid disk (x5) it is a
 * server group, whose current server alone has the copy open: the one that holds the reservation of
 * the shared disk. It is asked for before each call, and whoever calls from there is it.
 */
import type { Json } from '../../core/json.ts';
import type { Address } from '../../core/part.ts';
import { isObject } from '../refused.ts';

const ASK_MS = 300;

type Request = (to: Address, body: Json, timeoutMs: number) => Promise<Json>;

export class OtherSide {
  readonly servers: readonly string[];
  #server: string;

  constructor(servers: readonly string[]) {
    this.servers = servers;
    this.#server = servers[0] ?? '';
  }

  /** The one that last was current; the first, before any was found. */
  get server(): string {
    return this.#server;
  }

  heed(server: string): void {
    if (this.servers.includes(server)) this.#server = server;
  }

  /** Asks the hosts there who holds `device`, until one knows. */
  async find(request: Request, device: string): Promise<void> {
    if (this.servers.length < 2) return;
    const known = [this.#server, ...this.servers.filter((name) => name !== this.#server)];
    for (const server of known) {
      const holder = await holderOf(request, server, device);
      if (holder === null || !this.servers.includes(holder)) continue;
      this.#server = holder;
      return;
    }
  }
}

/** Who holds a device, by the host of a server that reaches it; null: nobody, or nobody tells. */
export async function holderOf(
  request: Request,
  server: string,
  device: string,
): Promise<string | null> {
  const body = { do: 'outside', op: 'look', kind: 'disk', name: device };
  try {
    const reply = await request({ server, part: 'host' }, body, ASK_MS);
    return isObject(reply) && typeof reply.text === 'string' ? reply.text : null;
  } catch {
    return null;
  }
}
