/**
 * What an operator's order comes to, in the catalogue's words: that it was carried out, or why not.
 * A refusal that the catalogue names a reason for (v3 12.1, mdadmn 1, 4 and 5) carries it; of any
 * other one its own words stand there. What v3 has no message for is said in the X series alone.
 */
import { type FailureKey, failureOf, type MessageKey } from '../messages/index.ts';
import { RemoteError, WireError } from '../ports/wire.ts';
import type { MirrorDisk } from './disk.ts';
import { LinkLost } from './link/session.ts';

type Reason = Extract<FailureKey, `mdadmn.${string}`>;

class SpokenRefusal extends RemoteError {
  readonly reason: Reason;
  constructor(reason: Reason, why: string, code: string) {
    super(code, why);
    this.reason = reason;
  }
}

/** As `refused`, with the reason that messages give of it. */
export function refusedFor(reason: Reason, why: string, code = 'mirror.refused'): RemoteError {
  return new SpokenRefusal(reason, why, code);
}

/** Why, as a message says it. */
export function reasonIn(error: unknown): string {
  if (error instanceof SpokenRefusal) return failureOf(error.reason).text;
  if (error instanceof LinkLost || error instanceof WireError)
    return failureOf('mdadmn.unreachable').text;
  if (error instanceof RemoteError && error.code === 'mirror.peerActive')
    return failureOf('mdadmn.remoteActive').text;
  return error instanceof Error ? error.message : String(error);
}

interface Sayings {
  /** Given the mirror; null: whoever carries it out says so. */
  done: MessageKey<'x5'> | null;
  /** Given why, and the mirror's device; `isUnreasoned`: the mirror alone. */
  failed: MessageKey<'x5'>;
  isUnreasoned?: boolean;
}

/** Carries the order out and says what came of it. An order that is none is not spoken of. */
export async function spoken<T>(
  disk: MirrorDisk,
  { done, failed, isUnreasoned }: Sayings,
  order: () => Promise<T>,
): Promise<T> {
  try {
    const result = await order();
    if (done) disk.logIfKnown(done, disk.p.name);
    return result;
  } catch (error) {
    const isNone = error instanceof RemoteError && error.code === 'request.malformed';
    const words = isUnreasoned ? [disk.p.name] : [reasonIn(error), disk.p.device];
    if (!isNone) disk.logIfKnown(failed, ...words);
    throw error;
  }
}
