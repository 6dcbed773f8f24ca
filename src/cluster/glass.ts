/**
 * The way past what cannot be judged: whether somebody broke the glass on a server
 * (src/host/glass.ts). A server's gate asks its own host; a control host asks every server that it
 * would have do something, for each of them lets through only what it was itself told to.
 */
import type { Json } from '../core/json.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import { RemoteError, WireError } from '../ports/wire.ts';

export const WAY_OUT =
  'if it cannot wait: `drydock window emergency --without-papers --reason REASON`';

/** An emergency is no time to be impatient with a server that is busy. */
export const GLASS_TIMEOUT_MS = 10_000;

interface Glass {
  until: number;
  who: string;
  reason: string;
}

function inWords({ until, who, reason }: Glass): string {
  return `${who} broke the glass until ${new Date(until).toISOString()}: ${reason}`;
}

/** In words, who broke it and why; null when nobody did, or when it is over. */
export async function brokenGlass(ask: (body: Json) => Promise<Json>): Promise<string | null> {
  const { glass } = (await ask({ do: 'glass', op: 'show' })) as unknown as { glass: Glass | null };
  return glass === null ? null : inWords(glass);
}

/** The same of all these servers; null unless it is broken on every one of them. */
export async function brokenOn(
  { probe }: Pick<ClusterDoor, 'probe'>,
  servers: readonly string[],
): Promise<string | null> {
  const told = await Promise.all(
    servers.map((server) =>
      brokenGlass((body) => probe(server, body, GLASS_TIMEOUT_MS)).catch((error: unknown) => {
        if (error instanceof RemoteError || error instanceof WireError) return null;
        throw error;
      }),
    ),
  );
  return told.includes(null) ? null : (told[0] ?? null);
}
