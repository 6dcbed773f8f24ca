/**
 * The way past what cannot be judged: whether somebody broke the glass on a server
 * (src/host/glass.ts). A server's gate asks its own host; a control host asks every server that it
 * would have do something, for each of them lets through only what it was itself told to.
 */
import type { Json } from '../core/json.ts';
import type { Login } from '../ports/authority.ts';
import type { Documents, Glass } from '../ports/documents.ts';
import { RemoteError, WireError } from '../ports/wire.ts';
import type { Asking } from './ask.ts';

export const WAY_OUT =
  'if it cannot wait: `drydock window emergency --without-documents --reason REASON`';

/** An emergency is no time to be impatient with a server that is busy. */
const GLASS_TIMEOUT_MS = 10_000;

function ask(wire: Asking, server: string, body: Json): Promise<Json> {
  return wire.request({ server, part: 'host' }, body, GLASS_TIMEOUT_MS);
}

/** null when nobody broke it. */
export async function glassOf(wire: Asking, server: string): Promise<Glass | null> {
  const answer = await ask(wire, server, { do: 'glass', op: 'show' });
  return (answer as unknown as { glass: Glass | null }).glass;
}

export async function breakGlass(
  wire: Asking,
  server: string,
  reason: string,
  login: Login,
): Promise<void> {
  const body = { do: 'glass', op: 'break', reason, login: login as unknown as Json };
  await ask(wire, server, body);
}

/** In words, who broke it and why. */
export function glassInWords({ until, who, reason }: Glass): string {
  return `${who} broke the glass until ${new Date(until).toISOString()}: ${reason}`;
}

/** The same of all these servers; null unless it is broken on every one of them. */
export async function brokenOn(
  documents: Pick<Documents, 'glass'>,
  servers: readonly string[],
): Promise<string | null> {
  const reported = await Promise.all(
    servers.map((server) =>
      documents.glass(server).catch((error: unknown) => {
        if (error instanceof RemoteError || error instanceof WireError) return null;
        throw error;
      }),
    ),
  );
  const [first] = reported;
  return first && !reported.includes(null) ? glassInWords(first) : null;
}
