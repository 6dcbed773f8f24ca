/**
 * What the management controller of the other server tells of the time in which this agent did not
 * run. A copy can be forced only by an agent, so of a server that was not on since, nobody can have
 * given this copy up there:
 *
 *     other agent ends, its system goes down ──► says with which boot it ends ─┐
 *     this copy is the latest, alone, and the other server is seen off ────────┴► noted durably
 *     this agent starts ──► controller: off, and its last boot is the noted one ──► no older here
 *
 * Off alone tells nothing: it may have been on meanwhile. Only where forced stop is configured are
 * controllers known (x5); one that does not tell the last boot vouches for nothing.
 */
import { sleep } from '../../ports/clock.ts';
import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import { isObject } from '../refused.ts';

const ASK_MS = 500;
const AGAIN_MS = 1000;
const SAY_MS = 1000;
const MOST_ID = 100;
const GOING_DOWN = new Set(['shuttingDown', 'rebooting']);

/** The boot with which the other server's power went off; null: it is on, or nobody tells. */
async function endedBoot(disk: MirrorDisk): Promise<string | null> {
  const to = { server: disk.p.peer, part: 'bmc' as const };
  try {
    const reply = await disk.request(to, { do: 'power.status' }, ASK_MS);
    if (!isObject(reply) || reply.power !== 'off') return null;
    return typeof reply.lastBootId === 'string' ? reply.lastBootId : null;
  } catch {
    return null;
  }
}

/** The other server was not on since it was noted that its agent had ended. */
export async function wasOffSince(disk: MirrorDisk): Promise<boolean> {
  const noted = disk.copy.stored?.peerEnded ?? null;
  return disk.p.fencing && noted !== null && (await endedBoot(disk)) === noted;
}

/** While this copy is the latest and alone: notes it once when the other server is off. */
export async function watchPower(disk: MirrorDisk): Promise<void> {
  const isDue = () =>
    !disk.life.isOver && !disk.pair.now.isFailed && !disk.pair.session && disk.copy.isProvedLatest;
  while (isDue()) {
    const boot = await endedBoot(disk);
    if (boot !== null && (await note(disk, boot, isDue))) return;
    await sleep(disk.ports.clock, AGAIN_MS);
  }
}

async function note(disk: MirrorDisk, boot: string, isDue: () => boolean): Promise<boolean> {
  return await disk.loop.run(async () => {
    if (!isDue()) return false;
    try {
      if (disk.copy.record.peerEnded !== boot) await disk.copy.save({ peerEnded: boot });
      return true;
    } catch (error) {
      throw await failDisk(disk, error);
    }
  });
}

/** This agent ends, and no other one will run before the next boot: the other side may know. */
export async function sayEnding(disk: MirrorDisk): Promise<void> {
  const { session } = disk.pair;
  if (!session || !disk.p.fencing) return;
  const view = await disk.ask('host', { do: 'status' }).catch(() => null);
  if (!isObject(view) || !GOING_DOWN.has(String(view.node))) return;
  await session.ask('ending', { boot: String(view.bootId) }, undefined, SAY_MS).catch(() => {});
}

/** Durable when it answers. */
export async function noteEnding(disk: MirrorDisk, boot: unknown): Promise<void> {
  if (typeof boot !== 'string' || boot === '' || boot.length > MOST_ID || !disk.copy.isOpen) return;
  await disk.copy.save({ peerEnded: boot });
}
