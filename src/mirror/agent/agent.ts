/**
 * The mirror agent of one server: a copy of every mirror disk of the configuration, the
 * connections to the other server's copies, and the requests of part `agent`.
 *
 * File-based for now: what it needs of the world is a BlockStore for each partition
 * (src/ports/devices.ts), Links to the other agent and requests (src/ports/wire.ts), a clock and
 * chance. States and edges are machines/mirror.machine.ts; who is newer is generations.ts.
 *
 * v3 10.8, 10.9, 11.10, 12.1 (mdagent), 12.2; ARCHITECTURE.
 */
import type { Json } from '../../core/json.ts';
import type { Clock } from '../../ports/clock.ts';
import { DeviceError } from '../../ports/devices.ts';
import type { AgentView } from '../../ports/views.ts';
import { type Link, RemoteError } from '../../ports/wire.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import { heedOtherDisk, isInBackup, sayGoodbye, verifyRestored } from '../copy/backup.ts';
import { failDisk } from '../copy/failure.ts';
import { MirrorDisk, type MirrorPorts } from '../disk.ts';
import { answerLink, callLink, firstFrame, followLink, refuseLink } from '../link/open-link.ts';
import { Session } from '../link/session.ts';
import { deactivate } from '../pair/activation.ts';
import { seekWord } from '../pair/inquiry.ts';
import { accept, meet, type Outcome } from '../pair/meeting.ts';
import { sayEnding, watchPower } from '../pair/peer-power.ts';
import { isObject, refused } from '../refused.ts';
import { SAMPLING_MS, Sampling } from '../statistics/sampling.ts';
import { flushMirror } from '../writes/flush.ts';
import { openHistory } from '../writes/history.ts';
import { readMirror, writeMirror } from '../writes/replicate.ts';
import { construct, recoverAutomatically } from './orders.ts';
import { mirrorParameters } from './parameters.ts';
import { answerRequest } from './requests.ts';
import { serveSession } from './serve.ts';
import { viewOf } from './view.ts';

const RETRY_LEAST_MS = 100;
const RETRY_MOST_MS = 2000;
/** Refusals that a person has to do something about. */
const KEY_CODES = new Set(['mirror.key', 'mirror.crypto']);

export interface MirrorAgentPorts extends MirrorPorts {
  config: ClusterConfiguration;
}

export class MirrorAgent {
  readonly disks: MirrorDisk[];
  readonly #ports: MirrorAgentPorts;
  readonly #clock: Clock;
  #stopped = false;
  #unserve: (() => void)[] = [];
  #timers = new Set<() => void>();
  readonly #said = new Map<MirrorDisk, string>();

  constructor(ports: MirrorAgentPorts) {
    this.#ports = ports;
    this.#clock = ports.clock;
    this.disks = mirrorParameters(ports.config, ports.server).map((p) => new MirrorDisk(p, ports));
  }

