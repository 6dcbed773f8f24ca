/** What the servers' records hold of a run: asked of all at once; who is silent has nothing to say. */
import type { Json } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { OperationRecord } from '../ports/commands.ts';
import { RemoteError, WireError } from '../ports/wire.ts';
import { soundAnswer } from './answers.ts';
import type { Asking } from './ask.ts';
import { everyPage } from './pages.ts';

interface World {
  wire: Asking;
  clock: Pick<Clock, 'now'>;
  servers: readonly { server: string; timeoutMs: number }[];
}

interface Page {
  operations: OperationRecord[];
  next: string | null;
}

export async function collectOperations(
  { wire, servers }: World,
  run: string,
): Promise<{ server: string; record: OperationRecord }[]> {
  const asked = servers.map(async ({ server, timeoutMs }) => {
    const to = { server, part: 'host' as const };
    try {
      const pages = await everyPage(async (more) => {
        const body = { do: 'operations', run, ...more };
        const answer = soundAnswer(to, body as Json, await wire.request(to, body, timeoutMs));
        return answer as unknown as Page;
      });
      return pages.flatMap(({ operations }) => operations.map((record) => ({ server, record })));
    } catch (error) {
      if (error instanceof RemoteError || error instanceof WireError) return [];
      throw error;
    }
  });
  return (await Promise.all(asked)).flat();
}
