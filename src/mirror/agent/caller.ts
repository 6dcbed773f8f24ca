/**
 * The connections of one server's mirrors: the first server of the configuration calls, again and
 * again until it has met the other one; the second one is called. Attempts go one after the other.
 */
import type { Clock } from '../../ports/clock.ts';
import { DeviceError } from '../../ports/devices.ts';
import { type Link, RemoteError } from '../../ports/wire.ts';
import { Coalesced } from '../coalesce.ts';
import { isInBackup, verifyRestored } from '../copy/backup.ts';
import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Life } from '../life.ts';
import { answerLink, callLink, firstFrame, followLink, refuseLink } from '../link/open-link.ts';
import { Session } from '../link/session.ts';
import { accept, meet, type Outcome } from '../pair/meeting.ts';
import { construct } from '../recovery/orders.ts';
import { refused } from '../refused.ts';

const RETRY_LEAST_MS = 100;
const RETRY_MOST_MS = 2000;
/** Refusals that a person has to do something about. */
const KEY_CODES = new Set(['mirror.key', 'mirror.crypto']);

export interface CallerOptions {
  disks: readonly MirrorDisk[];
  clock: Clock;
  life: Life;
  /** Calls `fn` then, unless the life is over. */
  later: (ms: number, fn: () => void) => void;
}

export class Caller {
  readonly #options: CallerOptions;
  readonly #calling = new Set<MirrorDisk>();
  readonly #attempts = new WeakMap<MirrorDisk, Coalesced>();
  /** Refusals that were said, so that each is said once and not at every attempt. */
  readonly #said = new Map<MirrorDisk, string>();

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Looks for the other side until the two have met. Does nothing where the other side calls. */
  call(disk: MirrorDisk): void {
    const { life, later } = this.#options;
    if (!disk.p.connects || disk.p.peer === '' || life.isOver || disk.life.isOver) return;
    if (this.#calling.has(disk)) return;
    this.#calling.add(disk);
    void this.#connect(disk).finally(() => {
      this.#calling.delete(disk);
      if (!disk.pair.session) later(RETRY_LEAST_MS, () => this.call(disk));
    });
  }

  async #connect(disk: MirrorDisk): Promise<void> {
    const { life, later } = this.#options;
    let pauseMs = RETRY_LEAST_MS;
    for (;;) {
      await this.callNow(disk);
      if (life.isOver || disk.life.isOver || disk.pair.session) return;
      await new Promise<void>((resolve) => later(pauseMs, resolve));
      pauseMs = Math.min(pauseMs * 2, RETRY_MOST_MS);
    }
  }

  /** One attempt that begins now, or as soon as the one under way has ended; resolves at its end. */
  async callNow(disk: MirrorDisk): Promise<void> {
    if (!disk.p.connects) return;
    const known = this.#attempts.get(disk);
    const attempt = known ?? new Coalesced(() => this.#attempt(disk));
    this.#attempts.set(disk, attempt);
    await attempt.run();
  }

  async #attempt(disk: MirrorDisk): Promise<void> {
    const isDone = () => this.#options.life.isOver || disk.life.isOver || disk.pair.session;
    if (isDone()) return;
    await disk.p.other.find((...order) => disk.request(...order), disk.p.dataDevice);
    for (const net of [...disk.line.nets]) {
      if (isDone() || (await this.#tryNet(disk, net))) return;
    }
  }

  async #tryNet(disk: MirrorDisk, net: string): Promise<boolean> {
    if (isInBackup(disk)) return false;
    let session: Session | null = null;
    try {
      const link = await disk.ports.wire.connect(disk.p.peer, net, disk.p.connectTimeoutMs);
      session = this.#session(disk, await this.#open(disk, link));
      this.#afterMeeting(disk, await meet(disk, session));
      return true;
    } catch (error) {
      session?.close(error instanceof Error ? error.message : 'not met');
      if (error instanceof DeviceError) await failDisk(disk, error);
      return false;
    }
  }

  async #open(disk: MirrorDisk, carrier: Link): Promise<Link> {
    try {
      return await callLink(disk, carrier);
    } catch (error) {
      carrier.close();
      if (error instanceof RemoteError && KEY_CODES.has(error.code)) this.#noteOnce(disk, error);
      throw error;
    }
  }

  #noteOnce(disk: MirrorDisk, error: RemoteError): void {
    if (this.#said.get(disk) === error.message) return;
    this.#said.set(disk, error.message);
    disk.note(error);
  }

  #session(disk: MirrorDisk, link: Link): Session {
    const session = new Session(link, this.#options.clock, {
      ackTimeoutMs: disk.p.ackTimeoutMs,
      heartbeatIntervalMs: disk.p.heartbeatIntervalMs,
      silenceTimeoutMs: disk.p.silenceTimeoutMs,
      sendTimeoutMs: disk.p.sendTimeoutMs,
    });
    disk.sampling?.watch(session);
    return session;
  }

  /** A connection from the other server; its greeting says for which mirror it is. */
  async welcome(link: Link): Promise<void> {
    const { disks, clock, life } = this.#options;
    const any = disks[0];
    if (!any || life.isOver) {
      link.close();
      return;
    }
    let session: Session | null = null;
    try {
      const opening = await firstFrame(link, clock, any.p.connectTimeoutMs);
      const { header } = opening;
      const disk = disks.find(({ p }) => p.name === header.mirror);
      const isTheirs = disk?.p.peers.includes(link.peer) && header.server === link.peer;
      if (!disk || !isTheirs || disk.p.connects) throw refused('not a mirror of this server');
      if (header.t === 'move') {
        followLink(disk, link, header);
        return;
      }
      session = this.#session(disk, await answerLink(disk, link, opening));
      const first = await session.expect('hello', disk.p.connectTimeoutMs);
      if (first.header.mirror !== disk.p.name) throw refused('a greeting for another mirror');
      if (isInBackup(disk)) throw refused(`${disk.p.name} is in backup mode`);
      disk.pair.session?.close('replaced by a new connection');
      disk.p.other.heed(link.peer);
      this.#afterMeeting(disk, await accept(disk, session, first));
    } catch (error) {
      const why = error instanceof Error ? error.message : 'not met';
      if (session) session.close(why);
      else refuseLink(link, error);
    }
  }

  #afterMeeting(disk: MirrorDisk, outcome: Outcome): void {
    if (outcome.construct === 'no') return;
    const work =
      outcome.construct === 'verify'
        ? verifyRestored(disk)
        : construct(disk, outcome.construct === 'compare');
    work.catch((error: unknown) => disk.note(error));
  }
}