  /**
   * Reads the copies and serves. A disk that cannot be read leaves its mirror GRAY; the agent
   * starts all the same, so that the disk can be replaced (v3 6.7).
   */
  async start(): Promise<void> {
    for (const disk of this.disks) await this.#open(disk);
    if (this.#stopped) return;
    const { wire } = this.#ports;
    this.#unserve.push(
      wire.serve('agent', (_from, body) => answerRequest(this.disks, () => this.view(), body)),
      wire.listen((link) => void this.#welcome(link)),
    );
    this.disks[0]?.log('Info', 'mdagent', 1, 'Agent has started successfully.');
    for (const disk of this.disks) {
      void this.#keepConnected(disk);
      void seekWord(disk).catch((error: unknown) => this.#note(disk, error));
    }
  }

  /** As killed: no call to any port follows. */
  stop(): void {
    this.#stopped = true;
    for (const undo of this.#unserve.splice(0)) undo();
    for (const cancel of this.#timers) cancel();
    for (const disk of this.disks) disk.kill();
  }

  /**
   * In order: mirrors are deactivated, the other side hears that this one stops and counts as the
   * latest from then on. Rejects with RemoteError `mirror.umount`; the agent then runs on.
   */
  async close(): Promise<void> {
    for (const disk of this.disks) disk.isStopping = true;
    try {
      for (const disk of this.disks) await this.#orFailed(disk, () => deactivate(disk));
      for (const disk of this.disks) {
        await sayEnding(disk);
        await this.#orFailed(disk, () => sayGoodbye(disk));
      }
    } catch (error) {
      for (const disk of this.disks) disk.isStopping = false;
      throw error;
    }
    // Before `stop`: what a stopped agent begins on its devices never ends.
    for (const disk of this.disks) await disk.part?.difference.commit().catch(() => {});
    this.disks[0]?.log('Info', 'mdagent', 3, 'Stop agent successfully.');
    this.stop();
    for (const disk of this.disks) await disk.closeDevices();
  }

  view(): AgentView {
    const mirrors = this.disks.map((disk) => [disk.p.name, viewOf(disk)] as const);
    const { server } = this.#ports;
    return { server, now: this.#clock.now(), mirrors: Object.fromEntries(mirrors) };
  }

  /** Reads of the active copy, without base64; see readMirror. Offsets and lengths in bytes. */
  async read(mirror: string, offset: number, length: number): Promise<Uint8Array> {
    return await readMirror(this.#disk(mirror), offset, length);
  }

  /** Resolves when the write is acknowledged; see writeMirror. */
  async write(mirror: string, offset: number, data: Uint8Array, durable = true): Promise<void> {
    await writeMirror(this.#disk(mirror), offset, data, durable);
  }

  /** Resolves when every write acknowledged before is durable on both copies; see flushMirror. */
  async flush(mirror: string): Promise<void> {
    await flushMirror(this.#disk(mirror));
  }

  #disk(mirror: string): MirrorDisk {
    const disk = this.disks.find(({ p }) => p.name === mirror);
    if (!disk) throw refused(`Mirror disk was not in config.(${mirror})`, 'mirror.unknown');
    return disk;
  }

  async #open(disk: MirrorDisk): Promise<void> {
    disk.learnSerial = () => this.#learnSerial(disk);
    disk.serveSession = (session) => serveSession(disk, session);
    disk.considerRecovery = () => {
      void recoverAutomatically(disk).catch((error: unknown) => this.#note(disk, error));
    };
    this.#keepWatch(disk);
    disk.announceBreak = () => {
      if (this.#stopped) return;
      const body = { do: 'mirror-event', mirror: disk.p.name, event: 'broke' };
      disk.ask('daemon', body).catch(() => {});
    };
    if (this.#ports.config.mirrorStatistics === true) {
      disk.sampling = new Sampling(disk);
      this.#keepSampling(disk, disk.sampling);
    }
    try {
      await disk.open();
    } catch (error) {
      disk.move({ type: 'partition.failed' });
      this.#note(disk, error);
    }
    await openHistory(disk).catch((error: unknown) => this.#note(disk, error));
    await this.#learnSerial(disk);
    await heedOtherDisk(disk).catch((error: unknown) => this.#note(disk, error));
  }

  #keepWatch(disk: MirrorDisk): void {
    if (!disk.p.fencing || disk.p.peer === '') return;
    let watching = false;
    disk.watchPeer = () => {
      if (watching) return;
      watching = true;
      watchPower(disk)
        .catch((error: unknown) => this.#note(disk, error))
        .finally(() => {
          watching = false;
        });
    };
  }

  #keepSampling(disk: MirrorDisk, sampling: Sampling): void {
    this.#later(SAMPLING_MS, () => {
      sampling.take().catch((error: unknown) => this.#note(disk, error));
      this.#keepSampling(disk, sampling);
    });
  }

  /** What does not change by itself is said once, not at every attempt to connect. */
  #noteOnce(disk: MirrorDisk, error: RemoteError): void {
    if (this.#said.get(disk) === error.message) return;
    this.#said.set(disk, error.message);
    this.#note(disk, error);
  }

  #note(disk: MirrorDisk, error: unknown): void {
    if (this.#stopped) return;
    const why = error instanceof Error ? error.message : String(error);
    disk.log('Warning', 'mdagent', 0, `${disk.p.name}: ${why}`);
  }

  /** The serial of the disk that holds the data partition, for people; the host knows it. */
  async #learnSerial(disk: MirrorDisk): Promise<void> {
    try {
      const view = await disk.ask('host', { do: 'status' });
      const disks = isObject(view) && isObject(view.disks) ? view.disks : {};
      const found = Object.entries(disks).find(([path]) => disk.p.dataDevice.startsWith(path));
      const known: Json | undefined = found?.[1];
      if (isObject(known)) disk.serial = String(known.serial);
    } catch {
      // The host does not answer: the serial stays unknown.
    }
  }

  /** The first server connects, again and again until it has met the other one. */
  async #keepConnected(disk: MirrorDisk): Promise<void> {
    if (!disk.p.connects || disk.p.peer === '') return;
    let connecting = false;
    disk.reconnect = () => {
      if (connecting || this.#stopped) return;
      connecting = true;
      void this.#connect(disk).finally(() => {
        connecting = false;
        if (!disk.session) this.#later(RETRY_LEAST_MS, () => disk.reconnect());
      });
    };
    disk.reconnect();
  }

  async #connect(disk: MirrorDisk): Promise<void> {
    let pauseMs = RETRY_LEAST_MS;
    while (!this.#stopped && !disk.session) {
      for (const net of [...disk.nets]) {
        if (await this.#tryNet(disk, net)) return;
        if (this.#stopped) return;
      }
      await new Promise<void>((resolve) => this.#later(pauseMs, resolve));
      pauseMs = Math.min(pauseMs * 2, RETRY_MOST_MS);
    }
  }

  async #tryNet(disk: MirrorDisk, net: string): Promise<boolean> {
    if (isInBackup(disk)) return false;
    let session: Session | null = null;
    try {
      const link = await this.#ports.wire.connect(disk.p.peer, net, disk.p.connectTimeoutMs);
      session = this.#session(disk, await this.#call(disk, link));
      this.#afterMeeting(disk, await meet(disk, session));
      return true;
    } catch (error) {
      session?.close(error instanceof Error ? error.message : 'not met');
      if (error instanceof DeviceError) await failDisk(disk, error);
      return false;
    }
  }

  async #call(disk: MirrorDisk, carrier: Link): Promise<Link> {
    try {
      return await callLink(disk, carrier);
    } catch (error) {
      carrier.close();
      if (error instanceof RemoteError && KEY_CODES.has(error.code)) this.#noteOnce(disk, error);
      throw error;
    }
  }

  #session(disk: MirrorDisk, link: Link): Session {
    const session = new Session(link, this.#clock, {
      ackTimeoutMs: disk.p.ackTimeoutMs,
      heartbeatIntervalMs: disk.p.heartbeatIntervalMs,
      silenceTimeoutMs: disk.p.silenceTimeoutMs,
      sendTimeoutMs: disk.p.sendTimeoutMs,
    });
    disk.sampling?.watch(session);
    return session;
  }

  /** A connection from the other server; its greeting says for which mirror it is. */
  async #welcome(link: Link): Promise<void> {
    const any = this.disks[0];
    if (!any || this.#stopped) {
      link.close();
      return;
    }
    let session: Session | null = null;
    try {
      const opening = await firstFrame(link, this.#clock, any.p.connectTimeoutMs);
      const { header } = opening;
      const disk = this.disks.find(({ p }) => p.name === header.mirror);
      const foreign = header.server !== disk?.p.peer || link.peer !== disk?.p.peer;
      if (!disk || foreign || disk.p.connects) throw refused('not a mirror of this server');
      if (header.t === 'move') {
        followLink(disk, link, header);
        return;
      }
      session = this.#session(disk, await answerLink(disk, link, opening));
      const first = await session.expect('hello', disk.p.connectTimeoutMs);
      if (first.header.mirror !== disk.p.name) throw refused('a greeting for another mirror');
      if (isInBackup(disk)) throw refused(`${disk.p.name} is in backup mode`);
      disk.session?.close('replaced by a new connection');
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
    work.catch((error: unknown) => this.#note(disk, error));
  }

  /** A disk that fails while the agent stops does not keep it from stopping. */
  async #orFailed(disk: MirrorDisk, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DeviceError) && !disk.failed) throw error;
      await failDisk(disk, error);
    }
  }

  #later(ms: number, fn: () => void): void {
    const cancel = this.#clock.at(this.#clock.now() + ms, () => {
      this.#timers.delete(cancel);
      if (!this.#stopped) fn();
    });
    this.#timers.add(cancel);
  }
}
