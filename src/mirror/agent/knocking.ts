/**
 * Before the first activation of a copy in the life of its agent: whoever has not met the other side
 * yet, although its agent is there, is probably in the pause between two calls, because the servers
 * did not start at the same moment. Going alone then would break a mirror that is whole.
 *
 *     other agent answers ──► the side that calls does so at once ──► one attempt ended ──► go on
 *     nobody answers, met before, or the other server was stopped by force ───────────────► go on
 */
import type { JsonObject } from '../../core/json.ts';
import type { MirrorDisk } from '../disk.ts';
import { isObject } from '../refused.ts';
import type { Caller } from './caller.ts';
import { malformed, text } from './request-fields.ts';

const ASK_MS = 500;

export async function knock(disk: MirrorDisk, caller: Caller, order: JsonObject): Promise<void> {
  const { pair, p, ports } = disk;
  if (pair.hasMet || pair.now.isActive || p.peer === '' || order.force === true) return;
  const { evidence } = order;
  if (isObject(evidence) && evidence.by === 'fence' && evidence.from === p.peer) return;
  await p.other.find((...asked) => disk.request(...asked), p.dataDevice);
  const there = { server: p.peer, part: 'agent' as const };
  const me = { mirror: p.name, server: ports.server };
  try {
    await disk.request(there, { do: 'compare', ...me }, ASK_MS);
    if (p.connects) await caller.callNow(disk);
    else await disk.request(there, { do: 'meet', ...me }, p.connectTimeoutMs + ASK_MS);
  } catch {
    // Whether this copy may serve without the other one is for others to say.
  }
}

/** The other side, which is called, is about to activate. */
export async function answerKnock(
  disks: readonly MirrorDisk[],
  caller: Caller,
  body: JsonObject,
): Promise<JsonObject> {
  const name = text(body, 'mirror');
  const disk = disks.find(({ p }) => p.name === name);
  if (!disk?.p.peers.includes(text(body, 'server'))) throw malformed(body, 'server');
  await caller.callNow(disk);
  return { met: disk.pair.session !== null };
}
