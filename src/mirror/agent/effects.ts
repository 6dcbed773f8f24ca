/** Who does what the chart of a pair wants done (machines/mirror-events.ts). */
import type { MirrorEffect } from '../../../machines/mirror-events.ts';
import type { MirrorDisk } from '../disk.ts';
import { recordLoss } from '../pair/loss.ts';
import { watchPower } from '../pair/peer-power.ts';
import { recoverAutomatically } from '../recovery/orders.ts';
import type { Caller } from './caller.ts';
import { serveSession } from './serve.ts';

export class Effects {
  readonly #caller: () => Caller;
  /** Mirrors whose peer's power is being watched. */
  readonly #watching = new Set<MirrorDisk>();

  constructor(caller: () => Caller) {
    this.#caller = caller;
  }

  carryOut(disk: MirrorDisk, effect: MirrorEffect): void {
    const note = (error: unknown): void => disk.note(error);
    switch (effect) {
      case 'recordLoss':
        // Paused or not, a recovery has nobody to go on with.
        disk.recovery.current?.pause.open();
        void disk.loop.run(() => recordLoss(disk));
        return;
      case 'reconnect':
        this.#caller().call(disk);
        return;
      case 'serveSession':
        serveSession(disk, disk.pair.session!);
        return;
      case 'resumeWrites':
        disk.writes.resume();
        return;
      case 'announceBreak': {
        const body = { do: 'mirror-event', mirror: disk.p.name, event: 'broke' };
        disk.ask('daemon', body).catch(() => {});
        return;
      }
      case 'considerRecovery':
        void recoverAutomatically(disk).catch(note);
        return;
      case 'watchPeer':
        this.#watch(disk);
    }
  }

  #watch(disk: MirrorDisk): void {
    if (!disk.p.fencing || disk.p.peer === '' || this.#watching.has(disk)) return;
    this.#watching.add(disk);
    watchPower(disk)
      .catch((error: unknown) => disk.note(error))
      .finally(() => this.#watching.delete(disk));
  }
}
