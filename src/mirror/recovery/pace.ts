/** When a recovery may go on: an operator's pause, and its share of the line. */
import { sleep } from '../../ports/clock.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import type { Recovery } from './recovery.ts';

/** A recovery that waits for its share of the line looks this often whether it was cancelled. */
const PACE_MS = 200;

/** Waits while it is paused, or while its share of the line is used up. */
export async function mayGoOn(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
): Promise<void> {
  const { clock } = disk.ports;
  const goesOn = () => recovery.cancelled === null && !session.isLost && !disk.life.isOver;
  if (recovery.pause.isShut && goesOn()) await recovery.pause.pass();
  while (clock.now() < recovery.nextAt && goesOn()) {
    await sleep(clock, Math.min(PACE_MS, recovery.nextAt - clock.now()));
  }
  if (session.isLost) recovery.cancel('the connection was lost');
}

/** After `bytes` were sent: when the next range may be, with `recoveryBytesPerSecond`. */
export function pace(disk: MirrorDisk, recovery: Recovery, bytes: number): void {
  const limit = disk.p.recoveryBytesPerSecond;
  if (limit === null) return;
  const from = Math.max(recovery.nextAt, disk.ports.clock.now());
  recovery.waitUntil(from + (bytes / limit) * 1000);
}

/** No further range is taken while it is on; the other side shows it too. */
export function showPause(disk: MirrorDisk, session: Session | null, on: boolean): void {
  const { current } = disk.recovery;
  if (!current) return;
  if (on) current.pause.shut();
  else current.pause.open();
  session?.tell('recovery-paused', { on });
}
